import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { type EmbeddedRedis, startEmbeddedRedis } from './embedded-redis.js';

describe('embedded Redis', () => {
  const cache = join(import.meta.dirname, '..', '..', '.cache');
  let redis: EmbeddedRedis;

  beforeAll(async () => {
    redis = await startEmbeddedRedis({ cache });
  }, 180_000);

  afterAll(async () => {
    await redis.stop();
  });

  it('is a real Redis >= 7 that keeps nothing on disk', async () => {
    const client = new Redis(redis.url);
    await client.set('here', '1');
    const server = await client.info('server');
    expect(Number(/(?:redis|valkey)_version:(\d+)/.exec(server)?.[1])).toBeGreaterThanOrEqual(7);
    expect(await client.config('GET', 'save')).toEqual(['save', '']);
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'no']);
    await client.quit();
  });

  it('comes back empty on the same port after kill -9', async () => {
    const { port } = redis;
    await redis.kill();
    await redis.stop();
    redis = await startEmbeddedRedis({ cache, port });
    const client = new Redis(redis.url);
    expect(await client.get('here')).toBeNull();
    await client.quit();
  });
});
