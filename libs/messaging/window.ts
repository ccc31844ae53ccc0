import type { Envelope } from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';

/** lo < sequence <= hi. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

interface Given {
  readonly id: Uint8Array;
  readonly bytes: number;
  /** The device has acked it: it takes no room any more, and stays here until the table has removed it. */
  leaving: boolean;
}

/** Acked, and not yet removed: of more, nothing is given until the table has caught up. */
const LEAVING_KEPT = 1_024;
/** A device that leaves one envelope unacked and acks thousands after it: the oldest ids are forgotten. */
const SETTLED_KEPT = 1_024;

/**
 * What was given on a stream and is not settled, ascending: at most 256 envelopes or 1 MiB that the device has not acked (D21), one always fits.
 * An ack makes room when it comes, and settles what it names when the table has removed that.
 */
export class Window {
  /** The next envelope did not fit: no page helps until there is more room. */
  full = false;
  private readonly given = new Map<number, Given>();
  private unacked = 0;
  private unackedBytes = 0;
  /** Ids of what is settled above the floor: a later cumulative ack may name one of them. */
  private readonly settledAbove = new Map<number, Uint8Array>();

  /** How many envelopes a page may hold. */
  get room(): number {
    if (this.full || this.bytesLeft <= 0) return 0;
    return Math.min(LIMITS.unackedEnvelopes - this.unacked, LEAVING_KEPT - this.given.size);
  }

  get bytesLeft(): number {
    return LIMITS.unackedBytes - this.unackedBytes;
  }

  /** Of what was given here, or has been settled above the floor. */
  idOf(sequence: number): Uint8Array | undefined {
    return this.given.get(sequence)?.id ?? this.settledAbove.get(sequence);
  }

  /** Everything at or below it is settled, when everything up to `cursor` was given. */
  floor(cursor: number): number {
    const oldest = this.given.keys().next();
    return oldest.done === true ? cursor : Math.min(oldest.value - 1, cursor);
  }

  give({ sequence, id, content }: Envelope): void {
    this.given.set(sequence, { id, bytes: content.length, leaving: false });
    this.unacked += 1;
    this.unackedBytes += content.length;
  }

  /** As many as there is room for; one always fits an empty window. */
  fit(envelopes: readonly Envelope[]): readonly Envelope[] {
    let bytes = this.unackedBytes;
    let count = 0;
    for (const envelope of envelopes) {
      bytes += envelope.content.length;
      const isFull =
        bytes > LIMITS.unackedBytes ||
        this.unacked + count >= LIMITS.unackedEnvelopes ||
        this.given.size + count >= LEAVING_KEPT;
      if (isFull && this.given.size + count > 0) break;
      count += 1;
    }
    return count === envelopes.length ? envelopes : envelopes.slice(0, count);
  }

  /** Acked by the device and about to be removed. */
  release({ lo, hi }: Range): void {
    for (const [sequence, given] of this.given) {
      if (sequence > hi) break;
      if (sequence > lo) this.leave(given);
    }
  }

  /** Removed from the table. */
  settle({ lo, hi }: Range, cursor: number): void {
    const isAbove = lo > this.floor(cursor);
    for (const [sequence, given] of this.given) {
      if (sequence > hi) break;
      if (sequence <= lo) continue;
      this.leave(given);
      this.given.delete(sequence);
      if (isAbove) this.settledAbove.set(sequence, given.id);
    }
    for (const sequence of this.settledAbove.keys())
      if (sequence <= this.floor(cursor) || this.settledAbove.size > SETTLED_KEPT) this.settledAbove.delete(sequence);
  }

  private leave(given: Given): void {
    if (given.leaving) return;
    given.leaving = true;
    this.unacked -= 1;
    this.unackedBytes -= given.bytes;
    this.full = false;
  }
}
