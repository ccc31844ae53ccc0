import { equalBytes } from './bytes.js';
import type { DeviceChain } from './chain-wire.js';
import {
  verifyNextList,
  type ChainCrypto,
  type ListFault,
  type SignedList,
  type VerifiedList,
} from './device-chain.js';
import { decodeDeviceList, type DeviceEntry, type DeviceList, type Tombstone } from './device-list.js';
import type { AccountId, DeviceId, TenantId } from './ids.js';

/** What a server holds of an account after a restore. `seen`: every device that any of its stored lists names. */
export interface HeldHistory {
  readonly latest: VerifiedList;
  readonly tombstoned: ReadonlySet<DeviceId>;
  readonly seen: ReadonlySet<DeviceId>;
}

interface HistoryRules {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  /** Days since 1970-01-01. */
  readonly today: number;
  readonly crypto: ChainCrypto;
}

/** `gap`: the lists do not reach back to the held one. `reset`: an epoch whose code only an admin gives. */
type HistoryFault = ListFault | 'fork' | 'gap' | 'reset' | 'unknown_tombstone' | 'device_left_out';

/** What the held state lacks; all of it empty when it lacks nothing. `newcomers`: in the order of the lists, removed ones too. */
export type Continuation =
  | {
      readonly kind: 'continuation';
      readonly lists: readonly VerifiedList[];
      readonly tombstones: readonly Tombstone[];
      readonly newcomers: readonly DeviceEntry[];
      readonly active: ReadonlySet<DeviceId>;
    }
  | { readonly kind: 'invalid'; readonly fault: HistoryFault };

/**
 * What an offered history adds to the held one (D26). Its lists must continue the held chain by the very rules of a next list; an older or
 * equal history adds no list. A tombstone is unsigned, as every tombstone is: any device of the account may set one. It must name a device
 * of the account, and its day must have come. What is held stays: a tombstone that is here already is not altered.
 */
export function continueChain(held: HeldHistory, offered: DeviceChain, rules: HistoryRules): Continuation {
  const later = laterThan(held.latest, offered.lists);
  if (later.kind === 'invalid') return later;
  const lists: VerifiedList[] = [];
  const newcomers = new Map<DeviceId, DeviceEntry>();
  const context = { tenantId: rules.tenantId, accountId: rules.accountId, tombstoned: held.tombstoned };
  for (const signed of later.lists) {
    const verdict = verifyNextList({ previous: lists.at(-1) ?? held.latest, signed, context, crypto: rules.crypto });
    if (verdict.kind === 'invalid') return verdict;
    if (verdict.key === 'reset') return invalid('reset');
    lists.push(verdict.next);
    for (const entry of verdict.next.list.entries)
      if (!held.seen.has(entry.deviceId) && !newcomers.has(entry.deviceId)) newcomers.set(entry.deviceId, entry);
  }
  const tombstones = new Map<DeviceId, Tombstone>();
  for (const stone of offered.tombstones) {
    if (held.tombstoned.has(stone.deviceId)) continue;
    const isOurs = held.seen.has(stone.deviceId) || newcomers.has(stone.deviceId);
    if (!isOurs || stone.day > rules.today) return invalid('unknown_tombstone');
    tombstones.set(stone.deviceId, stone);
  }
  const isActive = ({ deviceId }: DeviceEntry): boolean => !held.tombstoned.has(deviceId) && !tombstones.has(deviceId);
  const active = new Set((lists.at(-1) ?? held.latest).list.entries.filter(isActive).map(({ deviceId }) => deviceId));
  // As with every list: only what is tombstoned may be left out, or it would vanish without a trace.
  if (held.latest.list.entries.some((entry) => isActive(entry) && !active.has(entry.deviceId)))
    return invalid('device_left_out');
  return {
    kind: 'continuation',
    lists,
    tombstones: [...tombstones.values()],
    newcomers: [...newcomers.values()],
    active,
  };
}

/** What comes after the held list. The offered one in its place must be it. */
function laterThan(
  { list: held, signed: { bytes } }: VerifiedList,
  offered: readonly SignedList[],
): { readonly kind: 'later'; readonly lists: readonly SignedList[] } | Extract<Continuation, { kind: 'invalid' }> {
  const lists: SignedList[] = [];
  let joined = false;
  for (const signed of offered) {
    const list = decodeDeviceList(signed.bytes);
    if (list === undefined) return invalid('malformed');
    if (isSamePlace(list, held)) {
      if (!equalBytes(signed.bytes, bytes)) return invalid('fork');
      joined = true;
    } else if (list.epoch > held.epoch || (list.epoch === held.epoch && list.version > held.version)) {
      const next = held.epoch === list.epoch ? list.version === held.version + 1 : list.epoch === held.epoch + 1;
      if (lists.length === 0 && !joined && !next) return invalid('gap');
      lists.push(signed);
    }
  }
  return { kind: 'later', lists };
}

function isSamePlace(left: DeviceList, right: DeviceList): boolean {
  return left.epoch === right.epoch && left.version === right.version;
}

function invalid(fault: HistoryFault): Extract<Continuation, { kind: 'invalid' }> {
  return { kind: 'invalid', fault };
}
