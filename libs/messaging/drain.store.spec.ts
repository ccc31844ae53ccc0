import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Expiry } from '../mailbox/expiry.js';
import type { MailboxNo } from '../mailbox/guards.js';
import { systemIds } from '../platform/ids.js';
import { Db } from '../platform/postgres.js';
import type { RedisLink } from '../platform/redis.js';
import { testRedisLinks } from '../platform/testing/redis.js';
import type { Envelope } from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';
import type { Ack, Gap } from '../protocol/mail.js';
import { Doorbell, type Ring } from '../realtime/doorbell.js';
import type { Stream } from './stream.js';
import { MessagingWorld, StreamReader, told, type Box, type TestNode } from './testing.js';

let world: MessagingWorld;
let redis: RedisLink[];
/** Where streams are held, and another process that only sends; joined by a real Redis. */
let here: TestNode;
let there: TestNode;
let alice: Box;
const readers: StreamReader[] = [];

beforeAll(async () => {
  world = await MessagingWorld.create();
  redis = await testRedisLinks(2);
  const namespace = `spec-${systemIds.bytes(6).toString('hex')}`;
  const prefixed = (link: RedisLink) => ({
    publish: (channel: string, message: string) => link.publish(`${namespace}:${channel}`, message),
    subscribe: async (channel: string, listener: (message: string) => void) =>
      link.subscribe(`${namespace}:${channel}`, listener),
  });
  here = await world.node(1, prefixed(redis[0]!));
  there = await world.node(2, prefixed(redis[1]!));
  alice = await world.box();
});
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.stop();
});
afterAll(async () => {
  await world.drop();
  for (const link of redis) link.close();
});

const boxOf = (box: Box) => box.devices[0]!.mailboxNo;

async function open(box: Box, node = here): Promise<Stream> {
  const stream = await node.drain.open(boxOf(box), () => undefined);
  if (stream === 'closed') throw new Error('closed');
  return stream;
}

function read(stream: Stream, onEnvelopes?: (envelopes: readonly Envelope[]) => Promise<unknown>): StreamReader {
  const reader = new StreamReader(stream, onEnvelopes);
  readers.push(reader);
  return reader;
}

async function send(text: string, to: Box, by: { readonly node?: TestNode; readonly from?: Box } = {}): Promise<void> {
  const { node = here, from = alice } = by;
  const outcome = await node.sender.send(from.devices[0]!.caller, world.request(text, [to]));
  if (outcome.kind !== 'accepted') throw new Error(told(outcome));
}

/** One envelope, as if committed elsewhere. */
async function fill(mailbox: MailboxNo): Promise<void> {
  await world.db.commit(
    `with put as (insert into envelope (mailbox, seq, id, at, registration, kind, content) values ($1, 1, 1, 1, 1, 2, 'x'))
     update mailbox set head = 1 where no = $1`,
    [mailbox],
  );
}

function acks(envelopes: readonly Envelope[]): Ack[] {
  return envelopes.map(({ sequence, id }) => ({ sequence, id, cumulative: false }));
}

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const sequences = (reader: StreamReader): number[] => reader.given.map(({ sequence }) => sequence);

describe('a drain', () => {
  it('gives the backlog, then what comes, without gap or overtaking, while writers on both nodes go on', async () => {
    const bob = await world.box();
    const writers = [await world.box(), await world.box(), await world.box()];
    for (let at = 0; at < 150; at += 1) await world.appendSilently(`old ${String(at)}`, alice, bob);
    const write = async (writer: Box, index: number): Promise<void> => {
      for (let at = 0; at < 100; at += 1)
        await send(`${String(index)}/${String(at)}`, bob, { node: index === 2 ? there : here, from: writer });
    };
    const writing = Promise.all(writers.map(write));
    const stream = await open(bob);
    const reader = read(stream, async (envelopes) => here.drain.acknowledge(stream, acks(envelopes)));
    await writing;
    await reader.until(450, 1);
    expect(sequences(reader)).toEqual(numbered(450));
    expect(await world.stored(boxOf(bob))).toEqual([]);
    for (const [index] of writers.entries()) {
      const own = reader.texts.map((line) => line.split(' ')[1]!.split('/')).filter(([from]) => from === String(index));
      expect(own.map(([, at]) => Number(at))).toEqual(numbered(100).map((at) => at - 1));
    }
  });

  it('misses nothing that is committed while it opens (D12)', async () => {
    for (let round = 0; round < 20; round += 1) {
      const bob = await world.box();
      const sending = [send('a', bob), send('b', bob, { node: there }), send('c', bob)];
      const reader = read(await open(bob));
      await Promise.all(sending);
      await reader.until(3, 0);
      expect(sequences(reader)).toEqual([1, 2, 3]);
    }
  });

  it('says queue-empty at once for an empty mailbox, else when all that stood there is acked', async () => {
    const [bob, carol] = [await world.box(), await world.box()];
    await read(await open(carol)).until(0, 1);
    for (const text of ['1', '2']) await send(text, bob);
    const stream = await open(bob);
    expect(stream.start.head).toBe(2);
    const reader = await read(stream).until(2);
    await here.drain.acknowledge(stream, acks(reader.given.slice(1)));
    expect(reader.empties).toBe(0);
    await here.drain.acknowledge(stream, acks(reader.given.slice(0, 1)));
    await reader.until(2, 1);
  });

  it('gives what was committed without a ring with the next one, and to the next connection', async () => {
    const bob = await world.box();
    const reader = await read(await open(bob)).until(0, 1);
    await world.appendSilently('lost', alice, bob);
    await send('rung', bob);
    await reader.until(2);
    expect(reader.texts).toEqual(['1 lost', '2 rung']);
    await world.appendSilently('lost too', alice, bob);
    await reader.stop();
    expect((await read(await open(bob)).until(3)).texts).toEqual(['1 lost', '2 rung', '3 lost too']);
  });

  it('finds by itself what was committed without a ring (D14)', async () => {
    const bob = await world.box();
    const reader = await read(await open(bob)).until(0, 1);
    await world.appendSilently('lost', alice, bob);
    await reader.until(1);
    expect(reader.texts).toEqual(['1 lost']);
  });

  it('tells a gap first, and again on the next connection until it is acked; queue-empty waits for it (D19)', async () => {
    const bob = await world.box();
    for (const text of ['1', '2', '3']) await send(text, bob);
    await new Expiry(world.db).byStock(boxOf(bob), { stock: 1, most: 2 });
    const first = await read(await open(bob)).until(1);
    expect(first.gaps).toMatchObject([{ from: 1, to: 2, reason: 'stock' }]);
    expect(first.texts).toEqual(['3 3']);
    const stream = await open(bob);
    const second = await read(stream).until(1);
    expect(second.gaps).toEqual(first.gaps);
    await here.drain.acknowledge(stream, acks(second.given));
    expect(second.empties).toBe(0);
    const [{ to, id }] = second.gaps as [Gap];
    expect(await here.drain.acknowledge(stream, [{ sequence: to, id, cumulative: false }])).toEqual([]);
    await second.until(1, 1);
    const third = await read(await open(bob)).until(0, 1);
    expect(third.gaps).toEqual([]);
  });

  it('settles no gap for a made-up pair, also where nothing waits that could show it to be wrong (D11)', async () => {
    const bob = await world.box();
    await send('1', bob);
    await new Expiry(world.db).byStock(boxOf(bob), { stock: 0, most: 1 });
    const stream = await open(bob);
    const [{ to }] = (await read(stream).untilGap()).gaps as [Gap];
    await here.drain.acknowledge(stream, [{ sequence: to, id: Buffer.alloc(8, 1), cumulative: true }]);
    const again = await read(await open(bob)).untilGap();
    expect(again.gaps).toMatchObject([{ from: 1, to: 1, reason: 'stock' }]);
  });

  it('tells a gap that comes while it is connected', async () => {
    const bob = await world.box();
    const reader = await read(await open(bob)).until(0, 1);
    await send('1', bob);
    await reader.until(1);
    await new Expiry(world.db).byAge(boxOf(bob), { retention: -1_000, most: 9 });
    await reader.untilGap();
    expect(reader.gaps).toMatchObject([{ from: 1, to: 1, reason: 'age' }]);
  });

  it('settles what is refused for this connection only; the third refusal settles it for all (D20)', async () => {
    const bob = await world.box();
    for (const text of ['poison', 'good']) await send(text, bob);
    for (const connection of [1, 2, 3]) {
      const stream = await open(bob);
      const reader = await read(stream).until(connection === 1 ? 2 : 1);
      const [poison, good] = reader.given as [Envelope, Envelope];
      expect(Buffer.from(poison.content).toString()).toBe('poison');
      const nack = { sequence: poison.sequence, id: poison.id, reason: 'undecryptable' } as const;
      expect(await here.drain.refuse(stream, { ...nack, id: systemIds.bytes(8) })).toBe(false);
      expect(await here.drain.refuse(stream, nack)).toBe(true);
      if (connection === 1)
        await here.drain.acknowledge(stream, [{ sequence: good.sequence, id: good.id, cumulative: true }]);
      await reader.until(0, 1);
      await here.drain.close(stream);
      expect(await world.stored(boxOf(bob))).toEqual(connection === 3 ? [] : ['1 poison']);
    }
    const last = await read(await open(bob)).until(0, 1);
    expect(last.given).toEqual([]);
  });

  it('leaves out of a cumulative ack what was refused just before it (D11)', async () => {
    const bob = await world.box();
    for (const text of ['good', 'poison', 'better']) await send(text, bob);
    const stream = await open(bob);
    const { given } = await read(stream).until(3);
    const [, poison, better] = given as [Envelope, Envelope, Envelope];
    const refused = here.drain.refuse(stream, { sequence: poison.sequence, id: poison.id, reason: 'undecryptable' });
    const acked = here.drain.acknowledge(stream, [{ sequence: better.sequence, id: better.id, cumulative: true }]);
    expect([await refused, await acked]).toEqual([true, []]);
    expect(await world.stored(boxOf(bob))).toEqual(['2 poison']);
  });

  it('reads a page for each tenant in turn: a crowd with backlogs delays the one of another tenant by one', async () => {
    const [crowd, lone] = [await world.box(200), await world.box()];
    for (const { mailboxNo } of crowd.devices) await fill(mailboxNo);
    await fill(boxOf(lone));
    const order: MailboxNo[] = [];
    const follow = async (mailbox: MailboxNo, tenant: string) => {
      const stream = await here.drain.open(mailbox, () => undefined, tenant);
      return stream === 'closed' ? undefined : read(stream, async () => Promise.resolve(order.push(mailbox))).until(1);
    };
    const many = crowd.devices.map(async ({ mailboxNo }) => follow(mailboxNo, 'crowded'));
    await Promise.all([...many, follow(boxOf(lone), 'lonely')]);
    expect(order).toHaveLength(201);
    expect(order.indexOf(boxOf(lone))).toBeLessThan(64);
  });

  it('reads 300 envelopes no further than its window, and on after acks', async () => {
    const bob = await world.box();
    for (const at of numbered(300)) await world.appendSilently(String(at), alice, bob);
    const stream = await open(bob);
    const reader = await read(stream).until(256);
    await send('ring', bob);
    expect(reader.given).toHaveLength(256);
    const last = reader.given.at(-1)!;
    await here.drain.acknowledge(stream, [{ sequence: last.sequence, id: last.id, cumulative: true }]);
    await reader.until(301);
    expect(sequences(reader)).toEqual(numbered(301));
  });

  it('tells who listens of changed devices, and opens no closed mailbox', async () => {
    const bob = await world.box();
    const heard: Ring[] = [];
    let hear: () => void = () => undefined;
    const notified = new Promise<void>((resolve) => (hear = resolve));
    await here.drain.open(boxOf(bob), (notice) => {
      heard.push(notice);
      hear();
    });
    const notice: Ring = { kind: 'devices-changed', mailbox: boxOf(bob), listVersion: 3 as never };
    there.doorbell.ring(here.no, [notice]);
    await notified;
    expect(heard).toEqual([notice]);
    await world.db.transact(async (tx) => world.guards.close(tx, [bob.devices[0]!.deviceId]));
    expect(await here.drain.open(boxOf(bob), () => undefined)).toBe('closed');
  });
});

describe('one stream for each mailbox (D15)', () => {
  it('ends an older one on the same node before the newer is given anything', async () => {
    const bob = await world.box();
    const older = read(await open(bob));
    const newer = read(await open(bob));
    expect(await older.ended).toBe('displaced');
    await send('1', bob);
    await newer.until(1);
    expect(older.given).toEqual([]);
  });

  it('gives an older one on another node no page and takes no ack from it', async () => {
    const bob = await world.box();
    await send('1', bob);
    const stream = await open(bob, there);
    const older = await read(stream).until(1);
    const newer = read(await open(bob));
    expect(await there.drain.acknowledge(stream, acks(older.given))).toEqual([]);
    expect(await older.ended).toBe('displaced');
    await newer.until(1);
    expect(await world.stored(boxOf(bob))).toEqual(['1 1']);

    const idle = read(await open(bob, there));
    await idle.until(1);
    await open(bob);
    await send('2', bob);
    there.drain.hear([{ kind: 'wake', mailbox: boxOf(bob), epoch: 0, base: 1, head: 2 }]);
    expect(await idle.ended).toBe('displaced');
    expect(sequences(idle)).toEqual([1]);
  });

  it('ends an idle older one on another node, told by a ring or, where none comes, by the table', async () => {
    const bob = await world.box();
    const rung = read(await open(bob, there));
    await rung.until(0, 1);
    const newer = read(await open(bob));
    expect(await rung.ended).toBe('displaced');
    await newer.until(0, 1);
    await world.mailbox.takeStreams([boxOf(bob)], 7);
    expect(await newer.ended).toBe('displaced');
  });

  it('is not ended by whoever can ring: the table decides', async () => {
    const bob = await world.box();
    const reader = await read(await open(bob)).until(0, 1);
    there.doorbell.ring(here.no, [{ kind: 'taken', mailbox: boxOf(bob) }]);
    await send('1', bob);
    await reader.until(1);
    expect(reader.stream.ended).toBeUndefined();
  });

  it('ends with its mailbox, though nobody rings', async () => {
    const bob = await world.box();
    const reader = await read(await open(bob)).until(0, 1);
    await world.db.transact(async (tx) => world.guards.close(tx, [bob.devices[0]!.deviceId]));
    expect(await reader.ended).toBe('closed');
  });

  it('survives the same device connecting many times at once: the last one reads', async () => {
    const bob = await world.box();
    await send('1', bob);
    const all = await Promise.all(numbered(8).map(async () => open(bob)));
    const each = all.map((stream) => read(stream));
    await each.at(-1)!.until(1);
    expect(await Promise.all(each.slice(0, -1).map(async (reader) => reader.ended))).toEqual(
      Array.from({ length: 7 }, () => 'displaced'),
    );
    await send('2', bob);
    await each.at(-1)!.until(2);
  });
});

describe('acks', () => {
  it('that are wrong remove nothing and are told; those that came before are not', async () => {
    const bob = await world.box();
    for (const text of ['1', '2', '3']) await send(text, bob);
    const stream = await open(bob);
    const { given } = await read(stream).until(3);
    const [first, second, third] = acks(given) as [Ack, Ack, Ack];
    const wrong: Ack = { ...second, id: first.id };
    const absent: Ack = { ...first, sequence: 9 as never };
    expect(await here.drain.acknowledge(stream, [first, wrong, third, absent])).toEqual([wrong, absent]);
    expect(await world.stored(boxOf(bob))).toEqual(['2 2']);
    expect(await here.drain.acknowledge(stream, [first, third])).toEqual([]);
    expect(await here.drain.acknowledge(stream, [{ ...wrong, cumulative: true }])).toEqual([
      { ...wrong, cumulative: true },
    ]);
    expect(await world.stored(boxOf(bob))).toEqual(['2 2']);
  });

  it('that name nothing are looked for so many times, then the stream ends', async () => {
    const stream = await open(await world.box());
    const made = { sequence: 1 as never, id: new Uint8Array(8), reason: 'invalid', cumulative: false } as const;
    await here.drain.acknowledge(stream, Array<Ack>(LIMITS.strayAcks).fill(made));
    expect(stream.ended).toBeUndefined();
    expect(await here.drain.refuse(stream, made)).toBe(false);
    expect(stream.ended).toBe('astray');
  });

  it('that never came bring the same envelope again, and an ack of the earlier connection counts', async () => {
    const bob = await world.box();
    for (const text of ['1', '2', '3']) await send(text, bob);
    const before = await read(await open(bob)).until(3);
    await here.drain.acknowledge(before.stream, acks(before.given.slice(0, 1)));
    await here.drain.close(before.stream);
    const [floor] = await world.db.query('select acked_through as floor from mailbox where no = $1', [boxOf(bob)]);
    expect(floor).toEqual({ floor: 1 });
    const stream = await open(bob);
    expect(await here.drain.acknowledge(stream, acks(before.given.slice(1, 2)))).toEqual([]);
    const reader = await read(stream).until(1);
    expect(reader.given).toEqual(before.given.slice(2));
  });
});

describe('a drain without its database', () => {
  it('throws when it opens, and asks those it holds to come again', async () => {
    const db = Db.connect({ url: world.database.url, max: 2, application: 'spec' });
    const bell = new Doorbell();
    const drain = world.drainOn(db, bell);
    await bell.listen(9, (rings) => drain.hear(rings));
    drain.start(9);
    const [bob, carol] = [await world.box(), await world.box()];
    const stream = (await drain.open(boxOf(bob), () => undefined)) as Stream;
    const reader = await read(stream).until(0, 1);
    await db.close();
    bell.ring(9, [{ kind: 'wake', mailbox: boxOf(bob), epoch: stream.epoch, base: 3, head: 4 }]);
    expect(await reader.ended).toBe('unavailable');
    await expect(drain.open(boxOf(carol), () => undefined)).rejects.toThrow();
    expect(drain.size).toBe(0);
    await drain.stop();
  });
});
