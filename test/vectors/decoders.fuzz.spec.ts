import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsv } from '../../libs/directory/csv.js';
import { patience, runs } from '../../libs/platform/testing/runs.js';
import { sha256 } from '../../libs/signal/signal.js';
import { VECTORS } from './cases.js';
import { parseContactAddress } from '../../libs/protocol/contact-address.js';
import { decodeDeviceList, encodeDeviceList } from '../../libs/protocol/device-list.js';
import { decodeClientFrame, decodeServerFrame } from '../../libs/protocol/frames.js';
import { LIMITS, MOST_INT4 } from '../../libs/protocol/limits.js';
import { parseLinkText } from '../../libs/protocol/link-text.js';
import { decodeMailboxSettlement } from '../../libs/protocol/mailbox-page.js';
import { PROBLEMS } from '../../libs/protocol/problems.js';
import { parseRecoveryCode } from '../../libs/protocol/recovery-code.js';
import { decodeSendRequest } from '../../libs/protocol/send-request.js';
import { BOUNDS } from '../../libs/protocol/wire-bounds.js';
import { fits } from '../../libs/protocol/wire.js';
import { sotto } from '../../libs/protocol/generated/sotto.js';

const TIME = patience(60_000);

interface Golden {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly decode: (bytes: Uint8Array) => unknown;
}

/** Every golden vector that has a way back, so every decoder of the contract. */
const GOLDEN: readonly Golden[] = Object.entries(VECTORS).flatMap(([file, cases]) => {
  const folder = import.meta.dirname;
  const hex = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>;
  return Object.entries(cases).flatMap(([name, { decode }]) =>
    decode === undefined
      ? []
      : [{ name: `${file} ${name}`, decode, bytes: Uint8Array.from(Buffer.from(hex[name] ?? '', 'hex')) }],
  );
});
const DECODERS = [...new Map(GOLDEN.map(({ decode, name }) => [decode, name]))];

/** A byte changed, a piece cut out, put in twice, replaced by noise, or taken from another vector. */
const change = fc.record({
  kind: fc.constantFrom('set', 'cut', 'twice', 'noise', 'other'),
  at: fc.nat(),
  length: fc.nat(40),
  byte: fc.nat(255),
  noise: fc.uint8Array({ maxLength: 24 }),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(bytes: Uint8Array, { kind, at, length, byte, noise }: Change): Uint8Array {
  const from = at % (bytes.length + 1);
  const [before, piece, after] = [bytes.slice(0, from), bytes.slice(from, from + length), bytes.slice(from + length)];
  const other = GOLDEN[byte % GOLDEN.length]?.bytes ?? noise;
  switch (kind) {
    case 'set':
      return Uint8Array.from(bytes, (value, index) => (index === from ? byte : value));
    case 'cut':
      return Buffer.concat([before, after]);
    case 'twice':
      return Buffer.concat([before, piece, piece, after]);
    case 'noise':
      return Buffer.concat([before, noise, after]);
    default:
      return Buffer.concat([before, other.subarray(0, length), after]);
  }
}

const damaged = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.array(change, { minLength: 1, maxLength: 5 }).map((changes) => changes.reduce(changed, bytes));

/** Node's Buffers and plain arrays hold the same bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

describe('decoders of what comes from outside', () => {
  it.each(DECODERS)('%# never throw over arbitrary bytes', (decode) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        decode(bytes);
      }),
      { numRuns: runs(300) },
    );
  });

  it.each(GOLDEN)(
    'never throw over a damaged $name',
    ({ bytes, decode }) => {
      fc.assert(
        fc.property(damaged(bytes), (wrong) => {
          decode(wrong);
        }),
        { numRuns: runs(300) },
      );
    },
    TIME,
  );

  it.each(GOLDEN)(
    'do not depend on what memory stands around $name, and leave it alone',
    ({ bytes, decode }) => {
      fc.assert(
        fc.property(damaged(bytes), fc.nat(9), (wrong, offset) => {
          const around = new Uint8Array(wrong.length + 20).fill(0xff);
          around.set(wrong, offset);
          const inside = around.subarray(offset, offset + wrong.length);
          expect(plain(decode(inside))).toEqual(plain(decode(Uint8Array.from(wrong))));
          expect(Buffer.from(inside).equals(Buffer.from(wrong))).toBe(true);
        }),
        { numRuns: runs(60) },
      );
    },
    TIME,
  );

  it(
    'refuse a device list that would encode to other bytes than it came in',
    () => {
      let accepted = 0;
      const lists = GOLDEN.filter(({ name }) => name.includes('device list'));
      const wrong = fc.oneof(...lists.map(({ bytes }) => fc.oneof(damaged(bytes), fc.constant(bytes))));
      fc.assert(
        fc.property(wrong, (bytes) => {
          const list = decodeDeviceList(bytes);
          if (list === undefined) return;
          accepted += 1;
          expect(Buffer.from(encodeDeviceList(list)).equals(Buffer.from(bytes))).toBe(true);
        }),
        { numRuns: runs(5_000) },
      );
      expect(accepted).toBeGreaterThan(500);
    },
    TIME,
  );

  it('name no problem that the table does not have, whatever a server says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype))), (code) => {
        const frame = decodeServerFrame(sotto.v1.ServerFrame.encode({ problem: { code, detail: 'why' } }).finish());
        if (frame?.kind !== 'problem') throw new Error('not a problem');
        expect(Object.keys(PROBLEMS)).toContain(frame.problem.code);
      }),
      { numRuns: runs(500) },
    );
  });

  it(
    'look at each byte a bounded number of times, however the fields are nested',
    () => {
      const field = fc.nat(8);
      const nested = fc
        .array(field, { maxLength: 12 })
        .chain((way) =>
          fc
            .uint8Array({ maxLength: 400 })
            .map((inside) =>
              way.reduce<Uint8Array>(
                (content, number) =>
                  Buffer.concat([
                    Buffer.from([(number << 3) | 2, (content.length & 127) | 128, content.length >> 7]),
                    content,
                  ]),
                inside,
              ),
            ),
        );
      fc.assert(
        fc.property(nested, fc.constantFrom(...Object.values(BOUNDS)), (bytes, bounds) => {
          let reads = 0;
          const watched = new Proxy(bytes, {
            get: (target, name) => {
              if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
              return Reflect.get(target, name, target) as unknown;
            },
          });
          fits(watched, bounds);
          expect(reads).toBeLessThanOrEqual(2 * bytes.length + 2);
        }),
        { numRuns: runs(1_000) },
      );
    },
    TIME,
  );

  it(
    'hand over only what is within the limits',
    () => {
      const wrong = fc.oneof(...GOLDEN.map(({ bytes }) => damaged(bytes)));
      fc.assert(
        fc.property(wrong, (bytes) => {
          const [frame, request] = [decodeClientFrame(bytes), decodeSendRequest(bytes)];
          const settled = decodeMailboxSettlement(bytes);
          const acks = [...(frame.kind === 'acks' ? frame.acks : []), ...('acks' in settled ? settled.acks : [])];
          expect('stream' in settled ? settled.stream : 0).toBeLessThanOrEqual(MOST_INT4);
          for (const { sequence, id } of acks) expect([sequence > 0, id.length]).toEqual([true, 8]);
          const sent = frame.kind === 'send' ? frame.request : request;
          if (!('recipients' in sent)) return;
          expect(sent.recipients.length).toBeGreaterThan(0);
          for (const { envelopes } of sent.recipients)
            for (const { registrationId, content } of envelopes) {
              expect(registrationId >= 1 && registrationId <= 16_383).toBe(true);
              expect(content.length >= 1 && content.length <= LIMITS.envelopeBytes).toBe(true);
            }
        }),
        { numRuns: runs(4_000) },
      );
    },
    TIME,
  );
});

describe('readers of text that people paste', () => {
  const prefix = fc.constantFrom(
    '',
    'sotto:',
    'sotto:1/',
    'sotto-link:',
    'sotto-link:1?',
    'sotto-link:1?server=',
    'é"',
  );
  const pasted = fc.tuple(prefix, fc.string({ unit: 'binary', maxLength: 200 })).map((parts) => parts.join(''));

  it('never throw', () => {
    fc.assert(
      fc.property(pasted, (text) => {
        parseLinkText(text);
        parseContactAddress(text);
        parseRecoveryCode(text, sha256);
        readCsv(text);
      }),
      { numRuns: runs(3_000) },
    );
  });

  it('read of CSV what was written, and every line is a row, a fault or empty', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', ',', '"', '\n', ' ', ';'), maxLength: 6 });
    const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 8 });
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join(end);
        const read = readCsv(quoted);
        expect(read.faults).toEqual([]);
        const written = rows.filter((cells) => cells.length > 1 || cells[0] !== '');
        expect(read.rows.map(({ cells }) => cells)).toEqual(written);
      }),
      { numRuns: runs(1_000) },
    );
  });
});
