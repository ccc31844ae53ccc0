import type { Reader, Tx } from '../platform/postgres.js';
import type { DeviceId } from '../protocol/ids.js';

export interface ControlRow {
  readonly no: number;
  readonly deviceId: DeviceId;
  readonly at: number;
}

export async function insertRevoked(tx: Tx, deviceIds: readonly DeviceId[], at: number): Promise<void> {
  await tx.sql('insert into control (device_id, at) select id, $2 from unnest($1::uuid[]) id', [deviceIds, at]);
}

export async function selectRevoked(
  reader: Reader,
  from: { readonly after: number; readonly since: number },
): Promise<readonly ControlRow[]> {
  const rows = await reader.query<{ no: number; device_id: DeviceId; at: number }>(
    'select no, device_id, at from control where no > $1 and at >= $2 order by no',
    [from.after, from.since],
    { name: 'select-revoked' },
  );
  return rows.map((row) => ({ no: row.no, deviceId: row.device_id, at: row.at }));
}
