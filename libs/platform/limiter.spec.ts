import { describe, expect, it } from '@jest/globals';
import { BudgetMemory } from './budgets.js';
import { Limiter, type Budget } from './limiter.js';
import { FakeClock } from './testing/fakes.js';

const pair: Budget = { name: 'pair', key: 'alice bob', burst: 60, perSecond: 1 };

describe('Limiter in memory', () => {
  it('grants the burst at once, then one more with each step of the rate, and says how long to wait', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    const verdicts = await Promise.all(Array.from({ length: 100 }, async () => limiter.take([pair])));
    expect(verdicts.filter(({ kind }) => kind === 'allowed')).toHaveLength(60);
    expect(verdicts.at(-1)).toEqual({ kind: 'limited', retryAfterMs: 1_000 });
    clock.advance(999);
    expect(await limiter.take([pair])).toEqual({ kind: 'limited', retryAfterMs: 1 });
    clock.advance(1);
    expect(await limiter.take([pair])).toEqual({ kind: 'allowed' });
    expect(await limiter.take([pair])).toMatchObject({ kind: 'limited' });
    clock.advance(3_600_000);
    const later = await Promise.all(Array.from({ length: 61 }, async () => limiter.take([pair])));
    expect(later.filter(({ kind }) => kind === 'allowed')).toHaveLength(60);
  });

  it('takes from all budgets or from none, and waits for the slowest', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    const device: Budget = { name: 'device', key: 'alice phone', burst: 3, perSecond: 0.1 };
    for (let count = 0; count < 3; count += 1) await limiter.take([device]);
    expect(await limiter.take([pair, device])).toEqual({ kind: 'limited', retryAfterMs: 10_000 });
    const left = await Promise.all(Array.from({ length: 61 }, async () => limiter.take([pair])));
    expect(left.filter(({ kind }) => kind === 'allowed')).toHaveLength(60);
  });

  it('keeps keys and names apart', async () => {
    const limiter = new Limiter(new FakeClock());
    await limiter.take([{ ...pair, cost: 60 }]);
    expect(await limiter.take([pair])).toMatchObject({ kind: 'limited' });
    expect(await limiter.take([{ ...pair, key: 'alice carol' }])).toEqual({ kind: 'allowed' });
    expect(await limiter.take([{ ...pair, name: 'lists' }])).toEqual({ kind: 'allowed' });
  });

  it('lets what is larger than the budget pass when it is full, and makes the next ones wait for all of it', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    const bytes: Budget = { name: 'bytes', key: 'm', burst: 1_000, perSecond: 100 };
    expect(await limiter.take([{ ...bytes, cost: 5_000 }])).toEqual({ kind: 'allowed' });
    expect(await limiter.take([{ ...bytes, cost: 1 }])).toEqual({ kind: 'limited', retryAfterMs: 40_010 });
    expect(await limiter.take([{ ...bytes, cost: 5_000 }])).toEqual({ kind: 'limited', retryAfterMs: 50_000 });
    clock.advance(50_000);
    expect(await limiter.take([{ ...bytes, cost: 5_000 }])).toEqual({ kind: 'allowed' });
  });

  it('looks without taking, gives back, and lets what has happened be owed, ten minutes at most', async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    const failures: Budget = { name: 'failed', key: 'n', burst: 2, perSecond: 2 / 60 };
    for (let count = 0; count < 5; count += 1) expect(await limiter.look([failures])).toEqual({ kind: 'allowed' });
    await limiter.take([failures]);
    await limiter.take([failures]);
    expect(await limiter.look([failures])).toEqual({ kind: 'limited', retryAfterMs: 30_000 });
    await limiter.giveBack([failures]);
    expect(await limiter.take([failures])).toEqual({ kind: 'allowed' });
    await limiter.charge([failures]);
    expect(await limiter.look([failures])).toEqual({ kind: 'limited', retryAfterMs: 60_000 });
    for (let count = 0; count < 100; count += 1) await limiter.charge([failures]);
    clock.advance(600_000);
    expect(await limiter.look([failures])).toEqual({ kind: 'allowed' });
  });

  it('remembers a bounded number, the full ones not at all', () => {
    const memory = new BudgetMemory(100);
    const once = (name: string, now: number): number =>
      memory.apply({ mode: 'take', budgets: [{ name, step: 1_000, span: 1_000 }] }, now);
    for (let each = 0; each < 100; each += 1) once(`early ${String(each)}`, 0);
    expect(memory.size).toBe(100);
    once('late', 2_000);
    expect(memory.size).toBe(1);
    for (let each = 0; each < 10_000; each += 1) once(`flood ${String(each)}`, 2_000);
    expect(memory.size).toBeLessThanOrEqual(100);
    expect(once('flood 9999', 2_000)).toBeGreaterThan(0);
  });
});
