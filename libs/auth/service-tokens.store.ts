import type { Db, Reader, Tx } from '../platform/postgres.js';
import type { Scope } from '../protocol/bodies.js';
import type { TenantId } from '../protocol/ids.js';
import type { ServiceToken, ServiceTokenId } from './service-tokens.js';

interface Row {
  id: ServiceTokenId;
  name: string;
  hash: Buffer;
  scopes: Scope[];
  tenant_id: TenantId | null;
  created_at: number;
  expires_at: number;
  revoked: boolean;
  last_used_day: number | null;
}

const COLUMNS = 'id, name, hash, scopes, tenant_id, created_at, expires_at, revoked, last_used_day';

export async function insertToken(tx: Tx, token: ServiceToken, hash: Uint8Array): Promise<void> {
  await tx.sql(
    'insert into service_token (id, name, hash, scopes, tenant_id, created_at, expires_at) values ($1, $2, $3, $4::text[], $5, $6, $7)',
    [token.id, token.name, hash, token.scopes, token.tenantId ?? null, token.createdAt, token.expiresAt],
  );
}

export async function selectToken(
  reader: Reader,
  id: ServiceTokenId,
): Promise<{ readonly token: ServiceToken; readonly hash: Uint8Array } | undefined> {
  const [row] = await reader.query<Row>(`select ${COLUMNS} from service_token where id = $1`, [id], {
    name: 'select-service-token',
  });
  return row === undefined ? undefined : { token: fromRow(row), hash: row.hash };
}

/** All of them, or those of one tenant. */
export async function selectTokens(reader: Reader, tenantId: TenantId | undefined): Promise<readonly ServiceToken[]> {
  const rows = await reader.query<Row>(
    `select ${COLUMNS} from service_token where $1::uuid is null or tenant_id = $1 order by created_at, id limit 1000`,
    [tenantId ?? null],
  );
  return rows.map(fromRow);
}

/** The tenant that it was good for. Undefined when there is no such token, or it is not of the tenant named. */
export async function markRevoked(
  tx: Tx,
  id: ServiceTokenId,
  tenantId: TenantId | undefined,
): Promise<Pick<ServiceToken, 'tenantId'> | undefined> {
  const [row] = await tx.sql<Pick<Row, 'tenant_id'>>(
    'update service_token set revoked = true where id = $1 and ($2::uuid is null or tenant_id = $2) returning tenant_id',
    [id, tenantId ?? null],
  );
  return row === undefined ? undefined : { tenantId: row.tenant_id ?? undefined };
}

export async function setLastUsedDay(db: Db, id: ServiceTokenId, day: number): Promise<void> {
  await db.commit(
    'update service_token set last_used_day = $2 where id = $1 and (last_used_day is null or last_used_day < $2)',
    [id, day],
  );
}

function fromRow(row: Row): ServiceToken {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    tenantId: row.tenant_id ?? undefined,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revoked: row.revoked,
    lastUsedDay: row.last_used_day ?? undefined,
  };
}
