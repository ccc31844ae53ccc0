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
