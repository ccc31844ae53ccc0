import { describe, expect, it } from '@jest/globals';
import { continueChain, type HeldHistory } from '../protocol/chain-history.js';
import { verifyChain, type SignedList } from '../protocol/device-chain.js';
import type { Tombstone } from '../protocol/device-list.js';
import type { DeviceId, ListVersion } from '../protocol/ids.js';
import { chainCrypto } from './signal.js';
import {
  epochList,
  firstList,
  listEntry,
  nextList,
  signList,
  signRotation,
  signStatement,
  testAccount,
  testDevice,
} from './testing.js';

const alice = testAccount('alice');
const [phone, laptop, tablet] = [testDevice('phone'), testDevice('laptop'), testDevice('tablet')];
const TODAY = 20_100;

const list1 = firstList(alice, phone);
const list2 = nextList(list1, [...list1.entries, listEntry(alice, laptop, { addedBy: phone.deviceId, mayLink: true })]);
const list3 = nextList(list2, [...list2.entries, listEntry(alice, tablet, { addedBy: laptop.deviceId })]);
const [signed1, signed2, signed3] = [signList(list1, alice), signList(list2, phone), signList(list3, laptop)];

const stone = (deviceId: DeviceId, more: Partial<Tombstone> = {}): Tombstone => {
  return { deviceId, day: TODAY, reason: 'owner', ...more };
};

/** What the server has after its restore. */
function held(
  lists: readonly SignedList[],
  seen: readonly DeviceId[],
  tombstoned: readonly DeviceId[] = [],
): HeldHistory {
  const context = { tenantId: alice.tenantId, accountId: alice.accountId, tombstoned: new Set<DeviceId>() };
  const chain = verifyChain(lists, undefined, { context, crypto: chainCrypto });
  if (chain.kind === 'invalid' || chain.last === undefined) throw new Error('the held chain of a case must be valid');
  return { latest: chain.last, seen: new Set(seen), tombstoned: new Set(tombstoned) };
}

function judge(of: HeldHistory, lists: readonly SignedList[], tombstones: readonly Tombstone[] = []) {
  const { tenantId, accountId } = alice;
  const offered = { accountId, listVersion: 99 as ListVersion, lists, tombstones };
  return continueChain(of, offered, { tenantId, accountId, today: TODAY, crypto: chainCrypto });
}

const restored = held([signed1], [phone.deviceId]);
const fault = (outcome: ReturnType<typeof judge>) => (outcome.kind === 'invalid' ? outcome.fault : outcome.kind);

describe('a history offered to a restored server', () => {
  it('adds the lists and devices that it has forgotten', () => {
    const outcome = judge(restored, [signed1, signed2, signed3]);
    if (outcome.kind === 'invalid') throw new Error(outcome.fault);
    expect(outcome.lists.map(({ signed }) => signed)).toEqual([signed2, signed3]);
    expect(outcome.newcomers.map(({ deviceId }) => deviceId)).toEqual([laptop.deviceId, tablet.deviceId]);
    expect([...outcome.active].toSorted()).toEqual([phone, laptop, tablet].map(({ deviceId }) => deviceId).toSorted());
  });

  it('adds tombstones as they were, and a removed device is not active', () => {
    const gone = stone(laptop.deviceId, { day: 20_050, reason: 'admin' });
    const list4 = signList(nextList(list2, list1.entries), phone);
    for (const lists of [[signed2], [signed2, list4]]) {
      const outcome = judge(restored, lists, [gone]);
      if (outcome.kind === 'invalid') throw new Error(outcome.fault);
      expect(outcome.tombstones).toEqual([gone]);
      expect([...outcome.active]).toEqual([phone.deviceId]);
    }
  });

  it('adds nothing when it is as long as the held one, or shorter', () => {
    const whole = held([signed1, signed2], [phone.deviceId, laptop.deviceId]);
    for (const lists of [[], [signed1], [signed2], [signed1, signed2]])
      expect(judge(whole, lists)).toMatchObject({ lists: [], tombstones: [], newcomers: [] });
  });

  it('alters no tombstone that is held', () => {
    const removed = held([signed1, signed2], [phone.deviceId, laptop.deviceId], [laptop.deviceId]);
    expect(judge(removed, [], [stone(laptop.deviceId, { day: 1, reason: 'admin' })])).toMatchObject({ tombstones: [] });
  });

  it('continues over a rotation', () => {
    const renewed = { ...testAccount('renewed'), tenantId: alice.tenantId, accountId: alice.accountId };
    const opened = epochList(list1, renewed, list1.entries);
    expect(fault(judge(restored, [signRotation(opened, renewed, alice)]))).toBe('continuation');
  });

  const mallory = testDevice('mallory');
  const stranger = { ...testAccount('stranger'), tenantId: alice.tenantId, accountId: alice.accountId };
  const opened = epochList(list1, stranger, [
    listEntry(stranger, mallory, { statement: signStatement(stranger, mallory, 2) }),
  ]);

  it.each([
    ['another list in the place of the held one', 'fork', [signList(firstList(alice, laptop), alice)]],
    ['lists that begin too late', 'gap', [signed3]],
    ['bytes that are no list', 'malformed', [{ ...signed1, bytes: new Uint8Array(3) }]],
    ['a list signed by nobody who may', 'wrong_signer', [signList(list2, tablet)]],
    ['a list with the signature of another', 'bad_signature', [{ ...signed2, signature: signed3.signature }]],
    [
      'a device that has not agreed',
      'bad_statement',
      [
        signList(
          nextList(list1, [
            ...list1.entries,
            listEntry(alice, laptop, { addedBy: phone.deviceId, statement: signStatement(alice, tablet) }),
          ]),
          phone,
        ),
      ],
    ],
    ['an epoch that the key before did not sign', 'reset', [signList(opened, stranger)]],
  ] as const)('is refused with %s', (_what, expected, lists) => {
    expect(fault(judge(restored, lists))).toBe(expected);
  });

  it('is refused with a device that the held state has removed, as an entry and as a signer', () => {
    const whole = held([signed1, signed2], [phone.deviceId, laptop.deviceId], [laptop.deviceId]);
    expect(fault(judge(whole, [signed2, signed3]))).toBe('wrong_signer');
    const kept = signList(nextList(list2, list2.entries), phone);
    expect(fault(judge(whole, [kept]))).toBe('device_revoked_returned');
  });

  it('is refused when it leaves an active device out without a tombstone', () => {
    const whole = held([signed1, signed2], [phone.deviceId, laptop.deviceId]);
    const without = signList(nextList(list2, list1.entries), phone);
    expect(fault(judge(whole, [without]))).toBe('device_left_out');
    expect(fault(judge(whole, [without], [stone(laptop.deviceId)]))).toBe('continuation');
  });

  it('is refused with a tombstone of a stranger, or of tomorrow', () => {
    expect(fault(judge(restored, [], [stone(mallory.deviceId)]))).toBe('unknown_tombstone');
    expect(fault(judge(restored, [], [stone(phone.deviceId, { day: TODAY + 1 })]))).toBe('unknown_tombstone');
  });
});
