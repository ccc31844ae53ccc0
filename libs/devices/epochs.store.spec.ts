import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { verifyChain, type SignedList } from '../protocol/device-chain.js';
import { dayOf, type DeviceList } from '../protocol/device-list.js';
import {
  epochList,
  firstList,
  listEntry,
  nextList,
  registrationOf,
  signList,
  signRotation,
  signStatement,
  testDevice,
  testKey,
  type TestAccount,
  type TestDevice,
} from '../signal/testing.js';
import { chainCrypto } from '../signal/signal.js';
import { callerOf, DeviceWorld, type TestPerson } from './testing.js';

let database: TestDatabase;
let world: DeviceWorld;

beforeAll(async () => {
  database = await testDatabase();
  world = await DeviceWorld.create(database.db);
});
afterAll(async () => {
  await database.drop();
});

const renewed = (account: TestAccount, name: string): TestAccount => ({ ...account, key: testKey(name) });

async function store(person: TestPerson, signed: SignedList): Promise<string> {
  const outcome = await world.lists.storeList(person.caller, signed);
  return outcome.kind === 'problem' ? `${outcome.code} ${outcome.detail}` : outcome.kind;
}

async function chainOf({ account }: TestPerson) {
  const row = (await world.accounts.find(world.db, account.tenantId, [account.accountId])).get(account.accountId);
  if (row === undefined) throw new Error('no account');
  return world.chains.read(world.db, row, { epoch: 1, version: 1 });
}

async function changesOf(person: TestPerson) {
  const { lists } = await chainOf(person);
  const { tenantId, accountId } = person.account;
  const context = { tenantId, accountId, tombstoned: new Set<never>() };
  const verdict = verifyChain(lists, undefined, { context, crypto: chainCrypto });
  return verdict.kind === 'valid' ? [verdict.key, verdict.last?.list.epoch, lists.length] : verdict.fault;
}

async function reset(person: TestPerson) {
  const outcome = await world.resets.reset(person.account);
  if (outcome.kind === 'problem') throw new Error(outcome.detail);
  return outcome.code;
}

function openEpoch(last: DeviceList, account: TestAccount, device: TestDevice): SignedList {
  const statement = signStatement(account, device, last.epoch + 1);
  return signList(epochList(last, account, [listEntry(account, device, { mayLink: true, statement })]), account);
}

async function enrol(code: string, list: SignedList, device: TestDevice) {
  const outcome = await world.enrolments.enrol({ code, list, registration: registrationOf(device) });
  return outcome.kind === 'problem' ? `${outcome.code} ${outcome.detail}` : outcome.kind;
}

describe('a rotation', () => {
  it('is stored by a device, keeps the devices, and is served with the signature of the old key', async () => {
    const laptop = testDevice('rotated laptop');
    const person = await world.link(await world.person('rotated'), laptop);
    const account = renewed(person.account, 'rotated key');
    const list = epochList(person.list, account, person.list.entries);
    expect(await store(person, signRotation(list, account, person.account))).toBe('stored');
    expect(await changesOf(person)).toEqual(['rotated', 2, 3]);
    expect((await chainOf(person)).listVersion).toBe(3);
    expect(await store(person, signList(nextList(list, list.entries), person.phone))).toBe('stored');
    expect(await world.credentials.find(laptop.deviceId)).toBeDefined();
  });

  it('needs the old key, and heals like any list when another was first', async () => {
    const person = await world.person('rotating');
    const account = renewed(person.account, 'rotating key');
    const list = epochList(person.list, account, person.list.entries);
    expect(await store(person, signRotation(list, account, account))).toBe('invalid_list bad_rotation');
    expect(await store(person, signList(list, account))).toBe('invalid_list device_revoked_returned');
    const newcomer = listEntry(account, testDevice('rotating thief'), { mayLink: true });
    const thief = { ...newcomer, statement: signStatement(account, testDevice('rotating thief'), 2) };
    expect(await store(person, signList(epochList(person.list, account, [thief]), account))).toMatch(/^invalid_list /);
    expect(await store(person, signRotation(list, account, person.account))).toBe('stored');
    const late = nextList(person.list, person.list.entries);
    const outcome = await world.lists.storeList(person.caller, signList(late, person.phone));
    expect(outcome).toMatchObject({ kind: 'conflict', winner: { lists: { length: 1 }, listVersion: 2 } });
  });
});

describe('a reset', () => {
  it('removes every device and lets a new one open the next epoch', async () => {
    const laptop = testDevice('lost laptop');
    const person = await world.link(await world.person('lost'), laptop);
    const code = await reset(person);
    const { tombstones, listVersion } = await chainOf(person);
    expect(tombstones.map(({ deviceId, reason }) => [deviceId, reason]).toSorted()).toEqual(
      [person.phone.deviceId, laptop.deviceId].map((deviceId) => [deviceId, 'reset']).toSorted(),
    );
    expect(listVersion).toBe(4);
    expect(await world.credentials.find(laptop.deviceId)).toBeUndefined();
    const account = renewed(person.account, 'lost key');
    const device = testDevice('lost new phone');
    expect(await enrol(code, openEpoch(person.list, account, device), device)).toBe('enrolled');
    expect(await changesOf(person)).toEqual(['reset', 2, 3]);
    expect((await chainOf(person)).listVersion).toBe(5);
    expect((await world.credentials.find(device.deviceId))?.caller).toEqual(callerOf(account, device));
    expect(await enrol(code, openEpoch(person.list, account, device), device)).toMatch(/^invitation_invalid /);
  });

  it('keeps old devices, old keys and other lists out of the new epoch', async () => {
    const person = await world.person('kept out');
    const code = await reset(person);
    const account = renewed(person.account, 'kept out key');
    const device = testDevice('kept out phone');
    const refused = async (list: SignedList, of = device) => enrol(code, list, of);
    expect(await refused(openEpoch(person.list, account, person.phone), person.phone)).toBe(
      'invalid_list device_revoked_returned',
    );
    expect(await refused(openEpoch(person.list, person.account, device))).toBe('invalid_list account_key_changed');
    expect(await refused(signList(firstList(account, device), account))).toBe('invalid_list account_key_changed');
    const strange = { ...person.list, previousHash: new Uint8Array(32).fill(1) };
    expect(await refused(openEpoch(strange, account, device))).toBe('invalid_list wrong_previous');
    expect(await refused(openEpoch(person.list, account, device))).toBe('enrolled');
  });

  it('ends the codes of before, also that of a reset before it', async () => {
    const person = await world.person('twice');
    const [first, second] = [await reset(person), await reset(person)];
    const account = renewed(person.account, 'twice key');
    const device = testDevice('twice phone');
    const list = openEpoch(person.list, account, device);
    expect(await enrol(first, list, device)).toMatch(/^invitation_invalid /);
    expect(await enrol(second, list, device)).toBe('enrolled');
  });

  it('is the only way for an invitation into an account that had a list', async () => {
    const { account } = await world.person('never again');
    const { tenantId, accountId } = account;
    const wanted = { accountId, uses: 1, expiresInHours: 1 };
    expect(await world.invitations.create(tenantId, wanted)).toMatchObject({ code: 'already_enrolled' });
    const made = await world.db.transact((tx) => world.accounts.create(tx, tenantId));
    const nobody = made.kind === 'created' ? made.account.id : accountId;
    expect(await world.resets.reset({ tenantId, accountId: nobody })).toMatchObject({
      kind: 'problem',
      code: 'conflict',
    });
  });
});

describe('idle devices', () => {
  it('are removed when they took no token for longer than the policy allows, and no others', async () => {
    const [gone, kept] = [testDevice('idle laptop'), testDevice('idle tablet')];
    const person = await world.link(await world.link(await world.person('idle'), gone), kept);
    const seen = async (device: TestDevice, daysAgo: number) =>
      world.db.transact((tx) =>
        tx.sql('update device_credential set last_seen_day = $2 where device_id = $1', [
          device.deviceId,
          dayOf(world.clock.now()) - daysAgo,
        ]),
      );
    await world.db.transact((tx) =>
      tx.sql('update device_credential set last_seen_day = $1', [dayOf(world.clock.now())]),
    );
    await seen(gone, 46);
    await seen(kept, 45);
    expect(await world.idle.sweep()).toBe(1);
    const removed = { deviceId: gone.deviceId, day: dayOf(world.clock.now()), reason: 'idle' };
    expect((await chainOf(person)).tombstones).toEqual([removed]);
    expect(await world.idle.sweep()).toBe(0);
    await world.tenants.setPolicy(world.tenantId, { idleDays: 44 });
    expect(await world.idle.sweep()).toBe(1);
  });

  it('stay when they take a token before their turn has come', async () => {
    const { caller } = await world.person('back again');
    const before = dayOf(world.clock.now()) - 46;
    const seen = async () =>
      world.db.transact((tx) =>
        tx.sql('update device_credential set last_seen_day = $2 where device_id = $1', [caller.deviceId, before]),
      );
    await seen();
    expect(await world.credentials.advance(caller.deviceId, 1)).toBe(true);
    expect(await world.revocations.byIdleness(caller, before)).toMatchObject({ code: 'conflict' });
    expect(await world.credentials.find(caller.deviceId)).toBeDefined();
    await seen();
    expect(await world.revocations.byIdleness(caller, before)).toMatchObject({ kind: 'revoked' });
  });

  it('are seen whenever they take a token', async () => {
    const { phone } = await world.person('seen');
    const [row] = await world.db.query<{ today: number }>(
      'select floor(extract(epoch from now()) / 86400)::int4 as today',
    );
    const day = async () =>
      (await world.db.query('select last_seen_day from device_credential where device_id = $1', [phone.deviceId]))[0];
    expect(await day()).toEqual({ last_seen_day: row?.today });
    await world.db.transact((tx) =>
      tx.sql('update device_credential set last_seen_day = 1 where device_id = $1', [phone.deviceId]),
    );
    expect(await world.credentials.advance(phone.deviceId, 1)).toBe(true);
    expect(await day()).toEqual({ last_seen_day: row?.today });
  });
});
