import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from './clock.js';
import { systemIds } from './ids.js';
import { Limiter, type Budget } from './limiter.js';
import { createLogger } from './log.js';
import { RedisLink } from './redis.js';
import { FakeClock } from './testing/fakes.js';
import { testRedisLinks } from './testing/redis.js';

const log = createLogger({ level: 'silent', app: 'spec' });
/** So slow that nothing comes back within a spec. */
const SLOW = 0.000_1;

describe('Limiter over Redis', () => {
  let links: RedisLink[];
  beforeAll(async () => {
    links = await testRedisLinks(2);
    // Names of keys are compared below, so nobody else may write any.
    for (const { commands } of links) await commands.select(7);
  });
  afterAll(() => {
    for (const link of links) link.close();
  });

  /** Two nodes of one installation. */
  function nodes(clock = [systemClock, systemClock]): [Limiter, Limiter] {
    const secret = systemIds.bytes(32);
    const [here, there] = links.map(
      ({ commands }, at) => new Limiter(clock[at]!, { redis: commands, secret }, () => Promise.resolve(2)),
    );
    return [here!, there!];
  }

  it('grants exactly one budget to two nodes that take at once', async () => {
    const both = nodes();
    const budget: Budget = { name: 'pair', key: 'a b', burst: 60, perSecond: SLOW };
    const verdicts = await Promise.all(Array.from({ length: 400 }, async (_, at) => both[at % 2]!.take([budget])));
    expect(verdicts.filter(({ kind }) => kind === 'allowed')).toHaveLength(60);
    const refused = verdicts.find((verdict) => verdict.kind === 'limited');
    expect(refused?.retryAfterMs).toBeGreaterThan(9_000_000);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(10_000_000);
  });

  it('takes all or nothing across nodes, and gives back what was refused after all', async () => {
    const [here, there] = nodes();
    const device: Budget = { name: 'device', key: 'd', burst: 10, perSecond: SLOW };
    const bytes: Budget = { name: 'bytes', key: 'm', burst: 1_000, perSecond: SLOW, cost: 400 };
    expect(await here.take([device, bytes])).toEqual({ kind: 'allowed' });
    expect(await there.take([device, bytes])).toEqual({ kind: 'allowed' });
    for (let count = 0; count < 20; count += 1)
      expect(await here.take([device, bytes])).toMatchObject({ kind: 'limited' });
    await there.giveBack([device, bytes]);
    expect(await here.take([device, bytes])).toEqual({ kind: 'allowed' });
    const left = await Promise.all(Array.from({ length: 20 }, async () => there.take([device])));
    expect(left.filter(({ kind }) => kind === 'allowed')).toHaveLength(8);
  });

  it('gives the verdicts that memory gives', async () => {
    const clock = new FakeClock(Date.now());
    const [shared] = nodes([clock, clock]);
    const memory = new Limiter(clock);
    const kinds = await Promise.all(
      [shared, memory].map(async (limiter) => {
        const seen: string[] = [];
        for (let step = 0; step < 300; step += 1) {
          const budgets = [
            { name: 'device', key: String(step % 3), burst: 20, perSecond: SLOW },
            { name: 'bytes', key: String(step % 5), burst: 500, perSecond: SLOW, cost: (step * 37) % 700 },
          ];
          if (step % 11 === 0) await limiter.giveBack(budgets);
          else if (step % 13 === 0) await limiter.charge([budgets[0]!]);
          else seen.push((await (step % 4 === 0 ? limiter.look(budgets) : limiter.take(budgets))).kind);
        }
        return seen;
      }),
    );
    expect(kinds[0]).toEqual(kinds[1]);
    expect(new Set(kinds[0])).toEqual(new Set(['allowed', 'limited']));
  });

  it('takes no Redis for away that has answered while this process stood still', async () => {
    const [here] = nodes();
    const budget: Budget = { name: 'pair', key: 'still', burst: 60, perSecond: SLOW };
    await here.take([budget]);
    const asked = here.takeStrictly([budget]);
    // At the end of the turn it is on its way, and no answer is read before the next one.
    await new Promise((resolve) => setImmediate(resolve));
    for (const end = performance.now() + 800; performance.now() < end;);
    expect(await asked).toEqual({ kind: 'allowed' });
  });

  it('tells Redis neither names nor keys, and leaves nothing there when budgets are full again', async () => {
    const { commands } = links[0]!;
    const before = new Set(await commands.keys('sotto:limit:*'));
    const [here] = nodes();
    await here.take([{ name: 'canary-name', key: 'canary-alice canary-bob', burst: 1, perSecond: 0.1 }]);
    const made = (await commands.keys('*')).filter((key) => key.startsWith('sotto:limit:') && !before.has(key));
    expect(made).toHaveLength(1);
    expect(made[0]).toMatch(/^sotto:limit:[\w-]{22}$/);
    expect(await commands.get(made[0]!)).toMatch(/^\d{16}$/);
    expect(await commands.pttl(made[0]!)).toBeLessThanOrEqual(10_000);
  });

  it('takes other names the next day, and refills nothing at midnight, also for a node whose clock is late', async () => {
    const { commands } = links[0]!;
    const midnight = Date.UTC(2030, 5, 2);
    const clocks = [new FakeClock(midnight - 1_000), new FakeClock(midnight - 1_000)] as const;
    const [here, late] = nodes([...clocks]);
    const budget: Budget = { name: 'pair', key: systemIds.uuid(), burst: 10, perSecond: 0.01 };
    const names = async (): Promise<string[]> => commands.keys('sotto:limit:*');
    const before = new Set(await names());
    for (let count = 0; count < 10; count += 1) expect(await here.take([budget])).toEqual({ kind: 'allowed' });
    const yesterday = (await names()).filter((name) => !before.has(name));
    clocks[0].advance(2_000);
    expect(await here.take([budget])).toMatchObject({ kind: 'limited' });
    const today = (await names()).filter((name) => !before.has(name));
    expect(yesterday).toHaveLength(1);
    expect(today).toHaveLength(1);
    expect(today).not.toEqual(yesterday);
    await late.take([budget]);
    expect(await here.take([budget])).toMatchObject({ kind: 'limited' });
    await here.giveBack([{ ...budget, cost: 2 }]);
    expect(await here.take([budget])).toEqual({ kind: 'allowed' });
  });

  it('keeps the order of what is asked in one turn, large batches too', async () => {
    const [here] = nodes();
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, async (_, at) =>
        here.take([{ name: 'n', key: String(at), burst: 5, perSecond: 100 }]).then(() => order.push(at)),
      ),
    );
    expect(order).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
  });

  it('falls back to the share of a node, and refuses what must be counted everywhere, when Redis cannot be reached', async () => {
    const nowhere = new RedisLink('redis://127.0.0.1:1', log);
    const limiter = new Limiter(systemClock, { redis: nowhere.commands, secret: systemIds.bytes(32) }, () =>
      Promise.resolve(3),
    );
    const budget: Budget = { name: 'spec', key: 'x', burst: 30, perSecond: SLOW };
    expect(await limiter.takeStrictly([budget])).toMatchObject({ kind: 'unavailable' });
    const verdicts = await Promise.all(Array.from({ length: 40 }, async () => limiter.take([budget])));
    expect(verdicts.filter(({ kind }) => kind === 'allowed')).toHaveLength(10);
    expect(await limiter.take([{ ...budget, key: 'small', burst: 1 }])).toEqual({ kind: 'allowed' });
    nowhere.close();
  });
});
