import type { Reader, Tx } from '../platform/postgres.js';
import type { AccountId, ListVersion, TenantId } from '../protocol/ids.js';
import type { AccountPage, AccountRow, ListedAccount } from './accounts.js';

interface Row {
  no: number;
  id: AccountId;
  tenant_id: TenantId;
  list_version: ListVersion;
  created_at: number;
  suspended: boolean;
  deleted: boolean;
}

const COLUMNS = 'no, id, tenant_id, list_version, created_at, suspended, deleted';

/** Undefined when the id is taken. */
export async function insertAccount(
  tx: Tx,
  account: { tenantId: TenantId; id: AccountId; createdAt: number },
): Promise<AccountRow | undefined> {
  const [row] = await tx.sql<Row>(
    `insert into account (tenant_id, id, created_at) values ($1, $2, $3) on conflict (tenant_id, id) do nothing returning ${COLUMNS}`,
    [account.tenantId, account.id, account.createdAt],
  );
  return row === undefined ? undefined : fromRow(row);
}

/** How many came into being: an id that is taken is left out. */
export async function insertAccounts(
  tx: Tx,
  accounts: { readonly tenantId: TenantId; readonly ids: readonly AccountId[]; readonly createdAt: number },
): Promise<number> {
  const rows = await tx.sql(
    `insert into account (tenant_id, id, created_at) select $1, id, $3 from unnest($2::uuid[]) id
     on conflict (tenant_id, id) do nothing returning id`,
    [accounts.tenantId, accounts.ids, accounts.createdAt],
  );
  return rows.length;
}

/** Those that an account has or had. */
export async function selectTaken(
  reader: Reader,
  tenantId: TenantId,
  ids: readonly AccountId[],
): Promise<readonly AccountId[]> {
  const rows = await reader.query<Row>('select id from account where tenant_id = $1 and id = any($2::uuid[])', [
    tenantId,
    ids,
  ]);
  return rows.map(({ id }) => id);
}

export async function selectAccounts(
  reader: Reader,
  tenantId: TenantId,
  ids: readonly AccountId[],
): Promise<readonly AccountRow[]> {
  const rows = await reader.query<Row>(
    `select ${COLUMNS} from account where id = any($2::uuid[]) and tenant_id = $1 and not deleted`,
    [tenantId, ids],
    {
      name: 'select-accounts',
    },
  );
  return rows.map(fromRow);
}

export async function lockAccount(tx: Tx, tenantId: TenantId, id: AccountId): Promise<AccountRow | undefined> {
  const [row] = await tx.sql<Row>(
    `select ${COLUMNS} from account where id = $2 and tenant_id = $1 and not deleted for update`,
    [tenantId, id],
  );
  return row === undefined ? undefined : fromRow(row);
}

export async function incrementListVersion(tx: Tx, no: number): Promise<ListVersion> {
  const [row] = await tx.sql<Row>(
    'update account set list_version = list_version + 1 where no = $1 returning list_version',
    [no],
  );
  if (row === undefined) throw new Error(`account ${String(no)} is gone`);
  return row.list_version;
}

/** In the order they were made; nothing after an account that the tenant does not have. */
export async function selectPage(
  reader: Reader,
  tenantId: TenantId,
  page: AccountPage,
): Promise<readonly ListedAccount[]> {
  const rows = await reader.query<Row>(
    `select ${COLUMNS} from account
     where tenant_id = $1 and no > case when $2::uuid is null then 0 else (select no from account where id = $2 and tenant_id = $1) end
     order by no limit $3`,
    [tenantId, page.after ?? null, page.limit],
  );
  return rows.map(listed);
}

export async function selectTenantsOf(
  reader: Reader,
  nos: readonly number[],
): Promise<readonly (readonly [number, TenantId])[]> {
  const rows = await reader.query<{ no: number; tenant_id: TenantId }>(
    'select no, tenant_id from account where no = any($1::int8[])',
    [nos],
  );
  return rows.map((row) => [row.no, row.tenant_id]);
}

export async function selectListed(
  reader: Reader,
  tenantId: TenantId,
  id: AccountId,
): Promise<ListedAccount | undefined> {
  const [row] = await reader.query<Row>(`select ${COLUMNS} from account where id = $2 and tenant_id = $1`, [
    tenantId,
    id,
  ]);
  return row === undefined ? undefined : listed(row);
}

export async function updateSuspended(tx: Tx, no: number, suspended: { readonly to: boolean }): Promise<void> {
  await tx.sql('update account set suspended = $2 where no = $1', [no, suspended.to]);
}

export async function updateDeleted(tx: Tx, no: number): Promise<void> {
  await tx.sql('update account set deleted = true where no = $1', [no]);
}

function listed(row: Row): ListedAccount {
  const state = row.deleted ? 'deleted' : row.suspended ? 'suspended' : 'active';
  return { ...fromRow(row), createdAt: row.created_at, state };
}

function fromRow(row: Row): AccountRow {
  return { no: row.no, id: row.id, tenantId: row.tenant_id, listVersion: row.list_version, suspended: row.suspended };
}
