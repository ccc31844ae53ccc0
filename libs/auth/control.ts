import type { Clock } from '../platform/clock.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { Logger } from '../platform/log.js';
import type { DeviceId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import * as store from './control.store.js';

const POLL_MS = 1000;
/** Longer than a token lives, with clocks that differ. */
const REMEMBER_MS = LIMITS.accessTokenLife + 5 * 60 * 1000;
/** Longer than a transaction may take: rows commit in another order than they are numbered. */
const LATE_MS = 60 * 1000;

/** In the transaction that revokes; every node knows within two seconds of its commit (D17). `now` in milliseconds. */
export async function appendRevoked(tx: Tx, deviceIds: readonly DeviceId[], now: number): Promise<void> {
  if (deviceIds.length > 0) await store.insertRevoked(tx, deviceIds, now);
}

/**
 * One node's view of the control table, read every second without Redis. An id is remembered until every token of that device has
 * expired; later it has no credential to get another. The cursor stays a minute behind, so a row that commits late is not skipped,
 * and what is read again is not told again. While the database is away the last view counts; without it no mail is stored or read.
 */
export class Control {
  private readonly revoked = new Map<DeviceId, number>();
  private readonly listeners = new Set<(deviceIds: readonly DeviceId[]) => void>();
  private cursor = 0;
  private timer: NodeJS.Timeout | undefined;
  private polling: Promise<void> = Promise.resolve();
  private running = false;
  private failing = false;

  constructor(
    private readonly db: Db,
    private readonly parts: { readonly clock: Clock; readonly log: Logger },
  ) {}

  /** Resolves when the first view is complete: a node that serves has one. */
  async start(): Promise<void> {
    await this.poll();
    this.running = true;
    this.pollLater();
  }

  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    await this.polling;
  }

  isRevoked(deviceId: DeviceId): boolean {
    return this.revoked.has(deviceId);
  }

  /** Told once for each id that is revoked from now on. Returns how to unsubscribe. */
  onRevoked(listener: (deviceIds: readonly DeviceId[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async poll(): Promise<void> {
    const now = this.parts.clock.now();
    const rows = await store.selectRevoked(this.db, { after: this.cursor, since: now - REMEMBER_MS });
    const news: DeviceId[] = [];
    for (const row of rows) {
      if (row.at < now - LATE_MS) this.cursor = row.no;
      if (this.revoked.has(row.deviceId)) continue;
      this.revoked.set(row.deviceId, row.at);
      news.push(row.deviceId);
    }
    for (const [deviceId, at] of this.revoked) if (at < now - REMEMBER_MS) this.revoked.delete(deviceId);
    if (news.length > 0) for (const listener of this.listeners) listener(news);
  }

  private pollLater(): void {
    this.timer = setTimeout(() => {
      this.polling = this.pollQuietly().then(() => {
        if (this.running) this.pollLater();
      });
    }, POLL_MS).unref();
  }

  private async pollQuietly(): Promise<void> {
    try {
      await this.poll();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.parts.log.warn({ err: error }, 'the control table cannot be read; the last view counts');
      this.failing = true;
    }
  }
}
