import type { Db, Reader, Tx } from '../platform/postgres.js';
import type { AccountId, Caller, DeviceId, TenantId } from '../protocol/ids.js';
import type { StoredCredential, Unseen } from './credentials.js';

interface Row {
  tenant_id: TenantId;
  account_id: AccountId;
  auth_key: Buffer;
  suspended: boolean;
}

const TODAY = 'floor(extract(epoch from now()) / 86400)::int4';

export async function upsertCredential(tx: Tx, caller: Caller, authKey: Uint8Array): Promise<void> {
  const rows = await tx.sql(
    `insert into device_credential (device_id, tenant_id, account_id, auth_key, last_seen_day) values ($1, $2, $3, $4, ${TODAY})
     on conflict (device_id) do update set auth_key = excluded.auth_key
     where device_credential.tenant_id = excluded.tenant_id and device_credential.account_id = excluded.account_id
     returning device_id`,
    [caller.deviceId, caller.tenantId, caller.accountId, authKey],
  );
  if (rows.length !== 1) throw new Error(`device ${caller.deviceId} has a credential in another account`);
}

export async function deleteCredentials(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  await tx.sql('delete from device_credential where device_id = any($1::uuid[])', [deviceIds]);
}

export async function selectCredential(reader: Reader, deviceId: DeviceId): Promise<StoredCredential | undefined> {
  const [row] = await reader.query<Row>(
    'select tenant_id, account_id, auth_key, suspended from device_credential where device_id = $1',
    [deviceId],
    {
      name: 'select-credential',
    },
  );
  if (row === undefined) return undefined;
  return {
    caller: { tenantId: row.tenant_id, accountId: row.account_id, deviceId },
    authKey: row.auth_key,
    suspended: row.suspended,
  };
}

export async function updateSuspended(
  tx: Tx,
  deviceIds: readonly DeviceId[],
  suspended: { readonly to: boolean },
): Promise<void> {
  await tx.sql('update device_credential set suspended = $2 where device_id = any($1::uuid[])', [
    deviceIds,
    suspended.to,
  ]);
}

/** One statement, so of two equal counters one wins, on whatever node. False: used before, or the credential is gone. */
export async function advanceCounter(db: Db, deviceId: DeviceId, n: number): Promise<boolean> {
  const rows = await db.commit(
    `update device_credential set last_n = $2, last_seen_day = ${TODAY} where device_id = $1 and last_n < $2 returning device_id`,
    [deviceId, n],
    { name: 'advance-counter' },
  );
  return rows.length === 1;
}

interface SeenRow {
  device_id: DeviceId;
  tenant_id: TenantId;
  account_id: AccountId;
  last_seen_day: number;
}

export async function selectLastSeen(
  reader: Reader,
  deviceIds: readonly DeviceId[],
): Promise<ReadonlyMap<DeviceId, number>> {
  const rows = await reader.query<Pick<SeenRow, 'device_id' | 'last_seen_day'>>(
    'select device_id, last_seen_day from device_credential where device_id = any($1::uuid[])',
    [deviceIds],
  );
  return new Map(rows.map((row) => [row.device_id, row.last_seen_day]));
}

/** Below every other. */
const NO_DEVICE = '00000000-0000-0000-0000-000000000000';

export async function selectUnseen(
  reader: Reader,
  { before, after, limit }: { readonly before: number; readonly after: DeviceId | undefined; readonly limit: number },
): Promise<readonly Unseen[]> {
  const rows = await reader.query<SeenRow>(
    `select device_id, tenant_id, account_id, last_seen_day from device_credential
     where last_seen_day < $1 and device_id > $2 order by device_id limit $3`,
    [before, after ?? NO_DEVICE, limit],
  );
  return rows.map((row) => ({
    caller: { tenantId: row.tenant_id, accountId: row.account_id, deviceId: row.device_id },
    lastSeenDay: row.last_seen_day,
  }));
}

export async function lockUnseen(tx: Tx, deviceId: DeviceId, day: number): Promise<boolean> {
  const [row] = await tx.sql<Pick<SeenRow, 'last_seen_day'>>(
    'select last_seen_day from device_credential where device_id = $1 for update',
    [deviceId],
  );
  return row !== undefined && row.last_seen_day <= day;
}
