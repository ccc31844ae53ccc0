import { lockNotGranted, type Db, type Reader } from '../platform/postgres.js';
import type { Envelope } from '../protocol/frames.js';
import type { ListVersion } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { EnvelopeKind } from '../protocol/send-request.js';
import type { MailboxNo } from './guards.js';
import * as store from './mailbox.store.js';
import { selectPages } from './pages.store.js';
import * as sent from './sent.store.js';
import * as streams from './streams.store.js';

/** One send, ready to be stored: what it expects of the guard rows, and its envelopes in order. */
export interface Append {
  readonly senderMailbox: MailboxNo;
  /** List version that the sender's own account must have; undefined when its devices were not compared (all recipients SELECTED). */
  readonly ownListVersion: number | undefined;
  /** `storedKey` of the idempotency key: 16 bytes. */
  readonly key: Uint8Array;
  readonly digest: Uint8Array;
  /** Account and device of the sender, 16 bytes each. */
  readonly sender: Uint8Array;
  readonly items: readonly AppendItem[];
}

export interface AppendItem {
  readonly mailbox: MailboxNo;
  /** Undefined for SELECTED coverage: only the device itself is checked. */
  readonly listVersion: number | undefined;
  readonly registrationId: number;
  readonly kind: EnvelopeKind;
  readonly control: boolean;
  /** 8 random bytes. */
  readonly id: Uint8Array;
  readonly content: Uint8Array;
}

/**
 * stored: committed. repeat: the key was accepted before. mismatch: a guard row is not what the request expects; its key may have been
 * accepted before all the same, which `accepted` tells.
 * busy: a row is locked by someone else, or an earlier request of the same sender in this batch did not go through.
 */
export type AppendVerdict = 'stored' | 'repeat' | 'mismatch' | 'busy';

/** A mailbox that grew: its envelopes are base + 1, base + 2, … and its stream is, or was, held by `node` under `epoch`. */
export interface Grown {
  readonly mailbox: MailboxNo;
  readonly base: number;
  readonly epoch: number;
  readonly node: number | null;
}

export interface AppendResult {
  /** One for each request of the batch. */
  readonly verdicts: readonly AppendVerdict[];
  readonly grown: readonly Grown[];
  /** PostgreSQL's clock, milliseconds since the epoch. */
  readonly acceptedAt: number;
}

export interface AcceptedKey {
  readonly digest: Uint8Array;
  readonly acceptedAt: number;
}

/** A stream that was taken: the mailbox row's new epoch, and what stood in it at that moment. */
export interface TakenStream {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly head: number;
  readonly ackedThrough: number;
  /** Of the account, at that moment. */
  readonly listVersion: ListVersion;
  /** 0: no gap is owed. */
  readonly gapMark: number;
  /** The node that held the stream before, or held it last. */
  readonly heldBy: number | null;
}

/** What a stream knows of its mailbox row. */
export interface Known {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly head: number;
  readonly gapMark: number;
}

export interface MailboxNews extends Known {
  readonly closed: boolean;
  /** Of the account. */
  readonly listVersion: ListVersion;
}

export interface PageWanted {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly after: number;
  readonly limit: number;
  /** Of content; the first envelope comes however large it is. */
  readonly bytes: number;
}

/** The mailbox's head and the envelopes after the cursor, of one snapshot; `isLast`: surely
 * there were no more. Or why the stream is over. */
export type Page =
  | { readonly kind: 'page'; readonly head: number; readonly envelopes: readonly Envelope[]; readonly isLast: boolean }
  | { readonly kind: StreamOver };

/** displaced: another epoch is current. closed: the mailbox takes and gives nothing any more. */
export type StreamOver = 'displaced' | 'closed';

/** Remove lo < sequence <= hi, provided that the envelope at hi has this id, or that all of them were given on this very stream. */
export interface AckRange {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly lo: number;
  readonly hi: number;
  readonly id: Uint8Array;
  /** Every id of the range was compared with what this stream gave: the table need not judge, and may hold less of it by now. */
  readonly given: boolean;
}

/** removed: gone now. absent: settled before, or never there. wrong: another id stands there. */
export type AckVerdict = 'removed' | 'absent' | 'wrong' | StreamOver;

export interface Floor {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly ackedThrough: number;
}

/**
 * The heart's memory. Every operation takes a batch and is one statement and one transaction; no lock outlives it.
 * Invariant: the sequences of a mailbox are numbered under the lock of its guard row, so they have no holes and become
 * visible in order (D9).
 */
export class Mailbox {
  constructor(private readonly db: Db) {}

  /** COMMIT is acceptance (D1). `wait`: wait for locked rows, though not for long, before calling them busy. */
  async append(batch: readonly Append[], { wait }: { readonly wait: boolean }): Promise<AppendResult> {
    return store.append(this.db, batch, { wait });
  }

  /** With a fresh snapshot: was this key accepted (D5)? */
  async accepted(reader: Reader, key: Uint8Array): Promise<AcceptedKey | undefined> {
    return sent.selectAccepted(reader, key);
  }

  /** epoch + 1 and the node, committed (D15). Mailboxes that are closed are missing in the answer. */
  async takeStreams(mailboxes: readonly MailboxNo[], node: number): Promise<ReadonlyMap<MailboxNo, TakenStream>> {
    return streams.takeStreams(this.db, mailboxes, node);
  }

  /** Mailboxes whose row says something that the stream does not know yet (D14, D15). */
  async news(known: readonly Known[]): Promise<readonly MailboxNews[]> {
    return streams.selectNews(this.db, known);
  }

  /** Pages are read only under the current epoch (D15). */
  async pages(wanted: readonly PageWanted[]): Promise<ReadonlyMap<MailboxNo, Page>> {
    return selectPages(this.db, wanted);
  }

  /** Need not wait for the disk: after a crash of PostgreSQL what was acked in the last second may come again (D11). */
  async acknowledge(ranges: readonly AckRange[]): Promise<readonly AckVerdict[]> {
    return store.deleteAcked(this.db, ranges);
  }

  /** Where the next drain of each mailbox starts; written lazily, never per ack. */
  async writeFloors(floors: readonly Floor[]): Promise<void> {
    await streams.updateFloors(this.db, floors);
  }

  /** What stands between two numbers, as far as a window goes. */
  async unacked(mailbox: MailboxNo, between: { readonly from: number; readonly to: number }) {
    return streams.selectUnacked(this.db, mailbox, { ...between, most: LIMITS.unackedEnvelopes });
  }

  /** Where the next stream of the mailbox starts, as the table has it; for streams that remember no window. */
  async settleFloor(mailbox: MailboxNo, epoch: number): Promise<number> {
    return streams.settleFloor(this.db, mailbox, epoch);
  }

  /** The same stream, held by another node now. False when another epoch is current, or the mailbox is closed. */
  async moveStream(mailbox: MailboxNo, to: { readonly epoch: number; readonly node: number }): Promise<boolean> {
    return streams.moveStream(this.db, mailbox, to);
  }

  /** Nobody holds the stream any more, provided that it still is the one of this epoch. */
  async releaseStream(mailbox: MailboxNo, epoch: number): Promise<void> {
    await streams.releaseStream(this.db, mailbox, epoch);
  }

  /** Partitions for accepted keys that cover `now` minus a day up to a day ahead. Safe to run anywhere, any number of times. */
  async ensureKeyPartitions(now: number): Promise<void> {
    await this.db.transact(async (tx) => sent.createPartitions(tx, now));
  }

  /** Drops the partitions that hold only keys older than a day. */
  async dropKeyPartitions(now: number): Promise<number> {
    return this.db.transact(async (tx) => sent.dropPartitions(tx, now));
  }

  /** Makes what is missing and drops what is old. `busy`: somebody's statement or snapshot holds the table, which nothing may wait behind. */
  async keepKeyPartitions(now: number): Promise<'kept' | 'busy'> {
    try {
      await this.ensureKeyPartitions(now);
      await this.dropKeyPartitions(now);
      return 'kept';
    } catch (error) {
      if (lockNotGranted(error)) return 'busy';
      throw error;
    }
  }

  /** Deletes envelopes of closed mailboxes, at most `limit` in one go; the number deleted. */
  async purgeClosed(deviceIds: readonly string[], limit: number): Promise<number> {
    return this.db.transact(async (tx) => store.deleteClosed(tx, deviceIds, limit));
  }
}
