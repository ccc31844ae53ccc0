import type { Reader, Tx } from '../platform/postgres.js';
import { decodeDeviceRegistration, encodeDeviceRegistration } from '../protocol/prekeys.js';
import type { AccountId, DeviceId, TenantId } from '../protocol/ids.js';
import type { CheckedRegistration } from '../keys/key-rules.js';
import type { Approval, ListedPending } from './pending.js';

/** Numbers of the column `approval`. */
const APPROVALS: Readonly<Record<Approval, number>> = { open: 0, waiting: 1, approved: 2, denied: 3 };

export interface PendingRow {
  readonly session: Uint8Array;
  readonly accountNo: number;
  readonly heldBy: DeviceId;
  readonly registration: CheckedRegistration;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly approval: Approval;
}

interface StoredPending {
  session: Buffer;
  account_id: AccountId;
  account_no: number;
  device_id: DeviceId;
  held_by: DeviceId;
  registration: Buffer;
  approval: number;
  created_at: number;
  expires_at: number;
}

const SELECT = `select p.session, p.device_id, p.account_no, p.held_by, p.registration, p.approval, p.created_at, p.expires_at, a.id as account_id
  from pending_device p join account a on a.no = p.account_no`;

/** False when the session has held a device already. */
export async function insertPending(tx: Tx, row: PendingRow): Promise<boolean> {
  const rows = await tx.sql(
    `insert into pending_device (session, account_no, held_by, device_id, registration, created_at, expires_at, approval)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (session) do nothing returning device_id`,
    [
      row.session,
      row.accountNo,
      row.heldBy,
      row.registration.deviceId,
      encodeDeviceRegistration(row.registration),
      row.createdAt,
      row.expiresAt,
      APPROVALS[row.approval],
    ],
  );
  return rows.length === 1;
}

export async function countPending(reader: Reader, accountNo: number, now: number): Promise<number> {
  const [row] = await reader.query<{ count: number }>(
    'select count(*)::int4 as count from pending_device where account_no = $1 and expires_at > $2',
    [accountNo, now],
  );
  return row?.count ?? 0;
}

/** The newest that has not expired, if it tried more than once. */
export async function selectPending(
  reader: Reader,
  wanted: { readonly accountNo: number; readonly deviceId: DeviceId; readonly now: number },
): Promise<{ readonly registration: CheckedRegistration; readonly approval: Approval } | undefined> {
  const [row] = await reader.query<Pick<StoredPending, 'registration' | 'approval'>>(
    `select registration, approval from pending_device where device_id = $1 and account_no = $2 and expires_at > $3
     order by expires_at desc limit 1`,
    [wanted.deviceId, wanted.accountNo, wanted.now],
  );
  if (row === undefined) return undefined;
  // It was checked before it was stored, and nobody else writes this table.
  const registration = decodeDeviceRegistration(row.registration) as CheckedRegistration | undefined;
  return registration === undefined ? undefined : { registration, approval: approvalOf(row.approval) };
}

/** Whoever lists the device next finds it no longer pending. */
export async function deletePending(tx: Tx, accountNo: number, deviceId: DeviceId): Promise<void> {
  await tx.sql('delete from pending_device where device_id = $1 and account_no = $2', [deviceId, accountNo]);
}

/** The newest row of the device in whichever account. */
export async function selectState(
  reader: Reader,
  deviceId: DeviceId,
  now: number,
): Promise<{ readonly approval: Approval; readonly expiresAt: number } | undefined> {
  const [row] = await reader.query<Pick<StoredPending, 'approval' | 'expires_at'>>(
    'select approval, expires_at from pending_device where device_id = $1 and expires_at > $2 order by expires_at desc limit 1',
    [deviceId, now],
  );
  return row === undefined ? undefined : { approval: approvalOf(row.approval), expiresAt: row.expires_at };
}

/** In the order of their ids, after the one that is named. */
export async function selectOfTenant(
  reader: Reader,
  of: {
    readonly tenantId: TenantId;
    readonly after: DeviceId | undefined;
    readonly limit: number;
    readonly now: number;
  },
): Promise<readonly ListedPending[]> {
  const rows = await reader.query<StoredPending>(
    `${SELECT} where a.tenant_id = $1 and p.expires_at > $2 and ($3::uuid is null or p.device_id > $3) order by p.device_id limit $4`,
    [of.tenantId, of.now, of.after ?? null, of.limit],
  );
  return rows.map(listedOf);
}

/** The row stays locked for whoever decides. */
export async function lockOfTenant(
  tx: Tx,
  of: { readonly tenantId: TenantId; readonly deviceId: DeviceId; readonly now: number },
): Promise<(ListedPending & { readonly session: Uint8Array; readonly accountNo: number }) | undefined> {
  const [row] = await tx.sql<StoredPending>(
    `${SELECT} where a.tenant_id = $1 and p.device_id = $2 and p.expires_at > $3 order by p.expires_at desc limit 1 for update of p`,
    [of.tenantId, of.deviceId, of.now],
  );
  return row === undefined ? undefined : { ...listedOf(row), session: row.session, accountNo: row.account_no };
}

/** Of this attempt alone: the same device id may wait in another account, and in another tenant. */
export async function updateApproval(
  tx: Tx,
  session: Uint8Array,
  to: { readonly approval: Approval; readonly expiresAt: number },
): Promise<void> {
  await tx.sql('update pending_device set approval = $2, expires_at = $3 where session = $1', [
    session,
    APPROVALS[to.approval],
    to.expiresAt,
  ]);
}

export async function deleteExpired(tx: Tx, now: number): Promise<number> {
  return (await tx.sql('delete from pending_device where expires_at <= $1 returning device_id', [now])).length;
}

export async function deleteHeldBy(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  await tx.sql('delete from pending_device where held_by = any($1::uuid[])', [deviceIds]);
}

function listedOf(row: StoredPending): ListedPending {
  const registration = decodeDeviceRegistration(row.registration);
  if (registration === undefined) throw new Error('a stored registration does not decode');
  return {
    accountId: row.account_id,
    deviceId: row.device_id,
    heldBy: row.held_by,
    identityKey: registration.identityKey,
    approval: approvalOf(row.approval),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function approvalOf(code: number): Approval {
  const found = (Object.keys(APPROVALS) as Approval[]).find((name) => APPROVALS[name] === code);
  if (found === undefined) throw new Error(`an approval ${String(code)} that nobody writes`);
  return found;
}
