import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../platform/log.js';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { NodeLease } from './node-lease.js';

const log = createLogger({ level: 'silent', app: 'spec' });

describe('NodeLease', () => {
  let database: TestDatabase;
  const leases: NodeLease[] = [];
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    jest.useRealTimers();
    for (const each of leases.splice(0)) await each.leave();
    await database.db.commit('delete from node');
  });
  afterAll(() => database.drop());

  function lease(): NodeLease {
    const made = new NodeLease(database.db, systemIds, log);
    leases.push(made);
    return made;
  }
  const until = async (): Promise<number> => {
    const [row] = await database.db.query<{ left: number }>(
      'select extract(epoch from lease_until - now())::float8 as left from node order by no limit 1',
    );
    return row?.left ?? 0;
  };
  const age = async (seconds: number): Promise<unknown> =>
    database.db.commit(`update node set lease_until = lease_until - make_interval(secs => $1)`, [seconds]);

  it('gives ten processes that start at once ten numbers, and each the other nine for peers', async () => {
    const all = Array.from({ length: 10 }, () => lease());
    const numbers = await Promise.all(all.map(async (each, at) => each.join(`ws://127.0.0.1:${String(at)}`)));
    expect(numbers.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const peers = (await all[3]!.peers()).map(({ node }) => node).toSorted((left, right) => left - right);
    expect(peers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((node) => node !== numbers[3]));
    expect((await all[0]!.peers()).find(({ node }) => node === numbers[5])?.address).toBe('ws://127.0.0.1:5');
  });

  it('takes a number over only a minute after its lease has ended, and lists no such node as a peer', async () => {
    const dead = lease();
    expect(await dead.join('ws://dead')).toBe(1);
    const other = lease();
    await age(70);
    expect(await other.join('ws://other')).toBe(2);
    expect(await other.peers()).toEqual([]);
    await age(10);
    const next = lease();
    expect(await next.join(undefined)).toBe(1);
    expect(await next.peers()).toEqual([{ node: 2, address: 'ws://other' }]);
    expect(await other.peers()).toEqual([]);
  });

  it('renews every five seconds, and tells once when it comes too late', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout'] });
    const mine = lease();
    let lost = 0;
    let tell: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    mine.onLost(() => {
      lost += 1;
      tell();
    });
    await mine.join('ws://mine');
    await age(8);
    expect(await until()).toBeLessThan(8);
    jest.advanceTimersByTime(4_999);
    expect(await until()).toBeLessThan(8);
    jest.advanceTimersByTime(1);
    while ((await until()) < 10) await new Promise((resolve) => setImmediate(resolve));
    expect(lost).toBe(0);
    await age(20);
    jest.advanceTimersByTime(5_000);
    await told;
    jest.advanceTimersByTime(20_000);
    expect(await until()).toBeLessThan(0);
    expect(lost).toBe(1);
    expect(await mine.join('ws://mine')).toBe(2);
  });

  it('neither renews nor frees a number that another process has by now', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'clearTimeout'] });
    const paused = lease();
    const told = new Promise<void>((resolve) => {
      paused.onLost(resolve);
    });
    expect(await paused.join('ws://paused')).toBe(1);
    await age(80);
    const other = lease();
    expect(await other.join('ws://other')).toBe(1);
    jest.advanceTimersByTime(5_000);
    await told;
    await paused.leave();
    expect(await database.db.query('select no, address from node')).toEqual([{ no: 1, address: 'ws://other' }]);
  });

  it('frees its number when it leaves, and renews no more', async () => {
    const mine = lease();
    expect(await mine.join(undefined)).toBe(1);
    await mine.leave();
    expect(await database.db.query('select 1 from node')).toEqual([]);
    await mine.leave();
  });
});
