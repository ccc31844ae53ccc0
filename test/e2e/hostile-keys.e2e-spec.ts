import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import type { DeviceId, ListVersion } from '../../libs/protocol/ids.js';
import type { PrekeyBundle } from '../../libs/protocol/prekeys.js';
import { testDevice } from '../../libs/signal/testing.js';
import { Eavesdropper } from '../world/eavesdropper.js';
import type { Evil } from '../world/evil.js';
import { bundlesOf, eachBundle, refuseSends } from '../world/evil-lies.js';
import { World } from '../world/world.js';

describe('a server that swaps keys', () => {
  let world: World;
  let evil: Evil;

  beforeAll(async () => {
    world = await World.create();
    evil = await world.evilServer();
  });
  afterAll(async () => {
    await world.close();
  });

  type Swap = (bundle: PrekeyBundle, ear: Eavesdropper) => PrekeyBundle;
  const swaps: readonly (readonly [string, Swap])[] = [
    ['an identity key', (bundle, ear) => ({ ...bundle, identityKey: ear.keys.identity.publicKey })],
    ['a signed prekey', (bundle, ear) => ({ ...bundle, signedPrekey: ear.bundle().signedPrekey })],
    [
      'a signed prekey, with the old signature',
      (bundle, ear) => ({
        ...bundle,
        signedPrekey: { ...bundle.signedPrekey, publicKey: ear.bundle().signedPrekey.publicKey },
      }),
    ],
    ['a Kyber prekey', (bundle, ear) => ({ ...bundle, kyber: ear.bundle().kyber })],
    ['a whole bundle', (bundle, ear) => ear.bundle(bundle.deviceId)],
    [
      'everything but the identity key',
      (bundle, ear) => ({ ...ear.bundle(bundle.deviceId), identityKey: bundle.identityKey }),
    ],
    ['the registration id', (bundle, ear) => ({ ...bundle, registrationId: ear.bundle().registrationId })],
  ];

  it.each(swaps)('swaps %s: bundle_invalid at the first contact, nothing is encrypted', async (_, swap) => {
    const [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob')];
    const ear = new Eavesdropper(testDevice(systemIds.uuid()));
    evil.listen(ear);
    const before = evil.letters.length;
    evil.lie(
      bundlesOf(
        bob.accountId,
        eachBundle((bundle) => swap(bundle, ear)),
      ),
    );
    await expect(alice.phone.send(bob, 'never arrives')).rejects.toMatchObject({ code: 'bundle_invalid' });
    expect(evil.letters).toHaveLength(before);
    evil.honest();
    await alice.phone.send(bob, 'honest again');
    expect(await bob.phone.nextText()).toBe('honest again');
    expect(evil.writtenTo(before)).toEqual(new Set([bob.phone.client.me.deviceId]));
    expect(await evil.overheard()).toEqual([]);
  });

  it.each(swaps)('swaps %s with a mismatch in the middle of a talk: bundle_invalid', async (_, swap) => {
    const [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob')];
    const ear = new Eavesdropper(testDevice(systemIds.uuid()));
    evil.listen(ear);
    const me = alice.phone.client.me.deviceId;
    let good: PrekeyBundle | undefined;
    const keep = (bundle: PrekeyBundle): PrekeyBundle => (good = bundle);
    evil.lie(bundlesOf(bob.accountId, eachBundle(keep)));
    await alice.phone.send(bob, 'before');
    const before = evil.letters.length;
    const stale = [bob.phone.client.me.deviceId];
    const swapped = [swap(good as unknown as PrekeyBundle, ear)];
    const bundles = [{ accountId: bob.accountId, listVersion: 1 as ListVersion, bundles: swapped }];
    evil.lie(refuseSends(me, { accountId: bob.accountId, stale }, { bundles }));
    await expect(alice.phone.send(bob, 'under the old session')).rejects.toMatchObject({ code: 'bundle_invalid' });
    // One envelope under the good session, and none under what came with the refusal.
    expect(evil.letters.slice(before).map(({ deviceId, kind }) => [deviceId, kind])).toEqual([[stale[0], 1]]);
    evil.honest();
    await alice.phone.send(bob, 'honest again');
    expect(await bob.phone.nextTexts(2)).toEqual(['before', 'honest again']);
    expect(await evil.overheard()).toEqual([]);
  });

  it('gives keys of a device that nobody asked for: they are not used', async () => {
    const [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob')];
    const ear = new Eavesdropper(testDevice(systemIds.uuid()));
    evil.listen(ear);
    const before = evil.letters.length;
    evil.lie(bundlesOf(bob.accountId, (all) => ({ ...all, bundles: [...all.bundles, ear.bundle()] })));
    await alice.phone.send(bob, 'to the phone');
    expect(await bob.phone.nextText()).toBe('to the phone');
    expect(evil.writtenTo(before)).toEqual(new Set([bob.phone.client.me.deviceId]));
    evil.honest();
    evil.lie(bundlesOf(alice.accountId, (all) => ({ ...all, bundles: [] })));
    const laptop = await alice.device('laptop');
    await expect(alice.phone.send(bob, 'never arrives')).rejects.toMatchObject({ code: 'bundle_missing' });
    evil.honest();
    await alice.phone.send(bob, 'honest again');
    expect(await bob.phone.nextText()).toBe('honest again');
    expect(await laptop.nextText()).toBe('honest again');
    expect(await evil.overheard()).toEqual([]);
  });

  it('is heard by nobody else: what honest people write opens with the keys of their devices alone', async () => {
    const [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob', { through: evil })];
    const before = evil.letters.length;
    const laptop = await alice.device('laptop');
    await alice.phone.send(bob, 'hello');
    await bob.phone.send(alice, 'hello yourself');
    expect(await laptop.nextTexts(2)).toEqual(['hello', 'hello yourself']);
    const honest: readonly DeviceId[] = [alice.phone, laptop, bob.phone].map(({ client }) => client.me.deviceId);
    expect(evil.writtenTo(before)).toEqual(new Set(honest));
  });
});
