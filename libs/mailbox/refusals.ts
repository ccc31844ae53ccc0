import type { Db } from '../platform/postgres.js';
import type { SetAsideEnvelope } from '../protocol/mailbox-page.js';
import type { Nack } from '../protocol/mail.js';
import type { MailboxNo } from './guards.js';
import * as store from './refusals.store.js';

/** noted: it comes again on the next stream. aside: that was the third. wrong: the pair names no waiting envelope of a current stream. */
export type NackVerdict = 'noted' | 'aside' | 'wrong';

/** Envelopes that a device will not have (D20): each stream may refuse one once, the third sets it aside, where it stays until its age. */
export class Refusals {
  constructor(private readonly db: Db) {}

  async refuse(mailbox: MailboxNo, epoch: number, nack: Nack): Promise<NackVerdict> {
    return store.insertNack(this.db, mailbox, { epoch, ...nack });
  }

  /** Of the waiting envelopes of the mailbox, those that the stream of this epoch has refused. */
  async refused(mailbox: MailboxNo, epoch: number): Promise<ReadonlySet<number>> {
    return new Set(await store.selectRefused(this.db, mailbox, epoch));
  }

  /** The first envelope that waits and was not refused on the stream of this epoch. */
  async lowestWaiting(mailbox: MailboxNo, epoch: number): Promise<number | undefined> {
    return store.selectLowestWaiting(this.db, mailbox, epoch);
  }

  /** Oldest first. */
  async setAside(
    mailbox: MailboxNo,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly SetAsideEnvelope[]> {
    return store.selectSetAside(this.db, mailbox, page);
  }
}
