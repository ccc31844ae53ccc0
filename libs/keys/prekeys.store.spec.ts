import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../platform/postgres.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import type { AccountId, Caller, DeviceId, TenantId } from '../protocol/ids.js';
import type { DeviceRegistration, PrekeyBundle, PrekeyUpload } from '../protocol/prekeys.js';
import { ecPrekey, kyberPrekey, registrationOf, signedPrekey, testDevice, type TestDevice } from '../signal/testing.js';
import { checkRegistration, type CheckedRegistration } from './key-rules.js';
import { Prekeys } from './prekeys.js';

let database: TestDatabase;
let db: Db;
let prekeys: Prekeys;

beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
  prekeys = new Prekeys(db);
});
afterAll(async () => {
  await database.drop();
});

function checked(registration: DeviceRegistration): CheckedRegistration {
  const verdict = checkRegistration(registration);
  if (verdict.kind === 'problem') throw new Error(verdict.detail);
  return verdict.registration;
}

/** A device with this many one-time keys of each kind, ids from 1. */
async function registered(name: string, keys: number): Promise<TestDevice> {
  const device = testDevice(name);
  const fault = await db.transact((tx) => prekeys.register(tx, checked(registrationOf(device, { keys }))));
  expect(fault).toBeUndefined();
  return device;
}

const callerOf = (device: TestDevice): Caller => ({
  tenantId: 'any' as TenantId,
  accountId: 'any' as AccountId,
  deviceId: device.deviceId,
});
const refill = (more: Partial<PrekeyUpload>): PrekeyUpload => ({
  signedPrekey: undefined,
  lastResort: undefined,
  oneTime: [],
  kyber: [],
  ...more,
});
const take = async (...deviceIds: DeviceId[]): Promise<readonly PrekeyBundle[]> =>
  db.transact((tx) => prekeys.take(tx, deviceIds));

async function takeOne(device: TestDevice): Promise<PrekeyBundle> {
  const [bundle] = await take(device.deviceId);
  if (bundle === undefined) throw new Error('no bundle');
  return bundle;
}

async function notices(device: TestDevice): Promise<number> {
  const rows = await db.query(`select no from outbox where kind = 'prekeys-low' and payload->>'deviceId' = $1`, [
    device.deviceId,
  ]);
  return rows.length;
}

describe('taking', () => {
  it('hands out 100 distinct keys to 200 at once, then none and the last-resort key', async () => {
    const device = await registered('popular', 100);
    const crowd = Db.connect({ url: database.url, max: 60, application: 'sotto-test' });
    const rush = async () => (await crowd.transact((tx) => prekeys.take(tx, [device.deviceId])))[0];
    const bundles = (await Promise.all(Array.from({ length: 200 }, rush))).filter((bundle) => bundle !== undefined);
    await crowd.close();
    const after = await takeOne(device);
    const oneTime = bundles.flatMap((bundle) => bundle.oneTime?.id ?? []);
    const keyOf = (bundle: PrekeyBundle) => Buffer.from(bundle.kyber.publicKey).toString('base64');
    const kyber = bundles.map(keyOf).filter((key) => key !== keyOf(after));
    expect(after.oneTime).toBeUndefined();
    expect([bundles.length, oneTime.length, new Set(oneTime).size]).toEqual([200, 100, 100]);
    expect([kyber.length, new Set(kyber).size]).toEqual([100, 100]);
    expect(await prekeys.stock(db, device.deviceId)).toEqual({ oneTime: 0, kyber: 0, low: true });
  });

  it('brings a whole bundle of each device, byte for byte, and nothing for one that is unknown', async () => {
    const [a, b] = [await registered('bundle a', 1), await registered('bundle b', 0)];
    const bundles = new Map(
      (await take(a.deviceId, b.deviceId, testDevice('unknown').deviceId)).map((bundle) => [bundle.deviceId, bundle]),
    );
    expect([...bundles.keys()].toSorted()).toEqual([a.deviceId, b.deviceId].toSorted());
    expect(Buffer.from(bundles.get(a.deviceId)?.identityKey ?? [])).toEqual(Buffer.from(a.identity.publicKey));
    expect([bundles.get(a.deviceId)?.oneTime?.id, bundles.get(b.deviceId)?.oneTime]).toEqual([1, undefined]);
    expect(bundles.get(b.deviceId)?.kyber.id).toBe(1);
  });

  it('gives a key back when the taker does not commit', async () => {
    const device = await registered('aborted', 1);
    await expect(
      db.transact(async (tx) => {
        await prekeys.take(tx, [device.deviceId]);
        throw new Error('the taker dies');
      }),
    ).rejects.toThrow('the taker dies');
    expect((await takeOne(device)).oneTime?.id).toBe(1);
  });
});

describe('low stock', () => {
  it('is told once a crossing, also by takers that run at once', async () => {
    const device = await registered('low', 25);
    const fetch = async () => {
      await takeOne(device);
      await prekeys.noticeLow([device.deviceId]);
    };
    for (let index = 0; index < 5; index += 1) await fetch();
    expect(await notices(device)).toBe(0);
    await Promise.all(Array.from({ length: 10 }, fetch));
    expect(await notices(device)).toBe(1);
    const more = Array.from({ length: 20 }, (_, index) => 26 + index);
    await prekeys.upload(
      callerOf(device),
      refill({ oneTime: more.map(ecPrekey), kyber: more.map((id) => kyberPrekey(device.identity, id)) }),
    );
    await Promise.all(Array.from({ length: 15 }, fetch));
    expect(await notices(device)).toBe(2);
  });
});

describe('upload', () => {
  it('adds one-time keys and replaces the others', async () => {
    const device = await registered('upload', 1);
    const next = { signedPrekey: signedPrekey(device.identity, 2), lastResort: kyberPrekey(device.identity, 2) };
    const stock = await prekeys.upload(callerOf(device), refill({ ...next, oneTime: [ecPrekey(2)] }));
    expect(stock).toEqual({ kind: 'stock', oneTime: 2, kyber: 1, low: true });
    await takeOne(device);
    const bundle = await takeOne(device);
    expect([bundle.signedPrekey.id, bundle.oneTime?.id]).toEqual([2, 2]);
    expect(Buffer.from(bundle.kyber.publicKey)).toEqual(Buffer.from(next.lastResort.publicKey));
  });

  it('stores nothing when one part of it is bad', async () => {
    const device = await registered('half', 1);
    const bad = kyberPrekey(testDevice('stranger').identity, 3);
    const outcome = await prekeys.upload(
      callerOf(device),
      refill({ signedPrekey: signedPrekey(device.identity, 9), oneTime: [ecPrekey(2)], kyber: [bad] }),
    );
    expect(outcome).toMatchObject({ kind: 'problem', code: 'invalid_keys' });
    expect(await prekeys.stock(db, device.deviceId)).toMatchObject({ oneTime: 1, kyber: 1 });
    expect((await takeOne(device)).signedPrekey.id).toBe(1);
  });

  it('may be repeated while its keys are in stock, and not once one was handed out', async () => {
    const device = await registered('repeat', 0);
    const upload = refill({ oneTime: [ecPrekey(5), ecPrekey(6)] });
    await prekeys.upload(callerOf(device), upload);
    expect(await prekeys.upload(callerOf(device), upload)).toMatchObject({ kind: 'stock', oneTime: 2 });
    await takeOne(device);
    expect(await prekeys.upload(callerOf(device), upload)).toMatchObject({ code: 'invalid_keys' });
    expect(await prekeys.upload(callerOf(device), refill({ oneTime: [{ ...ecPrekey(6) }] }))).toMatchObject({
      code: 'invalid_keys',
    });
    expect(await prekeys.stock(db, device.deviceId)).toMatchObject({ oneTime: 1 });
  });

  it('keeps at most 100 of a kind, whoever uploads at once', async () => {
    const device = await registered('full', 90);
    const batch = (first: number) =>
      refill({ oneTime: Array.from({ length: 10 }, (_, index) => ecPrekey(first + index)) });
    const outcomes = await Promise.all([
      prekeys.upload(callerOf(device), batch(91)),
      prekeys.upload(callerOf(device), batch(91)),
    ]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['problem', 'stock']);
    expect(await prekeys.upload(callerOf(device), refill({ oneTime: [ecPrekey(200)] }))).toMatchObject({
      code: 'invalid_keys',
    });
    expect(await prekeys.stock(db, device.deviceId)).toMatchObject({ oneTime: 100 });
  });

  it('is not for a device without keys', async () => {
    expect(await prekeys.upload(callerOf(testDevice('nobody')), refill({}))).toMatchObject({ code: 'not_allowed' });
  });
});

describe('registration', () => {
  it('refuses a device id and an identity key that are known, also after removal', async () => {
    const device = await registered('known', 0);
    const sameKey: TestDevice = { ...testDevice('twin'), identity: device.identity };
    const sameId: TestDevice = { ...testDevice('changeling'), deviceId: device.deviceId };
    await db.transact((tx) => prekeys.remove(tx, [device.deviceId]));
    for (const again of [device, sameKey, sameId]) {
      const fault = await db.transact((tx) => prekeys.register(tx, checked(registrationOf(again))));
      expect(fault?.code).toBe('identity_known');
      expect(await prekeys.isKnown(db, registrationOf(again))).toBe(true);
    }
  });

  it('changes to an id never used before, and drops every old key', async () => {
    const device = await registered('fresh start', 3);
    const change = async (registrationId: number, keys: number) =>
      db.transact((tx) => prekeys.reregister(tx, checked(registrationOf(device, { registrationId, keys }))));
    expect(await change(2, 1)).toBeUndefined();
    expect(await prekeys.stock(db, device.deviceId)).toMatchObject({ oneTime: 1, kyber: 1 });
    expect((await takeOne(device)).registrationId).toBe(2);
    expect((await change(1, 1))?.code).toBe('registration_reused');
    expect((await change(2, 1))?.code).toBe('registration_reused');
    expect(await change(3, 0)).toBeUndefined();
  });

  it('keeps the identity key', async () => {
    const device = await registered('same', 0);
    const other = { ...device, identity: testDevice('not the same').identity };
    const fault = await db.transact((tx) =>
      prekeys.reregister(tx, checked(registrationOf(other, { registrationId: 5 }))),
    );
    expect(fault?.code).toBe('invalid_keys');
  });
});
