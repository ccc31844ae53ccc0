import { equalBytes } from './bytes.js';
import { decodeDeviceList, NO_HASH, statementBytes, type DeviceEntry, type DeviceList } from './device-list.js';
import type { AccountId, DeviceId, TenantId } from './ids.js';

/** A list as it travels: the signed bytes and who signed them. */
export interface SignedList {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly signer: DeviceId | 'account-key';
  /** The old account key's signature over the same bytes: this list opens an epoch by rotation, not by reset. */
  readonly rotationSignature?: Uint8Array;
}

/** What a list does to the account key. `rotated`: the key before it agreed; `reset`: nobody of before did. */
export type AccountKeyChange = 'kept' | 'rotated' | 'reset';

/** A list whose every rule has been checked against the chain before it. */
export interface VerifiedList {
  readonly signed: SignedList;
  readonly list: DeviceList;
  readonly hash: Uint8Array;
}

/** Hash and XEdDSA check are passed in: this file is pure and runs on both sides. */
export interface ChainCrypto {
  sha256(bytes: Uint8Array): Uint8Array;
  /** False for a bad signature and for a key that does not parse. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** What the verifier knows of the account from elsewhere. */
export interface ChainContext {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  /** Devices that may neither stand in a new list nor sign one: the tombstones held before this list came. */
  readonly tombstoned: ReadonlySet<DeviceId>;
}

export type ListFault =
  | 'malformed'
  | 'wrong_account'
  | 'account_key_changed'
  | 'wrong_version'
  | 'wrong_previous'
  | 'wrong_signer'
  | 'bad_signature'
  | 'bad_rotation'
  | 'bad_statement'
  | 'wrong_added_by'
  | 'entry_altered'
  | 'identity_repeated'
  | 'device_revoked_returned';

export type ListVerdict =
  | { readonly kind: 'valid'; readonly next: VerifiedList; readonly key: AccountKeyChange }
  | { readonly kind: 'invalid'; readonly fault: ListFault };

interface Step {
  readonly previous: VerifiedList | undefined;
  readonly signed: SignedList;
  readonly context: ChainContext;
  readonly crypto: ChainCrypto;
}

/**
 * Decides whether `signed` may follow `previous` (undefined: it must be list 1 of epoch 1), by IDENTITY "Device lists". It continues the
 * epoch, or opens the next one under a new account key; whether that was a rotation or a reset is told, and is the caller's to act upon.
 * The bytes are parsed to know who must have signed, but nothing of them is believed before the signature holds.
 */
export function verifyNextList(step: Step): ListVerdict {
  const list = decodeDeviceList(step.signed.bytes);
  if (list === undefined) return invalid('malformed');
  const fault = placeFault(list, step) ?? signatureFault(list, step) ?? entriesFault(list, step);
  if (fault !== undefined) return invalid(fault);
  const next = { signed: step.signed, list, hash: step.crypto.sha256(step.signed.bytes) };
  return { kind: 'valid', next, key: keyChange(list, step) };
}

/** Verifies a whole chain in order; `held` is the last list already verified, the chain continues it. `key`: the worst of all steps. */
export function verifyChain(
  lists: readonly SignedList[],
  held: VerifiedList | undefined,
  rules: { readonly context: ChainContext; readonly crypto: ChainCrypto },
):
  | { readonly kind: 'valid'; readonly last: VerifiedList | undefined; readonly key: AccountKeyChange }
  | { readonly kind: 'invalid'; readonly fault: ListFault } {
  let last = held;
  let key: AccountKeyChange = 'kept';
  for (const signed of lists) {
    const verdict = verifyNextList({ previous: last, signed, ...rules });
    if (verdict.kind === 'invalid') return verdict;
    last = verdict.next;
    if (key !== 'reset' && verdict.key !== 'kept') key = verdict.key;
  }
  return { kind: 'valid', last, key };
}

function keyChange(list: DeviceList, { previous, signed }: Step): AccountKeyChange {
  if (previous === undefined || list.epoch === previous.list.epoch) return 'kept';
  return signed.rotationSignature === undefined ? 'reset' : 'rotated';
}

function placeFault(list: DeviceList, { previous, context }: Step): ListFault | undefined {
  if (list.tenantId !== context.tenantId || list.accountId !== context.accountId) return 'wrong_account';
  if (previous === undefined) {
    if (list.epoch !== 1 || list.version !== 1) return 'wrong_version';
    return equalBytes(list.previousHash, NO_HASH) ? undefined : 'wrong_previous';
  }
  const opens = list.epoch === previous.list.epoch + 1;
  const sameKey = equalBytes(list.accountKey, previous.list.accountKey);
  // Epoch and account key change together or not at all.
  if (sameKey === opens || (!opens && list.epoch !== previous.list.epoch)) return 'account_key_changed';
  if (list.version !== (opens ? 1 : previous.list.version + 1)) return 'wrong_version';
  return equalBytes(list.previousHash, previous.hash) ? undefined : 'wrong_previous';
}

function signatureFault(list: DeviceList, { previous, signed, context, crypto }: Step): ListFault | undefined {
  const key = signerKey(list, previous, { signer: signed.signer, context });
  if (key === undefined) return 'wrong_signer';
  if (!crypto.verify(key, signed.bytes, signed.signature)) return 'bad_signature';
  if (signed.rotationSignature === undefined) return undefined;
  const agreed =
    previous !== undefined &&
    list.epoch !== previous.list.epoch &&
    crypto.verify(previous.list.accountKey, signed.bytes, signed.rotationSignature);
  return agreed ? undefined : 'bad_rotation';
}

function signerKey(
  list: DeviceList,
  previous: VerifiedList | undefined,
  { signer, context }: { readonly signer: DeviceId | 'account-key'; readonly context: ChainContext },
): Uint8Array | undefined {
  if (signer === 'account-key') return list.accountKey;
  // A device signs only within the epoch that it was listed in.
  if (previous === undefined || list.epoch !== previous.list.epoch) return undefined;
  if (context.tombstoned.has(signer)) return undefined;
  const entry = previous.list.entries.find((candidate) => candidate.deviceId === signer);
  return entry?.mayLink === true ? entry.identityKey : undefined;
}

function entriesFault(list: DeviceList, step: Step): ListFault | undefined {
  const identities = new Set<string>();
  const reset = keyChange(list, step) === 'reset';
  for (const entry of list.entries) {
    if (step.context.tombstoned.has(entry.deviceId)) return 'device_revoked_returned';
    identities.add(entry.identityKey.join());
    const before = step.previous?.list.entries.find((candidate) => candidate.deviceId === entry.deviceId);
    // A reset removes every device of before, and their ids and statements with them.
    if (reset && before !== undefined) return 'device_revoked_returned';
    const fault = before === undefined ? newEntryFault(entry, list, step) : keptEntryFault(entry, before);
    if (fault !== undefined) return fault;
  }
  return identities.size === list.entries.length ? undefined : 'identity_repeated';
}

function newEntryFault(entry: DeviceEntry, list: DeviceList, { signed, crypto }: Step): ListFault | undefined {
  if (entry.addedBy !== signed.signer) return 'wrong_added_by';
  if (entry.statement.epoch !== list.epoch) return 'bad_statement';
  const message = statementBytes({
    tenantId: list.tenantId,
    accountId: list.accountId,
    accountKey: list.accountKey,
    deviceId: entry.deviceId,
    identityKey: entry.identityKey,
    authKey: entry.statement.authKey,
  });
  return crypto.verify(entry.identityKey, message, entry.statement.signature) ? undefined : 'bad_statement';
}

/** Everything but `may_link` is fixed once; the statement's signature too, because XEdDSA signatures are malleable. */
function keptEntryFault(entry: DeviceEntry, before: DeviceEntry): ListFault | undefined {
  const same =
    equalBytes(entry.identityKey, before.identityKey) &&
    entry.addedBy === before.addedBy &&
    entry.addedOnDay === before.addedOnDay &&
    entry.statement.epoch === before.statement.epoch &&
    equalBytes(entry.statement.authKey, before.statement.authKey) &&
    equalBytes(entry.statement.signature, before.statement.signature);
  return same ? undefined : 'entry_altered';
}

function invalid(fault: ListFault): { readonly kind: 'invalid'; readonly fault: ListFault } {
  return { kind: 'invalid', fault };
}
