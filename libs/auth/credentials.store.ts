import type { Db, Reader, Tx } from '../platform/postgres.js';
import type { AccountId, Caller, DeviceId, TenantId } from '../protocol/ids.js';
import type { StoredCredential } from './credentials.js';

interface Row {
  tenant_id: TenantId;
  account_id: AccountId;
  auth_key: Buffer;
  suspended: boolean;
}

export async function upsertCredential(tx: Tx, caller: Caller, authKey: Uint8Array): Promise<void> {
  const rows = await tx.sql(
    `insert into device_credential (device_id, tenant_id, account_id, auth_key) values ($1, $2, $3, $4)
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
    'update device_credential set last_n = $2 where device_id = $1 and last_n < $2 returning device_id',
    [deviceId, n],
    { name: 'advance-counter' },
  );
  return rows.length === 1;
}
