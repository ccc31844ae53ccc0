import type { Db, Reader, Tx } from './postgres.js';
import type { OutboxRow } from './outbox.js';

export interface LeasedRow {
  readonly no: number;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempts: number;
}

export async function insertRow(tx: Tx, row: OutboxRow): Promise<void> {
  await tx.sql('insert into outbox (kind, payload) values ($1, $2)', [row.kind, JSON.stringify(row.payload)]);
}

/** The oldest rows that are due; nobody else gets them until the lease ends. */
export async function leaseRows(
  db: Db,
  { now, leaseMs, limit }: { readonly now: number; readonly leaseMs: number; readonly limit: number },
): Promise<readonly LeasedRow[]> {
  const rows = await db.commit<LeasedRow>(
    `update outbox o set available_at = $1::int8 + $2::int8, attempts = o.attempts + 1
     from (select no from outbox where available_at <= $1 order by no limit $3 for update skip locked) due
     where o.no = due.no returning o.no, o.kind, o.payload, o.attempts`,
    [now, leaseMs, limit],
  );
  return rows.sort((left, right) => left.no - right.no);
}

export async function selectLag(reader: Reader): Promise<number> {
  const [row] = await reader.query<{ lag: number }>(
    'select coalesce(extract(epoch from statement_timestamp() - min(written_at)) * 1000, 0)::float8 as lag from outbox',
  );
  return Math.max(0, row?.lag ?? 0);
}

export async function deleteRow(db: Db, no: number): Promise<void> {
  await db.commit('delete from outbox where no = $1', [no]);
}

export async function postponeRow(db: Db, no: number, until: number): Promise<void> {
  await db.commit('update outbox set available_at = $2 where no = $1', [no, until]);
}
