import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newKey, nodeHost } from '../../libs/sdk/host.js';
import { textOf } from '../world/raw-device.js';
import { World } from '../world/world.js';

const HOUR = 3_600_000;

describe('an idempotency key', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
    await world.loosen();
  });

  afterAll(async () => {
    await world.close();
  });

  it('is accepted once, however often it comes at the same time through stream and REST', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const line = await alice.phone.connect(1);
    for (let round = 1; round <= 20; round += 1) {
      const letter = alice.phone.letter([bob], `round ${round}`);
      const [first, rest, second, again] = await Promise.all([
        line.send(letter),
        alice.phone.post(letter),
        line.send(letter),
        alice.phone.post(letter),
      ]);
      const acceptedAt = first.kind === 'accepted' ? first.acceptedAt : 0;
      expect(acceptedAt).toBeGreaterThan(0);
      expect(second).toEqual(first);
      expect([rest.json, again.json]).toEqual([{ acceptedAt }, { acceptedAt }]);
    }
    const bobs = await bob.phone.connect();
    expect((await bobs.next('ready')).ready.head).toBe(20);
    expect((await bobs.mail(20)).map(textOf)).toEqual(Array.from({ length: 20 }, (_, index) => `round ${index + 1}`));
  });

  it('survives a move to another gateway with the send under way', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    let line = await alice.phone.connect(0);
    for (let round = 1; round <= 20; round += 1) {
      const letter = alice.phone.letter([bob], `round ${round}`);
      line.say({ kind: 'send', id: 1_000, request: letter });
      const next = await alice.phone.connect(round);
      const outcome = await next.send(letter);
      expect(outcome.kind).toBe('accepted');
      const earlier = line.heard.filter((frame) => frame.kind === 'answer' && frame.id === 1_000);
      for (const frame of earlier) expect(frame).toMatchObject({ outcome });
      line = next;
    }
    const bobs = await bob.phone.connect();
    expect((await bobs.mail(20)).map(textOf)).toEqual(Array.from({ length: 20 }, (_, index) => `round ${index + 1}`));
    expect((await (await bob.phone.connect(1)).next('ready')).ready.head).toBe(20);
  });

  it('keeps its answer whatever has changed since, and refuses another body', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const line = await alice.phone.connect();
    const letter = alice.phone.letter([bob], 'once');
    const accepted = await line.send(letter);
    await bob.link();
    await alice.link(line);
    await bob.phone.reregister(9);
    expect(await line.send(letter)).toEqual(accepted);
    expect(await line.send({ ...letter, bundles: true })).toEqual(accepted);
    expect((await alice.phone.post(letter)).json).toEqual({
      acceptedAt: (accepted as { acceptedAt: number }).acceptedAt,
    });

    const other = { ...alice.phone.letter([bob], 'twice'), idempotencyKey: letter.idempotencyKey };
    for (const changed of [other, { ...letter, urgent: true }, { ...letter, clientTimestamp: Date.now() }])
      expect(await line.send(changed)).toMatchObject({ kind: 'problem', code: 'key_reused' });
    const overRest = await alice.phone.post(other);
    expect([overRest.status, overRest.json?.['code']]).toEqual([409, 'key_reused']);
  });

  it('belongs to its device: another one may use the same', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const letter = alice.phone.letter([bob], "alice's");
    const { idempotencyKey } = letter;
    expect((await alice.phone.post(letter)).status).toBe(200);
    const mallory = await world.rawPerson('mallory');
    expect((await mallory.phone.post(mallory.phone.letter([bob], "mallory's", { idempotencyKey }))).status).toBe(200);
    expect((await (await bob.phone.connect()).mail(2)).map(textOf)).toEqual(["alice's", "mallory's"]);
  });

  it.each([
    ['is too old', -24 * HOUR - 60_000, 'time_out_of_range'],
    ['is ten minutes ahead', HOUR / 6, 'time_out_of_range'],
    ['is almost a day old', -24 * HOUR + 60_000, 'accepted'],
    ['is four minutes ahead', HOUR / 15, 'accepted'],
  ])('that %s: %i ms -> %s', async (_, offset, expected) => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const idempotencyKey = newKey(nodeHost, Date.now() + offset);
    const outcome = await (await alice.phone.connect()).send(alice.phone.letter([bob], 'when?', { idempotencyKey }));
    expect(outcome.kind === 'problem' ? outcome.code : outcome.kind).toBe(expected);
    if (outcome.kind === 'problem') expect(Math.abs((outcome.serverTime ?? 0) - Date.now())).toBeLessThan(5_000);
  });
});
