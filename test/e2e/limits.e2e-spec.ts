import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { SendOutcome } from '../../libs/protocol/frames.js';
import { newKey, nodeHost } from '../../libs/sdk/host.js';
import { JSON_TYPE, type Answer } from '../world/ask.js';
import { RawDevice, textOf } from '../world/raw-device.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

/** So slow that nothing comes back within a story. */
const NEVER = 0.001;

async function until<Value>(look: () => Promise<Value>, good: (value: Value) => boolean): Promise<Value> {
  for (let value = await look(); ; value = await look()) if (good(value)) return value;
}

function kindOf(outcome: SendOutcome): string {
  return outcome.kind === 'problem' ? outcome.code : outcome.kind;
}

describe('limits', () => {
  const worlds: World[] = [];
  afterAll(async () => {
    await Promise.all(worlds.map(async (world) => world.close()));
  });

  async function worldWith(policy: object): Promise<World> {
    const world = await World.create();
    worlds.push(world);
    await world.policy(policy);
    return world;
  }

  it('of a pair of accounts are one budget for all devices, nodes and transports', async () => {
    const world = await worldWith({ pairBurst: 10, pairPerSecond: NEVER });
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const laptop = await alice.link();
    const [first, second] = [await alice.phone.connect(0), await laptop.connect(1)];
    const over = async (line: typeof first, by: RawDevice, text: string): Promise<string> =>
      kindOf(await line.send(by.letter([bob], text)));
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, async (_, at) => [
        await over(first, alice.phone, `phone ${String(at)}`),
        await over(second, laptop, `laptop ${String(at)}`),
        (await alice.phone.post(alice.phone.letter([bob], `REST ${String(at)}`))).status === 200
          ? 'accepted'
          : 'limited',
      ]),
    );
    expect(outcomes.flat().filter((outcome) => outcome === 'accepted')).toHaveLength(10);
    expect(new Set(outcomes.flat())).toEqual(new Set(['accepted', 'limited']));
    const bobs = await bob.phone.connect();
    expect((await bobs.next('ready')).ready.head).toBe(10);
    const carol = await world.rawPerson('carol');
    expect(kindOf(await first.send(alice.phone.letter([carol], 'another pair')))).toBe('accepted');
  });

  it('are told with the time to wait, over the stream and in Retry-After', async () => {
    const world = await worldWith({ messagesPerMinute: 2 });
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const line = await alice.phone.connect();
    for (let count = 0; count < 2; count += 1)
      expect(kindOf(await line.send(alice.phone.letter([bob], 'hi')))).toBe('accepted');
    const framed = await line.send(alice.phone.letter([bob], 'too much'));
    expect(framed).toMatchObject({ kind: 'problem', code: 'limited' });
    const answer = await alice.phone.post(alice.phone.letter([bob], 'too much'));
    expect(answer).toMatchObject({ status: 429, json: { code: 'limited' } });
    for (const ms of [(framed as { retryAfterMs: number }).retryAfterMs, answer.json?.['retryAfterMs'] as number]) {
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(30_000);
    }
    expect(answer.retryAfter).toBe(Math.ceil((answer.json?.['retryAfterMs'] as number) / 1000));
  });

  it('take nothing from what is refused: no token of any budget, no key, no sequence', async () => {
    const world = await worldWith({ messagesPerMinute: 1_000, pairBurst: 3, pairPerSecond: NEVER });
    const [alice, bob, carol] = [
      await world.rawPerson('alice'),
      await world.rawPerson('bob'),
      await world.rawPerson('carol'),
    ];
    const line = await alice.phone.connect();
    const letter = (to: readonly RawPerson[], text: string) => alice.phone.letter(to, text);
    for (let count = 0; count < 6; count += 1) {
      const wrong = letter([bob], 'wrong');
      const recipients = wrong.recipients.map((each) => ({
        ...each,
        envelopes: each.envelopes.map((envelope) => ({ ...envelope, registrationId: 77 as never })),
      }));
      expect(kindOf(await line.send({ ...wrong, recipients }))).toBe('mismatch');
    }
    for (let count = 0; count < 3; count += 1) expect(kindOf(await line.send(letter([bob], 'one')))).toBe('accepted');
    const idempotencyKey = newKey(nodeHost, Date.now());
    for (let count = 0; count < 6; count += 1)
      expect(kindOf(await line.send({ ...letter([bob, carol], 'both'), idempotencyKey }))).toBe('limited');
    for (let count = 0; count < 3; count += 1) expect(kindOf(await line.send(letter([carol], 'two')))).toBe('accepted');
    expect(kindOf(await line.send(letter([carol], 'two')))).toBe('limited');
    await world.policy({ pairBurst: 1_000, pairPerSecond: 1_000 });
    const other = { ...letter([bob, carol], 'another body'), idempotencyKey };
    await until(
      async () => kindOf(await line.send(other)),
      (kind) => kind === 'accepted',
    );
    const carols = await carol.phone.connect();
    expect((await carols.mail(4)).map(textOf)).toEqual(['two', 'two', 'two', 'another body']);
  });

  it('of the bytes of a mailbox let one pass that is larger than the burst, and leave other mailboxes alone', async () => {
    const world = await worldWith({ burstBytes: 1024, rateBytesPerSecond: 1 });
    const [alice, bob, carol] = [
      await world.rawPerson('alice'),
      await world.rawPerson('bob'),
      await world.rawPerson('carol'),
    ];
    const post = async (by: RawPerson, to: RawPerson, bytes: number): Promise<number> =>
      (await by.phone.post(by.phone.letter([to], 'x'.repeat(bytes)))).status;
    expect(await post(alice, bob, 3_000)).toBe(200);
    expect(await post(carol, bob, 1)).toBe(429);
    expect(await post(alice, carol, 500)).toBe(200);
    expect(await post(alice, carol, 500)).toBe(200);
    expect(await post(alice, carol, 500)).toBe(429);
  });

  it('are waited for by the outbox of a client: everything arrives, in order', async () => {
    const world = await worldWith({ pairBurst: 2, pairPerSecond: 2 });
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    const texts = Array.from({ length: 6 }, (_, at) => `line ${String(at)}`);
    await Promise.all(texts.map(async (text) => alice.phone.send(bob, text)));
    expect(await bob.phone.nextTexts(6)).toEqual(texts);
    expect(alice.phone.events.filter(({ kind }) => kind === 'trouble')).toEqual([]);
  }, 60_000);

  it('of a network count failed authentications only, in its own tenant, and never stop a device that proves itself', async () => {
    const world = await worldWith({ failedAuthPerMinute: 3 });
    const alice = await world.rawPerson('alice');
    const { privateKey } = generateKeyPairSync('ed25519');
    const thief = new RawDevice(alice, { ...alice.phone.keys, authPrivateKey: privateKey }, world.place);
    const from = (address: string) => ({ 'x-forwarded-for': `198.18.0.1, ${address}` });
    const statuses: Answer[] = [];
    for (let count = 0; count < 5; count += 1) statuses.push(await thief.grant(from(`203.0.113.${String(count)}`)));
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
    expect(statuses[4]?.retryAfter).toBeGreaterThan(0);
    const dpop = await alice.phone.tokenProof();
    expect((await alice.phone.grant({ ...from('203.0.113.9'), dpop })).status).toBe(200);
    expect((await thief.grant(from('203.0.114.1'))).status).toBe(401);
    const neighbour = await world.neighbour();
    worlds.push(neighbour);
    const bob = await neighbour.rawPerson('bob');
    const other = new RawDevice(bob, { ...bob.phone.keys, authPrivateKey: privateKey }, world.place);
    expect((await other.grant(from('203.0.113.1'))).status).toBe(401);
  });

  it('of a device: tokens, streams and requests; of an account: lists', async () => {
    const world = await worldWith({ grantsPerMinute: 3, requestsPerMinute: 5, listsPerHour: 1 });
    const alice = await world.rawPerson('alice');
    await alice.link();
    const pending = await alice.pending(await alice.phone.connect(1));
    expect(await alice.storeList(pending)).toMatchObject({ status: 429, json: { code: 'limited' } });
    const bob = await world.rawPerson('bob');
    const grants = [];
    for (let count = 0; count < 4; count += 1) grants.push((await bob.phone.grant()).status);
    expect(grants).toEqual([200, 200, 200, 429]);
    const carol = await world.rawPerson('carol');
    const asked = [];
    for (let count = 0; count < 6; count += 1)
      asked.push((await carol.phone.ask({ method: 'GET', path: '/v1/keys', type: JSON_TYPE })).status);
    expect(asked).toEqual([200, 200, 200, 200, 200, 429]);
    for (let count = 0; count < 3; count += 1) await carol.phone.connect(count);
    await expect(carol.phone.connect()).rejects.toThrow('429');
  });
});
