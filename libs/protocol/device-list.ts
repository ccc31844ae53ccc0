import { ByteReader, ByteWriter, compareBytes, domain, equalBytes } from './bytes.js';
import {
  uuidFromBytes,
  uuidToBytes,
  type AccountId,
  type DeviceId,
  type RegistrationId,
  type TenantId,
} from './ids.js';
import { LIMITS } from './limits.js';

/**
 * Canonical bytes of device lists and device statements (IDENTITY "Device lists"). Integers are big-endian and unsigned.
 *
 *     list      = "sotto/device-list/1\0" tenant:16 account:16 epoch:4 version:4 account_key:33 previous_hash:32 count:2 entry*
 *     entry     = device:16 identity_key:33 flags:1 added_by:16 added_on_day:4 statement:100     sorted by device, each once
 *     flags     = bit 0 may_link, all others zero;  added_by = zeros: the account key
 *     statement = epoch:4 auth_key:32 signature:64
 *     signature = XEdDSA of the device's identity key over
 *                 "sotto/device/1\0" tenant:16 account:16 account_key:33 device:16 identity_key:33 auth_key:32
 *
 * `previous_hash` is SHA-256 of the previous list's bytes without its signature, zeros in the first list of all.
 * `epoch` in a statement says under which epoch's account key it was made; it stays valid after a rotation.
 * There is exactly one encoding: decoding refuses everything that would not encode to the same bytes.
 */
export interface DeviceList {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly epoch: number;
  readonly version: number;
  readonly accountKey: Uint8Array;
  readonly previousHash: Uint8Array;
  readonly entries: readonly DeviceEntry[];
}

export interface DeviceEntry {
  readonly deviceId: DeviceId;
  readonly identityKey: Uint8Array;
  readonly mayLink: boolean;
  readonly addedBy: DeviceId | 'account-key';
  /** Days since 1970-01-01. */
  readonly addedOnDay: number;
  readonly statement: DeviceStatement;
}

/** The device's own agreement to be listed here: nobody can list a device that did not sign. */
export interface DeviceStatement {
  readonly epoch: number;
  readonly authKey: Uint8Array;
  readonly signature: Uint8Array;
}

/** Device, day and reason of a removal; final, the id never returns. */
export interface Tombstone {
  readonly deviceId: DeviceId;
  readonly day: number;
  readonly reason: TombstoneReason;
}

export const TOMBSTONE_REASONS = { owner: 1, admin: 2, idle: 3, reset: 4 } as const;
export type TombstoneReason = keyof typeof TOMBSTONE_REASONS;

export const KEY_BYTES = 33;
export const AUTH_KEY_BYTES = 32;
export const HASH_BYTES = 32;
export const SIGNATURE_BYTES = 64;

const LIST_DOMAIN = domain('sotto/device-list/1');
const STATEMENT_DOMAIN = domain('sotto/device/1');
const REGISTRATION_DOMAIN = domain('sotto/registration/1');
const STATE_DOMAIN = domain('sotto/account-state/1');
const ZERO_ID = new Uint8Array(16);
export const NO_HASH = new Uint8Array(HASH_BYTES);

export function encodeDeviceList(list: DeviceList): Uint8Array {
  const writer = new ByteWriter()
    .raw(LIST_DOMAIN)
    .bytes(uuidToBytes(list.tenantId), 16)
    .bytes(uuidToBytes(list.accountId), 16)
    .uint(list.epoch, 4)
    .uint(list.version, 4)
    .bytes(list.accountKey, KEY_BYTES)
    .bytes(list.previousHash, HASH_BYTES)
    .uint(list.entries.length, 2);
  for (const entry of sortEntries(list.entries)) {
    writer
      .bytes(uuidToBytes(entry.deviceId), 16)
      .bytes(entry.identityKey, KEY_BYTES)
      .uint(entry.mayLink ? 1 : 0, 1)
      .bytes(entry.addedBy === 'account-key' ? ZERO_ID : uuidToBytes(entry.addedBy), 16)
      .uint(entry.addedOnDay, 4)
      .uint(entry.statement.epoch, 4)
      .bytes(entry.statement.authKey, AUTH_KEY_BYTES)
      .bytes(entry.statement.signature, SIGNATURE_BYTES);
  }
  return writer.done();
}

/** Undefined when the bytes are not the canonical encoding of a list with 1 to 64 entries. */
export function decodeDeviceList(bytes: Uint8Array): DeviceList | undefined {
  const reader = new ByteReader(bytes);
  if (!equalBytes(reader.bytes(LIST_DOMAIN.length), LIST_DOMAIN)) return undefined;
  const tenantId = uuidFromBytes<TenantId>(reader.bytes(16));
  const accountId = uuidFromBytes<AccountId>(reader.bytes(16));
  const head = {
    epoch: reader.uint(4),
    version: reader.uint(4),
    accountKey: reader.bytes(KEY_BYTES),
    previousHash: reader.bytes(HASH_BYTES),
  };
  const count = reader.uint(2);
  if (tenantId === undefined || accountId === undefined || head.epoch < 1 || head.version < 1) return undefined;
  if (reader.overrun || count < 1 || count > LIMITS.devicesInList) return undefined;
  const entries: DeviceEntry[] = [];
  let before: Uint8Array = ZERO_ID;
  for (let index = 0; index < count; index += 1) {
    const id = reader.bytes(16);
    const entry = decodeEntry(id, reader);
    if (entry === undefined || compareBytes(before, id) >= 0) return undefined;
    before = id;
    entries.push(entry);
  }
  return reader.atEnd ? { tenantId, accountId, ...head, entries } : undefined;
}

function decodeEntry(id: Uint8Array, reader: ByteReader): DeviceEntry | undefined {
  const deviceId = uuidFromBytes<DeviceId>(id);
  const identityKey = reader.bytes(KEY_BYTES);
  const flags = reader.uint(1);
  const addedBy = uuidFromBytes<DeviceId>(reader.bytes(16)) ?? 'account-key';
  const addedOnDay = reader.uint(4);
  const statement = {
    epoch: reader.uint(4),
    authKey: reader.bytes(AUTH_KEY_BYTES),
    signature: reader.bytes(SIGNATURE_BYTES),
  };
  if (deviceId === undefined || flags > 1 || reader.overrun) return undefined;
  return { deviceId, identityKey, mayLink: flags === 1, addedBy, addedOnDay, statement };
}

function sortEntries(entries: readonly DeviceEntry[]): readonly DeviceEntry[] {
  return entries.toSorted((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
}

/** What a device signs with its identity key to agree to stand in the list of this account. */
export function statementBytes(of: {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly accountKey: Uint8Array;
  readonly deviceId: DeviceId;
  readonly identityKey: Uint8Array;
  readonly authKey: Uint8Array;
}): Uint8Array {
  return new ByteWriter()
    .raw(STATEMENT_DOMAIN)
    .bytes(uuidToBytes(of.tenantId), 16)
    .bytes(uuidToBytes(of.accountId), 16)
    .bytes(of.accountKey, KEY_BYTES)
    .bytes(uuidToBytes(of.deviceId), 16)
    .bytes(of.identityKey, KEY_BYTES)
    .bytes(of.authKey, AUTH_KEY_BYTES)
    .done();
}

/** What a device signs with its identity key to announce its registration id. */
export function registrationBytes(deviceId: DeviceId, registrationId: RegistrationId): Uint8Array {
  return new ByteWriter().raw(REGISTRATION_DOMAIN).bytes(uuidToBytes(deviceId), 16).uint(registrationId, 2).done();
}

/**
 * The hash that encrypted content carries for an account (IDENTITY "Consistency"): SHA-256 over
 * "sotto/account-state/1\0" length:4 list bytes, then per tombstone, sorted by device: device:16 day:4 reason:1.
 */
export function accountStateHash(
  listBytes: Uint8Array,
  tombstones: readonly Tombstone[],
  sha256: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const writer = new ByteWriter().raw(STATE_DOMAIN).uint(listBytes.length, 4).raw(listBytes);
  for (const stone of tombstones.toSorted((left, right) => (left.deviceId < right.deviceId ? -1 : 1))) {
    writer.bytes(uuidToBytes(stone.deviceId), 16).uint(stone.day, 4).uint(TOMBSTONE_REASONS[stone.reason], 1);
  }
  return sha256(writer.done());
}

/** Days since 1970-01-01 of a time in milliseconds: all that lists and tombstones tell about when. */
export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / 86_400_000);
}
