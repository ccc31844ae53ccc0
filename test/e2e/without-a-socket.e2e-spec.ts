import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  decodeMailboxPage,
  decodeSetAside,
  decodeSettlementAnswer,
  encodeMailboxSettlement,
  type MailboxPage,
} from '../../libs/protocol/mailbox-page.js';
import type { Ack, Nack } from '../../libs/protocol/mail.js';
import { PROTOBUF } from '../world/ask.js';
import { textOf, type RawDevice } from '../world/raw-device.js';
import { World } from '../world/world.js';

let world: World;

beforeAll(async () => {
  world = await World.create();
  await world.loosen();
});
afterAll(async () => {
  await world.close();
});

async function poll(device: RawDevice, query = ''): Promise<MailboxPage> {
  const { status, bytes, json } = await device.ask({ method: 'GET', path: `/v1/mailbox?${query}` });
  const page = status === 200 ? decodeMailboxPage(bytes) : undefined;
  if (page === undefined) throw new Error(`${String(status)} ${String(json?.['code'])}`);
  return page;
}

async function settle(
  device: RawDevice,
  stream: number,
  { acks = [], nacks = [] }: { readonly acks?: readonly Ack[]; readonly nacks?: readonly Nack[] },
) {
  const body = encodeMailboxSettlement({ stream, acks, nacks });
  const answer = await device.ask({ method: 'POST', path: '/v1/mailbox/settlements', type: PROTOBUF, body });
  return answer.status === 200 ? decodeSettlementAnswer(answer.bytes) : answer.json?.['code'];
}

const acksFor = ({ envelopes }: MailboxPage): Ack[] =>
  envelopes.map(({ sequence, id }) => ({ sequence, id, cumulative: false }));

describe('a device without a socket', () => {
  it('waits for mail, gets it as it is committed, acks it, and is caught up (D10)', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const first = await poll(bob.phone, 'wait=0');
    expect(first).toMatchObject({ envelopes: [], gaps: [], caughtUp: true, listVersion: 1 });
    const waiting = poll(bob.phone, `wait=30&stream=${String(first.stream)}`);
    await alice.phone.post(alice.phone.letter([bob], 'by poll'));
    const page = await waiting;
    expect(page.envelopes.map(textOf)).toEqual(['by poll']);
    expect(page.stream).toBe(first.stream);
    expect(await settle(bob.phone, page.stream, { acks: acksFor(page) })).toEqual([]);
    expect((await poll(bob.phone, `wait=0&stream=${String(page.stream)}`)).envelopes).toEqual([]);
  });

  it('loses its stream to a socket of the same device, and takes it back (D15)', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    await alice.phone.post(alice.phone.letter([bob], 'once'));
    const polled = await poll(bob.phone, 'wait=0');
    const waiting = bob.phone.ask({
      method: 'GET',
      path: `/v1/mailbox?wait=30&stream=${String(polled.stream)}&after=1`,
    });
    const line = await bob.phone.connect(1);
    expect((await line.mail()).map(textOf)).toEqual(['once']);
    expect((await waiting).json?.['code']).toBe('stream_over');
    expect(await settle(bob.phone, polled.stream, { acks: acksFor(polled) })).toBe('stream_over');
    const again = await poll(bob.phone, 'wait=0');
    expect(again.envelopes.map(textOf)).toEqual(['once']);
    expect((await line.end()).code).toBe(4409);
    expect(await settle(bob.phone, again.stream, { acks: acksFor(again) })).toEqual([]);
  });

  it('refuses an envelope three times, and finds it set aside (D20)', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    await alice.phone.post(alice.phone.letter([bob], 'poison'));
    for (let stream = 0; stream < 3; stream += 1) {
      const page = await poll(bob.phone, 'wait=0');
      const [{ sequence, id }] = page.envelopes as [MailboxPage['envelopes'][number]];
      expect(await settle(bob.phone, page.stream, { nacks: [{ sequence, id, reason: 'undecryptable' }] })).toEqual([]);
    }
    expect((await poll(bob.phone, 'wait=0')).envelopes).toEqual([]);
    const { bytes } = await bob.phone.ask({ method: 'GET', path: '/v1/mailbox/set-aside' });
    expect(decodeSetAside(bytes)).toMatchObject([{ reason: 'undecryptable', envelope: { sequence: 1 } }]);
  });

  it('is told of a restored database instead of silence when it shows another incarnation (D26)', async () => {
    const bob = await world.rawPerson('bob');
    const { incarnation } = await poll(bob.phone, 'wait=0');
    const shown = Buffer.from(incarnation).toString('base64url');
    expect((await poll(bob.phone, `wait=0&incarnation=${shown}`)).incarnation).toEqual(incarnation);
    await expect(poll(bob.phone, 'wait=0&incarnation=AAAAAAAAAAA')).rejects.toThrow('409 reset');
  });

  it('is told of mail that was too old, on a socket as by poll, until it acks the gap (D19)', async () => {
    const short = await world.neighbour();
    try {
      await short.policy({ retentionSeconds: 1, tokens: 'dpop' });
      const [alice, bob] = [await short.rawPerson('alice'), await short.rawPerson('bob')];
      for (const text of ['1', '2']) await alice.phone.post(alice.phone.letter([bob], text));
      let page = await poll(bob.phone, 'wait=0&after=2');
      // The sweep may come between the ends of the two; then the gap grows.
      while (page.gaps.at(-1)?.to !== 2) {
        await sleep(300);
        page = await poll(bob.phone, `wait=0&stream=${String(page.stream)}`);
      }
      expect(page.gaps).toMatchObject([{ from: 1, to: 2, reason: 'age' }]);
      const line = await bob.phone.connect();
      const { gap } = await line.next('gap');
      expect(gap).toEqual(page.gaps[0]);
      expect(line.allMail).toEqual([]);
      line.ack([{ sequence: gap.to, id: gap.id }]);
      await line.next('queue-empty');
      expect((await poll(bob.phone, 'wait=0')).gaps).toEqual([]);
    } finally {
      await short.close();
    }
  }, 60_000);
});

describe('an ephemeral send (D6)', () => {
  it('reaches the sockets of all devices, on whatever gateway, from a socket and from REST, and is never mail', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    await bob.link();
    const lines = await Promise.all(bob.devices.map(async (device, index) => device.connect(index)));
    for (const line of lines) await line.next('queue-empty');
    const sending = await alice.phone.connect(0);
    const letter = (text: string) => alice.phone.letter([bob], text, { class: 'ephemeral' });
    expect(await sending.send(letter('from a socket'))).toMatchObject({ kind: 'accepted' });
    for (const line of lines) {
      const { envelope } = await line.next('ephemeral');
      expect(textOf(envelope)).toBe('from a socket');
      expect([envelope.sequence, envelope.id.length]).toEqual([0, 0]);
    }
    expect((await alice.phone.post(letter('from REST'))).status).toBe(200);
    for (const line of lines) expect(textOf((await line.next('ephemeral')).envelope)).toBe('from REST');
    expect((await poll(bob.phone, 'wait=0')).head).toBe(0);
    expect(lines[0]!.allMail).toEqual([]);
  });

  it('is accepted when nobody is there, and refused when the devices are not those of now', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const letter = alice.phone.letter([bob], 'typing', { class: 'ephemeral' });
    expect((await alice.phone.post(letter)).status).toBe(200);
    await bob.link();
    expect((await alice.phone.post(letter)).json?.['code']).toBe('device_list_mismatch');
  });
});
