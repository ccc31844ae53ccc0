import type { Db } from '../platform/postgres.js';
import type { GapReason } from '../protocol/mail.js';
import type { MailboxNo } from './guards.js';
import * as store from './expiry.store.js';

/** What all policies together say at the most: a mailbox within both needs no look. */
export interface Tightest {
  /** Milliseconds. */
  readonly retention: number;
  /** Bytes of content. */
  readonly stock: number;
}

/** A mailbox that may hold something too old or too much. */
export interface Suspect {
  readonly mailbox: MailboxNo;
  readonly accountNo: number;
}

/** Mailboxes in the order of their numbers. */
export interface Stretch {
  readonly after: MailboxNo;
  readonly most: number;
}

export interface SuspectsPage {
  readonly suspects: readonly Suspect[];
  /** How many mailboxes were looked at. */
  readonly looked: number;
  /** Where the next page begins; undefined after the last mailbox. */
  readonly next: MailboxNo | undefined;
}

/** Removes waiting mail by age and by stock, and leaves a gap where it stood (D19). Ages are by PostgreSQL's clock. Bounded in each step. */
export class Expiry {
  constructor(
    private readonly db: Db,
    /** Told of what was removed: how many envelopes became gaps, and why. */
    private readonly onRemoved: (reason: GapReason, envelopes: number) => void = () => undefined,
  ) {}

  async suspects(stretch: Stretch, tightest: Tightest): Promise<SuspectsPage> {
    return store.selectSuspects(this.db, stretch, tightest);
  }

  /** At most `most` envelopes older than so many milliseconds; the number removed. Nothing while somebody holds the mailbox row. */
  async byAge(
    mailbox: MailboxNo,
    { retention, most }: { readonly retention: number; readonly most: number },
  ): Promise<number> {
    const old = await store.deleteOld(this.db, mailbox, { retention, most });
    this.onRemoved('age', old);
    const poison = await store.deleteOldSetAside(this.db, mailbox, { retention, most });
    this.onRemoved('poison', poison);
    return old + poison;
  }

  /** The oldest, until what is left fits; the number removed, at most `most`. */
  async byStock(
    mailbox: MailboxNo,
    { stock, most }: { readonly stock: number; readonly most: number },
  ): Promise<number> {
    const removed = await store.deleteOverStock(this.db, mailbox, { stock, most });
    this.onRemoved('stock', removed);
    return removed;
  }

  /** Forgets refusals of envelopes that are gone. */
  async forgetRefusals(): Promise<void> {
    await this.db.transact(async (tx) => store.deleteOrphanedNacks(tx));
  }
}
