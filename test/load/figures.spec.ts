import { describe, expect, it } from '@jest/globals';
import { median, quantile, reached, summaryOf, type Figure } from './figures.js';
import { slower } from './record.js';

const figure = (more: Partial<Figure>): Figure => ({
  scenario: 'throughput',
  metric: 'local, envelopes delivered',
  unit: '/s',
  better: 'more',
  values: [30, 20, 25],
  floors: [50, 50, 50],
  ...more,
});

describe('a figure', () => {
  it('is the median, and its ratio that of the rounds, each to the floor of the same round', () => {
    // The machine was twice as fast in the second round: what follows from that is no difference.
    const { value, floor, ratio, spread } = summaryOf(figure({ values: [30, 60, 33], floors: [50, 100, 50] }));
    expect({ value, floor, ratio }).toEqual({ value: 33, floor: 50, ratio: 0.6 });
    expect(spread).toBeCloseTo(0.06);
  });

  it('without a floor has the spread of its values, relative to the median', () => {
    const { ratio, spread } = summaryOf({ ...figure({ values: [90, 100, 110] }), floors: undefined as never });
    expect({ ratio, spread }).toEqual({ ratio: undefined, spread: 0.2 });
  });

  it.each([
    [{ better: 'more', goal: 0.5 }, true],
    [{ better: 'more', goal: 0.51 }, false],
    [{ better: 'less', goal: 0.5 }, true],
    [{ better: 'less', goal: 0.49 }, false],
    [{}, undefined],
  ] as const)('keeps its promise or not: %j', (more, expected) => {
    expect(reached(figure(more))).toBe(expected);
  });

  it('takes the value that a part of the values does not exceed', () => {
    expect([quantile([3, 1, 2], 0), quantile([3, 1, 2], 1), median([4, 1, 3, 2])]).toEqual([1, 3, 3]);
  });
});

describe('the comparison with what is recorded', () => {
  const recorded = (ratio: number, spread: number, more: object = {}) => ({
    figures: [{ ...figure(more), value: 25, floor: 50, ratio, spread }],
  });

  it('names what is worse by more than the larger spread, whichever way is better', () => {
    expect(slower([figure({})], recorded(0.75, 0.1))).toEqual([
      'throughput: local, envelopes delivered: 0.75 -> 0.50 of the floor (spread 0.20)',
    ]);
    expect(slower([figure({ better: 'less' })], recorded(0.25, 0.1))).toHaveLength(1);
  });

  it('names nothing within the spread, nothing that is better, nothing that was not recorded', () => {
    expect(slower([figure({})], recorded(0.65, 0.1))).toEqual([]);
    expect(slower([figure({})], recorded(0.75, 0.3))).toEqual([]);
    expect(slower([figure({})], recorded(0.2, 0))).toEqual([]);
    expect(slower([figure({ values: [50], floors: [100] })], recorded(0.52, 0))).toEqual([]);
    expect(slower([figure({ values: [50], floors: [100] })], recorded(0.53, 0))).toHaveLength(1);
    expect(slower([figure({})], recorded(0.9, 0, { metric: 'another' }))).toEqual([]);
  });
});
