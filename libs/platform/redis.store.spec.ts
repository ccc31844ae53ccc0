import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Limiter } from './limiter.js';
import { createLogger } from './log.js';
import { RedisLink } from './redis.js';
import { systemIds } from './ids.js';

const log = createLogger({ level: 'silent', app: 'spec' });

describe('Redis', () => {
  let links: RedisLink[];
  beforeAll(async () => {
    const url = process.env['SOTTO_TEST_REDIS'];
    if (url === undefined)
      throw new Error('SOTTO_TEST_REDIS is not set; run these tests with `npm test -- --only stores`');
    links = [new RedisLink(url, log), new RedisLink(url, log)];
    for (const link of links) while (!(await link.ping())) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  afterAll(() => {
    for (const link of links) link.close();
  });

  it('carries a message to who listens on its channel, and no longer after that', async () => {
    const [here, there] = links as [RedisLink, RedisLink];
    const channel = `spec:${systemIds.uuid()}`;
    const heard: string[] = [];
    let hear: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (hear = resolve));
    const stop = await there.subscribe(channel, (message) => {
      heard.push(message);
      hear();
    });
    here.publish(`${channel}-other`, 'not this');
    here.publish(channel, 'this');
    await first;
    await stop();
    here.publish(channel, 'late');
    await here.ping();
    await there.ping();
    expect(heard).toEqual(['this']);
  });

  it('is told to be away, without an error out of band', async () => {
    const nowhere = new RedisLink('redis://127.0.0.1:1', log);
    nowhere.publish('x', 'y');
    expect(await nowhere.ping()).toBe(false);
    nowhere.close();
  });

  it('counts one budget for all processes, under names that tell nobody whose', async () => {
    const limit = { name: `spec-${systemIds.bytes(4).toString('hex')}`, points: 10, perSeconds: 60 };
    const secret = systemIds.bytes(32);
    const limiters = links.map((link) => new Limiter(secret, link.commands));
    const verdicts = await Promise.all(
      Array.from({ length: 30 }, async (_, at) => limiters[at % 2]!.take(limit, 'canary-alice')),
    );
    expect(verdicts.filter(({ kind }) => kind === 'allowed')).toHaveLength(10);
    const keys = await links[0]!.commands.keys(`*${limit.name}*`);
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toContain('canary');
  });

  it('gives the verdicts that memory gives, and consumes nothing for what it refuses', async () => {
    const limit = { name: `spec-${systemIds.bytes(4).toString('hex')}`, points: 10, perSeconds: 60 };
    const secret = systemIds.bytes(32);
    const limiters = [new Limiter(secret), new Limiter(secret, links[0]!.commands)];
    const verdicts = [];
    for (const limiter of limiters) {
      const kinds: string[] = [];
      for (const [who, cost] of [
        ['alice', 8],
        ['alice', 5],
        ['bob', 10],
        ['alice', 2],
        ['alice', 1],
        ['bob', 1],
      ] as const) {
        const verdict = await limiter.take(limit, who, cost);
        if (verdict.kind === 'limited') {
          expect(verdict.retryAfterMs).toBeGreaterThan(0);
          expect(verdict.retryAfterMs).toBeLessThanOrEqual(60_000);
        }
        kinds.push(verdict.kind);
      }
      verdicts.push(kinds);
    }
    expect(verdicts[0]).toEqual(['allowed', 'limited', 'allowed', 'allowed', 'limited', 'limited']);
    expect(verdicts[1]).toEqual(verdicts[0]);
  });

  it('throws, rather than to allow or refuse, when the budget cannot be read', async () => {
    const nowhere = new RedisLink('redis://127.0.0.1:1', log);
    const limiter = new Limiter(systemIds.bytes(32), nowhere.commands);
    await expect(limiter.take({ name: 'spec', points: 1, perSeconds: 60 }, 'x')).rejects.toThrow();
    nowhere.close();
  });
});
