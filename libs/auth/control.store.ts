import type { Reader, Tx } from '../platform/postgres.js';
import type { DeviceId } from '../protocol/ids.js';

export interface ControlRow {
  readonly no: number;
  readonly deviceId: DeviceId;
  readonly at: number;
  readonly act: number;
}

export async function insertControl(
  tx: Tx,
  deviceIds: readonly DeviceId[],
  { act, at }: { readonly act: number; readonly at: number },
): Promise<void> {
  await tx.sql('insert into control (device_id, at, act) select id, $2, $3 from unnest($1::uuid[]) id', [
    deviceIds,
    at,
    act,
  ]);
}

/** The oldest ones, at most so many. Returns how many went. */
export async function deleteControl(tx: Tx, { before, limit }: { readonly before: number; readonly limit: number }) {
  const rows = await tx.sql(
    'delete from control where no in (select no from control where at < $1 order by at limit $2) returning no',
    [before, limit],
  );
  return rows.length;
}

export async function selectControl(
  reader: Reader,
  from: { readonly after: number; readonly since: number },
): Promise<readonly ControlRow[]> {
  const rows = await reader.query<{ no: number; device_id: DeviceId; at: number; act: number }>(
    'select no, device_id, at, act from control where no > $1 and at >= $2 order by no',
    [from.after, from.since],
    { name: 'select-control' },
  );
  return rows.map((row) => ({ no: row.no, deviceId: row.device_id, at: row.at, act: row.act }));
}
