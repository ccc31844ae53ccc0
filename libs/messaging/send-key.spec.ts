import { describe, expect, it } from '@jest/globals';
import { seededIds } from '../platform/testing/fakes.js';
import {
  uuid7Time,
  uuidFromBytes,
  uuidToBytes,
  type AccountId,
  type DeviceId,
  type IdempotencyKey,
} from '../protocol/ids.js';
import { decodeSendRequest, encodeSendRequest, type SendRequest } from '../protocol/send-request.js';
import { digestOf, storedKey } from './send-key.js';

const ids = seededIds('send-key');
const KEY = '019b76da-a800-7abc-8def-0123456789ab' as IdempotencyKey;

describe('storedKey', () => {
  const [phone, laptop] = [ids.uuid<DeviceId>(), ids.uuid<DeviceId>()];

  it('keeps the time of the client and stays a UUIDv7', () => {
    const stored = uuidFromBytes<IdempotencyKey>(storedKey(phone, KEY))!;
    expect(uuid7Time(stored)).toBe(uuid7Time(KEY));
    expect(stored).toMatch(/^019b76da-a800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('belongs to one device and one key, and shows neither', () => {
    const stored = storedKey(phone, KEY);
    expect(storedKey(phone, KEY)).toEqual(stored);
    expect(storedKey(laptop, KEY)).not.toEqual(stored);
    expect(storedKey(phone, KEY.replace(/b$/, 'c') as IdempotencyKey)).not.toEqual(stored);
    expect(stored.subarray(7)).not.toEqual(Buffer.from(uuidToBytes(KEY).subarray(7)));
  });
});

describe('digestOf', () => {
  const [account, device] = [ids.uuid<AccountId>(), ids.uuid<DeviceId>()];
  const envelope = { deviceId: device, registrationId: 7, kind: 2, control: false, content: new Uint8Array([1, 2, 3]) };
  const recipient = { accountId: account, listVersion: 3, coverage: 'complete', envelopes: [envelope] };
  const request = {
    idempotencyKey: KEY,
    class: 'durable',
    urgent: false,
    bundles: false,
    clientTimestamp: 1_767_225_600_123,
    recipients: [recipient],
  } as unknown as SendRequest;
  const withRecipient = (more: object): SendRequest =>
    ({ ...request, recipients: [{ ...recipient, ...more }] }) as unknown as SendRequest;
  const withEnvelope = (more: object): SendRequest => withRecipient({ envelopes: [{ ...envelope, ...more }] });

  it('is the same for the same meaning, whatever the encoding was', () => {
    const bytes = encodeSendRequest(request);
    const unknownField = Buffer.from([0xf8, 0x3f, 0x01]);
    for (const each of [bytes, Buffer.concat([bytes, unknownField])])
      expect(digestOf(decodeSendRequest(each) as SendRequest)).toEqual(digestOf(request));
    expect(digestOf(request)).toHaveLength(32);
  });

  it('leaves out `bundles` and the key, which it is stored under', () => {
    expect(digestOf({ ...request, bundles: true })).toEqual(digestOf(request));
    expect(digestOf({ ...request, idempotencyKey: ids.uuid<IdempotencyKey>() })).toEqual(digestOf(request));
  });

  it('is made of the same bytes from release to release', () => {
    const of = (no: number) => ({
      deviceId: `00000000-0000-4000-8000-00000000000${no}`,
      registrationId: 7 + no,
      kind: 2,
      control: no === 2,
      content: new Uint8Array([no, 2, 3, 255]),
    });
    const [first, second] = ['a', 'b'].map((last) => `00000000-0000-4000-8000-00000000000${last}`);
    const recipients = [
      { accountId: first, listVersion: 3, coverage: 'complete', envelopes: [of(1), of(2)] },
      { accountId: second, listVersion: 4, coverage: 'selected', envelopes: [of(3)] },
    ];
    expect(digestOf({ ...request, urgent: true, recipients } as unknown as SendRequest).toString('hex')).toBe(
      '0f5ce8b8c540f6fd90b266b1fae8fc86880bf61c94ee2e573276d7399571bdf8',
    );
  });

  it.each([
    ['the class', { ...request, class: 'ephemeral' } as const],
    ['urgent', { ...request, urgent: true }],
    ['the timestamp', { ...request, clientTimestamp: 1_767_225_600_124 }],
    ['an account', withRecipient({ accountId: ids.uuid() })],
    ['a list version', withRecipient({ listVersion: 4 })],
    ['the coverage', withRecipient({ coverage: 'selected' })],
    ['a device', withEnvelope({ deviceId: ids.uuid() })],
    ['a registration id', withEnvelope({ registrationId: 8 })],
    ['a kind', withEnvelope({ kind: 1 })],
    ['control', withEnvelope({ control: true })],
    ['the content', withEnvelope({ content: new Uint8Array([1, 2, 4]) })],
    ['the length of the content', withEnvelope({ content: new Uint8Array([1, 2, 3, 0]) })],
    ['an envelope more', withRecipient({ envelopes: [envelope, envelope] })],
    ['a recipient more', { ...request, recipients: [...request.recipients, ...request.recipients] }],
  ])('tells another %s', (_title, other) => {
    expect(digestOf(other)).not.toEqual(digestOf(request));
  });
});
