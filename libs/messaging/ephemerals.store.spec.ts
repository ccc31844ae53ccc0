import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Envelope } from '../protocol/frames.js';
import { decodeServerFrame } from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';
import { Doorbell } from '../realtime/doorbell.js';
import type { NodeLink } from '../realtime/node-link.js';
import { EPHEMERAL, Ephemerals } from './ephemerals.js';
import { DeviceSets } from './device-sets.js';
import { MessagingEvents } from './events.js';
import { SendLimits } from './limits.js';
import { Metrics } from '../platform/metrics.js';
import { Db } from '../platform/postgres.js';
import { Sender } from './send.js';
import { systemIds } from '../platform/ids.js';
import type { Stream } from './stream.js';
import { MessagingWorld, recipient, StreamReader, told, type Box, type TestNode } from './testing.js';

let world: MessagingWorld;
let node: TestNode;
let there: TestNode;
let alice: Box;
const readers: StreamReader[] = [];

beforeAll(async () => {
  world = await MessagingWorld.create();
  node = await world.node(1);
  there = await world.node(2);
  alice = await world.box();
});
afterAll(async () => {
  for (const reader of readers) await reader.stop();
  await world.drop();
});

async function read(box: Box, on = node, device = 0): Promise<StreamReader> {
  const stream = await on.drain.open(box.devices[device]!.mailboxNo, () => undefined);
  const reader = new StreamReader(stream as Stream);
  readers.push(reader);
  return reader.until(0, 1);
}

function envelopeOf(reader: StreamReader): Envelope {
  const frame = decodeServerFrame(reader.passed.at(-1)!);
  if (frame?.kind !== 'ephemeral') throw new Error('no ephemeral frame');
  return frame.envelope;
}

/** A sender whose messages to other nodes are kept. */
function linked(): { readonly sender: Sender; readonly sent: [number, Uint8Array][] } {
  const sent: [number, Uint8Array][] = [];
  const link = {
    send: async (to: number, message: Uint8Array) => Promise.resolve(void sent.push([to, message])),
  } as unknown as NodeLink;
  const { accounts, bundles, clock, tenants } = world.devices;
  const ephemerals = new Ephemerals(node.drain, node.doorbell, clock, link);
  const parts = {
    limits: new SendLimits(world.limiter, tenants),
    sets: new DeviceSets(accounts, world.guards),
    mailbox: world.mailbox,
    bundles,
    doorbell: new Doorbell(),
    ephemerals,
    events: new MessagingEvents(new Metrics()),
  };
  return { sender: new Sender(world.db, parts, clock, systemIds), sent };
}

describe('an ephemeral send (D6)', () => {
  const ephemeral = (text: string, to: Box) => world.request(text, [to], { class: 'ephemeral' });
  const caller = () => alice.devices[0]!.caller;

  it('reaches the sockets of the addressed devices, without number, and is stored nowhere', async () => {
    const bob = await world.box(2);
    const [phone, laptop] = [await read(bob), await read(bob, node, 1)];
    expect(told(await node.sender.send(caller(), ephemeral('typing', bob)))).toBe('accepted');
    await phone.untilPassed();
    await laptop.untilPassed();
    expect(envelopeOf(phone)).toMatchObject({ sequence: 0, control: false, registrationId: 1 });
    expect(Buffer.from(envelopeOf(laptop).content).toString()).toBe('typing');
    for (const { mailboxNo } of bob.devices) expect(await world.stored(mailboxNo)).toEqual([]);
    expect(await world.db.query('select 1 from sent')).toEqual([]);
    expect(await world.db.query('select 1 from mailbox where head > 0')).toEqual([]);
  });

  it('is accepted whether anybody is online or not', async () => {
    expect(told(await node.sender.send(caller(), ephemeral('typing', await world.box())))).toBe('accepted');
  });

  it('must cover the active devices, as they are now and not as they were', async () => {
    const bob = await world.box();
    await read(bob);
    expect(told(await node.sender.send(caller(), ephemeral('1', bob)))).toBe('accepted');
    await world.db.transact(async (tx) => {
      await world.guards.open(tx, {
        accountNo: bob.accountNo,
        deviceId: systemIds.uuid(),
        registrationId: 9 as never,
        listVersion: 1 as never,
      });
    });
    expect(told(await node.sender.send(caller(), ephemeral('2', bob)))).toBe('mismatch');
    const stale = { ...bob, devices: [{ ...bob.devices[0]!, registrationId: 77 as never }] };
    const selected = { ...recipient('3', stale), coverage: 'selected' as const };
    const answer = await node.sender.send(caller(), { ...ephemeral('3', bob), recipients: [selected] });
    expect(answer).toMatchObject({ kind: 'mismatch', mismatched: [{ stale: [bob.devices[0]!.deviceId] }] });
  });

  it('goes to the node that holds the stream, and from there to the socket', async () => {
    const bob = await world.box();
    const reader = await read(bob, there);
    const { sender, sent } = linked();
    expect(told(await sender.send(caller(), ephemeral('across', bob)))).toBe('accepted');
    const [[to, message]] = sent as [[number, Uint8Array]];
    expect(to).toBe(2);
    expect(message[0]).toBe(EPHEMERAL);
    const arriving = new Ephemerals(there.drain, there.doorbell, world.devices.clock);
    arriving.hear(message);
    await reader.untilPassed();
    expect(Buffer.from(envelopeOf(reader).content).toString()).toBe('across');
    arriving.hear(Buffer.from([EPHEMERAL, 1, 2]));
  });

  it('is dropped when it comes more than ten seconds late, and mail does not wait for it', async () => {
    const bob = await world.box();
    const reader = await read(bob, there);
    const { sender, sent } = linked();
    await sender.send(caller(), ephemeral('late', bob));
    world.devices.clock.advance(LIMITS.ephemeralLife + 1);
    const arriving = new Ephemerals(there.drain, there.doorbell, world.devices.clock);
    arriving.hear(sent[0]![1]);
    await sender.send(caller(), ephemeral('in time', bob));
    arriving.hear(sent[1]![1]);
    await reader.untilPassed();
    expect(reader.passed).toHaveLength(1);
    expect(Buffer.from(envelopeOf(reader).content).toString()).toBe('in time');
  });

  it('is refused in words when the devices cannot be looked up', async () => {
    const bob = await world.box();
    const gone = Db.connect({ url: 'postgres://nobody@127.0.0.1:1/nothing', max: 1, application: 'spec' });
    const sender = world.senderOn(gone);
    expect(told(await sender.send(caller(), ephemeral('x', bob)))).toBe('unavailable');
    await gone.close();
  });
});
