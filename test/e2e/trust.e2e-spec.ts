import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { World } from '../world/world.js';

describe('trust', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(async () => {
    await world.close();
  });

  it('is shown with every message: first use, address, verified', async () => {
    const [alice, bob, carol] = [await world.person('alice'), await world.person('bob'), await world.person('carol')];
    alice.phone.client.addContact(carol.phone.client.me.contactAddress);
    await carol.phone.send(alice, 'by address');
    expect(await alice.phone.nextMessage()).toMatchObject({ text: 'by address', trust: 'address' });
    await bob.phone.send(alice, 'by id');
    expect(await alice.phone.nextMessage()).toMatchObject({ text: 'by id', trust: 'first-use' });
    const { text } = await bob.phone.client.safetyNumber(alice.accountId);
    await expect(alice.phone.client.markVerified(carol.accountId, text)).rejects.toMatchObject({
      code: 'safety_number_differs',
    });
    await alice.phone.client.markVerified(bob.accountId, text);
    await bob.phone.send(alice, 'compared');
    expect(await alice.phone.nextMessage()).toMatchObject({ text: 'compared', trust: 'verified' });
  });

  it('below what the policy asks for is refused, and a policy that asks for less again changes nothing', async () => {
    const strict = await world.neighbour();
    const policy = `/v1/admin/tenants/${strict.tenantId}/policy`;
    try {
      await strict.admin.put(policy, { trust: 'address' });
      const [dave, erin] = [await strict.person('dave'), await strict.person('erin')];
      await dave.phone.trustRaised();
      expect(dave.phone.client.trustFloor).toBe('address');
      await expect(dave.phone.send(erin, 'by id')).rejects.toMatchObject({ code: 'trust_too_low' });
      dave.phone.client.addContact(erin.phone.client.me.contactAddress);
      await dave.phone.send(erin, 'by address');
      expect(await erin.phone.nextText()).toBe('by address');
      await strict.admin.put(policy, {});
      await dave.phone.restart();
      await dave.phone.send(erin, 'again');
      expect(dave.phone.client.trustFloor).toBe('address');
    } finally {
      await strict.close();
    }
  });
});
