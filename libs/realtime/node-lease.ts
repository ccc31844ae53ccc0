import type { Db } from '../platform/postgres.js';
import type { Ids } from '../platform/ids.js';
import type { Logger } from '../platform/log.js';
import type { Brand } from '../protocol/brand.js';
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
  /** A number can be given away while this process is paused; what tells the two holders apart. */
  private owner = '';
  private lost: (() => void) | undefined;

  constructor(
    private readonly db: Db,
    private readonly ids: Ids,
    private readonly log: Logger,
  ) {}

  /** `address` is the node link's, undefined for a process without one. Answers the node's number. */
  async join(address: string | undefined): Promise<number> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      this.owner = this.ids.uuid<Brand<string, 'NodeOwner'>>();
      const node = await store.insertNode(this.db, this.owner, address);
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
    await store.deleteNode(this.db, node, this.owner);
  }

  private async renew(node: number): Promise<void> {
    try {
      if (await store.renewNode(this.db, node, this.owner)) return;
      clearInterval(this.timer);
      this.held = undefined;
      this.lost?.();
    } catch (error) {
      this.log.warn({ err: error }, 'the node lease could not be renewed; trying again');
    }
  }
}
