import type { Tx } from '../platform/postgres.js';
import { decodeDeviceRegistration, encodeDeviceRegistration } from '../protocol/prekeys.js';
import type { DeviceId } from '../protocol/ids.js';
import type { CheckedRegistration } from '../keys/key-rules.js';

export interface PendingRow {
  readonly session: Uint8Array;
  readonly accountNo: number;
  readonly heldBy: DeviceId;
  readonly registration: CheckedRegistration;
  readonly expiresAt: number;
}

/** False when the session has held a device already. */
export async function insertPending(tx: Tx, row: PendingRow): Promise<boolean> {
  const rows = await tx.sql(
    `insert into pending_device (session, account_no, held_by, device_id, registration, expires_at)
     values ($1, $2, $3, $4, $5, $6) on conflict (session) do nothing returning device_id`,
    [
      row.session,
      row.accountNo,
      row.heldBy,
      row.registration.deviceId,
      encodeDeviceRegistration(row.registration),
      row.expiresAt,
    ],
  );
  return rows.length === 1;
}

/** Takes it out: whoever lists the device next finds it no longer pending. The newest, if it tried more than once. */
export async function takePending(
  tx: Tx,
  wanted: { readonly accountNo: number; readonly deviceId: DeviceId; readonly now: number },
): Promise<CheckedRegistration | undefined> {
  const rows = await tx.sql<{ registration: Buffer; expires_at: number }>(
    'delete from pending_device where device_id = $1 and account_no = $2 returning registration, expires_at',
    [wanted.deviceId, wanted.accountNo],
  );
  const [newest] = rows
    .filter((row) => row.expires_at > wanted.now)
    .toSorted((left, right) => right.expires_at - left.expires_at);
  // It was checked before it was stored, and nobody else writes this table.
  return newest === undefined
    ? undefined
    : (decodeDeviceRegistration(newest.registration) as CheckedRegistration | undefined);
}

export async function deleteExpired(tx: Tx, now: number): Promise<number> {
  return (await tx.sql('delete from pending_device where expires_at <= $1 returning device_id', [now])).length;
}

export async function deleteHeldBy(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  await tx.sql('delete from pending_device where held_by = any($1::uuid[])', [deviceIds]);
}
