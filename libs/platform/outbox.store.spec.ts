import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from './log.js';
import { appendOutbox, Outbox } from './outbox.js';
import { testDatabase, type TestDatabase } from './testing/database.js';
import { FakeClock } from './testing/fakes.js';

const log = createLogger({ level: 'silent', app: 'spec' });

describe('Outbox', () => {
  let database: TestDatabase;
  let clock: FakeClock;
  beforeAll(async () => {
    database = await testDatabase();
  });
  beforeEach(async () => {
    clock = new FakeClock();
    await database.db.commit('truncate outbox');
  });
  afterAll(() => database.drop());

  const append = async (...numbers: number[]): Promise<void> =>
    database.db.transact(async (tx) => {
      for (const number of numbers) await appendOutbox(tx, { kind: 'counted', payload: { number } });
    });
  const taker = (handle: (number: number) => Promise<void>): Outbox =>
    new Outbox(database.db, { counted: async ({ number }: { readonly number: number }) => handle(number) }, clock, log);

  it('knows nothing of a transaction that rolled back', async () => {
    const rolledBack = database.db.transact(async (tx) => {
      await appendOutbox(tx, { kind: 'counted', payload: { number: 1 } });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    expect(await taker(() => Promise.resolve()).drain()).toBe(0);
  });

  it('gives each row to one of two takers', async () => {
    const all = Array.from({ length: 200 }, (_, at) => at);
    await append(...all);
    const seen: number[][] = [[], []];
    const takers = seen.map((mine) =>
      taker(async (number) => {
        mine.push(number);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }),
    );
    const handled = await Promise.all(takers.map(async (each) => each.drain()));
    expect(seen.flat().sort((left, right) => left - right)).toEqual(all);
    expect(handled.every((count) => count > 0)).toBe(true);
    expect(await database.db.query('select 1 from outbox')).toEqual([]);
  });

  it('brings a failed row again, later each time, and holds up no other', async () => {
    await append(1, 2);
    const seen: number[] = [];
    const outbox = taker(async (number) => {
      seen.push(number);
      if (number === 1 && seen.filter((each) => each === 1).length < 3) return Promise.reject(new Error('not yet'));
    });
    expect(await outbox.drain()).toBe(1);
    expect(await outbox.drain()).toBe(0);
    clock.advance(2_000);
    expect(await outbox.drain()).toBe(0);
    clock.advance(2_000);
    expect(await outbox.drain()).toBe(0);
    clock.advance(2_000);
    expect(await outbox.drain()).toBe(1);
    expect(seen).toEqual([1, 2, 1, 1]);
  });

  it('gives a row again when its taker died, and keeps one that nobody understands', async () => {
    await append(1);
    let died: () => void = () => undefined;
    const dead = taker(async () => new Promise((resolve) => (died = resolve)));
    const never = dead.drain();
    while ((await database.db.query('select 1 from outbox where attempts = 1')).length === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await taker(() => Promise.resolve()).drain()).toBe(0);
    clock.advance(30_000);
    expect(await new Outbox(database.db, {}, clock, log).drain()).toBe(0);
    expect(await database.db.query('select attempts from outbox')).toEqual([{ attempts: 2 }]);
    died();
    await never;
  });
});
