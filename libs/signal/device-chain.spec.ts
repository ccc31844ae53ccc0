import { describe, expect, it } from '@jest/globals';
import { chainCrypto } from './signal.js';
import {
  epochList,
  firstList,
  listEntry,
  nextList,
  sign,
  signList,
  signRotation,
  signStatement,
  testAccount,
  testDevice,
  testId,
} from './testing.js';
import { verifyChain, verifyNextList, type SignedList, type VerifiedList } from '../protocol/device-chain.js';
import type { DeviceEntry, DeviceList } from '../protocol/device-list.js';
import type { DeviceId } from '../protocol/ids.js';

const alice = testAccount('alice');
const [phone, laptop, tablet] = [testDevice('phone'), testDevice('laptop'), testDevice('tablet')];
const list1 = firstList(alice, phone);
const signed1 = signList(list1, alice);

interface Case {
  readonly signed: SignedList;
  readonly previous?: SignedList;
  readonly tombstoned?: readonly DeviceId[];
}

function judge({ signed, previous, tombstoned = [] }: Case): string {
  const context = { tenantId: alice.tenantId, accountId: alice.accountId, tombstoned: new Set(tombstoned) };
  const held = previous === undefined ? undefined : accepted(previous);
  const verdict = verifyNextList({ previous: held, signed, context, crypto: chainCrypto });
  return verdict.kind === 'valid' ? 'valid' : verdict.fault;
}

/** `previous` is list 1 or was signed by the account key, so it stands on its own here. */
function accepted(signed: SignedList): VerifiedList {
  const context = { tenantId: alice.tenantId, accountId: alice.accountId, tombstoned: new Set<DeviceId>() };
  const chain = signed === signed1 ? [signed1] : [signed1, signed];
  const verdict = verifyChain(chain, undefined, { context, crypto: chainCrypto });
  if (verdict.kind === 'invalid' || verdict.last === undefined)
    throw new Error('the previous list of a case must be valid');
  return verdict.last;
}

const added = (entry: Partial<DeviceEntry> = {}) => listEntry(alice, laptop, { addedBy: phone.deviceId, ...entry });
const [phoneEntry] = list1.entries as [DeviceEntry];
const list2 = nextList(list1, [phoneEntry, added()]);
const signed2 = signList(list2, phone);

/** List 2 with this change, signed by the phone. */
function second(entries: readonly DeviceEntry[], more: Partial<DeviceList> = {}): Case {
  return { previous: signed1, signed: signList(nextList(list1, entries, more), phone) };
}

describe('list 1', () => {
  it('is signed by the account key', () => {
    expect(judge({ signed: signed1 })).toBe('valid');
  });

  it('is not signed by a device', () => {
    expect(judge({ signed: signList(list1, phone) })).toBe('wrong_signer');
  });

  it('is not signed by another account key', () => {
    expect(judge({ signed: { ...signList(list1, testAccount('mallory')) } })).toBe('bad_signature');
  });

  it.each<[string, Partial<DeviceList>, string]>([
    ['a version above 1', { version: 2 }, 'wrong_version'],
    ['a second epoch', { epoch: 2 }, 'wrong_version'],
    ['a list before it', { previousHash: new Uint8Array(32).fill(1) }, 'wrong_previous'],
    ['another account', { accountId: testId('account mallory') }, 'wrong_account'],
    ['another tenant', { tenantId: testId('other tenant') }, 'wrong_account'],
  ])('is refused with %s', (_, change, fault) => {
    expect(judge({ signed: signList({ ...list1, ...change }, alice) })).toBe(fault);
  });

  it('is refused when a byte is flipped', () => {
    const bytes = signed1.bytes.map((byte, index) => (index === 70 ? byte ^ 1 : byte));
    expect(judge({ signed: { ...signed1, bytes } })).toBe('bad_signature');
  });

  it.each([
    ['a byte too many', (bytes: Uint8Array) => Uint8Array.from([...bytes, 0])],
    ['a byte too few', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['nothing', () => new Uint8Array()],
  ])('is malformed with %s', (_, change) => {
    expect(judge({ signed: { ...signed1, bytes: change(signed1.bytes) } })).toBe('malformed');
  });
});

describe('the next list', () => {
  it('is signed by a device that may link', () => {
    expect(judge({ previous: signed1, signed: signed2 })).toBe('valid');
  });

  it('is signed by the account key', () => {
    const list = nextList(list1, [phoneEntry, listEntry(alice, laptop)]);
    expect(judge({ previous: signed1, signed: signList(list, alice) })).toBe('valid');
  });

  it('is not signed by a device that may not link', () => {
    const three = nextList(list2, [...list2.entries, listEntry(alice, tablet, { addedBy: laptop.deviceId })]);
    expect(judge({ previous: signed2, signed: signList(three, laptop) })).toBe('wrong_signer');
  });

  it('is not signed by a device that lists itself with it', () => {
    expect(judge({ previous: signed1, signed: signList(list2, laptop) })).toBe('wrong_signer');
  });

  it('is not signed by a tombstoned device', () => {
    expect(judge({ previous: signed1, signed: signed2, tombstoned: [phone.deviceId] })).toBe('wrong_signer');
  });

  it('is not signed under another name', () => {
    expect(judge({ previous: signed1, signed: { ...signList(list2, laptop), signer: phone.deviceId } })).toBe(
      'bad_signature',
    );
  });

  it('is not a rollback', () => {
    expect(judge({ previous: signed2, signed: signed1 })).toBe('wrong_version');
    expect(judge({ previous: signed2, signed: signed2 })).toBe('wrong_version');
  });

  it('does not skip a version', () => {
    expect(judge(second([phoneEntry], { version: 3 }))).toBe('wrong_version');
  });

  it('is not a fork', () => {
    const other = nextList(list1, [phoneEntry, listEntry(alice, tablet, { addedBy: phone.deviceId })]);
    const onOther = nextList(other, other.entries);
    expect(judge({ previous: signed2, signed: signList(onOther, phone) })).toBe('wrong_previous');
  });

  it.each<[string, Partial<DeviceList>]>([
    ['the account key', { accountKey: testAccount('mallory').key.publicKey }],
    ['the epoch', { epoch: 2 }],
  ])('does not change %s', (_, change) => {
    expect(judge(second([phoneEntry], change))).toBe('account_key_changed');
  });

  it('may change who may link', () => {
    expect(judge(second([{ ...phoneEntry, mayLink: false }, added({ mayLink: true })]))).toBe('valid');
  });

  it('may drop a device (whether it may is for who knows the tombstones)', () => {
    expect(
      judge({
        previous: signed2,
        signed: signList(nextList(list2, [phoneEntry]), phone),
        tombstoned: [laptop.deviceId],
      }),
    ).toBe('valid');
  });

  it('does not name a tombstoned device', () => {
    const tombstoned = [laptop.deviceId];
    expect(judge({ previous: signed2, signed: signList(nextList(list2, list2.entries), phone), tombstoned })).toBe(
      'device_revoked_returned',
    );
    expect(judge({ previous: signed1, signed: signed2, tombstoned })).toBe('device_revoked_returned');
  });
});

describe('entries', () => {
  const mallory = testAccount('mallory');

  it.each<[string, DeviceEntry, string]>([
    ['a statement for another account', added({ statement: listEntry(mallory, laptop).statement }), 'bad_statement'],
    ['no statement', added({ statement: { ...added().statement, signature: new Uint8Array(64) } }), 'bad_statement'],
    [
      'a statement about another auth key',
      added({ statement: { ...added().statement, authKey: tablet.authKey } }),
      'bad_statement',
    ],
    ['a statement of another epoch', added({ statement: { ...added().statement, epoch: 2 } }), 'bad_statement'],
    ['a statement of another device', added({ statement: listEntry(alice, tablet).statement }), 'bad_statement'],
    ['an identity key that is none', added({ identityKey: new Uint8Array(33) }), 'bad_statement'],
    ['another adder than the signer', added({ addedBy: 'account-key' }), 'wrong_added_by'],
  ])('refuse a new device with %s', (_, entry, fault) => {
    expect(judge(second([phoneEntry, entry]))).toBe(fault);
  });

  it.each<[string, Partial<DeviceEntry>]>([
    ['identity key', { identityKey: tablet.identity.publicKey }],
    ['adder', { addedBy: phone.deviceId }],
    ['day', { addedOnDay: 1 }],
    ['auth key', { statement: { ...phoneEntry.statement, authKey: tablet.authKey } }],
    ['statement epoch', { statement: { ...phoneEntry.statement, epoch: 9 } }],
    ['statement, though as valid', { statement: listEntry(alice, phone).statement }],
  ])('keep the %s of a device', (_, change) => {
    const entry = { ...phoneEntry, ...change };
    const differs = JSON.stringify(entry) !== JSON.stringify(phoneEntry);
    expect([differs, judge(second([entry]))]).toEqual([true, 'entry_altered']);
  });

  it('do not repeat an identity key', () => {
    const twin = { ...testDevice('twin'), identity: phone.identity };
    expect(judge(second([phoneEntry, listEntry(alice, twin, { addedBy: phone.deviceId })]))).toBe('identity_repeated');
  });
});

describe('the first list of the next epoch', () => {
  const renewed = { ...alice, key: testAccount('alice renewed').key };
  const rotation = epochList(list2, renewed, list2.entries);
  const rotated = signRotation(rotation, renewed, alice);
  const fresh = listEntry(renewed, tablet, { mayLink: true, statement: signStatement(renewed, tablet, 2) });
  const reset = epochList(list2, renewed, [fresh]);
  const after = (signed: SignedList) => judge({ previous: signed2, signed });
  const context = { tenantId: alice.tenantId, accountId: alice.accountId, tombstoned: new Set<DeviceId>() };
  const changeOf = (...chain: readonly SignedList[]) => {
    const verdict = verifyChain(chain, undefined, { context, crypto: chainCrypto });
    return verdict.kind === 'valid' ? verdict.key : verdict.fault;
  };

  it('is a rotation when the old account key signs it too, and keeps devices with their statements', () => {
    expect(changeOf(signed1, signed2, rotated)).toBe('rotated');
  });

  it('is a reset when only the new account key signs it', () => {
    expect(changeOf(signed1, signed2, signList(reset, renewed))).toBe('reset');
  });

  it('tells a reset that a rotation follows, and the other way round', () => {
    const again = { ...alice, key: testAccount('alice again').key };
    const rotatedThen = signRotation(epochList(reset, again, reset.entries), again, renewed);
    expect(changeOf(signed1, signed2, signList(reset, renewed), rotatedThen)).toBe('reset');
    const entry = listEntry(again, tablet, { mayLink: true, statement: signStatement(again, tablet, 3) });
    expect(changeOf(signed1, signed2, rotated, signList(epochList(rotation, again, [entry]), again))).toBe('reset');
  });

  it('is followed by lists that its devices sign', () => {
    const next = nextList(rotation, rotation.entries);
    expect(changeOf(signed1, signed2, rotated, signList(next, phone))).toBe('rotated');
  });

  it('may list a new device that agreed under the new key, not under the old', () => {
    const under = (epoch: number, of: typeof alice) =>
      after(
        signRotation(
          epochList(list2, renewed, [
            ...list2.entries,
            listEntry(renewed, tablet, { statement: signStatement(of, tablet, epoch) }),
          ]),
          renewed,
          alice,
        ),
      );
    expect([under(2, renewed), under(2, alice), under(1, alice)]).toEqual(['valid', 'bad_statement', 'bad_statement']);
  });

  it.each<[string, SignedList, string]>([
    ['a reset that keeps a device', signList(rotation, renewed), 'device_revoked_returned'],
    [
      'a reset whose device agreed under an old key',
      signList(epochList(list2, renewed, [listEntry(alice, tablet, { mayLink: true })]), renewed),
      'bad_statement',
    ],
    ['a rotation that another key signed', signRotation(rotation, renewed, testAccount('mallory')), 'bad_rotation'],
    [
      'an old signature over other bytes',
      { ...rotated, rotationSignature: sign(alice.key, list2.entries[0]?.identityKey ?? new Uint8Array()) },
      'bad_rotation',
    ],
    [
      'only the old signature',
      { ...rotated, signature: rotated.rotationSignature ?? new Uint8Array() },
      'bad_signature',
    ],
    ['the signature of a device', signList(rotation, phone), 'wrong_signer'],
    [
      'the old account key',
      signRotation({ ...rotation, accountKey: list2.accountKey }, alice, alice),
      'account_key_changed',
    ],
    ['an epoch left out', signRotation({ ...rotation, epoch: 3 }, renewed, alice), 'account_key_changed'],
    ['an epoch before', signRotation({ ...rotation, epoch: 1 }, renewed, alice), 'account_key_changed'],
    ['a version that goes on', signRotation({ ...rotation, version: 3 }, renewed, alice), 'wrong_version'],
    [
      'another list before it',
      signRotation({ ...rotation, previousHash: list2.previousHash }, renewed, alice),
      'wrong_previous',
    ],
    [
      'an entry altered',
      signRotation(
        { ...rotation, entries: rotation.entries.map((entry) => ({ ...entry, addedOnDay: 1 })) },
        renewed,
        alice,
      ),
      'entry_altered',
    ],
  ])('is refused with %s', (_, signed, fault) => {
    expect(after(signed)).toBe(fault);
  });

  it('alone carries a rotation signature', () => {
    const bytes = signed2.bytes;
    expect(judge({ previous: signed1, signed: { ...signed2, rotationSignature: sign(alice.key, bytes) } })).toBe(
      'bad_rotation',
    );
    expect(judge({ signed: { ...signed1, rotationSignature: signed1.signature } })).toBe('bad_rotation');
  });
});

describe('verifyChain', () => {
  const context = { tenantId: alice.tenantId, accountId: alice.accountId, tombstoned: new Set<DeviceId>() };
  const rules = { context, crypto: chainCrypto };

  it('walks the whole chain, also from a list already held', () => {
    const three = signList(nextList(list2, list2.entries), phone);
    const whole = verifyChain([signed1, signed2, three], undefined, rules);
    const rest = verifyChain([three], accepted(signed2), rules);
    expect(whole.kind === 'valid' && whole.last?.list.version).toBe(3);
    expect(rest).toEqual(whole);
  });

  it('refuses a gap, a repetition and another order', () => {
    const three = signList(nextList(list2, list2.entries), phone);
    for (const chain of [[signed1, three], [signed1, signed1], [signed2, signed1], [signed2]]) {
      expect(verifyChain(chain, undefined, rules).kind).toBe('invalid');
    }
  });

  it('leaves what is held when nothing is new', () => {
    const held = accepted(signed1);
    expect(verifyChain([], held, rules)).toEqual({ kind: 'valid', last: held, key: 'kept' });
  });
});
