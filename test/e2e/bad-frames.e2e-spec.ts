import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import { encodeClientFrame } from '../../libs/protocol/frames.js';
import { sotto } from '../../libs/protocol/generated/sotto.js';
import { LIMITS } from '../../libs/protocol/limits.js';
import { sendRequestToWire } from '../../libs/protocol/send-request.js';
import { encodeWire } from '../../libs/protocol/wire.js';
import { newKey, nodeHost } from '../../libs/sdk/host.js';
import { PROTOBUF } from '../world/ask.js';
import type { Line } from '../world/line.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

type Request = sotto.v1.SendRequest.$Properties;
type Recipient = sotto.v1.Recipient.$Properties;
type Envelope = sotto.v1.OutgoingEnvelope.$Properties;

const { ClientFrame, SendRequest } = sotto.v1;
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const frame = (wire: sotto.v1.ClientFrame.$Properties): Uint8Array => encodeWire(ClientFrame, wire);
const id8 = bytes(8);

const withRecipient = (request: Request, more: Partial<Recipient>): Request => ({
  ...request,
  recipients: (request.recipients ?? []).map((recipient) => ({ ...recipient, ...more })),
});
const withEnvelope = (request: Request, more: Partial<Envelope>): Request =>
  withRecipient(request, {
    envelopes: (request.recipients?.[0]?.envelopes ?? []).map((envelope) => ({ ...envelope, ...more })),
  });
const twice = <Item>(items: readonly Item[] | null | undefined): Item[] => [...(items ?? []), ...(items ?? [])];

let world: World;
let alice: RawPerson;
let bob: RawPerson;

beforeAll(async () => {
  world = await World.create();
  await world.loosen();
  [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
});

afterAll(async () => {
  await world.close();
});

const goodSend = async (line: Line): Promise<void> => {
  expect(await line.send(alice.phone.letter([bob], 'good'))).toMatchObject({ kind: 'accepted' });
};

describe('a connection is closed', () => {
  it.each<[string, Uint8Array | string, number]>([
    ['a text frame', 'hello', 1003],
    ['a frame over 1 MiB', bytes(LIMITS.frameBytes + 1), 1009],
    ['bytes that are no protobuf', new Uint8Array([0xff, 0xff, 0xff]), 4400],
    [
      'a frame that ends too early',
      frame({ send: { id: 1, request: { idempotencyKey: bytes(16) } } }).slice(0, -3),
      4400,
    ],
  ])('for %s', async (_, data, code) => {
    const line = await alice.phone.connect(1);
    line.raw(data);
    expect((await line.end()).code).toBe(code);
    await goodSend(await alice.phone.connect());
  });
});

describe('a connection goes on, and the sender is told', () => {
  it.each<[string, Uint8Array]>([
    ['an empty frame', new Uint8Array()],
    ['a frame of a later version', new Uint8Array([0x1a, 0x02, 0x08, 0x01])],
    ['a field of another type', new Uint8Array([0x08, 0x01])],
    ['no acks', frame({ acks: { acks: [] } })],
    ['too many acks', frame({ acks: { acks: Array.from({ length: 257 }, () => ({ sequence: 1, id: id8 })) } })],
    ['an ack with 7 bytes of an id', frame({ acks: { acks: [{ sequence: 1, id: bytes(7) }] } })],
    ['an ack of number 0', frame({ acks: { acks: [{ sequence: 0, id: id8 }] } })],
    ['an ack without an id', frame({ acks: { acks: [{ sequence: 1 }] } })],
    ['an ack of nothing that was given', frame({ acks: { acks: [{ sequence: 12_345, id: id8 }] } })],
    ['linking without a session', frame({ link: { claim: {} } })],
    ['linking with a short session', frame({ link: { session: bytes(15), claim: {} } })],
    ['linking without a step', frame({ link: { session: bytes(16) } })],
    ['linking with a step of the server', frame({ link: { session: bytes(16), opened: {} } })],
    ['linking with a step of the new device', frame({ link: { session: bytes(16), registered: {} } })],
    ['the end of a session that it did not claim', frame({ link: { session: bytes(16), ended: {} } })],
    ['a sealed message into no session', frame({ link: { session: bytes(16), sealed: bytes(1) } })],
    ['a send without a request', frame({ send: { id: 5 } })],
  ])('for %s', async (_, data) => {
    const line = await alice.phone.connect();
    await line.next('queue-empty');
    line.raw(data);
    expect(['problem', 'ack-refused', 'link', 'answer']).toContain(((await line.reply()) as { kind?: string }).kind);
    await goodSend(line);
    expect(line.isOpen).toBe(true);
  });
});

describe('a send is refused, and nothing of it is stored', () => {
  const day = 24 * 3_600_000;
  it.each<[string, (good: Request) => Request, string]>([
    ['no key', (good) => ({ ...good, idempotencyKey: new Uint8Array() }), 'malformed'],
    ['15 bytes of a key', (good) => ({ ...good, idempotencyKey: bytes(15) }), 'malformed'],
    ['a key that is no UUIDv7', (good) => ({ ...good, idempotencyKey: bytes(16) }), 'malformed'],
    ['an unknown class', (good) => ({ ...good, class: 7 as sotto.v1.DeliveryClass }), 'malformed'],
    ['no recipients', (good) => ({ ...good, recipients: [] }), 'malformed'],
    ['an account twice', (good) => ({ ...good, recipients: twice(good.recipients) }), 'malformed'],
    ['an account id of 3 bytes', (good) => withRecipient(good, { accountId: bytes(3) }), 'malformed'],
    ['an account id of zeros', (good) => withRecipient(good, { accountId: new Uint8Array(16) }), 'malformed'],
    ['an unknown coverage', (good) => withRecipient(good, { coverage: 9 as sotto.v1.Coverage }), 'malformed'],
    ['particular devices, no control', (good) => withRecipient(good, { coverage: 1 }), 'malformed'],
    ['a recipient without envelopes', (good) => withRecipient(good, { envelopes: [] }), 'malformed'],
    [
      'a device twice',
      (good) => withRecipient(good, { envelopes: twice(good.recipients?.[0]?.envelopes) }),
      'malformed',
    ],
    ['a device id of 17 bytes', (good) => withEnvelope(good, { deviceId: bytes(17) }), 'malformed'],
    ['registration id 0', (good) => withEnvelope(good, { registrationId: 0 }), 'malformed'],
    ['registration id 16,384', (good) => withEnvelope(good, { registrationId: 16_384 }), 'malformed'],
    ['no kind', (good) => withEnvelope(good, { kind: 0 }), 'malformed'],
    ['an unknown kind', (good) => withEnvelope(good, { kind: 9 as sotto.v1.EnvelopeKind }), 'malformed'],
    ['no content', (good) => withEnvelope(good, { content: new Uint8Array() }), 'malformed'],
    ['content over 64 KiB', (good) => withEnvelope(good, { content: bytes(64 * 1024 + 1) }), 'too_large'],
    [
      '1,001 envelopes',
      (good) =>
        withRecipient(good, {
          envelopes: Array.from({ length: 1_001 }, () => ({
            ...good.recipients?.[0]?.envelopes?.[0],
            deviceId: new Uint8Array(systemIds.bytes(16)),
          })),
        }),
      'too_large',
    ],
    ['a time 25 hours ago', (good) => ({ ...good, clientTimestamp: Date.now() - 25 * 3_600_000 }), 'time_out_of_range'],
    ['a time in 2 days', (good) => ({ ...good, clientTimestamp: Date.now() + 2 * day }), 'time_out_of_range'],
    ['a time beyond all numbers', (good) => ({ ...good, clientTimestamp: 2 ** 60 }), 'malformed'],
  ])('for %s', async (_, spoil, code) => {
    const request = spoil(sendRequestToWire(alice.phone.letter([bob], 'bad')));
    const before = await (await bob.phone.connect()).next('ready');
    const line = await alice.phone.connect(1);
    line.raw(frame({ send: { id: 77, request } }));
    expect(await line.answer(77)).toMatchObject({ kind: 'problem', code });
    const body = encodeWire(SendRequest, request);
    const answer = await alice.phone.ask({ method: 'POST', path: '/v1/messages', type: PROTOBUF, body });
    expect(answer.json?.['code']).toBe(code);
    expect(answer.type).toContain('application/problem+json');
    await goodSend(line);
    const after = await (await bob.phone.connect()).next('ready');
    expect(after.ready.head).toBe(before.ready.head + 1);
  });

  it('takes the largest that is allowed', async () => {
    const line = await alice.phone.connect();
    const largest = withEnvelope(sendRequestToWire(alice.phone.letter([bob], 'x')), { content: bytes(64 * 1024) });
    line.raw(frame({ send: { id: 78, request: { ...largest, clientTimestamp: Date.now() - day + 60_000 } } }));
    expect(await line.answer(78)).toMatchObject({ kind: 'accepted' });
  });

  it('does not fail its neighbours: good sends between bad ones are accepted, in order', async () => {
    const carol = await world.rawPerson('carol');
    const line = await alice.phone.connect(1);
    const sends = Array.from({ length: 40 }, async (_, index) => {
      const letter = alice.phone.letter([carol], String(index));
      const bad = index % 2 === 1;
      const outcome = await line.send(bad ? { ...letter, idempotencyKey: newKey(nodeHost, 0) } : letter);
      expect(outcome.kind).toBe(bad ? 'problem' : 'accepted');
    });
    await Promise.all(sends);
    const mail = await (await carol.phone.connect()).mail(20);
    expect(mail.map(({ content }) => Buffer.from(content).toString())).toEqual(
      Array.from({ length: 20 }, (_, index) => String(2 * index)),
    );
  });
});

describe('frames with a broken byte', () => {
  it('are answered or end the connection, never silence', async () => {
    const mallory = await world.rawPerson('mallory');
    for (let round = 0; round < 150; round += 1) {
      const request = mallory.phone.letter([bob], 'fuzz');
      const data = new Uint8Array(encodeClientFrame({ kind: 'send', id: 9, request }));
      const [place = 0, value = 0] = systemIds.bytes(2);
      data[place % data.length] = value;
      const line = await mallory.phone.connect(round);
      line.raw(data);
      const reply = await line.reply();
      if ('code' in reply) expect(reply.code).toBe(4400);
      if ('kind' in reply && reply.kind === 'answer') expect(reply.outcome).not.toMatchObject({ code: 'internal' });
      if (line.isOpen) await line.close();
    }
  });
});
