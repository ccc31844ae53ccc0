import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SottoClient } from '../../libs/sdk/client.js';
import { systemIds } from '../../libs/platform/ids.js';
import type { LinkStep } from '../../libs/protocol/link-frames.js';
import { registrationOf, testDevice } from '../../libs/signal/testing.js';
import type { Line } from '../world/line.js';
import { World } from '../world/world.js';

describe('linking', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });

  afterAll(async () => {
    await world.close();
  });

  const say = (line: Line, session: Uint8Array, step: LinkStep): void => {
    line.say({ kind: 'link', link: { session, ...step } });
  };

  it('works whichever gateways the two devices are on, again and again', async () => {
    const bob = await world.person('bob');
    for (const label of ['one', 'two', 'three', 'four', 'five']) await bob.device(label);
    const alice = await world.person('alice');
    await alice.phone.send(bob, 'all six of you');
    for (const device of bob.devices) expect(await device.nextText()).toBe('all six of you');
    await expect(bob.device('a seventh')).rejects.toMatchObject({ code: 'link_refused' });
  });

  it('ends for both when the person says no, and leaves nothing', async () => {
    const carol = await world.person('carol');
    const link = await SottoClient.openLink({ server: world.place.api, platform: 'test', name: 'stranger' });
    const approval = carol.phone.client.approveLink(link.text, { confirm: () => false });
    await expect(Promise.all([approval, link.account()])).rejects.toMatchObject({ code: 'link_refused' });
    await Promise.allSettled([approval]);
    expect(await carol.phone.client.devices()).toHaveLength(1);
  });

  it('says so when there is no such session', async () => {
    const { phone } = await world.rawPerson('dave');
    const line = await phone.connect(1);
    const session = new Uint8Array(systemIds.bytes(16));
    say(line, session, { step: 'claim' });
    expect((await line.next('link')).link).toMatchObject({ step: 'ended', reason: 'unknown' });
    say(line, session, { step: 'sealed', sealed: new Uint8Array(10) });
    expect((await line.next('link')).link).toMatchObject({ step: 'ended', reason: 'unknown' });
  });

  it.each([0, 1])('lets a session be claimed once (second claim on gateway %i)', async (gateway) => {
    const [erin, mallory] = [await world.rawPerson('erin'), await world.rawPerson('mallory')];
    const fresh = await world.provision(0);
    const { session } = (await fresh.next('link')).link;
    const [first, second] = [await erin.phone.connect(1), await mallory.phone.connect(gateway)];
    say(first, session, { step: 'claim' });
    expect((await first.next('link')).link.step).toBe('claimed');
    say(second, session, { step: 'claim' });
    expect((await second.next('link')).link).toMatchObject({ step: 'ended', reason: 'taken' });
    say(second, session, { step: 'sealed', sealed: new Uint8Array(10) });
    expect((await second.next('link')).link).toMatchObject({ step: 'ended' });
    expect((await fresh.next('link')).link.step).toBe('claimed');
    say(second, session, { step: 'ended', reason: 'refused' });
    expect((await second.next('link')).link).toMatchObject({ step: 'ended' });
    say(first, session, { step: 'sealed', sealed: Buffer.from('from the old one') });
    expect((await fresh.next('link')).link).toMatchObject({ step: 'sealed' });
    await fresh.close();
    expect((await first.next('link')).link).toMatchObject({ step: 'ended', reason: 'left' });
  });

  it('relays in order', async () => {
    const { phone } = await world.rawPerson('frank');
    const fresh = await world.provision(0);
    const { session } = (await fresh.next('link')).link;
    const old = await phone.connect(1);
    say(old, session, { step: 'claim' });
    for (const side of [old, fresh]) expect((await side.next('link')).link.step).toBe('claimed');
    for (let index = 0; index < 7; index += 1) {
      say(old, session, { step: 'sealed', sealed: Buffer.from([index]) });
      say(fresh, session, { step: 'sealed', sealed: Buffer.from([index]) });
    }
    for (const side of [old, fresh]) {
      for (let index = 0; index < 7; index += 1)
        expect((await side.next('link')).link).toMatchObject({ step: 'sealed', sealed: Buffer.from([index]) });
    }
    await fresh.close();
  });

  it('leaves no half device when the new one dies: before it registers, and after', async () => {
    const grace = await world.rawPerson('grace');
    const old = await grace.phone.connect(1);
    const fresh = await world.provision(0);
    const { session } = (await fresh.next('link')).link;
    say(old, session, { step: 'claim' });
    await fresh.next('link');
    await fresh.close();
    const dead = await grace.pending(old);
    const [henry, chain] = [await world.rawPerson('henry'), `/v1/accounts/${grace.accountId}/devices`];
    expect((await grace.phone.ask({ method: 'GET', path: chain })).status).toBe(200);
    expect((await henry.phone.post(henry.phone.letter([grace], 'to one device'))).status).toBe(200);
    expect((await dead.grant()).status).toBe(401);
    const { devices } = await world.admin.get<{ devices: unknown[] }>(
      `/v1/admin/tenants/${world.tenantId}/accounts/${grace.accountId}/devices`,
    );
    expect(devices).toHaveLength(1);
  });

  it('takes a registration only after the claim, and one a session', async () => {
    const early = await world.provision(0);
    const { session } = (await early.next('link')).link;
    say(early, session, { step: 'register', registration: registrationOf(testDevice(systemIds.uuid())) });
    expect((await early.next('problem')).problem.code).toBe('not_allowed');
    expect((await early.end()).code).toBe(4410);

    const ivan = await world.rawPerson('ivan');
    const [fresh, old] = [await world.provision(0), await ivan.phone.connect(1)];
    const second = (await fresh.next('link')).link.session;
    say(old, second, { step: 'claim' });
    await fresh.next('link');
    for (const name of [systemIds.uuid(), systemIds.uuid()])
      say(fresh, second, { step: 'register', registration: registrationOf(testDevice(name)) });
    expect((await fresh.next('problem')).problem.code).toBe('not_allowed');
    expect((await fresh.end()).code).toBe(4410);
  });

  it('is closed to frames of another session and of other kinds', async () => {
    const wrong = await world.provision(0);
    await wrong.next('link');
    say(wrong, new Uint8Array(systemIds.bytes(16)), { step: 'sealed', sealed: new Uint8Array(1) });
    expect((await wrong.end()).code).toBe(4400);
    for (const junk of ['text', new Uint8Array([255, 255]), new Uint8Array()]) {
      const line = await world.provision(1);
      line.raw(junk);
      expect([4400, 1003]).toContain((await line.end()).code);
    }
  });
});
