import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Db } from '../../libs/platform/postgres.js';
import { World } from '../world/world.js';

const HOUR = 3_600_000;

describe('a device', () => {
  let world: World;
  let db: Db;
  beforeAll(async () => {
    world = await World.create();
    db = Db.connect({ url: world.place.databaseUrl, max: 1, application: 'spec' });
  });
  afterAll(async () => {
    await db.close();
    await world.close();
  });

  it('whose store was restored is told so, begins its sessions anew under another registration id, and talks on', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    await alice.phone.send(bob, 'one');
    expect(await bob.phone.nextText()).toBe('one');
    const backup = await alice.phone.backup();
    for (const text of ['two', 'three']) await alice.phone.send(bob, text);
    expect(await bob.phone.nextTexts(2)).toEqual(['two', 'three']);
    await bob.phone.send(alice, 'four');
    expect(await alice.phone.nextText()).toBe('four');
    const registration = async () =>
      db.query('select registration_id as id from device_keys where device_id = $1', [alice.phone.client.me.deviceId]);
    const before = await registration();

    await alice.phone.restore(backup);
    await alice.phone.event('store-restored');
    await alice.phone.send(bob, 'from the restored store');
    expect(await bob.phone.nextText()).toBe('from the restored store');
    await bob.phone.send(alice, 'to the restored store');
    expect(await alice.phone.nextText()).toBe('to the restored store');
    const after = await registration();
    expect(after).not.toEqual(before);
    await alice.phone.restart();
    await alice.phone.send(bob, 'and on');
    expect(await bob.phone.nextText()).toBe('and on');
    expect(await registration()).toEqual(after);
    expect(alice.phone.events.filter(({ kind }) => kind === 'store-restored')).toHaveLength(1);
  });

  it.each([
    ['hours ahead', 7 * HOUR],
    ['hours behind', -7 * HOUR],
  ])('with a clock %s gets tokens, asks and connects all the same', async (_, ahead) => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    await alice.phone.goOffline();
    alice.phone.setClock(ahead);
    // The token is still good: here the proof of a request is the first that is wrong.
    expect(await alice.phone.client.devices(bob.accountId)).toHaveLength(1);
    await alice.phone.goOnline();
    await alice.phone.send(bob, 'by a healed clock');
    expect(await bob.phone.nextText()).toBe('by a healed clock');
    await alice.phone.goOffline();
    alice.phone.setClock(0);
    // And here the proof of the upgrade.
    await alice.phone.goOnline();
    await alice.phone.send(bob, 'by the right one');
    expect(await bob.phone.nextText()).toBe('by the right one');
    alice.phone.setClock(ahead);
    // And here the assertion: the token of before was forgotten with the process.
    await alice.phone.restart();
    await bob.phone.send(alice, 'to a wrong clock');
    expect(await alice.phone.nextText()).toBe('to a wrong clock');
  });
});
