import { equalBytes } from '../protocol/bytes.js';
import type { Clock } from './clock.js';
import type { Ids } from './ids.js';
import type { Logger } from './log.js';
import { Poller } from './poller.js';
import type { Db, Tx } from './postgres.js';
import * as store from './installation.store.js';

const POLL_MS = 2000;

interface Parts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  /** In the transaction that gives the database another incarnation: what must not survive a restore goes. */
  readonly onRestored: (tx: Tx) => Promise<void>;
}

type Listener = () => void;

/**
 * Which database this is (D26): 8 random bytes, half of every cursor. They change when PostgreSQL's system identifier or timeline is not
 * what was written down (another machine's copy, a promoted standby, a recovery), and by `sotto restored`. The first process that sees it
 * makes the change, under the lock of the one row; the others find it made. Every process looks before it serves and every two seconds
 * while it runs. While the database is away, or a standby, the last view counts: nothing is stored then.
 */
export class Installation {
  private readonly listeners = new Set<Listener>();
  private readonly poller: Poller;
  private view: { readonly incarnation: Uint8Array; readonly notBefore: number } | undefined;

  constructor(
    private readonly db: Db,
    private readonly parts: Parts,
  ) {
    const failing = 'the incarnation cannot be read; the last view counts';
    this.poller = new Poller(async () => this.poll(), { every: POLL_MS, log: parts.log, failing });
  }

  get incarnation(): Uint8Array {
    if (this.view === undefined) throw new Error('the installation was not looked at before serving');
    return this.view.incarnation;
  }

  /** Milliseconds since the epoch: what a token of before claims may never have happened. */
  get notBefore(): number {
    return this.view?.notBefore ?? 0;
  }

  /** Told once for each change that this process sees while it runs. Returns how to unsubscribe. */
  onChanged(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves when it has looked for the first time, and the change is made if one was due: before anything is served. */
  async start(): Promise<void> {
    await this.poll();
    this.poller.start();
  }

  async stop(): Promise<void> {
    await this.poller.stop();
  }

  async poll(): Promise<void> {
    const before = this.view?.incarnation;
    const now = await settle(this.db, this.parts);
    this.view = now;
    if (before === undefined || equalBytes(before, now.incarnation)) return;
    this.parts.log.warn('the database was restored or promoted: every client is told to begin anew');
    for (const listener of this.listeners) listener();
  }
}

/** Another incarnation in this transaction, whatever PostgreSQL says of itself: for a base backup restored without recovery. */
export async function renewIncarnation(
  tx: Tx,
  parts: Pick<Parts, 'clock' | 'ids' | 'onRestored'>,
): Promise<{ readonly incarnation: Uint8Array; readonly notBefore: number }> {
  await store.lockInstallation(tx);
  const next = { incarnation: parts.ids.bytes(8), notBefore: parts.clock.now() };
  await parts.onRestored(tx);
  await store.updateIncarnation(tx, next);
  await store.updatePlace(tx);
  return next;
}

async function settle(
  db: Db,
  parts: Parts,
): Promise<store.InstallationRow | Awaited<ReturnType<typeof renewIncarnation>>> {
  const seen = await store.selectInstallation(db);
  if (!seen.moved && !seen.unseen) return seen;
  return db.transact(async (tx) => {
    const row = await store.lockInstallation(tx);
    if (row.moved) return renewIncarnation(tx, parts);
    if (row.unseen) await store.updatePlace(tx);
    return row;
  });
}
