import type { Reader, Tx } from '../platform/postgres.js';
import type { AuditAction, AuditTarget } from '../protocol/bodies.js';
import type { TenantId } from '../protocol/ids.js';
import type { AuditRow, RecordedRow } from './audit.js';

interface Row {
  no: number;
  at: number;
  tenant_id: TenantId | null;
  token_id: string;
  action: AuditAction;
  target_kind: AuditTarget;
  target_id: string | null;
  outcome: string;
  reason: string | null;
}

/** By PostgreSQL's clock: the nodes need not agree about the time. */
export async function insertRow(tx: Tx, row: AuditRow): Promise<void> {
  await tx.sql(
    `insert into audit (at, tenant_id, token_id, action, target_kind, target_id, outcome, reason)
     values ((extract(epoch from clock_timestamp()) * 1000)::int8, $1, $2, $3, $4, $5, $6, $7)`,
    [
      row.tenantId ?? null,
      row.tokenId,
      row.action,
      row.targetKind,
      row.targetId ?? null,
      row.outcome,
      row.reason ?? null,
    ],
  );
}

export async function selectRows(
  reader: Reader,
  page: { readonly tenantId: TenantId | undefined; readonly before: number | undefined; readonly limit: number },
): Promise<readonly RecordedRow[]> {
  const rows = await reader.query<Row>(
    `select no, at, tenant_id, token_id, action, target_kind, target_id, outcome, reason from audit
     where ${page.tenantId === undefined ? '$1::uuid is null' : 'tenant_id = $1'} and no < $2 order by no desc limit $3`,
    [page.tenantId ?? null, page.before ?? Number.MAX_SAFE_INTEGER, page.limit],
  );
  return rows.map((row) => ({
    no: row.no,
    at: row.at,
    tenantId: row.tenant_id ?? undefined,
    tokenId: row.token_id,
    action: row.action,
    targetKind: row.target_kind,
    targetId: row.target_id ?? undefined,
    outcome: row.outcome,
    reason: row.reason ?? undefined,
  }));
}
