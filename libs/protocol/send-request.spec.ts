import { describe, expect, it } from '@jest/globals';
import { sotto } from './generated/sotto.js';
import { uuidToBytes } from './ids.js';
import { LIMITS } from './limits.js';
import { decodeSendRequest } from './send-request.js';
import { encodeWire } from './wire.js';

/** As on the wire, where an enum is any number. */
interface WireEnvelope {
  readonly deviceId: Uint8Array;
  readonly registrationId: number;
  readonly kind: number;
  readonly control?: boolean;
  readonly content: Uint8Array;
}
interface WireRecipient {
  readonly accountId: Uint8Array;
  readonly listVersion: number;
  readonly coverage?: number;
  readonly envelopes: readonly WireEnvelope[];
}
interface WireRequest {
  readonly idempotencyKey: Uint8Array;
  readonly class?: number;
  readonly clientTimestamp?: number;
  readonly recipients: readonly WireRecipient[];
}
type Change = Partial<WireRequest>;

const id = (digit: number): Uint8Array => uuidToBytes(`${String(digit).padStart(8, '0')}-0000-4000-8000-000000000001`);
const envelope: WireEnvelope = { deviceId: id(2), registrationId: 1, kind: 1, content: Uint8Array.of(1) };
const tooLarge: WireEnvelope = { ...envelope, deviceId: id(7), content: new Uint8Array(LIMITS.envelopeBytes + 1) };
const noKind: WireEnvelope = { ...envelope, deviceId: id(8), kind: 0 };
const recipient: WireRecipient = { accountId: id(1), listVersion: 1, envelopes: [envelope] };
const request: WireRequest = {
  idempotencyKey: uuidToBytes('0192f0c1-7a00-7123-8456-789abcdef012'),
  recipients: [recipient],
};

function judge(change: Change): string {
  const wire: object = { ...request, ...change };
  const decoded = decodeSendRequest(encodeWire(sotto.v1.SendRequest, wire));
  return 'code' in decoded ? decoded.code : 'taken';
}

const withRecipient = (change: Partial<WireRecipient>): Change => ({ recipients: [{ ...recipient, ...change }] });
const withEnvelope = (change: Partial<WireEnvelope>): Change =>
  withRecipient({ envelopes: [{ ...envelope, ...change }] });
const many = (count: number): WireEnvelope[] =>
  Array.from({ length: count }, (_, index) => ({ ...envelope, deviceId: id(index + 1) }));

describe('decodeSendRequest', () => {
  it.each<[string, Change]>([
    ['one envelope', {}],
    ['two recipients', { recipients: [recipient, { ...recipient, accountId: id(9) }] }],
    [
      'control envelopes for selected devices',
      withRecipient({ coverage: 1, envelopes: [{ ...envelope, control: true }] }),
    ],
    ['the largest envelope', withEnvelope({ content: new Uint8Array(LIMITS.envelopeBytes) })],
    ['as many envelopes as there may be', withRecipient({ envelopes: many(LIMITS.requestEnvelopes) })],
    ['an ephemeral one', { class: 1 }],
    ['no timestamp', { clientTimestamp: 0 }],
  ])('takes %s', (_, change) => {
    expect(judge(change)).toBe('taken');
  });

  it.each<[string, Change]>([
    ['no key', { idempotencyKey: new Uint8Array() }],
    ['a key that is no UUIDv7', { idempotencyKey: id(3) }],
    ['an unknown class', { class: 2 }],
    ['a timestamp beyond 2^53', { clientTimestamp: 2 ** 60 }],
    ['no recipients', { recipients: [] }],
    ['an account twice', { recipients: [recipient, recipient] }],
    ['no account id', withRecipient({ accountId: new Uint8Array() })],
    ['the nil account', withRecipient({ accountId: new Uint8Array(16) })],
    ['an unknown coverage', withRecipient({ coverage: 2 })],
    ['no envelopes', withRecipient({ envelopes: [] })],
    ['a device twice', withRecipient({ envelopes: [envelope, envelope] })],
    ['selected devices without control', withRecipient({ coverage: 1 })],
    ['no device id', withEnvelope({ deviceId: new Uint8Array(15) })],
    ['registration id 0', withEnvelope({ registrationId: 0 })],
    ['registration id 16384', withEnvelope({ registrationId: 16_384 })],
    ['no kind', withEnvelope({ kind: 0 })],
    ['an unknown kind', withEnvelope({ kind: 4 })],
    ['no content', withEnvelope({ content: new Uint8Array() })],
  ])('finds %s malformed', (_, change) => {
    expect(judge(change)).toBe('malformed');
  });

  it.each<[string, Change]>([
    ['an envelope of 64 KiB and a byte', withEnvelope({ content: new Uint8Array(LIMITS.envelopeBytes + 1) })],
    ['1,001 envelopes', withRecipient({ envelopes: many(LIMITS.requestEnvelopes + 1) })],
    [
      'more than 1 MiB',
      withRecipient({
        envelopes: many(17).map((each) => ({ ...each, content: new Uint8Array(LIMITS.envelopeBytes) })),
      }),
    ],
  ])('finds %s too large', (_, change) => {
    expect(judge(change)).toBe('too_large');
  });

  it.each<[string, Change]>([
    ['a device twice', withRecipient({ envelopes: [tooLarge, envelope, envelope] })],
    ['an account twice', { recipients: [{ ...recipient, envelopes: [tooLarge] }, recipient] }],
    ['1,001 envelopes, the last of no kind', withRecipient({ envelopes: [...many(LIMITS.requestEnvelopes), noKind] })],
  ])('says of a request that is too large and malformed that it is malformed: %s', (_, change) => {
    expect(judge(change)).toBe('malformed');
  });

  it('finds bytes that are no protobuf malformed', () => {
    const decoded = decodeSendRequest(Uint8Array.of(0xff));
    expect('code' in decoded && decoded.code).toBe('malformed');
  });
});
