import type { Db } from '../platform/postgres.js';
import type { Gap } from '../protocol/mail.js';
import type { MailboxNo } from './guards.js';
import * as store from './gaps.store.js';

export interface GapsWanted {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  /** Only gaps that end above it. */
  readonly after: number;
  readonly limit: number;
}

/** `lo < to <= hi`, when the gap that ends at `hi` has this id. */
export interface GapAck {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly lo: number;
  readonly hi: number;
  readonly id: Uint8Array;
}

/** Numbers that were removed without an ack (D19): told on each stream until acked. They are rare, so they stay out of the pages. */
export class Gaps {
  constructor(private readonly db: Db) {}

  /** In order; nothing when the epoch is over. */
  async read(wanted: GapsWanted): Promise<readonly Gap[]> {
    return store.selectGaps(this.db, wanted);
  }

  /** Whether the pair names a gap that was there; with the last one the mailbox owes none. */
  async acknowledge(ack: GapAck): Promise<boolean> {
    return this.db.transact(async (tx) => store.deleteGaps(tx, ack));
  }
}
