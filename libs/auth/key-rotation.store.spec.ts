import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Audit } from '../audit/audit.js';
import { systemIds } from '../platform/ids.js';
import { MasterKey } from '../platform/secrets.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import { foreignSigningKeys, pruneSigningKeys, rewrapSigningKeys, rotateSigningKey } from './key-rotation.js';
import { SigningKeys } from './signing-keys.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const clock = new FakeClock();
const bytes = { old: systemIds.bytes(32), young: systemIds.bytes(32) };
const [old, young] = [new MasterKey(bytes.old), new MasterKey(bytes.young)];
const [reason, oldEndNow] = [undefined, false];
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.commit('delete from signing_key');
});

const parts = (masterKey = old) => ({ masterKey, clock, ids: systemIds });
const node = (masterKey = old) => new SigningKeys(database.db, parts(masterKey));
const rotate = async (masterKey = old) => rotateSigningKey(database.db, parts(masterKey), { oldEndNow, reason });
const rewrap = async (from = old, to = young) => {
  const done = [];
  for await (const each of rewrapSigningKeys(database.db, { from, to, reason })) done.push(each.done);
  return done;
};
const wrappers = async () =>
  (await database.db.query<{ by: string }>('select wrapped_by as by from signing_key order by created_at, kid')).map(
    ({ by }) => by,
  );

describe('a restored database', () => {
  it('is asked for its keys at once: what signed before is not in it, and signs no more', async () => {
    const running = node();
    const before = await running.current();
    await database.db.commit('delete from signing_key');
    const restored = await node().current();
    expect((await running.current()).kid).toBe(before.kid);
    running.beginAnew();
    expect((await running.current()).kid).toBe(restored.kid);
    expect(await running.publicKey(before.kid)).toBeUndefined();
  });
});

describe('a rotation', () => {
  it('is known to every process before the new key signs, and lets what the old one signed live out', async () => {
    const nodes = [node(), node()];
    const before = await Promise.all(nodes.map((each) => each.current()));
    const { kid, signsFrom, oldEndAt } = await rotate();
    expect(signsFrom - clock.now()).toBe(10 * SECOND);
    expect((await nodes[0]!.current()).kid).toBe(before[0]!.kid);
    clock.advance(10 * SECOND);
    for (const each of nodes) {
      expect((await each.current()).kid).toBe(kid);
      expect(await each.publicKey(kid)).toBeDefined();
      expect(await each.publicKey(before[0]!.kid)).toBeDefined();
    }
    // A token that the old key signed in the last moment lives ten minutes, by a clock that may differ.
    clock.advance(10 * MINUTE);
    expect(await nodes[1]!.publicKey(before[0]!.kid)).toBeDefined();
    expect(await pruneSigningKeys(database.db, clock.now())).toBe(0);
    clock.advance(oldEndAt - clock.now());
    for (const each of [...nodes, node()]) expect(await each.publicKey(before[0]!.kid)).toBeUndefined();
    clock.advance(1);
    expect(await pruneSigningKeys(database.db, clock.now())).toBe(1);
    expect((await node().current()).kid).toBe(kid);
  });

  it('ends the old key at once when somebody else has it, also where it is in memory', async () => {
    const far = node();
    const { kid: leaked } = await far.current();
    const { kid } = await rotateSigningKey(database.db, parts(), { oldEndNow: true, reason: 'leaked' });
    clock.advance(5 * SECOND);
    expect((await far.current()).kid).toBe(kid);
    expect(await far.publicKey(leaked)).toBeUndefined();
    const [row] = await new Audit(database.db).list({ tenantId: undefined, before: undefined, limit: 1 });
    expect(row).toMatchObject({
      action: 'signing-key.rotate',
      targetId: kid,
      reason: 'leaked',
      tokenId: '00000000-0000-0000-0000-000000000000',
    });
  });

  it('learns of the end while it only verifies, within two looks of five seconds', async () => {
    const verifier = node();
    const { kid: leaked } = await node().current();
    expect(await verifier.publicKey(leaked)).toBeDefined();
    await rotateSigningKey(database.db, parts(), { oldEndNow: true, reason });
    clock.advance(5 * SECOND);
    await verifier.publicKey(leaked);
    for (let tries = 0; tries < 200 && (await verifier.publicKey(leaked)) !== undefined; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await verifier.publicKey(leaked)).toBeUndefined();
  });

  it('is seen before the first token that comes after a quiet time', async () => {
    const quiet = node();
    const { kid: leaked } = await node().current();
    expect(await quiet.publicKey(leaked)).toBeDefined();
    await rotateSigningKey(database.db, parts(), { oldEndNow: true, reason });
    clock.advance(15 * SECOND);
    const both = await Promise.all([quiet.publicKey(leaked), quiet.publicKey(leaked)]);
    expect(both).toEqual([undefined, undefined]);
  });

  it('at once by several leaves one key that signs and no fault', async () => {
    await node().current();
    await Promise.all([rotate(), rotate(), rotate()]);
    clock.advance(10 * SECOND);
    const kids = await Promise.all([node(), node(), node()].map(async (each) => (await each.current()).kid));
    expect(new Set(kids).size).toBe(1);
    expect(await database.db.query('select kid from signing_key where ends_at is null')).toEqual([{ kid: kids[0] }]);
  });

  it('refuses a master key that is not the one of the keys that are there, and changes nothing', async () => {
    const { kid } = await node().current();
    await expect(rotate(young)).rejects.toThrow('another master key');
    expect(await database.db.query('select kid from signing_key')).toEqual([{ kid }]);
    expect(await foreignSigningKeys(database.db, young)).toEqual([kid]);
    expect(await foreignSigningKeys(database.db, old)).toEqual([]);
  });
});

describe('another master key', () => {
  it('takes over all keys; who has the old one goes on, and a new start with it says what is wrong', async () => {
    const running = node();
    const { kid } = await running.current();
    await rotate();
    expect(await rewrap()).toEqual(['now', 'now']);
    expect(await wrappers()).toEqual([young.fingerprint, young.fingerprint]);
    clock.advance(5 * SECOND);
    expect((await running.current()).kid).toBe(kid);
    await expect(node(old).current()).rejects.toThrow('another master key');
    expect((await node(young).current()).kid).toBe(kid);
    expect((await node(new MasterKey(bytes.young, old)).current()).kid).toBe(kid);
    const rows = await new Audit(database.db).list({ tenantId: undefined, before: undefined, limit: 2 });
    expect(rows.map(({ action }) => action)).toEqual(['signing-key.rewrap', 'signing-key.rewrap']);
  });

  it('is taken up where a run was ended between two keys, and by two runs at once', async () => {
    await node().current();
    for (let more = 0; more < 3; more += 1) {
      clock.advance(1);
      await rotate();
    }
    for await (const _ of rewrapSigningKeys(database.db, { from: old, to: young, reason })) break;
    const half = await wrappers();
    expect(half.filter((by) => by === young.fingerprint)).toHaveLength(1);
    const both = new MasterKey(bytes.young, old);
    expect((await node(both).current()).kid).toBeDefined();
    const [first, second] = await Promise.all([rewrap(), rewrap()]);
    expect([...first, ...second].filter((done) => done === 'now')).toHaveLength(3);
    expect(new Set(await wrappers())).toEqual(new Set([young.fingerprint]));
    expect(await rewrap()).toEqual(['before', 'before', 'before', 'before']);
  });

  it('does not let an ended key sign again where its successor cannot be used yet', async () => {
    const running = node();
    const { kid: leaked } = await running.current();
    clock.advance(1);
    const { kid } = await rotateSigningKey(database.db, parts(), { oldEndNow: true, reason });
    // The newest goes first; the run ends before the one that somebody else has.
    for await (const _ of rewrapSigningKeys(database.db, { from: old, to: young, reason })) break;
    expect(await foreignSigningKeys(database.db, young)).toEqual([leaked]);
    clock.advance(5 * SECOND);
    for (const each of [running, node(old)]) await expect(each.current()).rejects.toThrow('another master key');
    expect((await node(young).current()).kid).toBe(kid);
  });

  it('is not made from a wrong old one: the first key refuses it', async () => {
    await node().current();
    await expect(rewrap(new MasterKey(systemIds.bytes(32)))).rejects.toThrow('another master key');
    expect(await wrappers()).toEqual([old.fingerprint]);
  });
});
