import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import type { TenantId } from '../protocol/ids.js';
import { Tenants } from './tenants.js';

describe('Tenants', () => {
  const clock = new FakeClock();
  let database: TestDatabase;
  let tenants: Tenants;
  let elsewhere: Tenants;

  beforeAll(async () => {
    database = await testDatabase();
    tenants = new Tenants(database.db, clock, systemIds);
    elsewhere = new Tenants(database.db, clock, systemIds);
  });

  afterAll(() => database.drop());

  it('fills in the defaults of a policy', async () => {
    const { id } = await tenants.create('acme');
    expect(await tenants.policy(id)).toEqual({
      devicesPerAccount: 6,
      idleDays: 45,
      retentionSeconds: 30 * 24 * 60 * 60,
      mailboxBytes: 16 * 1024 ** 3,
      trust: 'first-use',
      linking: 'user',
      prekeyFetches: 60,
      prekeyFetchesPerHour: 360,
      invitationDays: 7,
      tokens: 'dpop',
      messagesPerMinute: 100,
      pairBurst: 60,
      pairPerSecond: 1,
      burstBytes: 64 * 1024 * 1024,
      rateBytesPerSecond: 512,
      failedAuthPerMinute: 10,
      requestsPerMinute: 600,
      grantsPerMinute: 30,
      listsPerHour: 60,
    });
  });

  it('shows a new policy here at once and on other nodes within three seconds', async () => {
    const { id } = await tenants.create('acme');
    await elsewhere.policy(id);
    expect(await tenants.setPolicy(id, { devicesPerAccount: 2 })).toMatchObject({
      kind: 'set',
      policy: { devicesPerAccount: 2, invitationDays: 7 },
    });
    expect((await tenants.policy(id)).devicesPerAccount).toBe(2);
    expect((await elsewhere.policy(id)).devicesPerAccount).toBe(6);
    clock.advance(3001);
    expect((await elsewhere.policy(id)).devicesPerAccount).toBe(2);
  });

  it('shows a new policy here at once also when the one before was being read meanwhile', async () => {
    const { id } = await tenants.create('acme');
    const [read, given] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const slow = new Proxy(database.db, {
      get: (real, name) => {
        const own = Reflect.get(real, name, real) as unknown;
        if (name !== 'query') return typeof own === 'function' ? (own.bind(real) as unknown) : own;
        return async (...args: Parameters<typeof real.query>) => {
          const rows = await real.query(...args);
          read.resolve(undefined);
          await given.promise;
          return rows;
        };
      },
    });
    const here = new Tenants(slow, clock, systemIds);
    const before = here.policy(id);
    await read.promise;
    await here.setPolicy(id, { devicesPerAccount: 2 });
    given.resolve(undefined);
    expect((await before).devicesPerAccount).toBe(6);
    expect((await here.policy(id)).devicesPerAccount).toBe(2);
  });

  it.each([
    [{ devicesPerAccount: 0 }],
    [{ devicesPerAccount: 65 }],
    [{ devicesPerAccount: '6' }],
    [{ unheardOf: 1 }],
    [{ mailboxBytes: 1024 ** 3 }],
    [{ burstBytes: 1024, rateBytesPerSecond: 1, retentionSeconds: 1, mailboxBytes: 64 * 1024 }],
    ['no object'],
    [null],
  ])('refuses the policy %j and keeps the one before', async (policy) => {
    const { id } = await tenants.create('acme');
    await tenants.setPolicy(id, { invitationDays: 3 });
    expect(await tenants.setPolicy(id, policy)).toMatchObject({ kind: 'problem', code: 'malformed' });
    expect((await tenants.policy(id)).invitationDays).toBe(3);
  });

  it('reads a policy that a newer release wrote', async () => {
    const { id } = await tenants.create('acme');
    await database.db.commit(
      `update tenant set policy = '{"devicesPerAccount": 4, "fromTheFuture": true}' where id = $1`,
      [id],
    );
    expect((await tenants.policy(id)).devicesPerAccount).toBe(4);
  });

  it('does not set the policy of a tenant that does not exist', async () => {
    expect(await tenants.setPolicy(systemIds.uuid<TenantId>(), {})).toMatchObject({ code: 'not_found' });
  });

  it('lists in pages, also those made in the same millisecond', async () => {
    const before = (await tenants.list({ after: undefined, limit: 500 })).map(({ id }) => id);
    const made = await Promise.all(Array.from({ length: 7 }, (_, index) => tenants.create(`page ${String(index)}`)));
    const seen: TenantId[] = [];
    for (let after: TenantId | undefined; ; after = seen.at(-1)) {
      const page = await tenants.list({ after, limit: 3 });
      seen.push(...page.map(({ id }) => id));
      if (page.length < 3) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(seen)).toEqual(new Set([...before, ...made.map(({ id }) => id)]));
  });

  it('knows the demo tenant', async () => {
    expect(await tenants.demo()).toBeUndefined();
    const { id } = await tenants.create('demo', { demo: true });
    expect(await tenants.demo()).toMatchObject({ id, demo: true });
  });
});
