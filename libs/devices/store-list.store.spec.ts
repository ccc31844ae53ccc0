import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Tenants } from '../tenancy/tenants.js';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import type { SignedList } from '../protocol/device-chain.js';
import { encodeDeviceList, type DeviceEntry } from '../protocol/device-list.js';
import type { AccountId, DeviceId, TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { listEntry, nextList, registrationOf, signList, testDevice } from '../signal/testing.js';
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

async function store(person: TestPerson, signed: SignedList): Promise<string> {
  const outcome = await world.lists.storeList(person.caller, signed);
  return outcome.kind === 'problem' ? `${outcome.code} ${outcome.detail}` : outcome.kind;
}

async function guardOf(person: TestPerson) {
  const { accountId, tenantId } = person.account;
  const no = (await world.accounts.find(world.db, tenantId, [accountId])).get(accountId)?.no ?? 0;
  return (await world.guards.read(world.db, [no])).get(no);
}

describe('linking', () => {
  it('activates a pending device with credential, keys and mailbox, under one list version', async () => {
    const alice = await world.person('alice');
    const laptop = testDevice("alice's laptop");
    await world.link(alice, laptop);
    const guard = await guardOf(alice);
    expect(guard?.listVersion).toBe(2);
    expect(guard?.devices.map(({ deviceId }) => deviceId).toSorted()).toEqual(
      [alice.phone.deviceId, laptop.deviceId].toSorted(),
    );
    expect((await world.credentials.find(laptop.deviceId))?.caller).toEqual(callerOf(alice.account, laptop));
    expect(await world.prekeys.stock(world.db, laptop.deviceId)).toMatchObject({ oneTime: 2, kyber: 2 });
    const versions = await world.db.query(
      'select distinct list_version from mailbox m where device = any($1::uuid[])',
      [[alice.phone.deviceId, laptop.deviceId]],
    );
    expect(versions).toEqual([{ list_version: 2 }]);
    const told = await world.db.query(
      `select payload from outbox where kind = 'devices-changed' and (payload->>'accountNo')::int8 = $1 order by no desc limit 1`,
      [guard?.accountNo],
    );
    expect(told).toEqual([{ payload: { accountNo: guard?.accountNo, listVersion: 2 } }]);
  });

  it('takes the same list again as stored, and gives what is newer to who is behind', async () => {
    const person = await world.person('again');
    const linked = await world.link(person, testDevice('again laptop'));
    expect(await store(person, signList(linked.list, person.phone))).toBe('stored');
    const later = nextList(linked.list, linked.list.entries);
    expect(await store(person, signList(later, person.phone))).toBe('stored');
    const behind = signList(nextList(person.list, person.list.entries), person.phone);
    const outcome = await world.lists.storeList(person.caller, behind);
    expect(outcome).toMatchObject({ kind: 'conflict', winner: { listVersion: 3 } });
    const winner = outcome.kind === 'conflict' ? outcome.winner.lists : [];
    const both = [linked.list, later].map((list) => Buffer.from(encodeDeviceList(list)));
    expect(winner.map(({ bytes }) => Buffer.from(bytes))).toEqual(both);
  });

  it('bounds how many lists an account stores in a day, and how many one answer holds', async () => {
    let person = await world.person('restless');
    for (let count = 1; count < LIMITS.listsPerDay; count += 1) {
      const list = nextList(person.list, person.list.entries);
      expect(await store(person, signList(list, person.phone))).toBe('stored');
      person = { ...person, list };
    }
    const next = signList(nextList(person.list, person.list.entries), person.phone);
    const refusal = await world.lists.storeList(person.caller, next);
    expect(refusal).toMatchObject({ code: 'limited', retryAfterMs: expect.any(Number) });
    expect((refusal as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(23 * 60 * 60 * 1000);
    const { accountId, tenantId } = person.account;
    const account = (await world.accounts.find(world.db, tenantId, [accountId])).get(accountId)!;
    expect(await store(person, signList(person.list, person.phone))).toBe('stored');
    const day = 24 * 60 * 60 * 1000;
    const aged = 'update device_list set stored_at = stored_at - $2 where account_no = $1 and version = 1';
    await world.db.commit(aged, [account.no, day]);
    expect(await store(person, next)).toBe('stored');

    const start = { epoch: 1, version: 1 };
    const first = await world.chains.read(world.db, account, start);
    const last = await world.chains.read(world.db, account, { epoch: 1, version: LIMITS.listsInAnswer + 1 });
    expect([first.lists.length, first.more, first.listVersion]).toEqual([64, true, 101]);
    expect([last.lists.length, last.more, last.listVersion]).toEqual([37, undefined, 101]);
  });

  it('lets one of two concurrent lists win', async () => {
    const person = await world.person('raced');
    const [laptop, tablet] = [testDevice('raced laptop'), testDevice('raced tablet')];
    await Promise.all([world.hold(person, laptop), world.hold(person, tablet)]);
    const outcomes = await Promise.all(
      [laptop, tablet].map(async (device) => store(person, signList(withDevice(person, device), person.phone))),
    );
    expect(outcomes.toSorted()).toEqual(['conflict', 'stored']);
    expect((await guardOf(person))?.devices).toHaveLength(2);
  });

  it('refuses a device that is not pending, was pending elsewhere, or no longer is', async () => {
    const person = await world.person('careful');
    const mallory = await world.person('mallory');
    const device = testDevice('careful laptop');
    const signed = signList(withDevice(person, device), person.phone);
    expect(await store(person, signed)).toMatch(/^invalid_list .*not being linked/);
    await world.hold(mallory, device);
    expect(await store(person, signed)).toMatch(/^invalid_list .*not being linked/);
    await world.hold(person, device);
    world.clock.advance(LIMITS.linkSessionLife);
    expect(await store(person, signed)).toMatch(/^invalid_list .*not being linked/);
    await world.hold(person, device);
    expect(await store(person, signed)).toBe('stored');
  });

  it('refuses an entry whose keys are not those that were registered', async () => {
    const person = await world.person('swapped');
    const device = testDevice('swapped laptop');
    await world.hold(person, device);
    const swapped = { ...device, authKey: testDevice('other').authKey };
    expect(await store(person, signList(withDevice(person, swapped), person.phone))).toMatch(
      /^invalid_list .*other keys/,
    );
    expect(await world.credentials.find(device.deviceId)).toBeUndefined();
    expect(await store(person, signList(withDevice(person, device), person.phone))).toBe('stored');
  });

  it('refuses an identity key that became known while it was pending', async () => {
    const [one, two] = [await world.person('pending one'), await world.person('pending two')];
    const device = testDevice('pending both');
    await world.hold(one, device);
    await world.hold(two, { ...testDevice('pending twin'), identity: device.identity });
    expect(await store(one, signList(withDevice(one, device), one.phone))).toBe('stored');
    const twin = { ...testDevice('pending twin'), identity: device.identity };
    const refusal = await world.pending.hold({
      session: Buffer.alloc(16, 9),
      caller: two.caller,
      registration: registrationOf(twin),
    });
    expect(refusal).toMatchObject({ code: 'identity_known' });
  });

  it('counts active devices against the policy', async () => {
    let person = await world.person('many');
    for (let index = 2; index <= 6; index += 1) person = await world.link(person, testDevice(`many ${String(index)}`));
    const seventh = testDevice('many 7');
    await world.hold(person, seventh);
    expect(await store(person, signList(withDevice(person, seventh), person.phone))).toMatch(/^device_limit/);
    expect(await store(person, signList(nextList(person.list, person.list.entries), person.phone))).toBe('stored');
    const gone = testDevice('many 2').deviceId;
    await world.revocations.byOwner(person.caller, gone);
    const list = nextList(person.list, person.list.entries);
    const rest = { ...person, list: { ...list, entries: list.entries.filter((entry) => entry.deviceId !== gone) } };
    const next = nextList(list, [
      ...rest.list.entries,
      listEntry(person.account, seventh, { addedBy: person.phone.deviceId }),
    ]);
    await world.hold(person, seventh);
    expect(await store(person, signList(next, person.phone))).toBe('stored');
  });
});

describe('a list', () => {
  let person: TestPerson;
  const laptop = testDevice('rules laptop');
  beforeAll(async () => {
    person = await world.link(await world.person('rules'), laptop);
  });
  const next = (entries: readonly DeviceEntry[]) => nextList(person.list, entries);
  const without = (deviceId: string) => person.list.entries.filter((entry) => entry.deviceId !== deviceId);

  it('may not leave out an active device', async () => {
    expect(await store(person, signList(next(without(laptop.deviceId)), person.phone))).toMatch(
      /^invalid_list .*active and left out/,
    );
  });

  it('is not signed by a device that may not link, nor by a stranger', async () => {
    expect(await store(person, signList(next(person.list.entries), laptop))).toBe('invalid_list wrong_signer');
    expect(
      await store(person, {
        ...signList(next(person.list.entries), testDevice('stranger')),
        signer: person.phone.deviceId,
      }),
    ).toBe('invalid_list bad_signature');
  });

  it('of another account is refused, whoever brings it', async () => {
    const eve = await world.person('eve');
    expect(await store(eve, signList(next(person.list.entries), person.phone))).toBe('invalid_list wrong_account');
  });

  it('is brought by any active device, and by no revoked one', async () => {
    const two = next(person.list.entries.map((entry) => ({ ...entry, mayLink: true })));
    const byLaptop = { ...person, caller: callerOf(person.account, laptop) };
    expect(await store(byLaptop, signList(two, person.phone))).toBe('stored');
    await world.revocations.byOwner(person.caller, laptop.deviceId);
    const three = nextList(
      two,
      two.entries.filter((entry) => entry.deviceId !== laptop.deviceId),
    );
    expect(await store(byLaptop, signList(three, person.phone))).toMatch(/^not_allowed/);
    expect(await store(person, signList(nextList(two, two.entries), person.phone))).toBe(
      'invalid_list device_revoked_returned',
    );
    expect(await store(person, signList(three, laptop))).toBe('invalid_list wrong_signer');
    expect(await store(person, signList(three, person.phone))).toBe('stored');
    expect(await store(person, signList(nextList(three, two.entries), person.phone))).toBe(
      'invalid_list device_revoked_returned',
    );
  });
});

describe('pending devices', () => {
  it('are one a session, and go after two minutes', async () => {
    const person = await world.person('holder');
    const session = Buffer.alloc(16, 3);
    const registration = registrationOf(testDevice('held'));
    const hold = async () => world.pending.hold({ session, caller: person.caller, registration });
    expect(await hold()).toEqual({ kind: 'held', approvalUntil: undefined });
    expect(await hold()).toMatchObject({ code: 'conflict' });
    world.clock.advance(LIMITS.linkSessionLife - 1);
    await world.pending.expire(world.clock.now());
    expect(await hold()).toMatchObject({ code: 'conflict' });
    world.clock.advance(1);
    expect(await world.pending.expire(world.clock.now())).toBeGreaterThan(0);
    expect(await world.db.query('select session from pending_device')).toEqual([]);
    expect(await hold()).toMatchObject({ kind: 'held' });
  });

  it('are refused with bad keys', async () => {
    const person = await world.person('strict');
    const registration = { ...registrationOf(testDevice('bad')), registrationSignature: new Uint8Array(64) };
    const refusal = await world.pending.hold({ session: Buffer.alloc(16, 4), caller: person.caller, registration });
    expect(refusal).toMatchObject({ code: 'invalid_keys' });
  });
});

describe('the policy `linking`', () => {
  let person: TestPerson;
  let count = 0;
  const policy = async (linking: 'off' | 'user' | 'user+admin') => world.tenants.setPolicy(world.tenantId, { linking });
  beforeEach(async () => {
    person = await world.person(`policy ${String((count += 1))}`);
  });
  afterEach(async () => policy('user'));
  const upload = (name: string) => ({
    session: systemIds.bytes(16),
    caller: person.caller,
    registration: registrationOf(testDevice(name)),
  });
  const decide = async (deviceId: DeviceId, decision: 'approved' | 'denied', tenantId = world.tenantId) =>
    world.db.transact((tx) => world.pending.decide(tx, { tenantId, deviceId }, decision));

  it('off: holds no device, and adds none that was held before, whoever signs; the account goes on', async () => {
    const device = testDevice(`off ${String(count)}`);
    await world.hold(person, device);
    await policy('off');
    expect(await world.pending.hold(upload('off too'))).toMatchObject({ code: 'linking_off' });
    const list = withDevice(person, device);
    expect(await store(person, signList(list, person.phone))).toMatch(/^linking_off/);
    const byKey = nextList(person.list, [...person.list.entries, listEntry(person.account, device)]);
    expect(await store(person, signList(byKey, person.account))).toMatch(/^linking_off/);
    // Enrolment, recovery and reset add no device to a list that stands.
    expect(await store(person, signList(nextList(person.list, person.list.entries), person.phone))).toBe('stored');
    await expect(world.person(`off first ${String(count)}`)).resolves.toBeDefined();
    await policy('user');
    const again = { ...person, list: nextList(person.list, person.list.entries) };
    expect(await store(person, signList(withDevice(again, device), person.phone))).toBe('stored');
  });

  it('user+admin: adds a device only after an admin has approved it', async () => {
    await policy('user+admin');
    const device = testDevice(`approved ${String(count)}`);
    const held = await world.pending.hold({ ...upload('x'), registration: registrationOf(device) });
    expect(held).toEqual({ kind: 'held', approvalUntil: world.clock.now() + LIMITS.approvalLife });
    const signed = signList(withDevice(person, device), person.phone);
    expect(await store(person, signed)).toMatch(/^approval_pending/);
    expect(await world.pending.state(device.deviceId)).toMatchObject({ state: 'waiting' });
    const [listed] = await world.pending.list(world.tenantId, { after: undefined, limit: 10 });
    expect(listed).toMatchObject({ deviceId: device.deviceId, heldBy: person.phone.deviceId, approval: 'waiting' });
    expect(await decide(device.deviceId, 'approved', systemIds.uuid<TenantId>())).toMatchObject({ code: 'not_found' });
    expect(await store(person, signed)).toMatch(/^approval_pending/);
    world.clock.advance(23 * 60 * 60 * 1000);
    await world.pending.expire(world.clock.now());
    expect(await decide(device.deviceId, 'approved')).toMatchObject({ kind: 'decided' });
    expect(await decide(device.deviceId, 'approved')).toMatchObject({ kind: 'decided' });
    expect(await decide(device.deviceId, 'denied')).toMatchObject({ code: 'conflict' });
    expect(await store(person, signed)).toBe('stored');
    expect(await world.pending.state(device.deviceId)).toBeUndefined();
  });

  it("user+admin: an admin's word is for the own tenant's attempt, and for the keys whose fingerprint was compared", async () => {
    await policy('user+admin');
    const device = testDevice(`two places ${String(count)}`);
    await world.hold(person, device);
    const elsewhere = (await world.tenants.create('elsewhere')).id;
    await world.tenants.setPolicy(elsewhere, { linking: 'user+admin' });
    const accomplice = systemIds.uuid<AccountId>();
    await world.db.transact((tx) => world.accounts.create(tx, elsewhere, accomplice));
    const upload = { session: systemIds.bytes(16), registration: registrationOf(device) };
    const caller = { tenantId: elsewhere, accountId: accomplice, deviceId: systemIds.uuid<DeviceId>() };
    expect(await world.pending.hold({ ...upload, caller })).toMatchObject({ kind: 'held' });
    expect(await decide(device.deviceId, 'approved', elsewhere)).toMatchObject({ kind: 'decided' });
    const signed = signList(withDevice(person, device), person.phone);
    expect(await store(person, signed)).toMatch(/^approval_pending/);
    const swapped = { ...testDevice(`another ${String(count)}`), deviceId: device.deviceId };
    const again = { session: systemIds.bytes(16), caller: person.caller, registration: registrationOf(swapped) };
    expect(await world.pending.hold(again)).toMatchObject({ code: 'identity_known' });
    expect(await decide(device.deviceId, 'approved')).toMatchObject({ kind: 'decided' });
    expect(await store(person, signed)).toBe('stored');
  });

  it('user+admin: a denied device is told so for an hour and never added; a forgotten one goes after a day', async () => {
    await policy('user+admin');
    const [device, forgotten] = [testDevice(`denied ${String(count)}`), testDevice(`forgotten ${String(count)}`)];
    await world.hold(person, device);
    await world.hold(person, forgotten);
    await decide(device.deviceId, 'denied');
    const signed = signList(withDevice(person, device), person.phone);
    expect(await store(person, signed)).toMatch(/^approval_denied/);
    await policy('user');
    expect(await store(person, signed)).toMatch(/^approval_denied/);
    expect(await world.pending.state(device.deviceId)).toMatchObject({ state: 'denied' });
    world.clock.advance(60 * 60 * 1000);
    expect(await world.pending.state(device.deviceId)).toBeUndefined();
    expect(await world.pending.state(forgotten.deviceId)).toMatchObject({ state: 'waiting' });
    world.clock.advance(LIMITS.approvalLife);
    expect(await store(person, signList(withDevice(person, forgotten), person.phone))).toMatch(/^invalid_list/);
  });

  it('needs no word where nobody is asked', async () => {
    const device = testDevice(`open ${String(count)}`);
    await world.hold(person, device);
    expect(await decide(device.deviceId, 'approved')).toMatchObject({ code: 'conflict' });
    expect(await world.pending.state(device.deviceId)).toMatchObject({ state: 'open' });
  });

  it('holds only so many devices of an account at once, however quickly they come', async () => {
    await policy('user+admin');
    const outcomes = await Promise.all(
      Array.from({ length: LIMITS.pendingDevices + 3 }, (_, index) =>
        world.pending.hold(upload(`crowd ${String(count)} ${String(index)}`)),
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === 'held')).toHaveLength(LIMITS.pendingDevices);
    expect(outcomes.filter((outcome) => 'code' in outcome && outcome.code === 'limited')).toHaveLength(3);
    const other = await world.person(`alone ${String(count)}`);
    expect(await world.pending.hold({ ...upload(`other ${String(count)}`), caller: other.caller })).toMatchObject({
      kind: 'held',
    });
  });

  it('holds from the moment it is set, on whichever node: a list is not judged by a policy of before', async () => {
    const device = testDevice(`elsewhere ${String(count)}`);
    await world.hold(person, device);
    expect((await world.tenants.policy(world.tenantId)).linking).toBe('user');
    await new Tenants(world.db, world.clock, systemIds).setPolicy(world.tenantId, { linking: 'off' });
    expect(await store(person, signList(withDevice(person, device), person.phone))).toMatch(/^linking_off/);
  });
});
