import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Expiry } from '../mailbox/expiry.js';
import { Gaps } from '../mailbox/gaps.js';
import { Mailbox } from '../mailbox/mailbox.js';
import { Refusals } from '../mailbox/refusals.js';
import { systemIds } from '../platform/ids.js';
import { Metrics } from '../platform/metrics.js';
import type { Envelope } from '../protocol/frames.js';
import type { Ack } from '../protocol/mail.js';
import { MessagingEvents } from './events.js';
import { LongPolls, type Polled, type PollWanted } from './polls.js';
import { MessagingWorld, StreamReader, told, type Box, type TestNode } from './testing.js';

type Page = Extract<Polled, { kind: 'page' }>;
const SIGNAL = new AbortController().signal;
const SOON = 30_000;

let world: MessagingWorld;
let node: TestNode;
let polls: LongPolls;
/** Another api process. */
let other: LongPolls;
let alice: Box;

function pollsOf(of: TestNode): LongPolls {
  const { db, log } = world;
  const parts = {
    mailbox: new Mailbox(db),
    gaps: new Gaps(db),
    refusals: new Refusals(db),
    doorbell: of.doorbell,
    log,
  };
  return new LongPolls({ ...parts, events: new MessagingEvents(new Metrics()) });
}

beforeAll(async () => {
  world = await MessagingWorld.create();
  node = await world.node(1);
  polls = pollsOf(node);
  polls.start(1);
  await node.doorbell.listen(1, (rings) => {
    node.drain.hear(rings);
    polls.hear(rings);
  });
  other = pollsOf(await world.node(2));
  other.start(2);
  alice = await world.box();
});
afterAll(async () => {
  polls.stop();
  other.stop();
  await world.drop();
});

const boxOf = (box: Box) => box.devices[0]!.mailboxNo;
const pair = ({ sequence, id }: Envelope, more: Partial<Ack> = {}): Ack => ({
  sequence,
  id,
  cumulative: false,
  ...more,
});
const textsOf = ({ envelopes }: Page) =>
  envelopes.map(({ sequence, content }) => `${String(sequence)} ${Buffer.from(content).toString()}`);

async function poll(box: Box, wanted: Partial<PollWanted> = {}, by = polls): Promise<Page> {
  const polled = await by.poll(boxOf(box), { stream: undefined, after: 0, wait: 0, ...wanted }, SIGNAL);
  if (polled.kind !== 'page') throw new Error(polled.kind);
  return polled;
}

async function settle(box: Box, stream: number, acks: readonly Ack[]) {
  const settled = await polls.settle(boxOf(box), { stream, acks, nacks: [] });
  if (settled.kind !== 'settled') throw new Error(settled.kind);
  return settled.refused;
}

async function send(text: string, to: Box): Promise<void> {
  const outcome = await node.sender.send(alice.devices[0]!.caller, world.request(text, [to]));
  if (outcome.kind !== 'accepted') throw new Error(told(outcome));
}

describe('a long-poll (D10)', () => {
  it('takes the stream, waits, and answers as soon as mail is committed', async () => {
    const bob = await world.box();
    const first = await poll(bob);
    expect(first).toMatchObject({ envelopes: [], caughtUp: true, head: 0, listVersion: 1 });
    const waiting = poll(bob, { stream: first.stream, wait: SOON });
    await send('1', bob);
    const second = await waiting;
    expect(second.stream).toBe(first.stream);
    expect(textsOf(second)).toEqual(['1 1']);
  });

  it('finds what was committed without a ring', async () => {
    const bob = await world.box();
    const { stream } = await poll(bob);
    const waiting = poll(bob, { stream, wait: SOON });
    await world.appendSilently('lost', alice, bob);
    expect(textsOf(await waiting)).toEqual(['1 lost']);
  });

  it('gives again what is neither acked nor skipped, so an answer may get lost', async () => {
    const bob = await world.box();
    for (const text of ['1', '2', '3']) await send(text, bob);
    const first = await poll(bob);
    expect(textsOf(first)).toEqual(['1 1', '2 2', '3 3']);
    const { stream, envelopes } = first;
    expect(textsOf(await poll(bob, { stream }))).toEqual(textsOf(first));
    expect(textsOf(await poll(bob, { stream, after: 2 }))).toEqual(['3 3']);
    expect(await settle(bob, stream, [pair(envelopes[1]!)])).toEqual([]);
    expect(textsOf(await poll(bob, { stream }))).toEqual(['1 1', '3 3']);
    expect(await world.stored(boxOf(bob))).toEqual(['1 1', '3 3']);
  });

  it('is caught up when all that stood there at its first poll is settled, whatever has come since', async () => {
    const bob = await world.box();
    for (const text of ['1', '2']) await send(text, bob);
    const first = await poll(bob);
    const { stream, envelopes } = first;
    expect(first.caughtUp).toBe(false);
    await send('3', bob);
    await settle(bob, stream, [pair(envelopes[0]!)]);
    expect((await poll(bob, { stream, after: 2 })).caughtUp).toBe(false);
    await settle(bob, stream, [pair(envelopes[1]!)]);
    expect(await poll(bob, { stream, after: 2 })).toMatchObject({ caughtUp: true, envelopes: [{ sequence: 3 }] });
  });

  it('holds acks to sequence and id, and a cumulative one removes all before it', async () => {
    const bob = await world.box();
    for (const text of ['1', '2', '3']) await send(text, bob);
    const { stream, envelopes } = await poll(bob);
    const wrong = pair({ ...envelopes[2]!, id: systemIds.bytes(8) }, { cumulative: true });
    const beyond = pair({ ...envelopes[2]!, sequence: 9 as never });
    expect((await settle(bob, stream, [wrong, beyond])).map(({ sequence }) => sequence)).toEqual([3, 9]);
    expect(await world.stored(boxOf(bob))).toHaveLength(3);
    expect(await settle(bob, stream, [pair(envelopes[1]!, { cumulative: true })])).toEqual([]);
    expect(await world.stored(boxOf(bob))).toEqual(['3 3']);
    expect(await settle(bob, stream, [pair(envelopes[1]!, { cumulative: true })])).toEqual([]);
  });

  it('gives no more than a window unacked', async () => {
    const bob = await world.box();
    for (let sent = 0; sent < 300; sent += 1) await world.appendSilently('x', alice, bob);
    const { stream } = await poll(bob);
    let after = 0;
    for (let page = await poll(bob, { stream }); page.envelopes.length > 0; page = await poll(bob, { stream, after }))
      after = page.envelopes.at(-1)!.sequence;
    expect(after).toBe(256);
    await settle(bob, stream, [pair((await poll(bob, { stream })).envelopes[0]!)]);
    expect((await poll(bob, { stream, after })).envelopes.map(({ sequence }) => sequence)).toEqual([257]);
  });

  it('refuses an envelope for its stream only, and tells gaps until acked (D19, D20)', async () => {
    const bob = await world.box();
    for (const text of ['old', 'poison', 'good']) await send(text, bob);
    await new Expiry(world.db).byStock(boxOf(bob), { stock: 1, most: 1 });
    const { stream, envelopes, gaps } = await poll(bob);
    expect(gaps).toMatchObject([{ from: 1, to: 1, reason: 'stock' }]);
    const [poison, good] = envelopes as [Envelope, Envelope];
    const nack = { sequence: poison.sequence, id: poison.id, reason: 'invalid' } as const;
    const made = { ...nack, id: systemIds.bytes(8) };
    expect(await polls.settle(boxOf(bob), { stream, acks: [], nacks: [nack, made] })).toEqual({
      kind: 'settled',
      refused: [made],
    });
    expect(textsOf(await poll(bob, { stream }))).toEqual(['3 good']);
    expect(await settle(bob, stream, [pair(good, { cumulative: true })])).toEqual([]);
    expect(await world.stored(boxOf(bob))).toEqual(['2 poison']);
    expect(await poll(bob, { stream })).toMatchObject({ gaps: [], envelopes: [], caughtUp: true });
    const next = await poll(bob);
    expect(next.gaps).toEqual([]);
    expect(textsOf(next)).toEqual(['2 poison']);
  });

  it('settles a gap by its own pair', async () => {
    const bob = await world.box();
    await send('old', bob);
    await new Expiry(world.db).byAge(boxOf(bob), { retention: -1_000, most: 1 });
    const { stream, gaps, caughtUp } = await poll(bob);
    expect(caughtUp).toBe(false);
    const [gap] = gaps;
    const ack: Ack = { sequence: gap!.to, id: gap!.id, cumulative: false };
    expect(await settle(bob, stream, [{ ...ack, id: systemIds.bytes(8) }])).toEqual([]);
    expect((await poll(bob, { stream })).gaps).toEqual(gaps);
    expect(await settle(bob, stream, [ack])).toEqual([]);
    expect(await poll(bob, { stream })).toMatchObject({ gaps: [], caughtUp: true });
  });
});

describe('one stream, two transports (D15)', () => {
  it('is taken by the newer: a poll ends a connection, a connection ends a poll', async () => {
    const bob = await world.box();
    const reader = new StreamReader((await node.drain.open(boxOf(bob), () => undefined)) as never);
    const { stream } = await poll(bob);
    expect(await reader.ended).toBe('displaced');
    const waiting = polls.poll(boxOf(bob), { stream, after: 0, wait: SOON }, SIGNAL);
    const second = new StreamReader((await node.drain.open(boxOf(bob), () => undefined)) as never);
    expect(await waiting).toEqual({ kind: 'over' });
    await send('1', bob);
    await second.until(1);
    expect(await polls.poll(boxOf(bob), { stream, after: 0, wait: 0 }, SIGNAL)).toEqual({ kind: 'over' });
    const late = { stream, acks: [pair(second.given[0]!)], nacks: [] };
    expect(await polls.settle(boxOf(bob), late)).toEqual({ kind: 'over' });
    expect(await world.stored(boxOf(bob))).toEqual(['1 1']);
    await second.stop();
  });

  it('goes on at another process with the same id, and what it refused stays refused', async () => {
    const bob = await world.box();
    for (const text of ['1', '2']) await send(text, bob);
    const { stream, envelopes } = await poll(bob);
    await polls.settle(boxOf(bob), { stream, acks: [], nacks: [{ ...envelopes[0]!, reason: 'invalid' }] });
    const there = await poll(bob, { stream }, other);
    expect(there.stream).toBe(stream);
    expect(textsOf(there)).toEqual(['2 2']);
    const settlement = { stream, acks: [pair(envelopes[1]!)], nacks: [] };
    expect(await other.settle(boxOf(bob), settlement)).toEqual({ kind: 'settled', refused: [] });
    expect(await world.db.query('select node::int4, epoch from mailbox where no = $1', [boxOf(bob)])).toEqual([
      { node: 2, epoch: stream },
    ]);
  });

  it('lets one poll wait: the newer ends the waiting of the older', async () => {
    const bob = await world.box();
    const { stream } = await poll(bob);
    const older = poll(bob, { stream, wait: SOON });
    const newer = poll(bob, { stream, wait: SOON });
    expect((await older).envelopes).toEqual([]);
    await send('1', bob);
    expect(textsOf(await newer)).toEqual(['1 1']);
  });

  it('ends waiting with the client, with the process, and with the mailbox', async () => {
    const [bob, carol, dave] = [await world.box(), await world.box(), await world.box()];
    const gone = new AbortController();
    const left = polls.poll(boxOf(bob), { stream: undefined, after: 0, wait: SOON }, gone.signal);
    setTimeout(() => {
      gone.abort();
    }, 20);
    expect(await left).toMatchObject({ kind: 'page', envelopes: [] });
    const closed = polls.poll(boxOf(carol), { stream: undefined, after: 0, wait: SOON }, SIGNAL);
    const stopping = pollsOf(node);
    stopping.start(1);
    const stopped = stopping.poll(boxOf(dave), { stream: undefined, after: 0, wait: SOON }, SIGNAL);
    await until(() => stopping.size === 1);
    await world.db.transact(async (tx) => world.guards.close(tx, [carol.devices[0]!.deviceId]));
    stopping.stop();
    expect(await stopped).toMatchObject({ kind: 'page', envelopes: [] });
    expect(await closed).toEqual({ kind: 'closed' });
    expect(await polls.poll(boxOf(carol), { stream: undefined, after: 0, wait: 0 }, SIGNAL)).toEqual({
      kind: 'closed',
    });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
