import type { Db } from '../../libs/platform/postgres.js';

/** One statement since the counters were set to zero. */
export interface Statement {
  /** Its first words. */
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  /** All its time of execution, milliseconds. */
  readonly total: number;
  readonly mean: number;
  /** Pages of tables and indices that it touched, a call; and bytes of the write-ahead log, a call. */
  readonly pages: number;
  readonly logBytes: number;
}

export async function resetStatements(db: Db): Promise<void> {
  await db.query('create extension if not exists pg_stat_statements');
  await db.query('select pg_stat_statements_reset()');
}

/** What this database spent its time on, longest first. */
export async function topStatements(db: Db, count: number): Promise<readonly Statement[]> {
  return db.query<Statement>(
    `select regexp_replace(left(query, 90), '\\s+', ' ', 'g') as text, calls::int8, rows::int8,
       total_exec_time::float8 as total, mean_exec_time::float8 as mean,
       ((shared_blks_hit + shared_blks_read)::float8 / calls) as pages, (wal_bytes::float8 / calls) as "logBytes"
     from pg_stat_statements s join pg_database d on d.oid = s.dbid and d.datname = current_database()
     order by total_exec_time desc limit $1`,
    [count],
  );
}
