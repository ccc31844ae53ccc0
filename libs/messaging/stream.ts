import type { AckRange, TakenStream } from '../mailbox/mailbox.js';
import type { MailboxNo } from '../mailbox/guards.js';
import type { GapAck } from '../mailbox/gaps.js';
import type { Envelope } from '../protocol/frames.js';
import type { Ack, Gap } from '../protocol/mail.js';
import type { ListVersion } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { Ring, Taken, Wake } from '../realtime/doorbell.js';
import { Window, type Range } from './window.js';

/** What a connected device is given, in order. `queue-empty` comes once, when all that stood there at connect time is settled (D13). */
export type StreamEvent =
  | { readonly kind: 'envelopes'; readonly envelopes: readonly Envelope[] }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | Passing
  | { readonly kind: 'queue-empty' };

/** An ephemeral envelope as an encoded frame (D6): neither numbered nor acked, and worth nothing after ten seconds. */
export interface Passing {
  readonly kind: 'ephemeral';
  readonly frame: Uint8Array;
  /** Milliseconds since the epoch, by the clock of the node that took it. */
  readonly acceptedAt: number;
}

/** Why a stream ended: taken by a newer connection, closed with its mailbox, the database could not be reached, or too many acks named nothing. */
export type StreamEnd = 'displaced' | 'closed' | 'stopped' | 'unavailable' | 'astray';

/** Who wants other news about its own account than mail. */
export type NoticeListener = (notice: Exclude<Ring, Wake | Taken>) => void;

/** Half a window: while a device takes one half, the other is read. */
const PAGE_ENVELOPES = LIMITS.unackedEnvelopes / 2;
const PAGE_BYTES = 256 * 1024;
/** Ephemeral envelopes that wait for a slow socket; of more, the oldest are dropped. */
const PASSING_KEPT = 32;
/** Most mailboxes have none: no stream has a map of its own for them. */
const NO_GAPS: ReadonlyMap<number, Gap> = new Map();

/**
 * One device's stream on this node: a cursor into its mailbox and the window of what was given and not yet acked.
 *
 * Invariants: everything at or below `cursor` was given on this stream or settled before it began; what comes
 * next is exactly cursor + 1, or is read from the table. Bounded by its window: a device that does not ack is read no further, and its mail waits in the table.
 * Gaps stand beside all that: those that the mailbox owes are told before its next page, whatever the cursor (D19).
 */
export class Stream {
  epoch = 0;
  cursor = 0;
  head = 0;
  /** A page is being read: the cursor may move, so nothing is handed over from memory meanwhile. */
  reading = false;
  /** The mailbox has gaps that this stream has not read. */
  owesGaps = false;
  ended: StreamEnd | undefined;

  private readonly window = new Window();
  private ready: Envelope[] = [];
  private headAtStart = 0;
  private listVersionAtStart = 0 as ListVersion;
  private headAtRead = 0;
  /** Removed while a page was read, whose snapshot may still show it. */
  private removedAtRead: Range[] = [];
  private emptySaid = false;
  private gapMark = 0;
  /** Told on this stream and not acked, by their end. */
  private gaps = NO_GAPS;
  private gapsToTell: Gap[] = [];
  private passing: Passing[] = [];
  /** What this stream has refused comes again on the next one, so the table's floor stays below it (D20). */
  private lowestRefused = Infinity;
  private waiting: ((event: StreamEvent | undefined) => void) | undefined;
  private floorWritten = 0;
  /** Acks and nacks that named nothing. */
  private strays = 0;

  constructor(
    readonly mailbox: MailboxNo,
    private readonly hungry: (stream: Stream) => void,
    readonly onNotice: NoticeListener = () => undefined,
    readonly tenant = '',
  ) {}

  /** The claim is committed: rings that came meanwhile have already raised `head`. */
  begin(taken: Omit<TakenStream, 'mailbox' | 'heldBy'>): void {
    this.epoch = taken.epoch;
    this.cursor = taken.ackedThrough;
    this.floorWritten = taken.ackedThrough;
    this.headAtStart = taken.head;
    this.listVersionAtStart = taken.listVersion;
    this.head = Math.max(this.head, taken.head);
    this.noteGaps(taken.gapMark);
  }

  /** The mailbox row's mark of its gaps: another one than before means that there are gaps to be read. */
  noteGaps(mark: number): void {
    this.owesGaps ||= mark !== 0 && mark !== this.gapMark;
    this.gapMark = mark;
    this.advance();
  }

  /** The last mark that was noted. */
  get knownGaps(): number {
    return this.gapMark;
  }

  /** All gaps of the mailbox, or the first of them; those that were told before are not told again on this stream. */
  acceptGaps(gaps: readonly Gap[]): void {
    this.owesGaps = false;
    // The row's mark begins anew behind the last ack: the next gap may bear the very mark that was noted last.
    if (gaps.length === 0) this.gapMark = 0;
    const isNew = (gap: Gap): boolean => {
      const told = this.gaps.get(gap.to);
      return told === undefined || !sameId(told.id, gap.id);
    };
    const fresh = gaps.filter(isNew);
    if (fresh.length > 0) {
      // What did not fit may be gone.
      this.window.full = false;
      this.gaps = new Map([...this.gaps, ...fresh.map((gap) => [gap.to, gap] as const)]);
      this.gapsToTell.push(...fresh);
    }
    this.advance();
  }

  /** For this socket, if it takes it soon (D6). */
  pass(passing: Passing): void {
    if (this.epoch === 0 || this.ended !== undefined) return;
    this.passing.push(passing);
    if (this.passing.length > PASSING_KEPT) this.passing.shift();
    this.advance();
  }

  /** The mailbox's head and the account's list version at the moment the stream was taken. */
  get start(): { readonly head: number; readonly listVersion: ListVersion } {
    return { head: this.headAtStart, listVersion: this.listVersionAtStart };
  }

  /** Committed in this process: taken from memory when it is exactly the next piece under the current epoch, else a mere wake-up (D12). */
  offer(news: {
    readonly epoch: number;
    readonly base: number;
    readonly head: number;
    readonly envelopes: readonly Envelope[] | undefined;
  }): void {
    this.head = Math.max(this.head, news.head);
    const isNext = !this.reading && this.epoch !== 0 && news.epoch === this.epoch && news.base === this.cursor;
    if (isNext && news.envelopes !== undefined && this.window.fit(news.envelopes).length === news.envelopes.length) {
      this.give(news.envelopes);
      this.cursor = news.head;
    }
    this.advance();
  }

  /** A page begins to be read; how much of it there is room for. */
  beginRead(): { readonly after: number; readonly limit: number; readonly bytes: number } {
    this.reading = true;
    this.headAtRead = this.head;
    this.removedAtRead = [];
    return {
      after: this.cursor,
      limit: Math.min(PAGE_ENVELOPES, this.room),
      bytes: Math.min(PAGE_BYTES, this.window.bytesLeft),
    };
  }

  /** A page of one snapshot. The last one: everything up to that snapshot's head has been seen, and a head rung before was wrong. */
  accept(page: { readonly head: number; readonly envelopes: readonly Envelope[]; readonly isLast: boolean }): void {
    this.reading = false;
    const fitting = this.window.fit(page.envelopes);
    this.give(
      fitting.filter(({ sequence }) => !this.removedAtRead.some(({ lo, hi }) => sequence > lo && sequence <= hi)),
    );
    this.window.full = fitting.length < page.envelopes.length;
    const last = fitting.at(-1);
    if (page.isLast && !this.window.full) {
      this.cursor = Math.max(this.cursor, page.head);
      this.head = this.head === this.headAtRead ? this.cursor : Math.max(this.head, page.head);
    } else {
      this.head = Math.max(this.head, page.head);
      if (last !== undefined) this.cursor = last.sequence;
    }
    this.advance();
  }

  /** The page did not come; it is asked for again. */
  readFailed(): void {
    this.reading = false;
    this.advance();
  }

  get wantsPage(): boolean {
    return this.wantsReading && this.ready.length === 0 && this.cursor < this.head && this.room > 0;
  }

  get wantsGaps(): boolean {
    return this.wantsReading && this.owesGaps;
  }

  private get wantsReading(): boolean {
    return !this.reading && this.ended === undefined && this.epoch !== 0 && this.waiting !== undefined;
  }

  /** How many envelopes a page may hold. */
  get room(): number {
    return this.window.room;
  }

  /**
   * The ranges to remove for these acks. A run of acks that follow each other in the window is one range; a pair that is not in the window
   * (given on an earlier connection, or made up) is left to the table to judge.
   */
  ranges(acks: readonly Ack[]): AckRange[] {
    const { mailbox, epoch } = this;
    const ranges: AckRange[] = [];
    // Only what was given here may grow: a pair that turns out wrong must not be swept along with the next right one.
    let growing: { hi: number; id: Uint8Array } | undefined;
    for (const ack of acks) {
      if (this.isGap(ack)) {
        // What was given up to there; what lies below the gap and was not given yet stays, and all of it when something there was refused.
        const hi = Math.min(ack.sequence, this.cursor);
        if (ack.cumulative && hi > this.floor && this.lowestRefused > hi)
          ranges.push({ mailbox, epoch, lo: this.floor, hi, id: ack.id, given: true });
        growing = undefined;
        continue;
      }
      const id = this.window.idOf(ack.sequence);
      const isKnown = id !== undefined && sameId(id, ack.id);
      if (isKnown && !ack.cumulative && growing?.hi === ack.sequence - 1) {
        growing.hi = ack.sequence;
        growing.id = ack.id;
      } else {
        const lo = ack.cumulative ? (isKnown ? Math.min(this.floor, ack.sequence - 1) : 0) : ack.sequence - 1;
        // What this stream refused lies somewhere below: the table leaves it out.
        const given = isKnown && !(ack.cumulative && this.lowestRefused < ack.sequence);
        const range = { mailbox, epoch, lo, hi: ack.sequence, id: ack.id, given };
        ranges.push(range);
        growing = isKnown ? range : undefined;
      }
    }
    return ranges;
  }

  private isGap({ sequence, id }: Pick<Ack, 'sequence' | 'id'>): boolean {
    const gap = this.gaps.get(sequence);
    return gap !== undefined && sameId(gap.id, id);
  }

  /**
   * Gaps that these acks settle: the one that is named, and with a cumulative ack all that end below. `absent`: numbers of which the table
   * has no envelope, so that nothing tells a pair of an earlier connection from one that is made up: these settle what they name only.
   */
  gapAcks(acks: readonly Ack[], absent: ReadonlySet<number>): GapAck[] {
    if (this.gaps.size === 0) return [];
    return acks.flatMap(({ sequence, id, cumulative }) => {
      const named = this.isGap({ sequence, id }) ? this.gaps.get(sequence) : undefined;
      const below =
        cumulative && !absent.has(sequence) ? [...this.gaps.values()].filter(({ to }) => to <= sequence) : [];
      const highest = named ?? below.sort((left, right) => right.to - left.to)[0];
      if (highest === undefined) return [];
      const lo = cumulative ? 0 : highest.to - 1;
      return [{ mailbox: this.mailbox, epoch: this.epoch, lo, hi: highest.to, id: highest.id }];
    });
  }

  settleGaps({ lo, hi }: Range): void {
    this.gaps = new Map([...this.gaps].filter(([to]) => to <= lo || to > hi));
    // There may be more of them than one reading takes.
    this.owesGaps ||= this.gaps.size === 0 && this.gapMark !== 0;
    this.advance();
  }

  /** Refused by the device: settled for this stream, and unless it was set aside it waits in the table for the next one. */
  refuse(sequence: number, { aside }: { readonly aside: boolean }): void {
    if (!aside) this.lowestRefused = Math.min(this.lowestRefused, sequence);
    this.settle({ lo: sequence - 1, hi: sequence });
  }

  /** Acked by the device and about to be removed: makes room in the window. */
  release(range: Range): void {
    this.window.release(range);
    this.advance();
  }

  /** Removed from the table: makes room in the window, and may settle what stood there at the beginning. */
  settle(range: Range): void {
    if (this.reading) this.removedAtRead.push(range);
    this.window.settle(range, this.cursor);
    this.advance();
  }

  /** So many acks or nacks more named nothing, and each was looked for in the table. False: more than any client that works has reason to send. */
  maySendStrays(more: number): boolean {
    this.strays += more;
    return this.strays <= LIMITS.strayAcks;
  }

  /** Everything at or below it is settled. */
  get floor(): number {
    return this.window.floor(this.cursor);
  }

  /** The floor, when it has moved since it was last taken. */
  takeFloor(): number | undefined {
    const floor = Math.min(this.floor, this.lowestRefused - 1);
    if (floor <= this.floorWritten) return undefined;
    this.floorWritten = floor;
    return floor;
  }

  end(reason: StreamEnd): void {
    if (this.ended !== undefined) return;
    this.ended = reason;
    this.ready = [];
    this.passing = [];
    this.resolve(undefined);
  }

  /** The next batch; undefined once the stream has ended. Only one reader, who asks again when it has taken what it was given. */
  async next(): Promise<StreamEvent | undefined> {
    if (this.ended !== undefined) return undefined;
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.advance();
    });
  }

  /** Gives the reader what there is for it, or asks for a page. */
  private advance(): void {
    if (this.waiting === undefined || this.ended !== undefined) return;
    const passing = this.passing.shift();
    const gap = passing === undefined ? this.gapsToTell.shift() : undefined;
    if (passing !== undefined) this.resolve(passing);
    else if (gap !== undefined) this.resolve({ kind: 'gap', gap });
    else if (this.ready.length > 0) {
      const envelopes = this.ready;
      this.ready = [];
      this.resolve({ kind: 'envelopes', envelopes });
    } else if (this.wantsGaps) this.hungry(this);
    else if (!this.emptySaid && this.epoch !== 0 && this.floor >= this.headAtStart && this.gaps.size === 0) {
      this.emptySaid = true;
      this.resolve({ kind: 'queue-empty' });
    } else if (this.wantsPage) this.hungry(this);
  }

  private resolve(event: StreamEvent | undefined): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.(event);
  }

  private give(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      this.window.give(envelope);
      this.ready.push(envelope);
    }
  }
}

function sameId(left: Uint8Array, right: Uint8Array): boolean {
  for (let index = 0; index < 8; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
