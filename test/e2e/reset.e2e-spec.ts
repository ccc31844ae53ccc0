import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Admin } from '../world/admin.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

describe('a reset', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(async () => {
    await world.close();
  });

  const reset = async (person: Person, admin = world.admin): Promise<string> => {
    const path = `/v1/admin/tenants/${world.tenantId}/accounts/${person.accountId}/reset`;
    const { status, body } = await admin.raw('POST', path, {});
    if (status !== 201) throw new Error(`answered with ${status}: ${JSON.stringify(body)}`);
    return (body as { code: string }).code;
  };

  it('leaves three messages in the outbox of a contact; none reaches the new key until that is accepted', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    await alice.phone.send(bob, 'before');
    expect(await bob.phone.nextText()).toBe('before');
    const before = (await alice.phone.client.safetyNumber(bob.accountId)).text;
    const oldAddress = bob.phone.client.me.contactAddress;
    await alice.phone.goOffline();
    const waiting = ['one', 'two', 'three'].map((text) => alice.phone.client.send(bob.accountId, text));

    const code = await reset(bob);
    await bob.phone.event('stopped');
    const { accountId } = bob;
    const phone = await bob.startOver(code);
    expect(bob.accountId).toBe(accountId);

    await alice.phone.goOnline();
    for (const { accepted } of waiting) await expect(accepted).rejects.toMatchObject({ code: 'account_reset' });
    await expect(alice.phone.send(bob, 'four')).rejects.toMatchObject({ code: 'account_reset' });
    await alice.phone.client.flush();
    expect(alice.phone.client.held().map(({ text, code: why }) => [text, why])).toEqual(
      ['one', 'two', 'three', 'four'].map((text) => [text, 'account_reset']),
    );
    await alice.phone.restart();
    await expect(alice.phone.send(bob, 'five')).rejects.toMatchObject({ code: 'account_reset' });
    expect(phone.waiting).toEqual([]);
    expect(alice.phone.client.failed()).toEqual([]);

    await expect(alice.phone.client.acceptAccountKey(bob.accountId, before)).rejects.toMatchObject({
      code: 'safety_number_differs',
    });
    const { text: number } = await phone.client.safetyNumber(alice.accountId);
    expect((await alice.phone.client.safetyNumber(bob.accountId)).text).toBe(number);
    expect(phone.waiting).toEqual([]);
    expect(await alice.phone.client.acceptAccountKey(bob.accountId, number)).toBe('verified');
    await alice.phone.client.flush();
    expect(await phone.nextTexts(5)).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(() => alice.phone.client.addContact(oldAddress)).toThrow('address_outdated');
    await phone.send(alice, 'hello again');
    expect(await alice.phone.nextText()).toBe('hello again');
    const laptop = await bob.device('laptop');
    await alice.phone.send(bob, 'to both');
    expect([await laptop.nextText(), await phone.nextText()]).toEqual(['to both', 'to both']);
  });

  it('lets what is sent before the account is opened again fail by name; its text is kept and never goes to the new key', async () => {
    const [grace, heidi] = [await world.person('grace'), await world.person('heidi')];
    await grace.phone.send(heidi, 'before');
    expect(await heidi.phone.nextText()).toBe('before');
    const code = await reset(heidi);
    await expect(grace.phone.send(heidi, 'between')).rejects.toMatchObject({ code: 'account_closed' });
    const phone = await heidi.startOver(code);
    await expect(grace.phone.send(heidi, 'after')).rejects.toMatchObject({ code: 'account_reset' });
    const kept = (list: readonly { readonly text: string; readonly code: string }[]) =>
      list.map(({ text, code: why }) => [text, why]);
    expect(kept(grace.phone.client.failed())).toEqual([['between', 'account_closed']]);
    expect(kept(grace.phone.client.held())).toEqual([['after', 'account_reset']]);
    const { text: number } = await phone.client.safetyNumber(grace.accountId);
    await grace.phone.client.acceptAccountKey(heidi.accountId, number);
    expect(await phone.nextText()).toBe('after');
    expect(kept(grace.phone.client.failed())).toEqual([['between', 'account_closed']]);
  });

  it('shows every old device as reset, and its code opens no other account and nothing twice', async () => {
    const [carol, dave] = [await world.person('carol'), await world.person('dave')];
    await carol.device('laptop');
    const code = await reset(carol);
    const devices = await dave.phone.client.devices(carol.accountId);
    expect(devices.map(({ active, reason }) => [active, reason])).toEqual([
      [false, 'reset'],
      [false, 'reset'],
    ]);
    await carol.startOver(code);
    await expect(carol.startOver(code)).rejects.toMatchObject({ code: 'invitation_invalid' });
    await expect(dave.phone.client.devices(carol.accountId)).rejects.toMatchObject({ code: 'account_reset' });
    const erin = await world.person('erin');
    await erin.phone.send(carol, 'first contact after the reset');
    expect(await carol.phone.nextText()).toBe('first contact after the reset');
  });

  it('needs a scope of its own', async () => {
    const frank = await world.person('frank');
    const { token } = await world.admin.post<{ token: string }>('/v1/admin/tokens', {
      name: 'all but reset',
      scopes: ['accounts', 'invitations', 'devices:revoke'],
      tenantId: world.tenantId,
    });
    await expect(reset(frank, new Admin(world.place.api, token))).rejects.toThrow(/403|scope_missing/);
    await frank.phone.send(frank, 'to nobody').catch(() => undefined);
    expect((await frank.phone.client.devices()).map(({ active }) => active)).toEqual([true]);
  });
});
