import { describe, expect, it } from '@jest/globals';
import { sha256 } from './signal.js';
import { firstList, listEntry, testAccount, testDevice, testId } from './testing.js';
import {
  accountStateHash,
  dayOf,
  decodeDeviceList,
  encodeDeviceList,
  type DeviceEntry,
  type DeviceList,
  type Tombstone,
} from '../protocol/device-list.js';
import type { DeviceId } from '../protocol/ids.js';

const alice = testAccount('alice');
const [phone, laptop] = [testDevice('phone'), testDevice('laptop')];
const one = firstList(alice, phone);
const two: DeviceList = { ...one, entries: [...one.entries, listEntry(alice, laptop, { addedBy: phone.deviceId })] };
const HEAD = 'sotto/device-list/1\0'.length + 16 + 16 + 4 + 4 + 33 + 32 + 2;
const ENTRY = 16 + 33 + 1 + 16 + 4 + 100;

function entriesReversed(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from([
    ...bytes.subarray(0, HEAD),
    ...bytes.subarray(HEAD + ENTRY),
    ...bytes.subarray(HEAD, HEAD + ENTRY),
  ]);
}

function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? value : byte));
}

describe('device list bytes', () => {
  it('come back as they were', () => {
    const bytes = encodeDeviceList(two);
    const decoded = decodeDeviceList(bytes);
    expect(decoded?.entries).toHaveLength(2);
    expect(encodeDeviceList(decoded ?? one)).toEqual(bytes);
    expect(decoded).toMatchObject({ tenantId: alice.tenantId, accountId: alice.accountId, epoch: 1, version: 1 });
  });

  it('do not depend on the order of entries given', () => {
    expect(encodeDeviceList({ ...two, entries: two.entries.toReversed() })).toEqual(encodeDeviceList(two));
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['entries out of order', entriesReversed],
    [
      'an entry twice',
      (bytes) => Uint8Array.from([...bytes.subarray(0, HEAD + ENTRY), ...bytes.subarray(HEAD, HEAD + ENTRY)]),
    ],
    ['an unknown flag', (bytes) => patched(bytes, HEAD + 49, 2)],
    ['another count', (bytes) => patched(bytes, HEAD - 1, 1)],
    ['no entries', (bytes) => patched(bytes.subarray(0, HEAD), HEAD - 1, 0)],
    ['another domain', (bytes) => patched(bytes, 0, 0x53)],
    ['epoch 0', (bytes) => patched(bytes, HEAD - 2 - 32 - 33 - 4 - 1, 0)],
    ['version 0', (bytes) => patched(bytes, HEAD - 2 - 32 - 33 - 1, 0)],
    ['a nil device', (bytes) => bytes.map((byte, index) => (index >= HEAD && index < HEAD + 16 ? 0 : byte))],
  ])('are refused with %s', (_, change) => {
    expect(decodeDeviceList(change(encodeDeviceList(two)))).toBeUndefined();
  });

  it('hold at most 64 entries', () => {
    const entries = Array.from({ length: 65 }, (_, index): DeviceEntry => ({
      ...(one.entries[0] as DeviceEntry),
      deviceId: testId(`device ${String(index)}`),
    }));
    expect(decodeDeviceList(encodeDeviceList({ ...one, entries }))).toBeUndefined();
    expect(decodeDeviceList(encodeDeviceList({ ...one, entries: entries.slice(1) }))?.entries).toHaveLength(64);
  });
});

describe('the account state hash', () => {
  const bytes = encodeDeviceList(one);
  const stone = (name: string, more: Partial<Tombstone> = {}): Tombstone => ({
    deviceId: testId<DeviceId>(name),
    day: 3,
    reason: 'owner',
    ...more,
  });
  const hash = (...stones: Tombstone[]) => Buffer.from(accountStateHash(bytes, stones, sha256)).toString('hex');

  it('does not depend on the order of tombstones', () => {
    expect(hash(stone('a'), stone('b'))).toBe(hash(stone('b'), stone('a')));
  });

  it('depends on everything else', () => {
    const all = [
      hash(),
      hash(stone('a')),
      hash(stone('b')),
      hash(stone('a', { day: 4 })),
      hash(stone('a', { reason: 'admin' })),
      hash(stone('a'), stone('b')),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('dayOf', () => {
  it('counts whole days', () => {
    expect([dayOf(0), dayOf(86_399_999), dayOf(86_400_000)]).toEqual([0, 0, 1]);
  });
});
