import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import type { Mismatch } from '../../libs/protocol/frames.js';
import type { AccountId, DeviceId, ListVersion, RegistrationId } from '../../libs/protocol/ids.js';
import { sotto } from '../../libs/protocol/generated/sotto.js';
import type { Recipient } from '../../libs/protocol/send-request.js';
import { World } from '../world/world.js';

describe('a send to devices that are not the active ones', () => {
  let world: World;
  let elsewhere: World;

  beforeAll(async () => {
    world = await World.create();
    elsewhere = await world.neighbour();
  });

  afterAll(async () => {
    await Promise.all([world.close(), elsewhere.close()]);
  });

  const recipient = (accountId: AccountId): Recipient => ({
    accountId,
    listVersion: 1 as ListVersion,
    coverage: 'complete',
    envelopes: [
      {
        deviceId: systemIds.uuid<DeviceId>(),
        registrationId: 1 as RegistrationId,
        kind: 2,
        control: false,
        content: Buffer.from('lost'),
      },
    ],
  });

  it('is told everything that is wrong at once, with bundles, and stores nothing', async () => {
    const [alice, bob, foreign] = [
      await world.rawPerson('alice'),
      await world.rawPerson('bob'),
      await elsewhere.rawPerson('foreign'),
    ];
    const [gone, stale] = [await bob.link(), await bob.link()];
    const before = alice.phone.letter([bob], 'never stored');
    await bob.revoke(gone);
    await stale.reregister(7);
    const missing = await bob.link();
    const laptop = await alice.link();
    const empty = (await world.admin.post<{ accountId: AccountId }>(`/v1/admin/tenants/${world.tenantId}/accounts`, {}))
      .accountId;
    const dead = await world.rawPerson('dead');
    const nobody = systemIds.uuid<AccountId>();
    await world.admin.delete(`/v1/admin/tenants/${world.tenantId}/accounts/${dead.accountId}/devices/${dead.phone.id}`);

    const others = [nobody, foreign.accountId, empty, dead.accountId].map(recipient);
    const request = { ...before, bundles: true, recipients: [...before.recipients, ...others] };
    const line = await alice.phone.connect();
    const outcome = (await line.send(request)) as Mismatch;
    expect(outcome.kind).toBe('mismatch');
    expect(new Set(outcome.mismatched.map(({ accountId }) => accountId))).toEqual(
      new Set([bob.accountId, alice.accountId]),
    );
    expect(outcome.mismatched.find(({ accountId }) => accountId === bob.accountId)).toEqual({
      accountId: bob.accountId,
      listVersion: bob.listVersion,
      missing: [missing.id],
      extra: [gone.id],
      stale: [stale.id],
    });
    expect(outcome.mismatched.find(({ accountId }) => accountId === alice.accountId)).toMatchObject({
      missing: [laptop.id],
      extra: [],
      stale: [],
    });
    expect(new Set(outcome.unknown)).toEqual(new Set([nobody, foreign.accountId]));
    expect(new Set(outcome.closed)).toEqual(new Set([empty, dead.accountId]));
    const bundles = outcome.bundles.flatMap((each) => each.bundles);
    expect(new Set(bundles.map(({ deviceId }) => deviceId))).toEqual(new Set([missing.id, stale.id, laptop.id]));
    expect(bundles.find(({ deviceId }) => deviceId === stale.id)?.registrationId).toBe(7);

    const overRest = await alice.phone.post({ ...request, bundles: false });
    expect([overRest.status, overRest.json?.['code']]).toEqual([409, 'device_list_mismatch']);
    const mismatch = Buffer.from(overRest.json?.['mismatch'] as string, 'base64url');
    expect(sotto.v1.Mismatch.decode(mismatch)).toMatchObject({ mismatched: { length: 2 }, unknown: { length: 2 } });

    for (const device of [bob.phone, stale, missing, foreign.phone])
      expect((await (await device.connect()).next('ready')).ready.head).toBe(0);
    expect(await line.send(alice.phone.letter([bob], 'right now'))).toMatchObject({ kind: 'accepted' });
  });

  it('may carry new ciphertext under the same key once it is right', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const first = alice.phone.letter([bob], 'for one');
    await bob.link();
    const line = await alice.phone.connect();
    expect(await line.send(first)).toMatchObject({ kind: 'mismatch' });
    const second = { ...alice.phone.letter([bob], 'for two'), idempotencyKey: first.idempotencyKey };
    expect(await line.send(second)).toMatchObject({ kind: 'accepted' });
  });

  it('checks only those named when it is for particular devices', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const laptop = await bob.link();
    await alice.link();
    const line = await alice.phone.connect();
    const { recipients, ...letter } = alice.phone.letter([bob], 'control');
    const selected = recipients
      .filter(({ accountId }) => accountId === bob.accountId)
      .map((each) => ({ ...each, coverage: 'selected' as const, envelopes: each.envelopes.slice(1) }));
    const control = selected.map((each) => ({
      ...each,
      envelopes: each.envelopes.map((envelope) => ({ ...envelope, control: true })),
    }));
    expect(await line.send({ ...letter, recipients: selected })).toMatchObject({ code: 'malformed' });
    expect(await line.send({ ...letter, recipients: control })).toMatchObject({ kind: 'accepted' });
    expect(await (await laptop.connect()).mail()).toMatchObject([{ control: true }]);
  });
});

describe('the SDK', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
    // It writes for as long as two linkings take.
    await world.loosen();
  });

  afterAll(async () => {
    await world.close();
  });

  it('heals by itself: every device gets every message accepted after its link, none is skipped', async () => {
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const texts: string[] = [];
    const link = { done: false, at: Number.POSITIVE_INFINITY };
    const talking = (async () => {
      for (let left = 15; left > 0; left -= link.done ? 1 : 0) {
        if (link.done) link.at = Math.min(link.at, texts.length);
        texts.push(`line ${texts.length}`);
        await alice.phone.send(bob, texts.at(-1) ?? '');
      }
    })();
    const laptop = await bob.device('laptop');
    const tablet = await bob.device('tablet');
    link.done = true;
    await talking;

    expect(await bob.phone.nextTexts(texts.length)).toEqual(texts);
    for (const device of [laptop, tablet]) {
      const seen = [await device.nextText()];
      while (seen.at(-1) !== texts.at(-1)) seen.push(await device.nextText());
      const from = texts.indexOf(seen[0] ?? '');
      expect(from).toBeLessThanOrEqual(link.at);
      expect(seen).toEqual(texts.slice(from));
    }
  });
});
