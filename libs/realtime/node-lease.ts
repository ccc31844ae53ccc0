import type { Db } from '../platform/postgres.js';
import type { Logger } from '../platform/log.js';
import * as store from './node-lease.store.js';

const RENEW_EVERY = 5_000;

/** Another node, reached over its node link. */
export interface Peer {
  readonly node: number;
  readonly address: string;
}

/**
 * A process's place among the nodes: a number, held under a lease in PostgreSQL that is renewed every 5 s and ends after 15 s without.
 * A number whose lease has ended is given away again; a lost lease is told to the listener, which must drop its streams.
 */
export class NodeLease {
  private timer: NodeJS.Timeout | undefined;
  private held: number | undefined;
  private lost: (() => void) | undefined;

  constructor(
    private readonly db: Db,
    private readonly log: Logger,
  ) {}

  /** `address` is the node link's, undefined for a process without one. Answers the node's number. */
  async join(address: string | undefined): Promise<number> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const node = await store.insertNode(this.db, address);
      if (node === undefined) continue;
      this.held = node;
      this.timer = setInterval(() => void this.renew(node), RENEW_EVERY);
      return node;
    }
    throw new Error('no node number could be had in 20 attempts: are many nodes starting at once?');
  }

  onLost(listener: () => void): void {
    this.lost = listener;
  }

  async peers(): Promise<readonly Peer[]> {
    return (await store.selectPeers(this.db)).filter((peer) => peer.node !== this.held);
  }

  async leave(): Promise<void> {
    clearInterval(this.timer);
    if (this.held === undefined) return;
    const node = this.held;
    this.held = undefined;
    await store.deleteNode(this.db, node);
  }

  private async renew(node: number): Promise<void> {
    try {
      if (await store.renewNode(this.db, node)) return;
      clearInterval(this.timer);
      this.lost?.();
    } catch (error) {
      this.log.warn({ err: error }, 'the node lease could not be renewed; trying again');
    }
  }
}
