import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { systemIds } from './ids.js';
import { Jobs, type Job } from './jobs.js';
import { createLogger } from './log.js';
import { testDatabase, type TestDatabase } from './testing/database.js';

const log = createLogger({ level: 'silent', app: 'spec' });

const until = async (true_: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 800 && !true_(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
  expect(true_()).toBe(true);
};

describe.each(['PostgreSQL', 'Redis'])('Jobs in %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('runs each job on its schedule again and again, a failing one too, and forgets jobs that left the table', async () => {
    const ran = { ticking: 0, failing: 0, gone: 0 };
    const redisUrl = kind === 'Redis' ? process.env['SOTTO_TEST_REDIS'] : undefined;
    if (kind === 'Redis') expect(redisUrl).toBeDefined();
    const store = { postgresUrl: database.url, redisUrl, namespace: `spec-${systemIds.bytes(6).toString('hex')}` };
    const ticking: Job = { every: 200, run: async () => Promise.resolve(void (ran.ticking += 1)) };
    const failing: Job = { every: 200, run: async () => Promise.reject(new Error(String((ran.failing += 1)))) };
    const gone: Job = { every: 200, run: async () => Promise.resolve(void (ran.gone += 1)) };

    const before = new Jobs(store, { gone }, log);
    await before.start();
    await until(() => ran.gone > 0);
    await before.stop();
    const goneThen = ran.gone;

    const jobs = new Jobs(store, { ticking, failing }, log);
    await jobs.start();
    await until(() => ran.ticking >= 2 && ran.failing >= 2);
    await jobs.stop();
    expect(ran.gone).toBe(goneThen);
    const { ticking: stopped } = ran;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(ran.ticking).toBe(stopped);
  });
});

describe('Jobs in a Redis that forgets', () => {
  it('run again after it came back empty, without a worker being started anew', async () => {
    const redisUrl = process.env['SOTTO_TEST_REDIS'];
    if (redisUrl === undefined)
      throw new Error('SOTTO_TEST_REDIS is not set; run this with `npm test -- --only stores`');
    const namespace = `spec-${systemIds.bytes(6).toString('hex')}`;
    let ran = 0;
    const ticking: Job = { every: 100, run: async () => Promise.resolve(void (ran += 1)) };
    const jobs = new Jobs({ postgresUrl: '', redisUrl, namespace }, { ticking }, log, 300);
    await jobs.start();
    const redis = new Redis(redisUrl);
    try {
      await until(() => ran >= 2);
      const keys = await redis.keys(`${namespace}:*`);
      expect(keys.length).toBeGreaterThan(2);
      await redis.del(keys);
      const before = ran;
      await until(() => ran >= before + 3);
    } finally {
      redis.disconnect();
      await jobs.stop();
    }
  });
});
