import type { Reader } from '../platform/postgres.js';
import type { MailboxNo } from './guards.js';
import * as store from './depth.store.js';

/** Waiting mail of one mailbox, and how old its oldest is; which mailbox it is, nobody is told. */
export interface Depth {
  /** At most 100,000 are counted. */
  readonly envelopes: number;
  /** Of content. */
  readonly bytes: number;
  /** Milliseconds, by PostgreSQL's clock. */
  readonly oldest: number;
}

/** A mailbox by what its row says: at least as much as really waits. */
export interface Candidate {
  readonly mailbox: MailboxNo;
  readonly behind: number;
}

export interface CandidatesPage {
  readonly deepest: readonly Candidate[];
  /** Where the next page begins; undefined after the last mailbox. */
  readonly next: MailboxNo | undefined;
}

const PAGES_A_RUN = 20;
const COUNTED = 5;
const NOTHING: Depth = { envelopes: 0, bytes: 0, oldest: 0 };

/**
 * Finds the deepest mailbox: walks the rows in stretches, at most 100,000 mailboxes a run, and counts those five whose acks are furthest
 * behind. Reads only, without locks. What is found holds from the end of one walk to the end of the next.
 */
export class MailboxDepth {
  private next = 0 as MailboxNo;
  private deepest: readonly Candidate[] = [];

  constructor(private readonly reader: Reader) {}

  /** One run; the deepest mailbox when with it the last mailbox was reached, else undefined. */
  async walk(): Promise<Depth | undefined> {
    for (let page = 0; page < PAGES_A_RUN; page += 1) {
      const { deepest, next } = await store.selectCandidates(this.reader, this.next, COUNTED);
      this.deepest = [...this.deepest, ...deepest].sort((left, right) => right.behind - left.behind).slice(0, COUNTED);
      this.next = next ?? (0 as MailboxNo);
      if (next === undefined) return this.count();
    }
    return undefined;
  }

  private async count(): Promise<Depth> {
    const candidates = this.deepest;
    this.deepest = [];
    const depths: Depth[] = [];
    for (const { mailbox } of candidates) depths.push(await store.selectDepth(this.reader, mailbox));
    return depths.reduce((deepest, depth) => (depth.envelopes > deepest.envelopes ? depth : deepest), NOTHING);
  }
}
