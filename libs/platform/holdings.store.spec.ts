import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { systemClock, type Clock } from './clock.js';
import { systemIds } from './ids.js';
import { Limiter, type Budget, type LimitVerdict } from './limiter.js';
import type { RedisLink } from './redis.js';
import { FakeClock } from './testing/fakes.js';
import { testRedisLinks } from './testing/redis.js';

/** So slow that nothing comes back within a spec. */
const SLOW = 0.000_1;

interface Node {
  readonly limiter: Limiter;
  /** Calls of Redis so far. */
  readonly asked: () => number;
}

describe('tokens taken ahead from Redis', () => {
  let links: RedisLink[];
  beforeAll(async () => {
    links = await testRedisLinks(3);
  });
  afterAll(() => {
    for (const link of links) link.close();
  });

  function node(link: RedisLink, shared: { secret: Uint8Array; leaseMs?: number }, clock: Clock = systemClock): Node {
    let calls = 0;
    const { commands } = link;
    const redis = {
      evalsha: async (...args: [string, number, string, number]) => {
        calls += 1;
        return commands.evalsha(...args);
      },
      eval: async (...args: [string, number, string, number]) => commands.eval(...args),
    } as unknown as Redis;
    return { limiter: new Limiter(clock, { redis, ...shared }, () => Promise.resolve(2)), asked: () => calls };
  }

  /** Two nodes of one installation. */
  function nodes(leaseMs?: number): [Node, Node] {
    const shared = { secret: systemIds.bytes(32), ...(leaseMs === undefined ? {} : { leaseMs }) };
    return [node(links[0]!, shared), node(links[1]!, shared)];
  }

  async function take({ limiter }: Node, ...budgets: readonly Budget[]): Promise<LimitVerdict['kind']> {
    return (await limiter.takeAhead(budgets)).kind;
  }

  async function takeMany(by: Node, budget: Budget, times: number): Promise<number> {
    const kinds = await Promise.all(Array.from({ length: times }, async () => take(by, budget)));
    return kinds.filter((kind) => kind === 'allowed').length;
  }

  it('answer the next times without Redis, at once', async () => {
    const [here] = nodes();
    const budgets: Budget[] = [
      { name: 'device', key: 'd', burst: 100, perSecond: 1 },
      { name: 'bytes', key: 'm', burst: 1_000_000, perSecond: 100, cost: 600 },
    ];
    expect(await take(here, ...budgets)).toBe('allowed');
    for (let count = 0; count < 7; count += 1) expect(here.limiter.takeAhead(budgets)).toEqual({ kind: 'allowed' });
    expect(here.asked()).toBe(1);
  });

  it('are never taken by those who did not ask for it', async () => {
    const [here] = nodes();
    const budget: Budget = { name: 'n', key: 'k', burst: 100, perSecond: SLOW };
    await here.limiter.takeStrictly([budget]);
    await here.limiter.take([budget]);
    await here.limiter.look([budget]);
    expect(here.asked()).toBe(3);
    expect(here.limiter.takeAhead([budget])).toBeInstanceOf(Promise);
  });

  it('leave nothing out and add nothing: whatever two nodes do, together they get the burst and no more', async () => {
    const step = fc.record({
      by: fc.integer({ min: 0, max: 1 }),
      act: fc.constantFrom('take', 'take', 'take', 'both', 'back', 'look', 'exact', 'settle'),
      cost: fc.integer({ min: 1, max: 4 }),
    });
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 80 }),
      fc.array(step, { maxLength: 60 }),
      async (burst, steps) => {
        const both = nodes();
        const one: Budget = { name: 'one', key: 'k', burst, perSecond: SLOW };
        const two: Budget = { name: 'two', key: 'k', burst: 40, perSecond: SLOW };
        const used = { one: 0, two: 0 };
        const granted: { readonly by: Node; readonly budgets: readonly Budget[] }[] = [];
        const count = (budgets: readonly Budget[], sign: 1 | -1): void => {
          for (const { name, cost = 1 } of budgets) used[name as 'one' | 'two'] += sign * cost;
        };
        let open: Promise<unknown>[] = [];
        for (const { by, act, cost } of steps) {
          const at = both[by]!;
          const budgets = act === 'both' ? [{ ...one, cost }, two] : [{ ...one, cost: Math.min(cost, burst) }];
          if (act === 'settle') await Promise.all(open.splice(0));
          else if (act === 'look') open.push(at.limiter.look(budgets));
          else if (act === 'back') {
            const last = granted.pop();
            if (last !== undefined) {
              count(last.budgets, -1);
              open.push(last.by.limiter.giveBack(last.budgets));
            }
          } else if (!budgets.some((each) => (each.cost ?? 1) > each.burst))
            open.push(
              (async () => {
                const verdict = await (act === 'exact' ? at.limiter.take(budgets) : at.limiter.takeAhead(budgets));
                if (verdict.kind !== 'allowed') return;
                count(budgets, 1);
                granted.push({ by: at, budgets });
              })(),
            );
        }
        await Promise.all(open);
        open = [];
        expect(used.one).toBeLessThanOrEqual(burst);
        expect(used.two).toBeLessThanOrEqual(40);
        for (const budget of [one, two])
          for (const at of [...both, ...both]) used[budget.name as 'one' | 'two'] += await takeMany(at, budget, 90);
        expect(used).toEqual({ one: burst, two: 40 });
      },
    );
    await fc.assert(property, { numRuns: 60 });
  }, 120_000);

  it('are never more than burst and rate allow in any stretch of time, also when leases end', async () => {
    const step = fc.record({
      by: fc.integer({ min: 0, max: 1 }),
      times: fc.integer({ min: 1, max: 30 }),
      pause: fc.constantFrom(0, 0, 0, 1, 5, 20, 60),
    });
    const property = fc.asyncProperty(
      fc.integer({ min: 10, max: 60 }),
      fc.constantFrom(20, 200),
      fc.array(step, { minLength: 5, maxLength: 25 }),
      async (burst, perSecond, steps) => {
        const both = nodes(40);
        const budget: Budget = { name: 'n', key: 'k', burst, perSecond };
        const grants: { readonly from: number; readonly to: number }[] = [];
        const open: Promise<unknown>[] = [];
        for (const { by, times, pause } of steps) {
          for (let count = 0; count < times; count += 1) {
            const from = performance.now();
            const verdict = Promise.resolve(both[by]!.limiter.takeAhead([budget]));
            open.push(
              verdict.then(({ kind }) => {
                if (kind === 'allowed') grants.push({ from, to: performance.now() });
              }),
            );
          }
          if (pause > 0) await sleep(pause);
        }
        await Promise.all(open);
        for (const { from } of grants)
          for (const { to } of grants) {
            if (to < from) continue;
            const within = grants.filter((grant) => grant.from >= from && grant.to <= to).length;
            expect(within).toBeLessThanOrEqual(burst + ((to - from) * perSecond) / 1_000 + 0.01);
          }
      },
    );
    await fc.assert(property, { numRuns: 25 });
  }, 120_000);

  it('leave a node that is alone the whole burst, and what came back while it spent', async () => {
    const [here] = nodes();
    const budget: Budget = { name: 'n', key: 'k', burst: 50, perSecond: 100 };
    for (let round = 0; round < 4; round += 1) {
      // Some of what is held is spent, then everything has come back.
      for (let count = 0; count < 3; count += 1) expect(await take(here, budget)).toBe('allowed');
      await sleep(100);
      const begun = performance.now();
      const granted = await takeMany(here, budget, 200);
      expect(granted).toBeGreaterThanOrEqual(50);
      expect(granted).toBeLessThanOrEqual(50 + Math.ceil((performance.now() - begun) / 10));
      await sleep(600);
    }
  });

  it('come back for the others when nobody comes back for them: two leases later, and what they take to fill', async () => {
    const lease = 1_000;
    const [here, there] = nodes(lease);
    const budget: Budget = { name: 'n', key: 'k', burst: 100, perSecond: 500 };
    expect(await take(here, budget)).toBe('allowed');
    await sleep(50);
    // One has come back, ten are held.
    const meanwhile = await there.limiter.look([{ ...budget, cost: 95 }]);
    expect(meanwhile.kind).toBe('limited');
    expect((meanwhile as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(2 * lease + 20);
    await sleep(2 * lease + 30);
    expect((await there.limiter.look([{ ...budget, cost: 100 }])).kind).toBe('allowed');
    expect(here.limiter.takeAhead([budget])).toBeInstanceOf(Promise);
  });

  it('count as spent when their lease ends, since nobody has told', async () => {
    const [here, there] = nodes(150);
    const budget: Budget = { name: 'n', key: 'k', burst: 100, perSecond: 1 };
    const begun = performance.now();
    expect(await take(here, budget)).toBe('allowed');
    await sleep(2 * 150 + 20);
    const granted = await takeMany(there, budget, 120);
    expect(granted).toBeGreaterThanOrEqual(89);
    expect(granted).toBeLessThanOrEqual(90 + Math.ceil((performance.now() - begun) / 1_000));
  });

  it('count once: what one node has spent and what the other still holds are missing from what is free', async () => {
    const [here, there] = nodes();
    const budget: Budget = { name: 'n', key: 'k', burst: 100, perSecond: 100 };
    expect(await take(here, budget)).toBe('allowed');
    expect(await take(there, budget)).toBe('allowed');
    await sleep(400);
    const begun = performance.now();
    let granted = await takeMany(here, budget, 10);
    expect(here.asked()).toBe(1);
    granted += await takeMany(here, budget, 150);
    granted += await takeMany(there, budget, 150);
    expect(granted).toBeGreaterThanOrEqual(100);
    expect(granted).toBeLessThanOrEqual(100 + (performance.now() - begun) / 10);
  });

  it('count from the end of a lease when they were spent just before it', async () => {
    const lease = 160;
    const [here, there] = nodes(lease);
    const budget: Budget = { name: 'n', key: 'k', burst: 100, perSecond: 50 };
    await sleep(lease - (Date.now() % lease) - 5);
    expect(await take(here, budget)).toBe('allowed');
    const taken = performance.now();
    await sleep(lease - 15);
    const begun = performance.now();
    const granted = await takeMany(here, budget, 10);
    await sleep(Math.max(0, lease + 12 - (performance.now() - taken)));
    const more = await takeMany(there, budget, 150);
    expect(granted + more).toBeLessThanOrEqual(100 + ((performance.now() - begun) * 50) / 1_000);
  });

  it('are put back when Redis refuses the rest', async () => {
    const [here, there] = nodes();
    const device: Budget = { name: 'device', key: 'd', burst: 100, perSecond: SLOW };
    const pair: Budget = { name: 'pair', key: 'p', burst: 5, perSecond: SLOW };
    expect(await take(here, device)).toBe('allowed');
    expect(await takeMany(there, pair, 5)).toBe(5);
    const before = here.asked();
    for (let count = 0; count < 20; count += 1) expect(await take(here, device, pair)).toBe('limited');
    expect(here.asked()).toBe(before + 20);
    expect(await takeMany(here, device, 200)).toBe(99);
    expect(await takeMany(there, device, 1)).toBe(0);
  });

  it('begin anew under another burst or rate', async () => {
    const [here] = nodes();
    const budget: Budget = { name: 'n', key: 'k', burst: 60, perSecond: SLOW };
    expect(await take(here, budget)).toBe('allowed');
    expect(here.limiter.takeAhead([{ ...budget, burst: 20 }])).toBeInstanceOf(Promise);
    expect(await takeMany(here, { ...budget, burst: 20 }, 30)).toBe(19);
  });

  it('keep verdicts in the order in which they were asked for in turn', async () => {
    const [here] = nodes();
    const held: Budget = { name: 'n', key: 'held', burst: 1_000, perSecond: 10 };
    expect(await take(here, held)).toBe('allowed');
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        await here.limiter.takeInTurn([at % 3 === 0 ? { ...held, key: String(at) } : held]);
        order.push(at);
      }),
    );
    expect(order).toEqual(Array.from({ length: 40 }, (_, at) => at));
  });

  it('are spent while Redis is away, then the share of the node', async () => {
    const link = (await testRedisLinks(1))[0]!;
    const here = node(link, { secret: systemIds.bytes(32) });
    const budget: Budget = { name: 'n', key: 'k', burst: 60, perSecond: SLOW };
    const small: Budget = { name: 'small', key: 'k', burst: 8, perSecond: SLOW };
    expect(await take(here, budget)).toBe('allowed');
    link.close();
    for (let count = 0; count < 4; count += 1) expect(await take(here, budget, small)).toBe('allowed');
    expect(await take(here, budget, small)).toBe('limited');
    // Two of six are left, and half of sixty.
    expect(await takeMany(here, budget, 50)).toBe(32);
    expect((await here.limiter.takeStrictly([budget])).kind).toBe('unavailable');
  });

  it('outlive midnight without a refill', async () => {
    const midnight = Date.UTC(2031, 5, 2);
    const clocks = [new FakeClock(midnight - 1_000), new FakeClock(midnight - 1_000)] as const;
    const shared = { secret: systemIds.bytes(32) };
    const [here, there] = [node(links[0]!, shared, clocks[0]), node(links[1]!, shared, clocks[1])];
    const budget: Budget = { name: 'n', key: systemIds.uuid(), burst: 60, perSecond: SLOW };
    let granted = (await takeMany(here, budget, 3)) + (await takeMany(there, budget, 3));
    for (const clock of clocks) clock.advance(2_000);
    expect(here.limiter.takeAhead([budget])).toEqual({ kind: 'allowed' });
    granted += 1;
    for (const by of [here, there, here, there]) granted += await takeMany(by, budget, 70);
    expect(granted).toBe(60);
  });
});
