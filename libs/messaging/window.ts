import type { Envelope } from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';

/** lo < sequence <= hi. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

interface Given {
  readonly sequence: number;
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
  private readonly given: Given[] = [];
  private unacked = 0;
  private unackedBytes = 0;
  /** Ids of what is settled above the floor: a later cumulative ack may name one of them. */
  private settledAbove: Map<number, Uint8Array> | undefined;

  /** How many envelopes a page may hold. */
  get room(): number {
    if (this.full || this.bytesLeft <= 0) return 0;
    return Math.min(LIMITS.unackedEnvelopes - this.unacked, LEAVING_KEPT - this.given.length);
  }

  get bytesLeft(): number {
    return LIMITS.unackedBytes - this.unackedBytes;
  }

  /** Of what was given here, or has been settled above the floor. */
  idOf(sequence: number): Uint8Array | undefined {
    const given = this.given[this.above(sequence - 1)];
    return given?.sequence === sequence ? given.id : this.settledAbove?.get(sequence);
  }

  /** Everything at or below it is settled, when everything up to `cursor` was given. */
  floor(cursor: number): number {
    const [oldest] = this.given;
    return oldest === undefined ? cursor : Math.min(oldest.sequence - 1, cursor);
  }

  give({ sequence, id, content }: Envelope): void {
    this.given.push({ sequence, id, bytes: content.length, leaving: false });
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
        this.given.length + count >= LEAVING_KEPT;
      if (isFull && this.given.length + count > 0) break;
      count += 1;
    }
    return count === envelopes.length ? envelopes : envelopes.slice(0, count);
  }

  /** Acked by the device and about to be removed. */
  release({ lo, hi }: Range): void {
    for (let at = this.above(lo); at < this.given.length; at += 1) {
      const given = this.given[at] as Given;
      if (given.sequence > hi) return;
      this.leave(given);
    }
  }

  /** Removed from the table. */
  settle({ lo, hi }: Range, cursor: number): void {
    const isAbove = lo > this.floor(cursor);
    const from = this.above(lo);
    for (const given of this.given.splice(from, this.above(hi) - from)) {
      this.leave(given);
      if (isAbove) (this.settledAbove ??= new Map()).set(given.sequence, given.id);
    }
    if (this.settledAbove !== undefined) this.forgetSettled(this.settledAbove, this.floor(cursor));
  }

  private forgetSettled(above: Map<number, Uint8Array>, floor: number): void {
    for (const sequence of above.keys()) if (sequence <= floor || above.size > SETTLED_KEPT) above.delete(sequence);
    if (above.size === 0) this.settledAbove = undefined;
  }

  /** The place of the first that was given above it. */
  private above(sequence: number): number {
    let [from, to] = [0, this.given.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.given[middle] as Given).sequence > sequence) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  private leave(given: Given): void {
    if (given.leaving) return;
    given.leaving = true;
    this.unacked -= 1;
    this.unackedBytes -= given.bytes;
    this.full = false;
  }
}
