import { byteaArray } from '../platform/pg-arrays.js';
import type { Reader, Tx } from '../platform/postgres.js';
import type { AccountId, TenantId } from '../protocol/ids.js';
import type { Invitation, InvitationId, InvitationPage } from './invitations.js';

interface Row {
  id: InvitationId;
  tenant_id: TenantId;
  account_id: AccountId | null;
  uses: number;
  used: number;
  created_at: number;
  expires_at: number;
  revoked: boolean;
  reset: boolean;
}

const COLUMNS = 'id, tenant_id, account_id, uses, used, created_at, expires_at, revoked, reset';
const USABLE = 'code_hash = $1 and used < uses and not revoked and expires_at > $2';

export async function insertInvitation(tx: Tx, invitation: Invitation, codeHash: Uint8Array): Promise<void> {
  await tx.sql(
    'insert into invitation (id, tenant_id, account_id, code_hash, uses, created_at, expires_at, reset) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [
      invitation.id,
      invitation.tenantId,
      invitation.accountId ?? null,
      codeHash,
      invitation.uses,
      invitation.createdAt,
      invitation.expiresAt,
      invitation.reset,
    ],
  );
}

/** One for each account, all of the same life. */
export async function insertForEach(
  tx: Tx,
  made: readonly { readonly id: InvitationId; readonly accountId: AccountId; readonly codeHash: Uint8Array }[],
  terms: { readonly tenantId: TenantId; readonly createdAt: number; readonly expiresAt: number },
): Promise<void> {
  await tx.sql(
    `insert into invitation (id, tenant_id, account_id, code_hash, uses, created_at, expires_at)
     select id, $1, account, hash, 1, $5, $6 from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as one (id, account, hash)`,
    [
      terms.tenantId,
      made.map(({ id }) => id),
      made.map(({ accountId }) => accountId),
      byteaArray(made.map(({ codeHash }) => codeHash)),
      terms.createdAt,
      terms.expiresAt,
    ],
  );
}

export async function selectUsable(reader: Reader, codeHash: Uint8Array, now: number): Promise<Invitation | undefined> {
  const [row] = await reader.query<Row>(`select ${COLUMNS} from invitation where ${USABLE}`, [codeHash, now]);
  return row === undefined ? undefined : fromRow(row);
}

/** Counts one use; concurrent ones wait for the row, and the condition is judged again after the wait. */
export async function useOnce(tx: Tx, codeHash: Uint8Array, now: number): Promise<Invitation | undefined> {
  const [row] = await tx.sql<Row>(`update invitation set used = used + 1 where ${USABLE} returning ${COLUMNS}`, [
    codeHash,
    now,
  ]);
  return row === undefined ? undefined : fromRow(row);
}

/** False when the tenant has no such invitation. */
export async function markRevoked(tx: Tx, tenantId: TenantId, id: InvitationId): Promise<boolean> {
  const rows = await tx.sql('update invitation set revoked = true where id = $2 and tenant_id = $1 returning id', [
    tenantId,
    id,
  ]);
  return rows.length === 1;
}

export async function revokeOfAccount(tx: Tx, tenantId: TenantId, accountId: AccountId): Promise<void> {
  await tx.sql('update invitation set revoked = true where account_id = $2 and tenant_id = $1', [tenantId, accountId]);
}

/** In the order they were made; nothing after an invitation that the tenant does not have. */
export async function selectInvitations(
  reader: Reader,
  tenantId: TenantId,
  page: InvitationPage,
): Promise<readonly Invitation[]> {
  const rows = await reader.query<Row>(
    `select ${COLUMNS} from invitation
     where tenant_id = $1 and ($2::uuid is null or (created_at, id) > (select created_at, id from invitation where id = $2 and tenant_id = $1))
     order by created_at, id limit $3`,
    [tenantId, page.after ?? null, page.limit],
  );
  return rows.map(fromRow);
}

function fromRow(row: Row): Invitation {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    accountId: row.account_id ?? undefined,
    uses: row.uses,
    used: row.used,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revoked: row.revoked,
    reset: row.reset,
  };
}
