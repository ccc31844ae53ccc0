import { describe, expect, it } from '@jest/globals';
import type { Budget } from './budgets.js';
import { aheadFor, Holdings } from './holdings.js';

const LEASE = 1_000;
const pair: Budget = { name: 'pair', key: 'alice bob', burst: 60, perSecond: 1 };
const device: Budget = { name: 'device', key: 'alice phone', burst: 100, perSecond: 10 };
const SECOND = 1_000_000;

function holding(...budgets: readonly [Budget, number][]): Holdings {
  const holdings = new Holdings(LEASE);
  for (const [budget, steps] of budgets)
    holdings.put(budget, { size: (steps * SECOND) / budget.perSecond, period: 7 }, 0);
  return holdings;
}

describe('what a node holds of budgets', () => {
  it('is asked for as a tenth of the burst in whole steps, fifty times the step at most, and nothing of a small budget', () => {
    expect(aheadFor(pair)).toBe(6 * SECOND);
    expect(aheadFor({ ...pair, burst: 69 })).toBe(6 * SECOND);
    expect(aheadFor({ ...pair, burst: 9 })).toBe(0);
    expect(aheadFor({ ...pair, burst: 100_000 })).toBe(50 * SECOND);
    expect(aheadFor({ ...pair, burst: 1_000, cost: 400 })).toBe(0);
    expect(aheadFor({ ...pair, cost: 0 })).toBe(0);
  });

  it('is spent from all budgets or from none', () => {
    const holdings = holding([pair, 2], [device, 5]);
    expect(holdings.takeAll([device, pair], 0)).toBe(true);
    expect(holdings.takeAll([device, pair, { ...pair, key: 'alice carol' }], 0)).toBe(false);
    expect(holdings.takeAll([device, pair, pair], 0)).toBe(false);
    expect(holdings.handOver(pair, 0)).toMatchObject({ size: 2 * SECOND, left: SECOND, period: 7 });
    expect(holdings.handOver(device, 0)).toMatchObject({ size: SECOND / 2, left: (4 * SECOND) / 10 });
  });

  it('lasts for a lease and not before it, and is another one under another burst or rate', () => {
    const holdings = holding([pair, 6]);
    expect(holdings.takeAll([pair], LEASE - 1)).toBe(true);
    expect(holdings.takeAll([pair], LEASE)).toBe(false);
    expect(holdings.takeAll([pair], -1)).toBe(false);
    expect(holdings.takeAll([{ ...pair, burst: 61 }], 1)).toBe(false);
    expect(holdings.takeAll([{ ...pair, perSecond: 2 }], 1)).toBe(false);
    expect(holdings.handOver({ ...pair, perSecond: 2 }, 1)).toBeUndefined();
  });

  it('takes back what it gave, and no more than it had', () => {
    const holdings = holding([pair, 2]);
    expect(holdings.giveBack(pair, 0)).toBe(false);
    holdings.takeAll([pair], 0);
    expect(holdings.giveBack(pair, 0)).toBe(true);
    expect(holdings.giveBack(pair, 0)).toBe(false);
    expect(holdings.giveBack(device, 0)).toBe(false);
    expect(holdings.handOver(pair, 0)).toMatchObject({ left: 2 * SECOND, owed: 0 });
  });

  it('says what the spent part still owes: each from when it was spent', () => {
    const holdings = holding([device, 50]);
    for (let count = 0; count < 10; count += 1) holdings.takeAll([device], 0);
    for (let count = 0; count < 3; count += 1) holdings.takeAll([device], 900);
    expect(holdings.handOver(device, 900)).toMatchObject({
      left: 37 * (SECOND / 10),
      owed: SECOND / 10 + 3 * (SECOND / 10),
    });
  });

  it('leaves a part where there is not plenty', () => {
    const holdings = holding([pair, 4]);
    const taken = Array.from({ length: 5 }, () => holdings.takeFromPlenty(pair, 0));
    expect(taken).toEqual([true, true, true, false, false]);
    expect(holdings.takeAll([pair], 0)).toBe(true);
  });

  it('is bounded: the oldest go first, and what Redis no longer knows goes in passing', () => {
    const holdings = new Holdings(LEASE, 100);
    const put = (at: number, now: number): void => {
      holdings.put({ ...pair, key: String(at) }, { size: SECOND, period: 1 }, now);
    };
    for (let at = 0; at < 1_000; at += 1) put(at, 0);
    expect(holdings.size).toBeLessThanOrEqual(100);
    expect(holdings.takeAll([{ ...pair, key: '999' }], 0)).toBe(true);
    expect(holdings.takeAll([{ ...pair, key: '0' }], 0)).toBe(false);
    for (let at = 0; at < 110; at += 1) put(2_000 + at, 2 * LEASE);
    expect(holdings.takeAll([{ ...pair, key: '999' }], 0)).toBe(false);
    expect(holdings.size).toBeLessThanOrEqual(100);
  });
});
