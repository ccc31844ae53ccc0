/** A statement that took longer is followed by one of half its size. */
const SLOW = 1_000;
/** Full ones that took less, so many in a row, are followed by one of twice their size. */
const QUICK = 250;
const QUICK_IN_A_ROW = 4;
const SMALLER_AFTER_FAILURE = 8;
const PAUSE_FIRST = 50;
const PAUSE_LONGEST = 1_000;

/**
 * How many items go into one statement. A statement that is slow, or runs into its timeout, must not come again as it was, or larger by
 * what has gathered meanwhile: it would fail again, for ever. So it comes in smaller pieces, down to single items, until one goes through,
 * and grows again while they are quick.
 */
export class Stride {
  private current: number;
  private quick = 0;
  private wait = 0;

  constructor(private readonly most: number) {
    this.current = most;
  }

  get size(): number {
    return this.current;
  }

  /** Milliseconds to wait before the next statement: none unless the last one failed. */
  get pause(): number {
    return this.wait;
  }

  took(items: number, ms: number): void {
    this.wait = 0;
    if (ms > SLOW) this.shrinkTo(Math.min(this.current, items) / 2);
    else if (items < this.current) return;
    else this.quick = ms < QUICK ? this.quick + 1 : 0;
    if (this.quick < QUICK_IN_A_ROW) return;
    this.quick = 0;
    this.current = Math.min(this.most, 2 * this.current);
  }

  failed(items: number): void {
    this.wait = Math.min(PAUSE_LONGEST, Math.max(PAUSE_FIRST, 2 * this.wait));
    this.shrinkTo(Math.min(this.current, items) / SMALLER_AFTER_FAILURE);
  }

  private shrinkTo(size: number): void {
    this.quick = 0;
    this.current = Math.max(1, Math.floor(size));
  }
}
