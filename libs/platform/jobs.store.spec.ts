import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from './ids.js';
import { Jobs, type Job } from './jobs.js';
import { createLogger } from './log.js';
import { testDatabase, type TestDatabase } from './testing/database.js';

const log = createLogger({ level: 'silent', app: 'spec' });

describe.each(['PostgreSQL', 'Redis'])('Jobs in %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const until = async (true_: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 400 && !true_(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 25));
    expect(true_()).toBe(true);
  };

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
