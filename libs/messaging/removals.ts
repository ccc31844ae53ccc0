import { setTimeout as sleep } from 'node:timers/promises';
import type { AckRange, AckVerdict } from '../mailbox/mailbox.js';
import type { Logger } from '../platform/log.js';
import { Stride } from './stride.js';

/** Ranges of one statement: more of them do not make a range cheaper. */
const RANGES_AT_ONCE = 500;
/** Envelopes of one statement. */
const ENVELOPES_AT_ONCE = 8_192;
/** Few more can stand below a cumulative ack, wherever it begins: no stream gives more that are not settled. */
const ENVELOPES_A_RANGE = 1_024;

/** failed: tried alone, and not removed even so; what it names comes again. */
export type RemovalVerdict = AckVerdict | 'failed';

interface Wanted {
  readonly ranges: readonly AckRange[];
  /** Of the first ranges; the others wait. */
  readonly verdicts: RemovalVerdict[];
  readonly resolve: (verdicts: readonly RemovalVerdict[]) => void;
}

/**
 * Removes what devices have acked, in batches: what comes while one is under way goes with the next. Everything stays in the queue until it
 * is judged, so a batch that fails is simply tried again, in smaller pieces and after a pause; only a range that fails alone is given up.
 */
export class Removals {
  private readonly queue: Wanted[] = [];
  private readonly stride = new Stride(RANGES_AT_ONCE);
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly remove: (ranges: readonly AckRange[]) => Promise<readonly AckVerdict[]>,
    private readonly log: Logger,
  ) {}

  /** One verdict for each range. */
  async add(ranges: readonly AckRange[]): Promise<readonly RemovalVerdict[]> {
    if (ranges.length === 0) return [];
    return new Promise((resolve) => {
      this.queue.push({ ranges, verdicts: [], resolve });
      this.running ??= this.run();
    });
  }

  /** Waits for the batch that is under way; what waits behind it has failed. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    // What arrives in the same turn of the event loop goes together.
    await Promise.resolve();
    while (this.queue.length > 0) {
      const batch = this.first();
      this.judge(this.stopped ? batch.map(() => 'failed') : await this.tried(batch));
      if (this.stride.pause > 0 && !this.stopped) await sleep(this.stride.pause);
    }
    // In the same turn as the last look at the queue: who comes after it begins anew.
    this.running = undefined;
  }

  /** The ranges that have waited longest; one always goes. */
  private first(): AckRange[] {
    const batch: AckRange[] = [];
    let envelopes = 0;
    for (const { ranges, verdicts } of this.queue)
      for (let at = verdicts.length; at < ranges.length; at += 1) {
        const range = ranges[at] as AckRange;
        envelopes += Math.min(range.hi - range.lo, ENVELOPES_A_RANGE);
        if (batch.length === this.stride.size || (batch.length > 0 && envelopes > ENVELOPES_AT_ONCE)) return batch;
        batch.push(range);
      }
    return batch;
  }

  /** Verdicts for all of them, or for none: they are tried again then. */
  private async tried(batch: readonly AckRange[]): Promise<readonly RemovalVerdict[]> {
    const start = performance.now();
    try {
      const verdicts = await this.remove(batch);
      this.stride.took(batch.length, performance.now() - start);
      return verdicts;
    } catch (error) {
      this.stride.failed(batch.length);
      this.log.warn({ err: error, ranges: batch.length }, 'acks were not applied; trying again in smaller batches');
      return batch.length === 1 ? ['failed'] : [];
    }
  }

  private judge(verdicts: readonly RemovalVerdict[]): void {
    let at = 0;
    let done = 0;
    for (const wanted of this.queue) {
      while (at < verdicts.length && wanted.verdicts.length < wanted.ranges.length) {
        wanted.verdicts.push(verdicts[at] as RemovalVerdict);
        at += 1;
      }
      if (wanted.verdicts.length < wanted.ranges.length) break;
      done += 1;
      wanted.resolve(wanted.verdicts);
    }
    this.queue.splice(0, done);
  }
}
