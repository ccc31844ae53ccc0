import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Envelope } from '../../libs/protocol/frames.js';
import { uuidToBytes, type Sequence } from '../../libs/protocol/ids.js';
import type { Evil, Lies } from '../world/evil.js';
import { swallowSends } from '../world/evil-lies.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

describe('a server that lies about mail', () => {
  let world: World;
  let evil: Evil;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    world = await World.create();
    evil = await world.evilServer();
  });
  beforeEach(async () => {
    evil.honest();
    [alice, bob] = [await world.person('alice'), await world.person('bob', { through: evil })];
    await alice.phone.send(bob, 'one');
    expect(await bob.phone.nextText()).toBe('one');
  });
  afterAll(async () => {
    await world.close();
  });

  /** Of what is delivered to Bob's phone. */
  const mail = (change: (envelopes: readonly Envelope[]) => readonly Envelope[]): Lies => ({
    down: (frame, { deviceId }) =>
      frame.kind === 'deliveries' && deviceId === bob.phone.client.me.deviceId
        ? [{ ...frame, envelopes: change(frame.envelopes) }]
        : [frame],
  });
  const honestAgain = async (): Promise<void> => {
    evil.honest();
    await alice.phone.send(bob, 'honest again');
    for (let text = ''; text !== 'honest again'; text = await bob.phone.nextText());
    await bob.phone.send(alice, 'I hear you');
    expect(await alice.phone.nextText()).toBe('I hear you');
  };
  /** A send is answered before it is delivered: the lie ends when both envelopes have come past it. */
  const bothPass = async (lie: (envelopes: readonly Envelope[]) => readonly Envelope[], work: () => Promise<void>) => {
    const seen = new Set<number>();
    const all = Promise.withResolvers<undefined>();
    evil.lie(
      mail((envelopes) => {
        for (const { sequence } of envelopes) seen.add(sequence);
        if (seen.size >= 2) all.resolve(undefined);
        return lie(envelopes);
      }),
    );
    await work();
    await all.promise;
    evil.honest();
  };
  const renamed = (envelope: Envelope, by: number): Envelope => ({
    ...envelope,
    id: new Uint8Array(8).fill(by),
    sequence: (envelope.sequence + by) as Sequence,
  });

  it('replays envelopes, the same and under new names: everything is shown once', async () => {
    const kept: Envelope[] = [];
    evil.lie(
      mail((envelopes) => {
        kept.push(...envelopes);
        return kept.flatMap((each) => [each, each, renamed(each, 1), renamed(each, 2)]);
      }),
    );
    await alice.phone.send(bob, 'two');
    await alice.phone.send(bob, 'three');
    expect(await bob.phone.nextTexts(2)).toEqual(['two', 'three']);
    await honestAgain();
    expect(bob.phone.waiting).toEqual([]);
  });

  it('replays a first message to a device that has no session any more: its keys were used before', async () => {
    const first: Envelope[] = [];
    const carol = await world.person('carol', { through: evil });
    evil.lie({
      down: (frame, { deviceId }) => {
        if (frame.kind === 'deliveries' && deviceId === carol.phone.client.me.deviceId) first.push(...frame.envelopes);
        return [frame];
      },
    });
    await alice.phone.send(carol, 'first');
    expect(await carol.phone.nextText()).toBe('first');
    evil.lie({
      down: (frame, { deviceId }) =>
        frame.kind === 'queue-empty' && deviceId === carol.phone.client.me.deviceId
          ? [{ kind: 'deliveries', envelopes: first.map((each) => renamed(each, 1)) }, frame]
          : [frame],
    });
    carol.phone.events.length = 0;
    await carol.phone.restart();
    await carol.phone.event('queue-empty');
    evil.honest();
    await alice.phone.send(carol, 'second');
    expect(await carol.phone.nextText()).toBe('second');
    expect(carol.phone.waiting).toEqual([]);
  });

  it('reorders envelopes: each is shown once, in the order it came', async () => {
    const held: Envelope[] = [];
    evil.lie(
      mail((envelopes) => {
        held.push(...envelopes);
        return held.length < 4 ? [] : held.splice(0).toReversed();
      }),
    );
    for (const text of ['two', 'three', 'four', 'five']) await alice.phone.send(bob, text);
    expect(await bob.phone.nextTexts(4)).toEqual(['five', 'four', 'three', 'two']);
    await honestAgain();
    expect(bob.phone.waiting).toEqual([]);
  });

  it('drops envelopes: the hole in the numbers is told, and later mail opens', async () => {
    await bothPass(
      () => [],
      async () => {
        await alice.phone.send(bob, 'dropped');
        await alice.phone.send(bob, 'dropped too');
      },
    );
    await alice.phone.send(bob, 'honest again');
    expect(await bob.phone.nextText()).toBe('honest again');
    expect(await bob.phone.event('mail-missing')).toMatchObject({ from: 2, to: 3 });
    // It was held back and not acked: the real server still has it.
    await bob.phone.restart();
    expect(await bob.phone.nextTexts(2)).toEqual(['dropped', 'dropped too']);
  });

  it('swallows what it says that it took: that is lost, and what comes later opens', async () => {
    const carol = await world.person('carol', { through: evil });
    await carol.phone.send(bob, 'before');
    evil.lie(swallowSends(carol.phone.client.me.deviceId));
    await carol.phone.send(bob, 'swallowed');
    evil.honest();
    await carol.phone.send(bob, 'honest again');
    expect(await bob.phone.nextTexts(2)).toEqual(['before', 'honest again']);
  });

  it.each([
    ['another person', (carol: Person) => carol.phone.client.me],
    ['a device that nobody has', (carol: Person) => ({ ...carol.phone.client.me, deviceId: carol.accountId })],
  ] as const)('says that mail is from %s: it is not opened and waits for an honest server', async (_, as) => {
    const carol = await world.person('carol');
    await bob.phone.send(carol, 'so that Bob knows Carol');
    const { accountId, deviceId } = as(carol);
    const sender = { senderAccount: uuidToBytes(accountId), senderDevice: uuidToBytes(deviceId) };
    evil.lie(mail((envelopes) => envelopes.map((envelope) => ({ ...envelope, ...sender }))));
    await alice.phone.send(bob, 'from Alice');
    expect(await bob.phone.event('undecryptable')).toMatchObject({ senderAccount: accountId });
    expect(bob.phone.waiting).toEqual([]);
    evil.honest();
    await bob.phone.restart();
    expect(await bob.phone.nextMessage()).toMatchObject({ text: 'from Alice', conversation: alice.accountId });
  });

  it('alters ciphertext, or delivers none: it is not opened and waits for an honest server', async () => {
    // Once she has heard of him, Alice's letters are bare: the last byte of one proves all of it.
    await bob.phone.send(alice, 'I hear you');
    expect(await alice.phone.nextText()).toBe('I hear you');
    await bothPass(
      (envelopes) =>
        envelopes.map((envelope) => {
          const content = new Uint8Array(envelope.content);
          content[content.length - 1]! ^= 1;
          return envelope.sequence % 2 === 0
            ? { ...envelope, content }
            : { ...envelope, kind: 3, content: Buffer.from('plain') };
        }),
      async () => {
        await alice.phone.send(bob, 'two');
        await bob.phone.event('undecryptable');
        await alice.phone.send(bob, 'three');
      },
    );
    await bob.phone.restart();
    expect(await bob.phone.nextTexts(2)).toEqual(['two', 'three']);
  });
});
