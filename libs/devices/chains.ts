import type { AccountRow } from '../directory/accounts.js';
import type { Reader, Tx } from '../platform/postgres.js';
import type { DeviceChain } from '../protocol/chain-wire.js';
import type { SignedList, VerifiedList } from '../protocol/device-chain.js';
import {
  decodeDeviceList,
  type DeviceEntry,
  type DeviceList,
  type Tombstone,
  type TombstoneReason,
} from '../protocol/device-list.js';
import type { DeviceId, ListVersion } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { sha256 } from '../signal/signal.js';
import * as store from './chains.store.js';

const DAY = 24 * 60 * 60 * 1000;

/** Where an account stands: its last list, what was removed since, and so its active devices. */
export interface AccountDevices {
  /** Undefined before enrolment. It was verified when it was stored. */
  readonly latest: VerifiedList | undefined;
  readonly listVersion: ListVersion;
  readonly tombstoned: ReadonlySet<DeviceId>;
  readonly active: ReadonlyMap<DeviceId, DeviceEntry>;
}

/** A device that an account has or had. */
export interface KnownEntry {
  readonly entry: DeviceEntry;
  /** Undefined: active. */
  readonly tombstone: TombstoneReason | undefined;
}

/**
 * The signed lists of accounts and their tombstones. Both are insert-only; each carries the list version that it made, so that what is
 * read is always a state that was. Active devices = the last list minus tombstones.
 */
export class DeviceChains {
  /** From there on, through all later epochs, as many as an answer holds; tombstones all. */
  async read(reader: Reader, account: AccountRow, from: Omit<store.ChainStart, 'limit'>): Promise<DeviceChain> {
    const limit = LIMITS.listsInAnswer + 1;
    const { lists, ...rest } = await store.selectChain(reader, account.no, { ...from, limit });
    const chain = { accountId: account.id, ...rest, lists: lists.slice(0, LIMITS.listsInAnswer) };
    return lists.length < limit ? chain : { ...chain, more: true };
  }

  /** Milliseconds until the account may store another list; 0: now. */
  async waitForNext(reader: Reader, accountNo: number): Promise<number> {
    const age = await store.ageOfList(reader, accountNo, LIMITS.listsPerDay);
    return age === undefined ? 0 : Math.max(0, DAY - age);
  }

  /** Whoever decides by it holds the account's row. */
  async current(reader: Reader, accountNo: number): Promise<AccountDevices> {
    const { lists, tombstones, listVersion } = await store.selectChain(reader, accountNo, undefined);
    const signed = lists.at(-1);
    const tombstoned = new Set(tombstones.map((stone) => stone.deviceId));
    const latest =
      signed === undefined ? undefined : { signed, list: decodeStored(signed), hash: sha256(signed.bytes) };
    const entries = latest?.list.entries.filter((entry) => !tombstoned.has(entry.deviceId)) ?? [];
    return { latest, listVersion, tombstoned, active: new Map(entries.map((entry) => [entry.deviceId, entry])) };
  }

  /** Every device the account has or had, in the order of their addition. */
  async devices(reader: Reader, accountNo: number): Promise<readonly KnownEntry[]> {
    const { lists, tombstones } = await store.selectChain(reader, accountNo, { epoch: 1, version: 1 });
    const reasons = new Map(tombstones.map((stone) => [stone.deviceId, stone.reason]));
    const entries = new Map<DeviceId, DeviceEntry>();
    for (const signed of lists) for (const entry of decodeStored(signed).entries) entries.set(entry.deviceId, entry);
    return [...entries.values()].map((entry) => ({ entry, tombstone: reasons.get(entry.deviceId) }));
  }

  async append(tx: Tx, accountNo: number, stored: VerifiedList & { readonly listVersion: ListVersion }): Promise<void> {
    await store.insertList(tx, accountNo, stored);
  }

  async bury(tx: Tx, accountNo: number, stone: Tombstone & { readonly listVersion: ListVersion }): Promise<void> {
    await store.insertTombstone(tx, accountNo, stone);
  }
}

function decodeStored(signed: SignedList): DeviceList {
  const list = decodeDeviceList(signed.bytes);
  if (list === undefined) throw new Error('a stored device list does not decode');
  return list;
}
