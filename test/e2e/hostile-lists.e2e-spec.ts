import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import type { DeviceChain } from '../../libs/protocol/chain-wire.js';
import type { SignedList } from '../../libs/protocol/device-chain.js';
import type { DeviceEntry, DeviceList } from '../../libs/protocol/device-list.js';
import type { DeviceId, ListVersion } from '../../libs/protocol/ids.js';
import { listEntry, signList, testAccount, testDevice } from '../../libs/signal/testing.js';
import { Eavesdropper } from '../world/eavesdropper.js';
import type { Evil } from '../world/evil.js';
import { bundlesOf, chainOf, injected, lastList, refuseSends, withheld } from '../world/evil-lies.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

describe('a server that lies about device lists', () => {
  let world: World;
  let evil: Evil;
  let alice: Person;
  let bob: Person;
  let mallory: Eavesdropper;

  beforeAll(async () => {
    world = await World.create();
    evil = await world.evilServer();
  });
  beforeEach(async () => {
    [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob', { through: evil })];
    mallory = new Eavesdropper(testDevice(`mallory ${systemIds.uuid()}`));
    evil.listen(mallory);
    await alice.phone.send(bob, 'before');
    expect(await bob.phone.nextText()).toBe('before');
  });
  /** Whatever the story was: nobody but Bob's devices and Alice's own were encrypted to, and the attacker's keys open nothing. */
  afterEach(async () => {
    evil.honest();
    const honest = [alice, bob].flatMap(({ devices }) => devices.map(({ client }) => client.me.deviceId));
    expect([...evil.writtenTo(0)].filter((id) => id === mallory.keys.deviceId)).toEqual([]);
    const since = evil.letters.filter(({ to }) => to === bob.accountId || to === alice.accountId);
    for (const { deviceId } of since) expect([...honest, ...removed]).toContain(deviceId);
    expect(await evil.overheard()).toEqual([]);
    removed = [];
  });
  afterAll(async () => {
    await world.close();
  });

  /** Devices that stood in a list before they were removed. */
  let removed: DeviceId[] = [];
  const refused = async (code: string): Promise<void> => {
    await expect(alice.phone.send(bob, 'never arrives')).rejects.toMatchObject({ code });
    expect(alice.phone.client.failed().at(-1)).toMatchObject({ text: 'never arrives', code });
  };
  const usableAgain = async (): Promise<void> => {
    evil.honest();
    await alice.phone.send(bob, 'honest again');
    for (const device of bob.devices) expect(await lastOf(device)).toBe('honest again');
  };
  const lastOf = async (device: Person['phone']): Promise<string> => {
    for (;;) {
      const text = await device.nextText();
      if (text === 'honest again') return text;
    }
  };
  const me = (): DeviceId => alice.phone.client.me.deviceId;
  /** A device of the attacker in a list of Bob's, its agreement as a real one would give it. */
  const agreed = (more: Partial<DeviceEntry> = {}) => {
    const account = { ...testAccount('bob', world.tenantId), accountId: bob.accountId };
    return listEntry(account, mallory.keys, { addedBy: bob.phone.client.me.deviceId, ...more });
  };
  const unsigned = (list: DeviceList): SignedList => ({
    ...signList(list, mallory.keys),
    signature: new Uint8Array(64),
    signer: bob.phone.client.me.deviceId,
  });

  it.each([
    ['without a signature', (list: DeviceList) => unsigned(list), 'device_list_bad_signature'],
    [
      'signed by another key in the name of a device of the account',
      (list: DeviceList) => ({ ...signList(list, mallory.keys), signer: bob.phone.client.me.deviceId }),
      'device_list_bad_signature',
    ],
    [
      'signed by another account key',
      (list: DeviceList) => signList(list, testAccount('mallory', world.tenantId)),
      'device_list_bad_signature',
    ],
    [
      'signed by the device that it adds',
      (list: DeviceList) => signList(list, mallory.keys),
      'device_list_wrong_signer',
    ],
  ] as const)('injects a device: a list %s', async (_, sign, code) => {
    evil.lie(refuseSends(me(), { accountId: bob.accountId, missing: [mallory.keys.deviceId] }));
    evil.lie(chainOf(bob.accountId, injected([agreed()], sign)));
    await refused(code);
    await usableAgain();
  });

  it.each([
    ['without a statement', () => ({ signature: new Uint8Array(64) })],
    [
      'with a statement for another account',
      () => ({ signature: listEntry(testAccount('other', world.tenantId), mallory.keys).statement.signature }),
    ],
  ] as const)('makes a contact list a device %s', async (_, statement) => {
    // Of an account whose keys the attacker has: signatures hold, only the device's agreement is missing.
    const raw = await world.rawPerson('raw');
    const entry = agreed({ addedBy: raw.phone.id });
    const listed = { ...entry, statement: { ...entry.statement, ...statement() } };
    evil.lie(
      chainOf(
        raw.accountId,
        injected([listed], (list) => signList(list, raw.phone.keys)),
      ),
    );
    const { accepted } = alice.phone.client.send(raw.accountId, 'never arrives');
    await expect(accepted).rejects.toMatchObject({ code: 'device_list_bad_statement' });
    await usableAgain();
    await alice.phone.client.send(raw.accountId, 'to the honest list').accepted;
    expect(await (await raw.phone.connect()).mail()).toHaveLength(1);
  });

  it("lists Bob's device as one of Mallory's, with the statement that Bob's own list shows", async () => {
    const raw = await world.rawPerson('mallory');
    let stolen: DeviceEntry | undefined;
    evil.lie(
      chainOf(bob.accountId, (chain) => {
        [stolen] = lastList(chain).entries;
        return chain;
      }),
    );
    await alice.phone.client.devices(bob.accountId);
    const entry = { ...(stolen as unknown as DeviceEntry), addedBy: raw.phone.id, mayLink: false };
    evil.lie(
      chainOf(
        raw.accountId,
        injected([entry], (list) => signList(list, raw.phone.keys)),
      ),
    );
    const before = evil.letters.length;
    const { accepted } = alice.phone.client.send(raw.accountId, 'for Mallory, not through Bob');
    await expect(accepted).rejects.toMatchObject({ code: 'device_list_bad_statement' });
    expect(evil.letters).toHaveLength(before);
    await usableAgain();
  });

  it('rolls a list back', async () => {
    const laptop = await bob.device('laptop');
    await alice.phone.send(bob, 'to both');
    expect(await laptop.nextText()).toBe('to both');
    evil.lie(refuseSends(me(), { accountId: bob.accountId, extra: [laptop.client.me.deviceId] }));
    evil.lie(chainOf(bob.accountId, withheld(1, 1)));
    await refused('device_list_rollback');
    await expect(alice.phone.client.devices(bob.accountId)).rejects.toMatchObject({ code: 'device_list_rollback' });
    await usableAgain();
  });

  it('forgets a tombstone', async () => {
    const laptop = await bob.device('laptop');
    await alice.phone.send(bob, 'to both');
    removed = [laptop.client.me.deviceId];
    await bob.phone.client.revokeDevice(laptop.client.me.deviceId);
    await alice.phone.client.devices(bob.accountId);
    const forgetful = (chain: DeviceChain) => ({
      ...chain,
      listVersion: (chain.listVersion + 1) as ListVersion,
      tombstones: [],
    });
    evil.lie(chainOf(bob.accountId, forgetful));
    const before = evil.letters.length;
    await expect(alice.phone.client.devices(bob.accountId)).rejects.toMatchObject({ code: 'device_list_rollback' });
    evil.honest();
    await alice.phone.send(bob, 'to the phone');
    expect(evil.writtenTo(before)).toEqual(new Set([bob.phone.client.me.deviceId]));
  });

  it('withholds a new list: sending stops until it is shown', async () => {
    const hide = chainOf(bob.accountId, withheld(1, 1));
    const asAlice = {
      rest: (...[asked, honest]: Parameters<NonNullable<typeof hide.rest>>) =>
        asked.deviceId === me() ? hide.rest?.(asked, honest) : undefined,
    };
    evil.lie(asAlice);
    const laptop = await bob.device('laptop');
    // The phone is the one device that Alice knows of, so she opens what it writes, and learns that there is more.
    await bob.phone.send(alice, 'I have a laptop now');
    expect(await alice.phone.nextText()).toBe('I have a laptop now');
    const before = evil.letters.length;
    await refused('device_list_withheld');
    expect(evil.letters).toHaveLength(before);
    await usableAgain();
    expect(laptop.waiting).toEqual([]);
  });

  it('forks a list: two faces of one version stop sending, and only to that account', async () => {
    const carol = await world.person('carol', { through: evil });
    const laptop = await bob.device('laptop');
    removed = [laptop.client.me.deviceId];
    await alice.phone.client.devices(bob.accountId);
    // Bob's version 3 removes the laptop; Alice is shown a version 3 that removes nothing of his.
    const stone = { deviceId: systemIds.uuid<DeviceId>(), day: 20_000, reason: 'owner' } as const;
    const face = (chain: DeviceChain) => ({ ...chain, listVersion: 3 as ListVersion, tombstones: [stone] });
    evil.lie({
      rest: (asked, honest) =>
        asked.deviceId === me() ? chainOf(bob.accountId, face).rest?.(asked, honest) : undefined,
    });
    await bob.phone.client.revokeDevice(laptop.client.me.deviceId);
    await alice.phone.client.devices(bob.accountId);
    await bob.phone.send(alice, 'written under the other face');
    expect(await alice.phone.nextText()).toBe('written under the other face');
    const before = evil.letters.length;
    await refused('device_list_fork');
    expect(evil.letters).toHaveLength(before);
    evil.honest();
    // A server that was caught with two faces is not believed again about this account by turning honest.
    await refused('device_list_fork');
    await alice.phone.send(carol, 'others go on');
    expect(await carol.phone.nextText()).toBe('others go on');
    await bob.phone.send(alice, 'and Bob is still heard');
    expect(await alice.phone.nextText()).toBe('and Bob is still heard');
  });

  it('brings a removed device back in a list', async () => {
    // The account's own device signs it: all else about the list is right.
    const raw = await world.rawPerson('raw');
    const laptop = await raw.link();
    await raw.revoke(laptop);
    const { accountId } = raw;
    await alice.phone.client.send(accountId, 'to the phone').accepted;
    const before = evil.letters.length;
    evil.lie(
      chainOf(
        accountId,
        injected([], (list) => signList(list, raw.phone.keys)),
      ),
    );
    await expect(alice.phone.client.devices(accountId)).rejects.toMatchObject({ code: 'device_revoked_returned' });
    evil.lie(refuseSends(me(), { missing: [laptop.id] }));
    const { accepted } = alice.phone.client.send(accountId, 'never arrives');
    await expect(accepted).rejects.toMatchObject({ code: 'device_revoked_returned' });
    evil.honest();
    await alice.phone.client.send(accountId, 'to the phone again').accepted;
    expect(evil.writtenTo(before)).toEqual(new Set([raw.phone.id]));
  });

  it.each(['missing', 'bundle', 'fetched bundle'] as const)('brings a removed device back: %s', async (where) => {
    const laptop = await bob.device('laptop');
    await alice.phone.send(bob, 'to both');
    const gone = laptop.client.me.deviceId;
    removed = [gone];
    await bob.phone.client.revokeDevice(gone);
    await alice.phone.client.devices(bob.accountId);
    await alice.phone.send(bob, 'without the laptop');
    const before = evil.letters.length;
    const more = { accountId: bob.accountId, listVersion: 99 as ListVersion, bundles: [mallory.bundle(gone)] };
    const stale = [bob.phone.client.me.deviceId];
    if (where === 'missing') evil.lie(refuseSends(me(), { accountId: bob.accountId, missing: [gone] }));
    else if (where === 'bundle') evil.lie(refuseSends(me(), { accountId: bob.accountId, stale }, { bundles: [more] }));
    else {
      evil.lie(refuseSends(me(), { accountId: bob.accountId, stale }));
      evil.lie(bundlesOf(bob.accountId, ({ bundles }) => ({ ...more, bundles: [...bundles, ...more.bundles] })));
    }
    await refused('device_revoked_returned');
    expect([...evil.writtenTo(before)]).not.toContain(gone);
    bob.devices.filter((device) => device !== bob.phone).forEach((device) => void device.client.disconnect());
    evil.honest();
    await alice.phone.send(bob, 'honest again');
    expect(await lastOf(bob.phone)).toBe('honest again');
  });

  it('says again and again that the devices are others: four tries, then a name', async () => {
    evil.lie(refuseSends(me(), { accountId: bob.accountId, missing: [mallory.keys.deviceId] }));
    const before = evil.letters.length;
    await refused('still_mismatched');
    expect(evil.letters).toHaveLength(before + 4);
    await usableAgain();
  });

  it('removes a device behind its back: it sees that it is not listed and sends nothing', async () => {
    const stone = { deviceId: me(), day: 20_000, reason: 'admin' } as const;
    const without = (chain: DeviceChain) => ({
      ...chain,
      listVersion: (chain.listVersion + 1) as ListVersion,
      tombstones: [...chain.tombstones, stone],
    });
    evil.lie(chainOf(alice.accountId, without));
    const before = evil.letters.length;
    await alice.phone.client.devices();
    await refused('not_listed');
    expect(evil.letters).toHaveLength(before);
    await bob.phone.send(alice, 'can you hear me');
    expect(await alice.phone.nextText()).toBe('can you hear me');
  });
});
