import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { dayOf } from '../protocol/device-list.js';
import type { DeviceId } from '../protocol/ids.js';
import { registrationOf, signList, testDevice, testId } from '../signal/testing.js';
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

async function accountOf(person: TestPerson) {
  const { tenantId, accountId } = person.account;
  const account = (await world.accounts.find(world.db, tenantId, [accountId])).get(accountId);
  if (account === undefined) throw new Error('no account');
  return account;
}

const count = async (table: string, column: string, deviceId: DeviceId): Promise<number> =>
  (await world.db.query(`select 1 as one from ${table} where ${column} = $1`, [deviceId])).length;

describe('revocation', () => {
  it('has done everything when it commits', async () => {
    const laptop = testDevice('everything laptop');
    const { deviceId } = laptop;
    const person = await world.link(await world.person('everything'), laptop);
    const before = await world.db.query<{ epoch: number }>('select epoch from mailbox where device = $1', [deviceId]);
    expect(await world.revocations.byOwner(person.caller, deviceId)).toEqual({ kind: 'revoked', listVersion: 3 });
    const account = await accountOf(person);
    const guard = (await world.guards.read(world.db, [account.no])).get(account.no);
    expect(guard).toMatchObject({ listVersion: 3, devices: [{ deviceId: person.phone.deviceId }] });
    expect(await world.db.query('select epoch, closed from mailbox where device = $1', [deviceId])).toEqual([
      { epoch: (before[0]?.epoch ?? 0) + 1, closed: 2 },
    ]);
    expect(await world.credentials.find(deviceId)).toBeUndefined();
    for (const table of ['device_keys', 'one_time_prekey', 'kyber_prekey', 'used_registration'])
      expect([table, await count(table, 'device_id', deviceId)]).toEqual([table, 0]);
    expect(await count('control', 'device_id', deviceId)).toBe(1);
    const news = await world.db.query<{ kind: string; payload: object }>(
      'select kind, payload from outbox order by no desc limit 2',
    );
    expect(news).toEqual([
      { kind: 'purge-mailboxes', payload: { deviceIds: [deviceId] } },
      { kind: 'devices-changed', payload: { accountNo: account.no, listVersion: 3 } },
    ]);
    const chain = await world.chains.read(world.db, account, { version: 1 });
    expect(chain).toMatchObject({
      listVersion: 3,
      tombstones: [{ deviceId, day: dayOf(world.clock.now()), reason: 'owner' }],
    });
    expect(chain.lists).toHaveLength(2);
  });

  it('may be repeated, and says the same', async () => {
    const laptop = testDevice('repeat laptop');
    const person = await world.link(await world.person('repeat'), laptop);
    const all = await Promise.all([1, 2, 3].map(async () => world.revocations.byOwner(person.caller, laptop.deviceId)));
    const { tenantId, accountId } = person.account;
    all.push(await world.revocations.byAdmin({ tenantId, accountId }, laptop.deviceId));
    expect(all).toEqual(all.map(() => ({ kind: 'revoked', listVersion: 3 })));
    expect((await world.chains.read(world.db, await accountOf(person), { version: 1 })).tombstones).toMatchObject([
      { reason: 'owner' },
    ]);
  });

  it('may be of the calling device itself, which may do nothing more', async () => {
    const laptop = testDevice('self laptop');
    const person = await world.link(await world.person('self'), laptop);
    const caller = callerOf(person.account, laptop);
    expect(await world.revocations.byOwner(caller, laptop.deviceId)).toMatchObject({ kind: 'revoked' });
    expect(await world.revocations.byOwner(caller, person.phone.deviceId)).toMatchObject({ code: 'not_allowed' });
  });

  it('by an admin leaves an account without devices standing', async () => {
    const person = await world.person('emptied');
    const { tenantId, accountId } = person.account;
    expect(await world.revocations.byAdmin({ tenantId, accountId }, person.phone.deviceId)).toEqual({
      kind: 'revoked',
      listVersion: 2,
    });
    const known = await world.chains.devices(world.db, (await accountOf(person)).no);
    expect(known.map(({ entry, tombstone }) => [entry.deviceId, tombstone])).toEqual([
      [person.phone.deviceId, 'admin'],
    ]);
    expect(await world.bundles.fetch((await world.person('asker')).caller, accountId)).toMatchObject({
      code: 'not_found',
    });
  });

  it('finds only devices of the account', async () => {
    const [person, other] = [await world.person('mine'), await world.person('theirs')];
    const { tenantId, accountId } = person.account;
    expect(await world.revocations.byOwner(person.caller, other.phone.deviceId)).toMatchObject({ code: 'not_found' });
    expect(await world.revocations.byAdmin({ tenantId, accountId }, testId('nobody'))).toMatchObject({
      code: 'not_found',
    });
    expect(
      await world.revocations.byAdmin({ tenantId: testId('elsewhere'), accountId }, person.phone.deviceId),
    ).toMatchObject({
      code: 'not_found',
    });
    expect(await world.credentials.find(other.phone.deviceId)).toBeDefined();
  });

  it('ends what the device was linking', async () => {
    const laptop = testDevice('linker laptop');
    const person = await world.link(await world.person('linker'), laptop);
    const tablet = testDevice('linker tablet');
    await world.hold({ ...person, caller: callerOf(person.account, laptop) }, tablet);
    await world.revocations.byOwner(person.caller, laptop.deviceId);
    const list = withDevice({ ...person, list: { ...person.list } }, tablet);
    const entries = list.entries.filter((entry) => entry.deviceId !== laptop.deviceId);
    expect(await world.lists.storeList(person.caller, signList({ ...list, entries }, person.phone))).toMatchObject({
      code: 'invalid_list',
    });
  });
});

describe('a registration change', () => {
  it('changes guard row and keys together, and tells the account', async () => {
    const person = await world.person('anew', 3);
    const stock = await world.registrations.change(
      person.caller,
      registrationOf(person.phone, { registrationId: 7, keys: 1 }),
    );
    expect(stock).toEqual({ kind: 'stock', oneTime: 1, kyber: 1, low: true });
    const account = await accountOf(person);
    expect((await world.guards.read(world.db, [account.no])).get(account.no)).toMatchObject({
      listVersion: 1,
      devices: [{ registrationId: 7 }],
    });
    const news = await world.db.query('select kind, payload from outbox order by no desc limit 1');
    expect(news).toEqual([{ kind: 'devices-changed', payload: { accountNo: account.no, listVersion: 1 } }]);
  });

  it('changes nothing when it is refused', async () => {
    const person = await world.person('refused', 3);
    const change = async (registrationId: number, device = person.phone) =>
      world.registrations.change(person.caller, registrationOf(device, { registrationId, keys: 0 }));
    expect(await change(1)).toMatchObject({ code: 'registration_reused' });
    expect(await change(2, testDevice('refused other'))).toMatchObject({ code: 'invalid_keys' });
    expect(await change(2, { ...person.phone, authKey: testDevice('x').authKey })).toMatchObject({
      code: 'invalid_keys',
    });
    expect(await change(2, { ...person.phone, identity: testDevice('x').identity })).toMatchObject({
      code: 'invalid_keys',
    });
    const account = await accountOf(person);
    expect((await world.guards.read(world.db, [account.no])).get(account.no)?.devices).toMatchObject([
      { registrationId: 1 },
    ]);
    expect(await world.prekeys.stock(world.db, person.phone.deviceId)).toMatchObject({ oneTime: 3, kyber: 3 });
  });

  it('is not for a revoked device', async () => {
    const laptop = testDevice('late laptop');
    const person = await world.link(await world.person('late'), laptop);
    await world.revocations.byOwner(person.caller, laptop.deviceId);
    const outcome = await world.registrations.change(
      callerOf(person.account, laptop),
      registrationOf(laptop, { registrationId: 2 }),
    );
    expect(outcome).toMatchObject({ code: 'not_allowed' });
  });
});
