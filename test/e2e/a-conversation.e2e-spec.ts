import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from '../world/world.js';

describe('a conversation', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });

  afterAll(async () => {
    await world.close();
  });

  it('reaches all devices of both people, in order', async () => {
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const aliceLaptop = await alice.device('laptop');
    const bobLaptop = await bob.device('laptop');
    const bobTablet = await bob.device('tablet');

    await alice.phone.send(bob, 'Lunch at noon?');
    for (const device of [bob.phone, bobLaptop, bobTablet]) expect(await device.nextText()).toBe('Lunch at noon?');
    const copy = await aliceLaptop.nextMessage();
    expect(copy).toMatchObject({ text: 'Lunch at noon?', own: true, conversation: bob.accountId });

    await bobTablet.send(alice, 'Gladly. The usual place?');
    for (const device of [alice.phone, aliceLaptop]) expect(await device.nextText()).toBe('Gladly. The usual place?');
    for (const device of [bob.phone, bobLaptop])
      expect(await device.nextMessage()).toMatchObject({ text: 'Gladly. The usual place?', own: true });

    await aliceLaptop.send(bob, 'Yes.');
    expect(await bobLaptop.nextText()).toBe('Yes.');
  });
});
