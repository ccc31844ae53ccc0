import type { Clock } from './clock.js';
import type { Logger } from './log.js';
import type { Db, Reader, Tx } from './postgres.js';
import * as store from './outbox.store.js';

/** News for the worker, written in the same transaction as what it tells of. */
export interface OutboxRow {
  readonly kind: string;
  readonly payload: object;
}

export type OutboxHandlers = Readonly<Record<string, (payload: never) => Promise<void>>>;

const AT_ONCE = 50;
const LEASE_MS = 30_000;
const LONGEST_WAIT_MS = 60 * 60 * 1000;

export async function appendOutbox(tx: Tx, row: OutboxRow): Promise<void> {
  await store.insertRow(tx, row);
}

/** Milliseconds for which the oldest row waits, by PostgreSQL's clock; 0 when there is none. */
export async function outboxLag(reader: Reader): Promise<number> {
  return store.selectLag(reader);
}

/**
 * Takes outbox rows and hands each to the function for its kind. A row is leased while it is handled and deleted after; when the function
 * fails it comes again, later each time. Handled at least once, by any number of workers.
 */
export class Outbox {
  constructor(
    private readonly db: Db,
    private readonly handlers: OutboxHandlers,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Handles what there is now; the number of rows handled. */
  async drain(): Promise<number> {
    let handled = 0;
    for (;;) {
      const rows = await store.leaseRows(this.db, { now: this.clock.now(), leaseMs: LEASE_MS, limit: AT_ONCE });
      for (const row of rows) if (await this.handle(row)) handled += 1;
      if (rows.length < AT_ONCE) return handled;
    }
  }

  private async handle(row: store.LeasedRow): Promise<boolean> {
    try {
      const handler = this.handlers[row.kind];
      if (handler === undefined) throw new Error(`no function for outbox rows of kind ${row.kind}`);
      await handler(row.payload as never);
      await store.deleteRow(this.db, row.no);
      return true;
    } catch (error) {
      this.log.warn({ err: error, kind: row.kind, attempts: row.attempts }, 'an outbox row failed and will come again');
      await store.postponeRow(this.db, row.no, this.clock.now() + Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** row.attempts));
      return false;
    }
  }
}
