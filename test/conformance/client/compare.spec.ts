import { describe, expect, it } from '@jest/globals';
import { compare, type Round } from './compare.js';

const BOUND = { share: 0.99, times: 2, slack: 5 };

/** A hundred measurements around so much. */
const about = (middle: number): readonly number[] =>
  Array.from({ length: 100 }, (_, index) => middle + (index % 10) / 10);
const rounds = (...each: readonly (readonly [number, number])[]): readonly Round[] =>
  each.map(([quiet, loud]) => ({ quiet: about(quiet), loud: about(loud) }));

describe('whether a burden is felt', () => {
  it('is not felt where both halves of every round are alike, whatever the machine does from round to round', () => {
    expect(compare(rounds([10, 12], [400, 390], [10, 11], [90, 120], [20, 15]), BOUND).isWithin).toBe(true);
  });

  it('is not felt because of a pause that happens to fall into one half of a round or two', () => {
    expect(compare(rounds([10, 420], [10, 12], [10, 11], [10, 300], [10, 12]), BOUND).isWithin).toBe(true);
  });

  it('is felt when most rounds are more than twice as slow with it, also where a pause hides it in one', () => {
    const { isWithin, said } = compare(rounds([10, 30], [10, 31], [500, 520], [10, 28], [10, 30]), BOUND);
    expect(isWithin).toBe(false);
    expect(said).toBe('p99 10.9 ms alone, 30.9 ms beside them, within bounds in 1 of 5 rounds, 500 letters');
  });

  it('looks at the slowest hundredth, not at the middle', () => {
    const loud = about(10).map((value, index) => (index % 50 === 0 ? value + 60 : value));
    expect(
      compare(
        Array.from({ length: 5 }, () => ({ quiet: about(10), loud })),
        BOUND,
      ).isWithin,
    ).toBe(false);
  });

  it('is not felt where this process waits for its turn as letters do, and is where it does not', () => {
    const slow = rounds([30, 100], [30, 100], [30, 100]);
    const late = (by: number) => slow.map((round) => ({ ...round, late: about(by) }));
    expect(compare(late(20), BOUND).isWithin).toBe(true);
    expect(compare(late(2), BOUND).isWithin).toBe(false);
  });

  it('is not measured below the slack, and not judged without a round', () => {
    expect(compare(rounds([1, 5], [1, 4.9], [1, 5]), BOUND).isWithin).toBe(true);
    expect(compare([], BOUND).isWithin).toBe(false);
  });
});
