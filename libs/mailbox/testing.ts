import type { Reader } from '../platform/postgres.js';

/** Until a statement of this database waits for a lock: it has its snapshot by then. */
export async function untilBlocked(reader: Reader): Promise<void> {
  const waiting = async (): Promise<readonly object[]> =>
    reader.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  while ((await waiting()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
