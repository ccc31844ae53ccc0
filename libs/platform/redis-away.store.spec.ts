import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedRedis, type EmbeddedRedis } from './embedded-redis.js';
import { systemClock } from './clock.js';
import { Limiter } from './limiter.js';
import { createLogger } from './log.js';
import { RedisLink } from './redis.js';

const cache = join(import.meta.dirname, '..', '..', '.cache');
const CHANNEL = 'spec:away';

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('a link to a Redis that is killed and comes back', () => {
  let redis: EmbeddedRedis;
  let link: RedisLink;
  const told: string[] = [];
  beforeAll(async () => {
    redis = await startEmbeddedRedis({ cache });
    const log = createLogger({ level: 'warn', app: 'spec' }, { write: (line) => void told.push(line) });
    link = new RedisLink(redis.url, log);
    while (!(await link.ping())) await turn();
  }, 180_000);
  afterAll(async () => {
    link.close();
    await redis.stop();
  });

  it('gives a subscription up in two seconds at most while it is away: a process must be able to stop', async () => {
    const stop = await link.subscribe('spec:stop', () => undefined);
    await redis.kill();
    while (await link.ping()) await turn();
    const started = performance.now();
    await stop();
    expect(performance.now() - started).toBeLessThan(4_000);
    redis = await startEmbeddedRedis({ cache, port: redis.port });
    while (!(await link.ping())) await turn();
    told.length = 0;
  });

  it('loses what is published meanwhile without a word, says once that it is away, and hears again by itself', async () => {
    const heard: string[] = [];
    await link.subscribe(CHANNEL, (message) => heard.push(message));
    link.publish(CHANNEL, 'before');
    while (heard.length < 1) await turn();

    await redis.kill();
    while (await link.ping()) await turn();
    for (let count = 0; count < 20; count += 1) link.publish(CHANNEL, 'lost');
    expect(await link.ping()).toBe(false);
    const limiter = new Limiter(systemClock, { redis: link.commands, secret: Buffer.alloc(32) }, () =>
      Promise.resolve(4),
    );
    const budget = { name: 'spec', key: 'x', burst: 40, perSecond: 0.001 };
    expect(await limiter.takeStrictly([budget])).toMatchObject({ kind: 'unavailable' });
    expect(await limiter.lookStrictly([budget])).toMatchObject({ kind: 'unavailable' });
    const share = await Promise.all(Array.from({ length: 20 }, async () => limiter.take([budget])));
    expect(share.filter(({ kind }) => kind === 'allowed')).toHaveLength(10);
    while (told.length === 0) await turn();

    redis = await startEmbeddedRedis({ cache, port: redis.port });
    while (!heard.includes('after')) {
      link.publish(CHANNEL, 'after');
      await turn();
    }
    expect(heard.filter((message) => message !== 'after')).toEqual(['before']);
    while ((await limiter.takeStrictly([budget])).kind !== 'allowed') await turn();
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('Redis is away');
  });
});
