import type { Reader, Tx } from '../platform/postgres.js';
import type { Policy } from '../protocol/bodies.js';
import type { TenantId } from '../protocol/ids.js';
import type { Page, Tenant } from './tenants.js';

interface TenantRow {
  id: TenantId;
  name: string;
  policy: unknown;
  demo: boolean;
  created_at: number;
}

export interface StoredTenant extends Tenant {
  /** As it was set, without defaults. */
  readonly policy: unknown;
}

const COLUMNS = 'id, name, policy, demo, created_at';

export async function insertTenant(tx: Tx, tenant: Tenant): Promise<void> {
  await tx.sql('insert into tenant (id, name, demo, created_at) values ($1, $2, $3, $4)', [
    tenant.id,
    tenant.name,
    tenant.demo,
    tenant.createdAt,
  ]);
}

export async function selectTenant(reader: Reader, id: TenantId): Promise<StoredTenant | undefined> {
  const [row] = await reader.query<TenantRow>(`select ${COLUMNS} from tenant where id = $1`, [id]);
  return row === undefined ? undefined : fromRow(row);
}

/** In the order they were made; nothing after a tenant that does not exist. */
export async function selectTenants(reader: Reader, page: Page<TenantId>): Promise<readonly Tenant[]> {
  const rows = await reader.query<TenantRow>(
    `select ${COLUMNS} from tenant
     where $1::uuid is null or (created_at, id) > (select created_at, id from tenant where id = $1)
     order by created_at, id limit $2`,
    [page.after ?? null, page.limit],
  );
  return rows.map(fromRow);
}

export async function selectDemoTenant(reader: Reader): Promise<Tenant | undefined> {
  const [row] = await reader.query<TenantRow>(
    `select ${COLUMNS} from tenant where demo order by created_at, id limit 1`,
    [],
  );
  return row === undefined ? undefined : fromRow(row);
}

/** Of all tenants; `defaults` stand for what a tenant has not set. */
export async function selectTightest(
  reader: Reader,
  defaults: Pick<Policy, 'retentionSeconds' | 'mailboxBytes'>,
): Promise<Pick<Policy, 'retentionSeconds' | 'mailboxBytes'>> {
  const [row] = await reader.query<{ retention: number; stock: number }>(
    `select min(coalesce((policy->>'retentionSeconds')::int8, $1)) as retention, min(coalesce((policy->>'mailboxBytes')::int8, $2)) as stock from tenant`,
    [defaults.retentionSeconds, defaults.mailboxBytes],
  );
  return {
    retentionSeconds: row?.retention ?? defaults.retentionSeconds,
    mailboxBytes: row?.stock ?? defaults.mailboxBytes,
  };
}

/** False when there is no such tenant. */
export async function updatePolicy(tx: Tx, id: TenantId, policy: object): Promise<boolean> {
  const rows = await tx.sql('update tenant set policy = $2::jsonb where id = $1 returning id', [
    id,
    JSON.stringify(policy),
  ]);
  return rows.length === 1;
}

function fromRow(row: TenantRow): StoredTenant {
  return { id: row.id, name: row.name, policy: row.policy, demo: row.demo, createdAt: row.created_at };
}
