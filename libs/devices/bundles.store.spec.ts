import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { testDevice, testId } from '../signal/testing.js';
import { callerOf, DeviceWorld } from './testing.js';

let database: TestDatabase;
let world: DeviceWorld;

beforeAll(async () => {
  database = await testDatabase();
  world = await DeviceWorld.create(database.db);
});
afterAll(async () => {
  await database.drop();
});

describe('bundles', () => {
  it('come for every active device, for those named, and never for the asking one', async () => {
    const laptop = testDevice('bob laptop');
    const bob = await world.link(await world.person('bob', 5), laptop, 5);
    const alice = await world.person('alice');
    const { accountId } = bob.account;
    const all = await world.bundles.fetch(alice.caller, accountId);
    const named = await world.bundles.fetch(alice.caller, accountId, [laptop.deviceId, testId('nobody')]);
    const own = await world.bundles.fetch(bob.caller, accountId);
    const ids = [all, named, own].map((outcome) =>
      outcome.kind === 'bundles' ? outcome.bundles.map(({ deviceId }) => deviceId).toSorted() : outcome.code,
    );
    expect(ids).toEqual([[bob.phone.deviceId, laptop.deviceId].toSorted(), [laptop.deviceId], [laptop.deviceId]]);
    expect(all).toMatchObject({ accountId, listVersion: 2 });
  });

  it('are not found beyond the tenant, like those of nobody', async () => {
    const carol = await world.person('carol');
    const elsewhere = await DeviceWorld.create(database.db);
    const dave = await elsewhere.person('dave');
    const [foreign, nobody] = [
      await world.bundles.fetch(carol.caller, dave.account.accountId),
      await world.bundles.fetch(carol.caller, testId('nobody')),
    ];
    expect(foreign).toMatchObject({ code: 'not_found' });
    expect(foreign).toEqual(nobody);
    expect(await world.prekeys.stock(world.db, dave.phone.deviceId)).toMatchObject({ oneTime: 2 });
  });

  it('are limited for each pair of accounts, however many devices ask, and a refusal takes no key', async () => {
    const [eve, target, other] = [
      await world.person('eve'),
      await world.person('target', 10),
      await world.person('other', 10),
    ];
    await world.tenants.setPolicy(world.tenantId, { prekeyFetches: 3, prekeyFetchesPerHour: 3 });
    const fetch = async (caller = eve.caller) => (await world.bundles.fetch(caller, target.account.accountId)).kind;
    const kinds = [await fetch(), await fetch(), await fetch(), await fetch(), await fetch()];
    expect(kinds).toEqual(['bundles', 'bundles', 'bundles', 'problem', 'problem']);
    expect(await world.prekeys.stock(world.db, target.phone.deviceId)).toMatchObject({ oneTime: 7 });
    expect(await fetch(other.caller)).toBe('bundles');
    expect(await world.bundles.fetch(eve.caller, other.account.accountId)).toMatchObject({ kind: 'bundles' });
    expect(await world.bundles.fetch(eve.caller, target.account.accountId)).toMatchObject({
      code: 'limited',
      retryAfterMs: expect.any(Number),
    });
    const laptop = testDevice('eve laptop');
    await world.link(eve, laptop);
    const linked = callerOf(eve.account, laptop);
    expect(await world.bundles.fetch(linked, target.account.accountId)).toMatchObject({ code: 'limited' });
    expect(await world.prekeys.stock(world.db, target.phone.deviceId)).toMatchObject({ oneTime: 6 });
    const wanted = [target, other].map(({ account, phone }) => ({
      accountId: account.accountId,
      deviceIds: [phone.deviceId],
    }));
    expect((await world.bundles.forMismatch(eve.caller, wanted)).map(({ accountId }) => accountId)).toEqual([
      other.account.accountId,
    ]);
    await world.tenants.setPolicy(world.tenantId, {});
  });

  it('of a mismatch are at most 64', async () => {
    const asker = await world.person('asker');
    const wanted = [];
    for (let index = 0; index < 22; index += 1) {
      let person = await world.person(`crowd ${String(index)}`, 0);
      for (const name of ['b', 'c']) person = await world.link(person, testDevice(`crowd ${String(index)} ${name}`), 0);
      wanted.push({
        accountId: person.account.accountId,
        deviceIds: person.list.entries.map(({ deviceId }) => deviceId),
      });
    }
    const bundles = await world.bundles.forMismatch(asker.caller, wanted);
    expect(bundles.flatMap((each) => each.bundles)).toHaveLength(64);
    expect(bundles.map((each) => each.bundles.length)).toEqual([...Array.from({ length: 21 }, () => 3), 1]);
  });
});
