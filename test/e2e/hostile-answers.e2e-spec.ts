import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Evil } from '../world/evil.js';
import { answerOf, refuseRequests } from '../world/evil-lies.js';
import { World } from '../world/world.js';

describe('a server that refuses for ever, or grants less than was asked for', () => {
  let world: World;
  let evil: Evil;

  beforeAll(async () => {
    world = await World.create();
    evil = await world.evilServer();
  });
  afterEach(() => {
    evil.honest();
  });
  afterAll(async () => {
    await world.close();
  });

  const talking = async () => {
    const [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob')];
    return { alice, bob };
  };
  type People = Awaited<ReturnType<typeof talking>>;
  const usableAgain = async ({ alice, bob }: People): Promise<void> => {
    evil.honest();
    await alice.phone.goOnline();
    await alice.phone.send(bob, 'honest again');
    for (let text = ''; text !== 'honest again'; text = await bob.phone.nextText());
  };
  const asked = (pattern: RegExp): number => evil.requests.filter((request) => pattern.test(request)).length;

  it.each([
    ['401', 'token_expired', 2],
    ['401', 'unauthenticated', 2],
    ['409', 'conflict', 1],
  ] as const)(
    'answers REST with %s %s for ever: the send ends with that name after %i requests',
    async (_, code, tries) => {
      const people = await talking();
      // What the client asks about its own account by itself, and when, is nobody's business here.
      const aboutBob = new RegExp(`/v1/accounts/${people.bob.accountId}/`);
      evil.lie(refuseRequests(aboutBob, code));
      const before = evil.letters.length;
      await expect(people.alice.phone.send(people.bob, 'never arrives')).rejects.toMatchObject({ code });
      expect(asked(aboutBob)).toBe(tries);
      expect(evil.letters).toHaveLength(before);
      await usableAgain(people);
    },
  );

  it('answers every request for a token with 401: the connection ends with that name, and starts again when told to', async () => {
    const people = await talking();
    const { phone } = people.alice;
    evil.lie(refuseRequests(/\/v1\/token$/, 'assertion_invalid'));
    evil.lie({ upgrade: () => 401 });
    evil.cut();
    expect((await phone.event('stopped')).error).toMatchObject({ code: 'unknown_to_server' });
    await usableAgain(people);
  });

  it.each([
    [401, 'unauthenticated'],
    [409, 'stopped'],
  ] as const)(
    'answers every upgrade with %i: five tries, then the connection ends with a name',
    async (status, code) => {
      const people = await talking();
      let tries = 0;
      evil.lie({
        upgrade: (_path, deviceId) => {
          if (deviceId !== people.alice.phone.client.me.deviceId) return undefined;
          tries += 1;
          return status;
        },
      });
      evil.cut();
      const { accepted } = people.alice.phone.client.send(people.bob.accountId, 'written meanwhile');
      expect((await people.alice.phone.event('stopped')).error).toMatchObject({ code });
      expect(tries).toBe(5);
      evil.honest();
      await people.alice.phone.goOnline();
      await accepted;
      expect(await people.bob.phone.nextText()).toBe('written meanwhile');
    },
  );

  it('answers every list with 409 list_conflict: four signings, then a name', async () => {
    const { alice } = await talking();
    evil.lie(refuseRequests(/^POST \/v1\/devices\/lists$/, 'list_conflict'));
    const before = asked(/^POST \/v1\/devices\/lists$/);
    const mark = { ...alice.phone.client.me, mayLink: true };
    await expect(alice.phone.client.setMayLink(mark)).rejects.toMatchObject({ code: 'still_mismatched' });
    expect(asked(/^POST \/v1\/devices\/lists$/)).toBe(before + 4);
    evil.honest();
    await alice.phone.client.setMayLink(mark);
    expect(await (await alice.device('laptop')).client.devices()).toHaveLength(2);
  });

  it('grants a token that is not bound to the key: it is refused, and no request carries it', async () => {
    const people = await talking();
    evil.lie(answerOf('POST /v1/token', (body) => ({ ...body, token_type: 'Bearer' })));
    await people.alice.phone.restart({ offline: true });
    const before = evil.requests.length;
    await expect(people.alice.phone.goOnline()).rejects.toMatchObject({ code: 'token_not_bound' });
    expect(evil.requests.slice(before)).toEqual(['POST /v1/token']);
    await usableAgain(people);
  });

  it('loosens the policy: the client asks for no less than before, and the audit has it', async () => {
    const strict = await world.neighbour();
    const through = await strict.evilServer();
    const path = `/v1/admin/tenants/${strict.tenantId}/policy`;
    try {
      await strict.admin.put(path, { trust: 'address', tokens: 'dpop' });
      const [dave, erin] = [await strict.person('dave', { through }), await strict.person('erin')];
      await dave.phone.trustRaised();
      await strict.admin.put(path, { trust: 'first-use', tokens: 'bearer' });
      const audit = await strict.admin.get<{ rows: { action: string }[] }>(
        `/v1/admin/audit?tenantId=${strict.tenantId}`,
      );
      expect(JSON.stringify(audit)).toContain('policy');
      through.lie(answerOf('GET /v1/policy', () => ({ trust: 'first-use' })));
      await dave.phone.restart();
      await expect(dave.phone.send(erin, 'by id')).rejects.toMatchObject({ code: 'trust_too_low' });
      expect(through.letters).toEqual([]);
      expect(dave.phone.client.trustFloor).toBe('address');
      dave.phone.client.addContact(erin.phone.client.me.contactAddress);
      expect(dave.phone.client.trustOf(erin.accountId)).toBe('address');
      await dave.phone.send(erin, 'by address');
      expect(await erin.phone.nextText()).toBe('by address');
    } finally {
      await strict.close();
    }
  });
});
