import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import type { Enrolment } from '../protocol/chain-wire.js';
import type { DeviceList } from '../protocol/device-list.js';
import type { AccountId } from '../protocol/ids.js';
import type { DeviceRegistration } from '../protocol/prekeys.js';
import {
  firstList,
  listEntry,
  registrationOf,
  signList,
  testAccount,
  testDevice,
  testId,
  type TestAccount,
  type TestDevice,
} from '../signal/testing.js';
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

const TABLES = [
  'account',
  'device_list',
  'known_device',
  'device_keys',
  'used_registration',
  'one_time_prekey',
  'kyber_prekey',
];
const MORE = ['device_credential', 'mailbox', 'outbox', 'tombstone'];

/** How many rows every table has that enrolment writes. */
async function rows(): Promise<string> {
  const counts = [...TABLES, ...MORE].map((table) => `(select count(*)::int4 from ${table}) as ${table}`);
  const [row] = await world.db.query<Record<string, number>>(
    `select ${counts.join(', ')}, (select sum(used)::int4 from invitation) as used`,
  );
  return JSON.stringify(row);
}

interface Newcomer {
  readonly account: TestAccount;
  readonly phone: TestDevice;
}

function newcomer(name: string): Newcomer {
  return { account: testAccount(name, world.tenantId), phone: testDevice(`${name}'s phone`) };
}

function enrolmentOf(
  { account, phone }: Newcomer,
  code: string,
  list: DeviceList = firstList(account, phone),
): Enrolment {
  return { code, list: signList(list, account), registration: registrationOf(phone) };
}

async function refusalOf(enrolment: Enrolment): Promise<string> {
  const before = await rows();
  const outcome = await world.enrolments.enrol(enrolment);
  expect(await rows()).toBe(before);
  return outcome.kind === 'problem' ? outcome.code : outcome.kind;
}

describe('enrolment', () => {
  it('makes account, list, keys, credential and mailbox', async () => {
    const alice = newcomer('alice');
    const sent = enrolmentOf(alice, await world.invite());
    const outcome = await world.enrolments.enrol(sent);
    const { tenantId, accountId } = alice.account;
    const { deviceId } = alice.phone;
    expect(outcome).toEqual({ kind: 'enrolled', tenantId, accountId, deviceId, listVersion: 1 });
    const account = (await world.accounts.find(world.db, tenantId, [accountId])).get(accountId);
    const chain = account && (await world.chains.read(world.db, account, { version: 1 }));
    expect(chain).toMatchObject({ accountId, listVersion: 1, tombstones: [] });
    expect(chain?.lists).toEqual([
      { bytes: Buffer.from(sent.list.bytes), signature: Buffer.from(sent.list.signature), signer: 'account-key' },
    ]);
    expect((await world.credentials.find(deviceId))?.caller).toEqual(callerOf(alice.account, alice.phone));
    expect((await world.guards.read(world.db, [account?.no ?? 0])).get(account?.no ?? 0)).toMatchObject({
      listVersion: 1,
      devices: [{ deviceId, registrationId: 1 }],
    });
    expect(await world.prekeys.stock(world.db, deviceId)).toMatchObject({ oneTime: 2, kyber: 2 });
  });

  it('enrols an account that an admin made', async () => {
    const bob = newcomer('bob');
    await world.db.transact((tx) => world.accounts.create(tx, world.tenantId, bob.account.accountId));
    const code = await world.invite({ accountId: bob.account.accountId });
    expect(await refusalOf(enrolmentOf(newcomer('not bob'), code))).toBe('invalid_list');
    expect(await world.enrolments.enrol(enrolmentOf(bob, code))).toMatchObject({
      kind: 'enrolled',
      accountId: bob.account.accountId,
    });
  });

  it('enrols a person once, whoever is faster', async () => {
    const accountId = testId<AccountId>('account raced');
    await world.db.transact((tx) => world.accounts.create(tx, world.tenantId, accountId));
    const codes = [await world.invite({ accountId }), await world.invite({ accountId })];
    const account = testAccount('raced', world.tenantId);
    const outcomes = await Promise.all(
      codes.map(async (code, index) =>
        world.enrolments.enrol(enrolmentOf({ account, phone: testDevice(`raced ${String(index)}`) }, code)),
      ),
    );
    expect(outcomes.map((outcome) => (outcome.kind === 'problem' ? outcome.code : outcome.kind)).toSorted()).toEqual([
      'already_enrolled',
      'enrolled',
    ]);
  });

  it('leaves an account id that is taken alone', async () => {
    const carol = newcomer('carol');
    await world.enrolments.enrol(enrolmentOf(carol, await world.invite()));
    const phone = testDevice("mallory's phone");
    expect(await refusalOf(enrolmentOf({ account: carol.account, phone }, await world.invite()))).toBe('conflict');
  });
});

describe('enrolment leaves nothing behind', () => {
  const other = testDevice('another');

  it.each<[string, string, (of: Newcomer, good: Enrolment) => Partial<Enrolment>]>([
    ['without invitation', 'invitation_invalid', () => ({ code: 'inv_none' })],
    [
      'with a list that is none',
      'invalid_list',
      (_, good) => ({ list: { ...good.list, bytes: good.list.bytes.subarray(1) } }),
    ],
    [
      'with a bad list signature',
      'invalid_list',
      (_, good) => ({ list: { ...good.list, signature: new Uint8Array(64) } }),
    ],
    [
      'with a list signed by the device',
      'invalid_list',
      ({ account, phone }) => ({ list: signList(firstList(account, phone), phone) }),
    ],
    [
      'with list 2',
      'invalid_list',
      ({ account, phone }) => ({ list: signList({ ...firstList(account, phone), version: 2 }, account) }),
    ],
    [
      'with a device that may not link',
      'invalid_list',
      ({ account, phone }) => ({
        list: signList(firstList(account, phone, { entries: [listEntry(account, phone)] }), account),
      }),
    ],
    [
      'with a second device',
      'invalid_list',
      ({ account, phone }) => ({
        list: signList(
          firstList(account, phone, { entries: [...firstList(account, phone).entries, listEntry(account, other)] }),
          account,
        ),
      }),
    ],
    [
      'with a list of another device',
      'invalid_list',
      ({ account }) => ({ list: signList(firstList(account, other), account) }),
    ],
    [
      'with a statement of another account',
      'invalid_list',
      ({ account, phone }) => ({
        list: signList(firstList(account, phone, { entries: firstList(testAccount('x'), phone).entries }), account),
      }),
    ],
    [
      'with a list of another tenant',
      'invalid_list',
      ({ phone }) => ({
        list: signList(firstList(testAccount('y', testId('nowhere')), phone), testAccount('y', testId('nowhere'))),
      }),
    ],
    [
      'with another auth key',
      'invalid_list',
      (_, good) => ({ registration: { ...good.registration, authKey: other.authKey } }),
    ],
    [
      'with a bad registration signature',
      'invalid_keys',
      (_, good) => ({ registration: { ...good.registration, registrationSignature: new Uint8Array(64) } }),
    ],
    [
      'with a bad one-time key',
      'invalid_keys',
      (_, good) => ({ registration: withOneTime(good.registration, new Uint8Array(33)) }),
    ],
  ])('%s', async (name, code, change) => {
    const of = newcomer(`broken ${name}`);
    const good = enrolmentOf(of, await world.invite());
    expect(await refusalOf({ ...good, ...change(of, good) })).toBe(code);
    expect(await world.enrolments.enrol(good)).toMatchObject({ kind: 'enrolled' });
  });

  it('with an identity key that another account has', async () => {
    const dave = newcomer('dave');
    await world.enrolments.enrol(enrolmentOf(dave, await world.invite()));
    const twin = {
      account: testAccount('twin', world.tenantId),
      phone: { ...testDevice('twin'), identity: dave.phone.identity },
    };
    expect(await refusalOf(enrolmentOf(twin, await world.invite()))).toBe('identity_known');
  });

  it('with an identity key that two bring at once', async () => {
    const phone = testDevice('contested');
    const claims = await Promise.all(
      ['one', 'two', 'three'].map(async (name) =>
        enrolmentOf(
          {
            account: testAccount(`claim ${name}`, world.tenantId),
            phone: { ...testDevice(name), identity: phone.identity },
          },
          await world.invite(),
        ),
      ),
    );
    const outcomes = await Promise.all(claims.map(async (claim) => world.enrolments.enrol(claim)));
    const kinds = outcomes.map((outcome) => (outcome.kind === 'problem' ? outcome.code : outcome.kind));
    expect(kinds.toSorted()).toEqual(['enrolled', 'identity_known', 'identity_known']);
    const accounts = await world.accounts.find(
      world.db,
      world.tenantId,
      claims.map((_, index) => testId<AccountId>(`account claim ${['one', 'two', 'three'][index] ?? ''}`)),
    );
    expect(accounts.size).toBe(1);
  });
});

function withOneTime(registration: DeviceRegistration, publicKey: Uint8Array): DeviceRegistration {
  return { ...registration, prekeys: { ...registration.prekeys, oneTime: [{ id: 1, publicKey }] } };
}
