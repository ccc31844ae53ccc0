import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodeDeviceList, registrationBytes, statementBytes } from '../../libs/protocol/device-list.js';
import { verify } from '../../libs/signal/signal.js';
import { VECTORS } from './cases.js';
import * as values from './values.js';

/**
 * Golden bytes, both directions. A difference here breaks every client in the field: the files are never regenerated, only added to
 * (a new case fails and prints its bytes).
 */
const folder = import.meta.dirname;

function golden(file: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>;
}

/** Node's Buffers and plain arrays hold the same bytes; only those count. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

describe.each(Object.entries(VECTORS))('%s', (file, cases) => {
  const bytes = golden(file);

  it('holds exactly the cases', () => {
    expect(Object.keys(bytes).toSorted()).toEqual(Object.keys(cases).toSorted());
  });

  it.each(Object.entries(cases))('%s', (name, { encode, decode, value }) => {
    const hex = bytes[name] ?? '';
    expect(Buffer.from(encode()).toString('hex')).toBe(hex);
    if (decode !== undefined) expect(plain(decode(Uint8Array.from(Buffer.from(hex, 'hex'))))).toEqual(plain(value));
  });
});

describe('signatures.json', () => {
  const made = golden('signatures.json');
  const messages = {
    'device list 1 by the account key': { key: values.accountKey, message: encodeDeviceList(values.firstList) },
    'device list 2 by the phone': { key: values.phoneKey, message: encodeDeviceList(values.secondList) },
    'device list 1 of epoch 2 by the new account key': {
      key: values.renewedKey,
      message: encodeDeviceList(values.rotation),
    },
    'device list 1 of epoch 2 by the old account key': {
      key: values.accountKey,
      message: encodeDeviceList(values.rotation),
    },
    'device statement by the phone': { key: values.phoneKey, message: statementBytes(values.statement) },
    'registration by the phone': {
      key: values.phoneKey,
      message: registrationBytes(values.registered.deviceId, values.registered.registrationId),
    },
  };

  it.each(Object.entries(messages))('%s', (name, { key, message }) => {
    const signature = Uint8Array.from(Buffer.from(made[name] ?? '', 'hex'));
    expect(verify(key.publicKey, message, signature)).toBe(true);
    expect(verify(key.publicKey, message.subarray(1), signature)).toBe(false);
  });
});

it('no file stands here without cases', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  expect(files.toSorted()).toEqual([...Object.keys(VECTORS), 'signatures.json'].toSorted());
});
