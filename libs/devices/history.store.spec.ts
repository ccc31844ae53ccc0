import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import type { Tombstone } from '../protocol/device-list.js';
import type { ListVersion } from '../protocol/ids.js';
import type { SignedList } from '../protocol/device-chain.js';
import {
  firstList,
  listEntry,
  nextList,
  registrationOf,
  signList,
  testDevice,
  type TestDevice,
} from '../signal/testing.js';
import { Tenants } from '../tenancy/tenants.js';
import { callerOf, DeviceWorld, withDevice, type TestPerson } from './testing.js';

let database: TestDatabase;
let world: DeviceWorld;

beforeAll(async () => {
  database = await testDatabase();
  world = await DeviceWorld.create(database.db);
});
afterAll(async () => {
  await database.drop();
});

/** A person of whose later lists the database knows nothing, as after a restore. */
async function forgotten(
  name: string,
): Promise<TestPerson & { readonly laptop: TestDevice; readonly later: SignedList }> {
  const person = await world.person(name);
  const laptop = testDevice(`${name} laptop`);
  const list = withDevice(person, laptop);
  return { ...person, laptop, list, later: signList(list, person.phone) };
}

async function offer(person: TestPerson, lists: readonly SignedList[], tombstones: readonly Tombstone[] = []) {
  const { accountId } = person.account;
  return world.histories.offer(person.caller, { accountId, listVersion: 1 as ListVersion, lists, tombstones });
}

async function chainOf({ account: { tenantId, accountId } }: TestPerson) {
  const account = (await world.accounts.find(world.db, tenantId, [accountId])).get(accountId);
  if (account === undefined) throw new Error('no account');
  const guard = (await world.guards.read(world.db, [account.no])).get(account.no);
  return { ...(await world.chains.read(world.db, account, { version: 1 })), guard };
}

const owner = (device: TestDevice): Tombstone => ({ deviceId: device.deviceId, day: 20_000, reason: 'owner' });

describe('what a device knows and a restored database does not', () => {
  it('is stored again under the list version it had, once, however often it is offered', async () => {
    const person = await forgotten('again');
    for (let time = 0; time < 3; time += 1)
      expect(await offer(person, [person.later])).toEqual({ kind: 'stored', listVersion: 2 });
    const { lists, listVersion, guard } = await chainOf(person);
    expect([lists.length, listVersion, guard?.listVersion]).toEqual([2, 2, 2]);
  });

  it('lets a device in that was linked since, as soon as it registers', async () => {
    const person = await forgotten('linked');
    const { laptop } = person;
    const caller = callerOf(person.account, laptop);
    await offer(person, [person.later]);
    expect((await world.credentials.find(laptop.deviceId))?.authKey).toEqual(Buffer.from(laptop.authKey));
    const registration = registrationOf(laptop, { keys: 3 });
    const foreign = registrationOf({ ...laptop, identity: testDevice('linked other').identity }, { keys: 1 });
    expect(await world.registrations.change(caller, foreign)).toMatchObject({ code: 'invalid_keys' });
    expect(await world.registrations.change(caller, registration)).toMatchObject({ kind: 'stock', oneTime: 3 });
    expect((await chainOf(person)).guard?.devices.map(({ deviceId }) => deviceId).toSorted()).toEqual(
      [person.phone.deviceId, laptop.deviceId].toSorted(),
    );
    expect(await world.registrations.change(caller, registration)).toMatchObject({ code: 'registration_reused' });
  });

  it('shuts a device out that was revoked since, with the day and reason of then', async () => {
    const laptop = testDevice('revoked laptop');
    const person = await world.link(await world.person('revoked'), laptop);
    const stone: Tombstone = { deviceId: laptop.deviceId, day: 20_001, reason: 'admin' };
    expect(await offer(person, [], [stone])).toEqual({ kind: 'stored', listVersion: 3 });
    const { tombstones, guard } = await chainOf(person);
    expect(tombstones).toEqual([stone]);
    expect(guard?.devices.map(({ deviceId }) => deviceId)).toEqual([person.phone.deviceId]);
    expect(await world.credentials.find(laptop.deviceId)).toBeUndefined();
    const told = await world.db.query('select 1 as one from control where device_id = $1', [laptop.deviceId]);
    expect(told).toHaveLength(1);
  });

  it('gives a device that came and went since no credential, and its id to nobody', async () => {
    const person = await forgotten('came and went');
    const { laptop } = person;
    expect(await offer(person, [person.later], [owner(laptop)])).toEqual({ kind: 'stored', listVersion: 3 });
    expect(await world.credentials.find(laptop.deviceId)).toBeUndefined();
    expect(await world.prekeys.isKnown(world.db, { ...laptop, identityKey: laptop.identity.publicKey })).toBe(true);
  });

  it('comes together from devices of which each knows a part', async () => {
    const tablet = testDevice('parts tablet');
    const linked = await world.link(await world.person('parts'), tablet);
    const laptop = testDevice('parts laptop');
    const later = signList(withDevice(linked, laptop), linked.phone);
    expect(await offer(linked, [], [owner(tablet)])).toMatchObject({ listVersion: 3 });
    const without = nextList(linked.list, [
      ...linked.list.entries.filter(({ deviceId }) => deviceId !== tablet.deviceId),
      listEntry(linked.account, laptop, { addedBy: linked.phone.deviceId }),
    ]);
    expect(await offer(linked, [later])).toMatchObject({ code: 'invalid_list', detail: 'device_revoked_returned' });
    expect(await offer(linked, [signList(without, linked.phone)])).toMatchObject({ listVersion: 4 });
  });

  it('is not taken when nothing was restored, or long ago', async () => {
    const person = await forgotten('late');
    const before = world.installation.notBefore;
    for (const notBefore of [0, world.clock.now() - 91 * 24 * 60 * 60 * 1000]) {
      world.installation.notBefore = notBefore;
      expect(await offer(person, [person.later])).toMatchObject({ code: 'not_allowed' });
    }
    world.installation.notBefore = before;
    expect((await chainOf(person)).lists).toHaveLength(1);
  });

  it('is taken from active devices of the account alone, and leaves nothing behind when it is refused', async () => {
    const [person, other] = [await forgotten('own'), await world.person('other')];
    const { accountId } = person.account;
    const history = { accountId, listVersion: 2 as ListVersion, lists: [person.later], tombstones: [] };
    expect(await world.histories.offer(other.caller, history)).toMatchObject({ detail: 'wrong_account' });
    const stranger = callerOf(person.account, person.laptop);
    expect(await world.histories.offer(stranger, history)).toMatchObject({ code: 'not_allowed' });
    const fork = signList(firstList(person.account, testDevice('fork')), person.account);
    expect(await offer(person, [fork])).toMatchObject({ code: 'invalid_list', detail: 'fork' });
    // A device id of somebody else: nobody is to be shut out by being listed elsewhere.
    const stolen = { ...testDevice('thief'), deviceId: other.phone.deviceId };
    const thief = await world.person('thief');
    const list = signList(withDevice(thief, stolen), thief.phone);
    expect(await offer(thief, [list], [owner(stolen)])).toMatchObject({ code: 'identity_known' });
    expect(await world.credentials.find(other.phone.deviceId)).toBeDefined();
    expect((await chainOf(thief)).listVersion).toBe(1);
  });

  it('brings no more devices than the policy allows, and none to a suspended account', async () => {
    const person = await forgotten('many');
    // Set on another node: what this one remembers of it may be three seconds old.
    const elsewhere = new Tenants(world.db, world.clock, systemIds);
    await world.tenants.policy(world.tenantId);
    await elsewhere.setPolicy(world.tenantId, { devicesPerAccount: 1 });
    expect(await offer(person, [person.later])).toMatchObject({ code: 'device_limit' });
    await elsewhere.setPolicy(world.tenantId, {});
    const { tenantId, accountId } = person.account;
    await world.db.transact((tx) => world.states.suspend(tx, { tenantId, accountId }));
    expect(await offer(person, [person.later])).toMatchObject({ code: 'account_suspended' });
  });
});
