import { describe, expect, it } from '@jest/globals';
import type { DeviceChain } from '../protocol/chain-wire.js';
import { accountKeyHash } from '../protocol/contact-address.js';
import {
  encodeDeviceList,
  NO_HASH,
  statementBytes,
  type DeviceEntry,
  type DeviceList,
} from '../protocol/device-list.js';
import type { SignedList } from '../protocol/device-chain.js';
import type { AccountId, DeviceId, ListVersion, TenantId } from '../protocol/ids.js';
import { newKeyPair, sha256, sign, type KeyPair } from './crypto.js';
import { newId, nodeHost } from './host.js';
import { judgeChain, type ChainVerdict } from './judge-chain.js';
import type { HeldAccount } from './store/accounts.store.js';

const tenantId = newId<TenantId>(nodeHost);
const accountId = newId<AccountId>(nodeHost);
const account = newKeyPair();
const authKey = new Uint8Array(32).fill(3);
const first = device();
const second = device();

interface Device {
  readonly deviceId: DeviceId;
  readonly keys: KeyPair;
}

function device(): Device {
  return { deviceId: newId(nodeHost), keys: newKeyPair() };
}

function entry({ deviceId, keys }: Device, change: Partial<DeviceEntry> = {}): DeviceEntry {
  const statement = statementBytes({
    tenantId,
    accountId,
    accountKey: account.publicKey,
    deviceId,
    identityKey: keys.publicKey,
    authKey,
  });
  const signature = sign(keys.privateKey, statement);
  return {
    deviceId,
    identityKey: keys.publicKey,
    mayLink: false,
    addedBy: 'account-key',
    addedOnDay: 1,
    statement: { epoch: 1, authKey, signature },
    ...change,
  };
}

const entryOfFirst = entry(first, { mayLink: true });

function signed(change: Partial<DeviceList>, by: Device | KeyPair = account): SignedList {
  const list: DeviceList = {
    tenantId,
    accountId,
    epoch: 1,
    version: 1,
    accountKey: account.publicKey,
    previousHash: NO_HASH,
    entries: [entryOfFirst],
    ...change,
  };
  const bytes = encodeDeviceList(list);
  return 'keys' in by
    ? { bytes, signature: sign(by.keys.privateKey, bytes), signer: by.deviceId }
    : { bytes, signature: sign(by.privateKey, bytes), signer: 'account-key' };
}

const list1 = signed({});
const next = (entries: readonly DeviceEntry[], by: Device = first) =>
  signed({ version: 2, previousHash: sha256(list1.bytes), entries }, by);
const list2 = next([entryOfFirst, entry(second, { addedBy: first.deviceId })]);

function chain(
  lists: readonly SignedList[],
  listVersion: number,
  tombstones: DeviceChain['tombstones'] = [],
): DeviceChain {
  return { accountId, listVersion: listVersion as ListVersion, lists, tombstones };
}

function judge(
  served: DeviceChain,
  more: { readonly held?: HeldAccount; readonly pin?: Uint8Array; readonly owners?: readonly AccountId[] } = {},
): ChainVerdict {
  return judgeChain({
    accountId,
    tenantId,
    chain: served,
    held: more.held,
    pin: more.pin,
    ownersOf: () => more.owners ?? [],
  });
}

function good(served: DeviceChain, more: Parameters<typeof judge>[1] = {}): HeldAccount {
  const verdict = judge(served, more);
  if (verdict.kind === 'refused') throw new Error(verdict.code);
  return verdict.account;
}

const held1 = good(chain([list1], 1));
const held2 = good(chain([list1, list2], 2));
const stone = { deviceId: second.deviceId, day: 2, reason: 'owner' } as const;

describe('a chain of an account that is not known yet', () => {
  it('is believed from list 1 on, as first use', () => {
    expect(held2).toMatchObject({ trust: 'first-use', listVersion: 2, last: { list: { version: 2 } } });
  });

  it('is bound by a contact address, or refused as address_outdated', () => {
    const pin = accountKeyHash(account.publicKey, sha256);
    expect(good(chain([list1], 1), { pin }).trust).toBe('address');
    expect(judge(chain([list1], 1), { pin: new Uint8Array(16) })).toMatchObject({ code: 'address_outdated' });
  });

  it('must begin at its beginning', () => {
    expect(judge(chain([list2], 2))).toMatchObject({ code: 'device_list_invalid' });
    expect(judge(chain([], 0))).toMatchObject({ code: 'account_closed' });
  });
});

describe('a chain that follows a held one', () => {
  it('adds lists and tombstones', () => {
    const later = good(chain([list1, list2], 3, [stone]), { held: held1 });
    expect(later).toMatchObject({ listVersion: 3, tombstones: [stone], last: { list: { version: 2 } } });
  });

  it('may leave out what is held already, as the winner of a conflict does', () => {
    expect(good(chain([list2], 2), { held: held1 })).toMatchObject({ listVersion: 2, last: { list: { version: 2 } } });
    const strange = signed({ version: 2, previousHash: sha256(list2.bytes) }, first);
    expect(judge(chain([strange], 2), { held: held1 })).toMatchObject({ code: 'device_list_fork' });
  });

  it('is a rollback when it ends before the held one, or a tombstone is gone', () => {
    expect(judge(chain([list1], 1), { held: held2 })).toMatchObject({ code: 'device_list_rollback', stops: false });
    expect(judge(chain([list2], 1), { held: held2 })).toMatchObject({ code: 'device_list_rollback' });
    const revoked = good(chain([list2], 3, [stone]), { held: held2 });
    expect(judge(chain([list2], 4), { held: revoked })).toMatchObject({ code: 'device_list_rollback' });
  });

  it.each([
    ['an older list', [list1]],
    ['no list at all', []],
  ])('is a rollback when a later version shows %s', (_, lists) => {
    for (const later of [chain(lists, 2), chain(lists, 3, [stone]), chain(lists, 9)])
      expect(judge(later, { held: held2 })).toMatchObject({ kind: 'refused', code: 'device_list_rollback' });
  });

  it('is a fork, kept and final, when one version has two faces', () => {
    const other = next([entryOfFirst]);
    expect(judge(chain([other], 2), { held: held2 })).toMatchObject({
      code: 'device_list_fork',
      stops: true,
      seen: other.bytes,
    });
    expect(judge(chain([list2], 2, [stone]), { held: held2 })).toMatchObject({ code: 'device_list_fork', stops: true });
  });

  it('stops with account_reset under another account key or epoch', () => {
    const thief = newKeyPair();
    const theirs = signed({ accountKey: thief.publicKey }, thief);
    expect(judge(chain([theirs], 5), { held: held1 })).toMatchObject({ code: 'account_reset', stops: true });
    expect(judge(chain([signed({ epoch: 2 })], 5), { held: held1 })).toMatchObject({
      code: 'account_reset',
      stops: true,
    });
  });

  it('may not bring a removed device back, nor be signed by one', () => {
    const revoked = good(chain([list2], 3, [stone]), { held: held2 });
    const returned = signed({ version: 3, previousHash: sha256(list2.bytes), entries: held2.last.list.entries }, first);
    expect(judge(chain([list2, returned], 4, [stone]), { held: revoked })).toMatchObject({
      code: 'device_revoked_returned',
    });
  });

  it('is signed by who may, and agreed to by whom it lists', () => {
    const added = entry(second, { addedBy: first.deviceId });
    const third = device();
    const bySecond = signed(
      {
        version: 3,
        previousHash: sha256(list2.bytes),
        entries: [...held2.last.list.entries, entry(third, { addedBy: second.deviceId })],
      },
      second,
    );
    expect(judge(chain([list2, bySecond], 3), { held: held2 })).toMatchObject({ code: 'device_list_wrong_signer' });
    expect(judge(chain([list1, { ...list2, signature: list1.signature }], 2), { held: held1 })).toMatchObject({
      code: 'device_list_bad_signature',
    });
    const unagreed = { ...added, statement: { ...added.statement, signature: entryOfFirst.statement.signature } };
    expect(judge(chain([list1, next([entryOfFirst, unagreed])], 2), { held: held1 })).toMatchObject({
      code: 'device_list_bad_statement',
    });
  });

  it('may not list a device of another account', () => {
    expect(judge(chain([list1, list2], 2), { held: held1, owners: [newId<AccountId>(nodeHost)] })).toMatchObject({
      code: 'foreign_device',
    });
  });
});
