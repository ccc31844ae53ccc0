import { equalBytes } from '../protocol/bytes.js';
import type { DeviceChain } from '../protocol/chain-wire.js';
import { accountKeyHash } from '../protocol/contact-address.js';
import { verifyChain, type ListFault, type SignedList, type VerifiedList } from '../protocol/device-chain.js';
import { accountStateHash, decodeDeviceList, type DeviceList, type Tombstone } from '../protocol/device-list.js';
import type { AccountId, DeviceId, TenantId } from '../protocol/ids.js';
import { chainCrypto, sha256 } from './crypto.js';
import type { SottoErrorCode } from './errors.js';
import type { HeldAccount, Trust } from './store/accounts.store.js';

/** What a chain from the server is held against. `ownersOf`: accounts in which an id or identity key is known already. */
export interface ChainQuestion {
  readonly accountId: AccountId;
  readonly tenantId: TenantId;
  readonly chain: DeviceChain;
  readonly held: HeldAccount | undefined;
  /** 16 bytes of a contact address. */
  readonly pin: Uint8Array | undefined;
  /** The person wants another account key, if there is one. */
  readonly accepts?: boolean;
  ownersOf(device: { readonly deviceId: DeviceId; readonly identityKey: Uint8Array }): readonly AccountId[];
}

/** `stops`: sending to the account ends, for good or until the person accepts a changed key, with `seen` kept as evidence beside the held list. */
export type ChainVerdict =
  | { readonly kind: 'good'; readonly account: HeldAccount }
  | {
      readonly kind: 'refused';
      readonly code: SottoErrorCode;
      readonly detail: string;
      readonly stops: boolean;
      readonly seen: Uint8Array;
    };

const FAULT_CODES: Readonly<Record<ListFault, SottoErrorCode>> = {
  malformed: 'device_list_invalid',
  wrong_account: 'device_list_invalid',
  account_key_changed: 'account_reset',
  wrong_version: 'device_list_invalid',
  wrong_previous: 'device_list_fork',
  wrong_signer: 'device_list_wrong_signer',
  bad_signature: 'device_list_bad_signature',
  bad_rotation: 'device_list_bad_signature',
  bad_statement: 'device_list_bad_statement',
  wrong_added_by: 'device_list_invalid',
  entry_altered: 'device_list_invalid',
  identity_repeated: 'device_list_invalid',
  device_revoked_returned: 'device_revoked_returned',
};

/** Decides about a chain by IDENTITY "Device lists": pure, and the only way into the verified lists. */
export function judgeChain(question: ChainQuestion): ChainVerdict {
  if (question.chain.accountId !== question.accountId)
    return refused('device_list_invalid', 'the chain is of another account');
  const verdict = question.held === undefined ? judgeFirst(question) : judgeNext(question, question.held);
  if (verdict.kind === 'refused') return verdict;
  for (const entry of verdict.account.last.list.entries) {
    const foreign = question.ownersOf(entry).some((owner) => owner !== question.accountId);
    if (foreign) return refused('foreign_device', entry.deviceId);
  }
  return verdict;
}

function judgeFirst({ accountId, tenantId, chain, pin }: ChainQuestion): ChainVerdict {
  if (chain.lists.length === 0) return refused('account_closed', 'the account has no device list');
  const result = verifyChain(chain.lists, undefined, {
    context: { tenantId, accountId, tombstoned: new Set() },
    crypto: chainCrypto,
  });
  if (result.kind === 'invalid') return refused(FAULT_CODES[result.fault], result.fault);
  if (result.last === undefined) return refused('account_closed', 'the account has no device list');
  if (pin !== undefined && !equalBytes(accountKeyHash(result.last.list.accountKey, sha256), pin))
    return refused('address_outdated', accountId);
  const trust: Trust = pin === undefined ? 'first-use' : 'address';
  return good({
    accountId,
    trust,
    last: result.last,
    tombstones: chain.tombstones,
    listVersion: chain.listVersion,
    wanted: chain.listVersion,
    halted: undefined,
  });
}

function judgeNext({ accountId, tenantId, chain, accepts = false }: ChainQuestion, held: HeldAccount): ChainVerdict {
  const place = placeOf(chain, held.last);
  if (place.kind === 'refused') return place;
  const tombstoned = new Set(held.tombstones.map((stone) => stone.deviceId));
  const result = verifyChain(place.later, held.last, {
    context: { tenantId, accountId, tombstoned },
    crypto: chainCrypto,
  });
  const changed = place.later.find(({ bytes }) => isOtherKey(decodeDeviceList(bytes), held.last.list));
  if (result.kind === 'invalid') {
    // Another key that does not even follow the chain is no better than one that does.
    return changed === undefined || accepts
      ? refused(FAULT_CODES[result.fault], result.fault)
      : stop('account_reset', changed.bytes);
  }
  const last = result.last ?? held.last;
  const lost = held.tombstones.find((stone) => !chain.tombstones.some((kept) => sameStone(stone, kept)));
  if (chain.listVersion < held.listVersion || (lost !== undefined && chain.listVersion > held.listVersion)) {
    return refused('device_list_rollback', `${String(chain.listVersion)} after ${String(held.listVersion)}`);
  }
  if (
    chain.listVersion === held.listVersion &&
    !equalBytes(stateHash(last, chain.tombstones), stateHash(held.last, held.tombstones))
  ) {
    return stop('device_list_fork', last.signed.bytes);
  }
  const seen = last.signed.bytes;
  if (result.key === 'reset' && !accepts) return stop('account_reset', seen);
  if (result.key === 'rotated' && held.trust === 'verified' && !accepts) return stop('account_rotated', seen);
  const next = { ...held, last, tombstones: chain.tombstones, listVersion: chain.listVersion };
  if (!accepts) return good(next);
  return good({ ...next, halted: undefined, trust: result.key === 'kept' ? held.trust : 'first-use' });
}

/** Finds the held list in the answer: what comes after it is new. */
function placeOf(
  chain: DeviceChain,
  held: VerifiedList,
): { readonly kind: 'place'; readonly later: readonly SignedList[] } | Extract<ChainVerdict, { kind: 'refused' }> {
  for (const [index, signed] of chain.lists.entries()) {
    const list = decodeDeviceList(signed.bytes);
    if (list === undefined) return refused('device_list_invalid', 'malformed');
    // What came before the held list was judged before it was held.
    if (list.epoch < held.list.epoch) continue;
    // The winner of a conflict comes without what the loser has already; that it follows is checked like any next list.
    if (index === 0 && mayFollow(list, held.list)) return { kind: 'place', later: chain.lists };
    if (isOtherKey(list, held.list)) return stop('account_reset', signed.bytes);
    if (list.version !== held.list.version) continue;
    if (!equalBytes(signed.bytes, held.signed.bytes)) return stop('device_list_fork', signed.bytes);
    return { kind: 'place', later: chain.lists.slice(index + 1) };
  }
  return refused('device_list_rollback', `list ${String(held.list.version)} is missing`);
}

function mayFollow(list: DeviceList, held: DeviceList): boolean {
  return list.epoch === held.epoch ? list.version === held.version + 1 : list.epoch === held.epoch + 1;
}

function isOtherKey(list: DeviceList | undefined, held: DeviceList): boolean {
  return list === undefined || list.epoch !== held.epoch || !equalBytes(list.accountKey, held.accountKey);
}

function sameStone(left: Tombstone, right: Tombstone): boolean {
  return left.deviceId === right.deviceId && left.day === right.day && left.reason === right.reason;
}

/** What an encrypted content says of an account at the same list version must be exactly this. */
export function stateHash(last: VerifiedList, tombstones: readonly Tombstone[]): Uint8Array {
  return accountStateHash(last.signed.bytes, tombstones, sha256);
}

function good(account: HeldAccount): ChainVerdict {
  return { kind: 'good', account };
}

function refused(code: SottoErrorCode, detail: string): Extract<ChainVerdict, { kind: 'refused' }> {
  return { kind: 'refused', code, detail, stops: false, seen: new Uint8Array() };
}

function stop(code: SottoErrorCode, seen: Uint8Array): Extract<ChainVerdict, { kind: 'refused' }> {
  return { kind: 'refused', code, detail: 'kept as evidence', stops: true, seen };
}
