import type { Depth, MailboxDepth } from '../../../libs/mailbox/depth.js';
import type { Clock } from '../../../libs/platform/clock.js';
import { databaseState, HOLDERS, type DatabaseState } from '../../../libs/platform/database-state.js';
import type { Metrics } from '../../../libs/platform/metrics.js';
import { outboxLag } from '../../../libs/platform/outbox.js';
import type { Reader } from '../../../libs/platform/postgres.js';

interface Look extends DatabaseState {
  /** Milliseconds. */
  readonly outboxLag: number;
}

/** One look serves all figures of a scrape, and scrapers who come at once. */
const LOOK_HOLDS = 3_000;
/** A walk that another worker did counts there; a figure of long ago would mislead. */
const DEPTH_HOLDS = 15 * 60_000;
const PATIENCE = 4_000;

/**
 * What is wrong with the whole installation, not with one process. What one cheap query says is asked when Prometheus asks, so it is there
 * while Redis, and with it the schedule of the jobs, is away; what needs a walk over all mailboxes is a job. When PostgreSQL does not
 * answer in time the figures are missing, and `sotto_database_up` is 0.
 */
export class Statistics {
  private look: { readonly at: number; readonly found: Promise<Look | undefined> } | undefined;
  private depth: { readonly at: number; readonly found: Depth } | undefined;

  constructor(
    private readonly parts: { readonly db: Reader; readonly depth: MailboxDepth; readonly clock: Clock },
    metrics: Metrics,
  ) {
    this.showDatabase(metrics);
    this.showSnapshots(metrics);
    this.showDepth(metrics);
  }

  /** The job: a stretch of all mailboxes. */
  async walk(): Promise<void> {
    const found = await this.parts.depth.walk();
    if (found !== undefined) this.depth = { at: this.parts.clock.now(), found };
  }

  private showDatabase(metrics: Metrics): void {
    const show = (name: string, help: string, read: (look: Look) => number | undefined): void => {
      metrics.sampled({ name, help }, async () => {
        const look = await this.now();
        return look === undefined ? undefined : read(look);
      });
    };
    metrics.sampled({ name: 'database_up', help: '1: PostgreSQL answers the worker; 0: it does not' }, async () =>
      Number((await this.now()) !== undefined),
    );
    show('database_connections', 'Connections that PostgreSQL has, of everybody', (look) => look.connections);
    show('database_connections_max', 'Connections that PostgreSQL allows', (look) => look.maxConnections);
    show('database_bytes', 'Size of the database on disk', (look) => look.bytes);
    show(
      'database_free_bytes',
      "Left on the disk of PostgreSQL's data; only where that is a folder of the worker's machine",
      (look) => look.freeBytes,
    );
    show(
      'outbox_oldest_seconds',
      'For how long the oldest news wait for a worker; 0: none waits',
      (look) => look.outboxLag / 1_000,
    );
  }

  private showSnapshots(metrics: Metrics): void {
    const age = metrics.gauge({
      name: 'oldest_snapshot_seconds',
      help: 'Age of the oldest open transaction that holds back vacuum, by holder (session, prepared)',
      labelNames: ['holder'],
      collect: async () => {
        const look = await this.now();
        age.reset();
        for (const { holder, seconds } of look?.snapshots ?? [])
          if (holder === 'session' || holder === 'prepared') age.set({ holder }, seconds);
      },
    });
    const transactions = metrics.gauge({
      name: 'oldest_snapshot_transactions',
      help: `Transactions begun since the oldest snapshot, by holder (${HOLDERS.join(', ')})`,
      labelNames: ['holder'],
      collect: async () => {
        const look = await this.now();
        transactions.reset();
        for (const { holder, transactions: since } of look?.snapshots ?? []) transactions.set({ holder }, since);
      },
    });
  }

  private showDepth(metrics: Metrics): void {
    const show = (name: string, help: string, read: (depth: Depth) => number): void => {
      metrics.sampled({ name, help }, () => {
        const { depth } = this;
        const holds = depth !== undefined && this.parts.clock.now() - depth.at < DEPTH_HOLDS;
        return holds ? read(depth.found) : undefined;
      });
    };
    show('deepest_mailbox_envelopes', 'Envelopes that wait in the deepest mailbox', (depth) => depth.envelopes);
    show('deepest_mailbox_bytes', 'Content that waits in the deepest mailbox', (depth) => depth.bytes);
    show(
      'deepest_mailbox_oldest_seconds',
      'Age of the oldest envelope in the deepest mailbox',
      (depth) => depth.oldest / 1_000,
    );
  }

  private async now(): Promise<Look | undefined> {
    const at = this.parts.clock.now();
    if (this.look === undefined || at - this.look.at > LOOK_HOLDS) this.look = { at, found: inTime(this.ask()) };
    return this.look.found;
  }

  private async ask(): Promise<Look> {
    const { db } = this.parts;
    const [state, lag] = await Promise.all([databaseState(db), outboxLag(db)]);
    return { ...state, outboxLag: lag };
  }
}

async function inTime(look: Promise<Look>): Promise<Look | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, undefined);
  });
  return Promise.race([look.catch(() => undefined), late]).finally(() => {
    clearTimeout(timer);
  });
}
