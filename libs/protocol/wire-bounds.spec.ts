import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeEnrolment, decodeSignedList } from './chain-wire.js';
import { decodeClientFrame } from './frames.js';
import { LIMITS } from './limits.js';
import { decodeDeviceRegistration, decodePrekeyUpload } from './prekeys.js';
import { decodeSendRequest } from './send-request.js';
import { BOUNDS } from './wire-bounds.js';
import { fits, type Shape } from './wire.js';

type Messages = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Type of each field by its number, read from the contract itself. */
function messagesOf(proto: string): Messages {
  const messages = new Map<string, Map<number, string>>();
  for (const [, name = '', body = ''] of proto.matchAll(/^message (\w+) \{([^\n]*\}$|.*?^\})/gms)) {
    const fields = body.replaceAll(/\/\/.*$/gm, '').matchAll(/(?:repeated )?(\w+) \w+ = (\d+);/g);
    messages.set(name, new Map([...fields].map(([, type = '', number]) => [Number(number), type])));
  }
  return messages;
}

function shapeOf(messages: Messages, name: string): Shape {
  const shape: Record<number, Shape> = {};
  for (const [number, type] of messages.get(name) ?? [])
    if (messages.has(type)) shape[number] = shapeOf(messages, type);
  return shape;
}

/** Counts the bytes that are looked at, so that nothing here depends on how fast a machine is. */
function watched(bytes: Uint8Array): { readonly bytes: Uint8Array; readonly reads: () => number } {
  let reads = 0;
  const proxy = new Proxy(bytes, {
    get: (target, name) => {
      if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
      return Reflect.get(target, name, target) as unknown;
    },
  });
  return { bytes: proxy, reads: () => reads };
}

/** `inside` as the only content of the message fields on the way, from the outermost. */
function nested(way: readonly number[], inside: Uint8Array): Uint8Array {
  return way.reduceRight(
    (content, field) => Buffer.concat([Buffer.from([(field << 3) | 2]), varint(content.length), content]),
    inside,
  );
}

function varint(value: number): Buffer {
  const bytes = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...bytes, left]);
    bytes.push((left & 0x7f) | 0x80);
  }
}

const FLOOD = LIMITS.frameBytes - 64;
const flood = (field: number): Uint8Array =>
  new Uint8Array(FLOOD).map((_, index) => (index % 2 === 0 ? (field << 3) | 2 : 0));

describe('the bounds of messages from outside', () => {
  it.each(Object.entries(BOUNDS))('know every message within a %s', (name, { shape }) => {
    const messages = messagesOf(readFileSync(join(import.meta.dirname, 'sotto.proto'), 'utf8'));
    expect(messages.get(name)?.size).toBeGreaterThan(0);
    expect(shape).toEqual(shapeOf(messages, name));
  });

  it.each<[string, readonly number[], number, keyof typeof BOUNDS]>([
    ['one-time keys of an enrolment', [3], 8, 'Enrolment'],
    ['registrations of an enrolment', [], 3, 'Enrolment'],
    ['Kyber keys of a registration', [], 9, 'DeviceRegistration'],
    ['keys of an upload', [], 4, 'PrekeyUpload'],
    ['fields of a list that nobody knows', [], 15, 'SignedList'],
    ['recipients', [], 6, 'SendRequest'],
    ['envelopes', [6], 4, 'SendRequest'],
    ['recipients in a frame', [1, 2], 6, 'ClientFrame'],
    ['acks', [2], 1, 'ClientFrame'],
    ['nacks of a settlement', [], 3, 'MailboxSettlement'],
    ['keys in a link frame', [4, 6], 9, 'ClientFrame'],
  ])('end the count at the bound: half a million empty %s', (_, way, field, name) => {
    const { bytes, reads } = watched(nested(way, flood(field)));
    expect(fits(bytes, BOUNDS[name])).toBe(false);
    expect(reads()).toBeLessThan(2 * BOUNDS[name].fields + 32);
  });

  it('hold wherever something is decoded', () => {
    expect(decodeEnrolment(nested([3], flood(8)))).toBeUndefined();
    expect(decodeDeviceRegistration(flood(9))).toBeUndefined();
    expect(decodePrekeyUpload(flood(3))).toBeUndefined();
    expect(decodeSignedList(flood(15))).toBeUndefined();
    expect(decodeSendRequest(flood(6))).toMatchObject({ code: 'malformed', detail: expect.stringContaining('not a') });
    expect(decodeClientFrame(nested([2], flood(1)))).toMatchObject({ kind: 'malformed' });
  });

  it('leave room for everything that is allowed, and for fields that nobody knows yet', () => {
    const unknown = Buffer.concat(Array.from({ length: 100 }, (_, index) => Buffer.from([0xfa, 0x01, 0x01, index])));
    expect(fits(unknown, BOUNDS.SignedList)).toBe(true);
    expect(LIMITS.keyFields).toBeGreaterThan(2 * (LIMITS.oneTimePrekeys * (3 + 4) + 32));
    expect(LIMITS.frameFields).toBeGreaterThan(LIMITS.requestEnvelopes * (5 + 1 + 4 + 1));
    expect(LIMITS.frameFields).toBeGreaterThan(LIMITS.acksInFrame * 4);
  });

  it.each<[string, readonly number[]]>([
    ['a length beyond the end', [0x0a, 0x05, 0x01]],
    ['a tag without an end', [0xff, 0xff]],
    ['a wire type that is none', [0x0f]],
    ['8 bytes that are 7', [0x09, 1, 2, 3, 4, 5, 6, 7]],
    ['a varint of 11 bytes', [0x08, ...new Array<number>(10).fill(0xff), 1]],
  ])('refuse %s', (_, bytes) => {
    expect(fits(new Uint8Array(bytes), BOUNDS.SignedList)).toBe(false);
  });
});
