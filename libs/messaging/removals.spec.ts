import { describe, expect, it } from '@jest/globals';
import type { MailboxNo } from '../mailbox/guards.js';
import type { AckRange, AckVerdict } from '../mailbox/mailbox.js';
import { createLogger } from '../platform/log.js';
import { Removals } from './removals.js';
import { EPOCH, idOf } from './testing-stream.js';

const range = (mailbox: number, hi = 1, lo = hi - 1): AckRange => {
  return { mailbox: mailbox as MailboxNo, epoch: EPOCH, lo, hi, id: idOf(hi), given: true };
};
const ranges = (count: number, from = 1): AckRange[] => Array.from({ length: count }, (_, at) => range(from + at));

/** A table that times out over more than `most` ranges at once, and always over those of `sick`. */
function table({ most = Infinity, sick = [] }: { readonly most?: number; readonly sick?: readonly number[] }) {
  const sizes: number[] = [];
  const told: string[] = [];
  const removed: number[] = [];
  const log = createLogger({ level: 'warn', app: 'spec' }, { write: (line) => void told.push(line) });
  const removals = new Removals(async (batch) => {
    sizes.push(batch.length);
    await Promise.resolve();
    if (batch.length > most || batch.some(({ mailbox }) => sick.includes(mailbox)))
      throw new Error('canceling statement due to statement timeout');
    removed.push(...batch.map(({ mailbox }) => mailbox));
    return batch.map((): AckVerdict => 'removed');
  }, log);
  return { removals, sizes, told, removed };
}

describe('Removals', () => {
  it('takes what comes in one turn together, in order, and answers each with its own', async () => {
    const { removals, sizes, removed } = table({});
    const all = await Promise.all([removals.add(ranges(2)), removals.add([]), removals.add(ranges(1, 3))]);
    expect(all).toEqual([['removed', 'removed'], [], ['removed']]);
    expect(sizes).toEqual([3]);
    expect(removed).toEqual([1, 2, 3]);
  });

  it('goes forward when a batch fails: in smaller ones, with one line of the log for each that failed', async () => {
    const { removals, sizes, told, removed } = table({ most: 10 });
    const more: Promise<unknown>[] = [removals.add(ranges(100))];
    // What comes meanwhile does not make the next batch any larger.
    more.push(...ranges(100, 101).map(async (each) => removals.add([each])));
    await Promise.all(more);
    expect(removed).toEqual(ranges(200).map(({ mailbox }) => mailbox));
    const failed = sizes.filter((size) => size > 10);
    expect(failed[0]).toBe(200);
    expect(told).toHaveLength(failed.length);
    expect(failed.length).toBeLessThan(sizes.length / 2);
  });

  it('gives up only what fails alone', async () => {
    const { removals, told, removed } = table({ sick: [3] });
    const verdicts = await Promise.all(ranges(6).map(async (each) => removals.add([each])));
    expect(verdicts.flat()).toEqual(['removed', 'removed', 'failed', 'removed', 'removed', 'removed']);
    expect(removed).toEqual([1, 2, 4, 5, 6]);
    expect(told.length).toBeLessThanOrEqual(2);
  });

  it('bounds a batch by ranges and by the envelopes that they may hold; one range always goes', async () => {
    const { removals, sizes } = table({});
    await removals.add(ranges(1_200));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
    sizes.length = 0;
    await removals.add(ranges(20).map(({ mailbox }) => range(mailbox, 1_000_000, 0)));
    expect(sizes).toEqual([8, 8, 4]);
  });

  it('fails what still waits when it is stopped', async () => {
    const { removals } = table({ most: 0 });
    const waiting = removals.add(ranges(50));
    await removals.stop();
    expect(new Set(await waiting)).toEqual(new Set(['failed']));
  });
});
