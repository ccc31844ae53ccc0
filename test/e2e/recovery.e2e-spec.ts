import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from '../world/world.js';

describe('a lost phone', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(async () => {
    await world.close();
  });

  it('is replaced with the recovery code on another device; contacts keep the safety number', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    const code = alice.phone.client.recoveryCode();
    alice.phone.client.confirmRecovery(code);
    expect(alice.phone.client.me.recoveryUnconfirmed).toBe(false);
    const laptop = await alice.device('laptop');
    await bob.phone.send(alice, 'before');
    expect(await laptop.nextText()).toBe('before');
    const { text: number } = await bob.phone.client.safetyNumber(alice.accountId);
    await bob.phone.client.markVerified(alice.accountId, number);

    const lost = alice.phone.client.me.deviceId;
    await expect(alice.device('too early', laptop)).rejects.toMatchObject({ code: expect.stringMatching(/^link_/) });
    await laptop.client.recover(code, { lost: [lost] });
    await alice.phone.event('stopped');
    const tablet = await alice.device('tablet', laptop);
    const devices = await laptop.client.devices();
    expect(devices.map(({ deviceId, mayLink, active }) => [deviceId, mayLink, active]).toSorted()).toEqual(
      [
        [laptop.client.me.deviceId, true, true],
        [tablet.client.me.deviceId, false, true],
        [lost, false, false],
      ].toSorted(),
    );
    await bob.phone.send(alice, 'still you');
    expect(await tablet.nextText()).toBe('still you');
    expect(await laptop.nextText()).toBe('still you');
    expect((await bob.phone.client.safetyNumber(alice.accountId)).text).toBe(number);
    expect(bob.phone.client.trustOf(alice.accountId)).toBe('verified');
  });

  it('is not replaced with a code of somebody else', async () => {
    const [carol, dave] = [await world.person('carol'), await world.person('dave')];
    await expect(carol.phone.client.recover(dave.phone.client.recoveryCode())).rejects.toMatchObject({
      code: 'recovery_code_wrong',
    });
  });
});

describe('two devices that sign lists', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(async () => {
    await world.close();
  });

  it('heal when both sign at once: the loser verifies the winner and signs anew', async () => {
    const erin = await world.person('erin');
    const laptop = await erin.device('laptop');
    const tablet = await erin.device('tablet');
    await erin.phone.client.setMayLink({ ...laptop.client.me, mayLink: true });
    await Promise.all([
      erin.phone.client.setMayLink({ ...tablet.client.me, mayLink: true }),
      laptop.client.setMayLink({ ...erin.phone.client.me, mayLink: true }),
    ]);
    expect((await tablet.client.devices()).map(({ mayLink }) => mayLink)).toEqual([true, true, true]);
    await laptop.client.setMayLink({ ...erin.phone.client.me, mayLink: false });
    await expect(erin.phone.client.setMayLink({ ...tablet.client.me, mayLink: false })).rejects.toMatchObject({
      code: 'not_allowed_to_link',
    });
  });
});

describe('a leaked code', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(async () => {
    await world.close();
  });

  it('is renewed: only who compared numbers is stopped, old addresses and the old code are worth nothing', async () => {
    const [alice, bob, carol] = [await world.person('alice'), await world.person('bob'), await world.person('carol')];
    const laptop = await alice.device('laptop');
    const old = { code: alice.phone.client.recoveryCode(), address: alice.phone.client.me.contactAddress };
    await bob.phone.send(alice, 'unverified');
    await carol.phone.send(alice, 'verified');
    await carol.phone.client.markVerified(
      alice.accountId,
      (await alice.phone.client.safetyNumber(carol.accountId)).text,
    );
    await alice.phone.client.rotateAccountKey(old.code);
    await expect(laptop.client.recover(old.code)).rejects.toMatchObject({ code: 'recovery_code_wrong' });

    await bob.phone.client.devices(alice.accountId);
    await bob.phone.send(alice, 'goes on');
    expect(() => bob.phone.client.addContact(old.address)).toThrow('address_outdated');
    const dave = await world.person('dave');
    dave.phone.client.addContact(old.address);
    await expect(dave.phone.send(alice, 'x')).rejects.toMatchObject({ code: 'address_outdated' });

    await expect(carol.phone.client.devices(alice.accountId)).rejects.toMatchObject({ code: 'account_rotated' });
    await expect(carol.phone.send(alice, 'held')).rejects.toMatchObject({ code: 'account_rotated' });
    const { text } = await alice.phone.client.safetyNumber(carol.accountId);
    await carol.phone.client.acceptAccountKey(alice.accountId, text);
    await carol.phone.client.flush();
    expect((await laptop.nextTexts(4)).toSorted()).toEqual(['goes on', 'held', 'unverified', 'verified']);
    await laptop.send(bob, 'from the laptop');
    expect(await bob.phone.nextText()).toBe('from the laptop');
  });
});
