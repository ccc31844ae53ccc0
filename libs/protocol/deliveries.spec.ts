import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { encodeDeliveries } from './deliveries.js';
import type { Envelope } from './frames.js';
import { sotto } from './generated/sotto.js';
import type { Sequence } from './ids.js';
import { encodeWire } from './wire.js';

const SEALED = { senderAccount: new Uint8Array(), senderDevice: new Uint8Array() };
const OPEN = { senderAccount: randomBytes(16), senderDevice: randomBytes(16) };

function envelope(of: Partial<Envelope>): Envelope {
  const about = { acceptedAt: 1_790_000_000_000, registrationId: 16_383, kind: 2, control: false } as const;
  return { sequence: 1 as Sequence, id: randomBytes(8), ...about, ...OPEN, content: randomBytes(600), ...of };
}

const generated = (envelopes: readonly Envelope[]): Uint8Array =>
  encodeWire(sotto.v1.ServerFrame, { deliveries: { envelopes: [...envelopes] } });

describe('encodeDeliveries', () => {
  it.each<[string, readonly Envelope[]]>([
    ['nothing', []],
    ['one envelope', [envelope({})]],
    ['a sealed one', [envelope(SEALED)]],
    ['a control envelope', [envelope({ control: true, kind: 3 })]],
    [
      'fields that are zero or empty',
      [envelope({ ...SEALED, acceptedAt: 0, registrationId: 0, id: new Uint8Array() })],
    ],
    ['large content', [envelope({ content: randomBytes(65_536) }), envelope({ content: randomBytes(1) })]],
    ['a hundred', Array.from({ length: 100 }, (_, at) => envelope({ sequence: (at + 1) as Sequence }))],
  ])('writes %s as the generated code does', (_, envelopes) => {
    expect(Buffer.from(encodeDeliveries(envelopes))).toEqual(Buffer.from(generated(envelopes)));
  });

  it.each([
    127,
    128,
    16_383,
    16_384,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 32,
    2 ** 35 - 1,
    2 ** 35,
    2 ** 49,
    Number.MAX_SAFE_INTEGER,
  ])('writes the number %d as the generated code does', (number) => {
    const envelopes = [envelope({ sequence: number as Sequence, acceptedAt: number })];
    expect(Buffer.from(encodeDeliveries(envelopes))).toEqual(Buffer.from(generated(envelopes)));
  });
});
