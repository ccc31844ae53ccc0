import type { Clock } from '../platform/clock.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { Logger } from '../platform/log.js';
import { Poller } from '../platform/poller.js';
import type { DeviceId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import * as store from './control.store.js';

const REVOKED = 0;
const SUSPENDED = 1;
const RESUMED = 2;
const POLL_MS = 1000;
/** Longer than a token lives, with clocks that differ. */
const REMEMBER_MS = LIMITS.accessTokenLife + 5 * 60 * 1000;
/** Longer than a transaction may take: rows commit in another order than they are numbered. */
const LATE_MS = 60 * 1000;
const PRUNED_AT_ONCE = 10_000;

/** In the transaction that revokes; every node knows within two seconds of its commit (D17). `now` in milliseconds. */
export async function appendRevoked(tx: Tx, deviceIds: readonly DeviceId[], now: number): Promise<void> {
  if (deviceIds.length > 0) await store.insertControl(tx, deviceIds, { act: REVOKED, at: now });
}

/** In the transaction that suspends the account of these devices. */
export async function appendSuspended(tx: Tx, deviceIds: readonly DeviceId[], now: number): Promise<void> {
  if (deviceIds.length > 0) await store.insertControl(tx, deviceIds, { act: SUSPENDED, at: now });
}

/** In the transaction that lifts the suspension. */
export async function appendResumed(tx: Tx, deviceIds: readonly DeviceId[], now: number): Promise<void> {
  if (deviceIds.length > 0) await store.insertControl(tx, deviceIds, { act: RESUMED, at: now });
}

/**
 * Rows that refuse no living token any more. What lasts longer stands elsewhere: a revoked device has no credential, that of a suspended
 * one says so. At most so many at a time; returns how many went. `now` in milliseconds.
 */
export async function pruneControl(db: Db, now: number, limit = PRUNED_AT_ONCE): Promise<number> {
  return db.transact((tx) => store.deleteControl(tx, { before: now - REMEMBER_MS - LATE_MS, limit }));
}

type Listener = (deviceIds: readonly DeviceId[]) => void;

/**
 * One node's view of the control table, read every second without Redis. An id is remembered until every token of that device has
 * expired; later it has no credential to get another. The cursor stays a minute behind, so a row that commits late is not skipped,
 * and what is read again is not told again. A suspension is remembered as long and ends earlier with its lifting; of one device the rows
 * are in the order of their commits, because its account is locked. While the database is away the last view counts; without it no mail is stored or read.
 */
export class Control {
  private readonly revoked = new Map<DeviceId, number>();
  /** The last suspension or lifting of each device. */
  private readonly states = new Map<DeviceId, store.ControlRow>();
  private readonly listeners = new Set<Listener>();
  private readonly suspensionListeners = new Set<Listener>();
  private cursor = 0;
  private readonly poller: Poller;

  constructor(
    private readonly db: Db,
    private readonly parts: { readonly clock: Clock; readonly log: Logger },
  ) {
    const failing = 'the control table cannot be read; the last view counts';
    this.poller = new Poller(async () => this.poll(), { every: POLL_MS, log: parts.log, failing });
  }

  /** Resolves when the first view is complete: a node that serves has one. */
  async start(): Promise<void> {
    await this.poll();
    this.poller.start();
  }

  async stop(): Promise<void> {
    await this.poller.stop();
  }

  isRevoked(deviceId: DeviceId): boolean {
    return this.revoked.has(deviceId);
  }

  isSuspended(deviceId: DeviceId): boolean {
    return this.states.get(deviceId)?.act === SUSPENDED;
  }

  /** Told once for each suspension of a device's account. Returns how to unsubscribe. */
  onSuspended(listener: Listener): () => void {
    this.suspensionListeners.add(listener);
    return () => this.suspensionListeners.delete(listener);
  }

  /** Told once for each id that is revoked from now on. Returns how to unsubscribe. */
  onRevoked(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Another incarnation of the database may number its rows from further back; what was seen of the one before stays refused. */
  beginAnew(): void {
    this.cursor = 0;
  }

  async poll(): Promise<void> {
    const now = this.parts.clock.now();
    const rows = await store.selectControl(this.db, { after: this.cursor, since: now - REMEMBER_MS });
    for (const row of rows) if (row.at < now - LATE_MS) this.cursor = row.no;
    const revoked = rows.filter(({ act, deviceId }) => act === REVOKED && !this.revoked.has(deviceId));
    for (const { deviceId, at } of revoked) this.revoked.set(deviceId, at);
    const suspended = this.suspensionsIn(rows);
    for (const [deviceId, at] of this.revoked) if (at < now - REMEMBER_MS) this.revoked.delete(deviceId);
    for (const [deviceId, { at }] of this.states) if (at < now - REMEMBER_MS) this.states.delete(deviceId);
    tell(
      this.listeners,
      revoked.map(({ deviceId }) => deviceId),
    );
    tell(this.suspensionListeners, suspended);
  }

  /** Rows that are read again end as they ended before: the last one of each device counts. */
  private suspensionsIn(rows: readonly store.ControlRow[]): readonly DeviceId[] {
    const last = new Map(rows.filter(({ act }) => act !== REVOKED).map((row) => [row.deviceId, row]));
    const news: DeviceId[] = [];
    for (const [deviceId, row] of last) {
      const known = this.states.get(deviceId);
      if (known?.no === row.no) continue;
      // Lifted before this node saw it: the device's stream is over all the same.
      if (row.act === SUSPENDED || known?.act !== SUSPENDED) news.push(deviceId);
      this.states.set(deviceId, row);
    }
    return news;
  }
}

function tell(listeners: ReadonlySet<Listener>, deviceIds: readonly DeviceId[]): void {
  if (deviceIds.length > 0) for (const listener of listeners) listener(deviceIds);
}
