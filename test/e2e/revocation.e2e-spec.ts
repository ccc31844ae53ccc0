import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListVersion } from '../../libs/protocol/ids.js';
import { Line } from '../world/line.js';
import { textOf, type RawDevice } from '../world/raw-device.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

/** That it comes. How soon (two seconds, D17) the kit judges, which knows how slow the machine is meanwhile. */
const WITHIN = 15_000;

describe('a revoked device', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });

  afterAll(async () => {
    await world.close();
  });

  async function byAdmin(person: RawPerson, device: RawDevice): Promise<void> {
    const path = `/v1/admin/tenants/${world.tenantId}/accounts/${person.accountId}/devices/${device.id}`;
    const { listVersion } = await world.admin.delete<{ listVersion: ListVersion }>(path);
    person.forget(device, listVersion);
  }

  it.each([
    ['its owner', 0],
    ['its owner', 1],
    ['an admin', 0],
    ['an admin', 1],
  ] as const)('by %s is shut out everywhere (gateway %i), and senders hear of it', async (who, gateway) => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const laptop = await bob.link();
    const [sending, line, phone] = [
      await alice.phone.connect(),
      await laptop.connect(gateway),
      await bob.phone.connect(1 - gateway),
    ];
    const old = alice.phone.letter([bob], 'one');
    expect(await sending.send(old)).toMatchObject({ kind: 'accepted' });
    const [envelope] = await line.mail();

    if (who === 'an admin') await byAdmin(bob, laptop);
    else await bob.revoke(laptop);
    const since = performance.now();
    const late = alice.phone.letter([bob], 'two');
    const toGone = { ...alice.phone.letter([bob], 'two'), recipients: old.recipients };
    expect(await sending.send(toGone)).toMatchObject({ kind: 'mismatch', mismatched: [{ extra: [laptop.id] }] });
    expect(await sending.send(late)).toMatchObject({ kind: 'accepted' });
    expect((await line.end()).code).toBe(4403);
    expect(performance.now() - since).toBeLessThan(WITHIN);

    while ((await laptop.ask({ method: 'GET', path: '/v1/keys' })).status !== 401) {
      expect(performance.now() - since).toBeLessThan(WITHIN);
      await sleep(50);
    }
    expect((await laptop.post(laptop.letter([alice], 'from the grave'))).status).toBe(401);
    expect((await laptop.grant()).status).toBe(401);
    for (const url of world.place.gateways)
      await expect(Line.open(`${url}/v1/stream`, await laptop.upgrade())).rejects.toThrow('401');
    expect(line.allMail).toEqual([envelope]);
    expect((await phone.mail(2)).map(textOf)).toEqual(['one', 'two']);
    // Notices of the enrolment and the link may still be on their way.
    while ((await phone.next('devices-changed')).listVersion !== bob.listVersion);
  });

  it('cannot send in the time until its socket closes', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const laptop = await bob.link();
    const line = await laptop.connect(1);
    await line.next('ready');
    const letter = laptop.letter([alice], 'too late');
    await bob.revoke(laptop);
    const outcome = await line.send(letter).catch(() => undefined);
    expect([undefined, 'not_allowed']).toContain(outcome?.kind === 'problem' ? outcome.code : outcome?.kind);
    expect((await (await alice.phone.connect()).next('ready')).ready.head).toBe(0);
  });

  it('is gone for the people too: the SDK never encrypts to it again, and it knows why it stopped', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    const tablet = await bob.device('tablet');
    await alice.phone.send(bob, 'to both');
    expect(await tablet.nextText()).toBe('to both');
    await bob.phone.client.revokeDevice(tablet.client.me.deviceId);
    expect((await tablet.event('stopped')).error.code).toBe('revoked');
    await alice.phone.send(bob, 'to one');
    expect(await bob.phone.nextTexts(2)).toEqual(['to both', 'to one']);
    expect(tablet.waiting).toEqual([]);
  });
});

describe('a device that takes new keys', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });

  afterAll(async () => {
    await world.close();
  });

  it('makes old senders stale; what was accepted before is recognisable by its registration id', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const sending = await alice.phone.connect();
    expect(await sending.send(alice.phone.letter([bob], 'old'))).toMatchObject({ kind: 'accepted' });
    const stale = alice.phone.letter([bob], 'stale');
    expect((await bob.phone.reregister(2)).status).toBe(200);
    expect(await sending.send(stale)).toMatchObject({ kind: 'mismatch', mismatched: [{ stale: [bob.phone.id] }] });
    expect(await sending.send(alice.phone.letter([bob], 'new'))).toMatchObject({ kind: 'accepted' });
    const mail = await (await bob.phone.connect(1)).mail(2);
    expect(mail.map(({ registrationId, content }) => [registrationId, textOf({ content })])).toEqual([
      [1, 'old'],
      [2, 'new'],
    ]);
    const again = await bob.phone.reregister(1);
    expect([again.status, again.json?.['code']]).toEqual([409, 'registration_reused']);
  });
});
