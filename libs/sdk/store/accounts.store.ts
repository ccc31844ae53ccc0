import type { SignedList, VerifiedList } from '../../protocol/device-chain.js';
import { decodeDeviceList, type Tombstone, type TombstoneReason } from '../../protocol/device-list.js';
import type { AccountId, DeviceId, ListVersion } from '../../protocol/ids.js';
import { sha256 } from '../crypto.js';
import type { SottoErrorCode } from '../errors.js';
import { blob, int, optionalText, text, type Reader, type Row, type Tx } from './store.js';

/**
 * How the account key came here: as the server named it, bound by a contact address (or by linking and enrolment, for the own account),
 * or by a safety number that the person compared.
 */
export type Trust = 'first-use' | 'address' | 'verified';

const RANK: Readonly<Record<Trust, number>> = { 'first-use': 0, address: 1, verified: 2 };

export function isTrustedLess(trust: Trust, than: Trust): boolean {
  return RANK[trust] < RANK[than];
}

/** Why sending waits until the person accepts another account key. */
export const KEY_CHANGES = ['account_reset', 'account_rotated'] as const;

export function keyChanged(halted: SottoErrorCode | undefined): boolean {
  return KEY_CHANGES.some((code) => code === halted);
}

/** An account as far as its signed lists have proved it. Nothing unverified is ever in here. */
export interface HeldAccount {
  readonly accountId: AccountId;
  readonly trust: Trust;
  readonly last: VerifiedList;
  readonly tombstones: readonly Tombstone[];
  readonly listVersion: ListVersion;
  /** A list version that an encrypted content proved to exist. */
  readonly wanted: ListVersion;
  /** Why sending stopped for good. */
  readonly halted: SottoErrorCode | undefined;
}

export function loadAccount(reader: Reader, accountId: AccountId): HeldAccount | undefined {
  const row = reader.get('select * from account where account_id = ?', accountId);
  return row === undefined ? undefined : accountOf(row, loadTombstones(reader, accountId));
}

function accountOf(row: Row, tombstones: readonly Tombstone[]): HeldAccount {
  const signed: SignedList = {
    bytes: blob(row, 'list'),
    signature: blob(row, 'signature'),
    signer: text<DeviceId | 'account-key'>(row, 'signer'),
  };
  const list = decodeDeviceList(signed.bytes);
  if (list === undefined) throw new TypeError('a stored list does not decode');
  return {
    accountId: text(row, 'account_id'),
    trust: text<Trust>(row, 'trust'),
    last: { signed, list, hash: sha256(signed.bytes) },
    tombstones,
    listVersion: int(row, 'list_version') as ListVersion,
    wanted: int(row, 'wanted') as ListVersion,
    halted: optionalText<SottoErrorCode>(row, 'halted'),
  };
}

function loadTombstones(reader: Reader, accountId: AccountId): readonly Tombstone[] {
  return reader
    .all('select device_id, day, reason from tombstone where account_id = ? order by device_id', accountId)
    .map((row) => ({
      deviceId: text<DeviceId>(row, 'device_id'),
      day: int(row, 'day'),
      reason: text<TombstoneReason>(row, 'reason'),
    }));
}

export function saveAccount(tx: Tx, account: HeldAccount): void {
  const { last } = account;
  tx.run(
    `insert into account (account_id, trust, account_key, list, signature, signer, list_version, wanted, halted) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (account_id) do update set trust = excluded.trust, account_key = excluded.account_key, list = excluded.list, signature = excluded.signature,
       signer = excluded.signer, list_version = excluded.list_version, wanted = excluded.wanted, halted = excluded.halted`,
    account.accountId,
    account.trust,
    last.list.accountKey,
    last.signed.bytes,
    last.signed.signature,
    last.signed.signer,
    account.listVersion,
    account.wanted,
    account.halted ?? null,
  );
  for (const stone of account.tombstones) {
    tx.run(
      'insert or ignore into tombstone (account_id, device_id, day, reason) values (?, ?, ?, ?)',
      account.accountId,
      stone.deviceId,
      stone.day,
      stone.reason,
    );
  }
  saveDevices(tx, account);
}

function saveDevices(tx: Tx, account: HeldAccount): void {
  const removed = new Set(account.tombstones.map((stone) => stone.deviceId));
  tx.run('update device set active = 0 where account_id = ?', account.accountId);
  for (const entry of account.last.list.entries) {
    tx.run(
      'insert into device (device_id, account_id, identity_key, active) values (?, ?, ?, ?) on conflict (device_id) do update set active = excluded.active',
      entry.deviceId,
      account.accountId,
      entry.identityKey,
      Number(!removed.has(entry.deviceId)),
    );
  }
  tx.run(
    'delete from session where device_id in (select device_id from device where account_id = ? and active = 0)',
    account.accountId,
  );
}

/** Whose device id or identity key this is, of all that ever stood in a verified list. */
export function ownersOf(
  reader: Reader,
  device: { readonly deviceId: DeviceId; readonly identityKey: Uint8Array },
): readonly AccountId[] {
  return reader
    .all('select account_id from device where device_id = ? or identity_key = ?', device.deviceId, device.identityKey)
    .map((row) => text<AccountId>(row, 'account_id'));
}

export interface KnownDevice {
  readonly deviceId: DeviceId;
  readonly accountId: AccountId;
  readonly identityKey: Uint8Array<ArrayBuffer>;
  readonly halted: SottoErrorCode | undefined;
}

const DEVICE =
  'select d.device_id, d.account_id, d.identity_key, a.halted from device d join account a using (account_id)';

/** Undefined for a device that stands in no verified list, or in one but tombstoned. */
export function activeDevice(reader: Reader, deviceId: string): KnownDevice | undefined {
  const row = reader.get(`${DEVICE} where d.device_id = ? and d.active = 1`, deviceId);
  return row === undefined ? undefined : deviceOf(row);
}

export function activeDevices(reader: Reader, accountId: AccountId): readonly KnownDevice[] {
  return reader.all(`${DEVICE} where d.account_id = ? and d.active = 1 order by d.device_id`, accountId).map(deviceOf);
}

function deviceOf(row: Row): KnownDevice {
  return {
    deviceId: text(row, 'device_id'),
    accountId: text(row, 'account_id'),
    identityKey: blob(row, 'identity_key'),
    halted: optionalText<SottoErrorCode>(row, 'halted'),
  };
}

export function haltAccount(tx: Tx, accountId: AccountId, code: SottoErrorCode): void {
  tx.run('update account set halted = coalesce(halted, ?) where account_id = ?', code, accountId);
}

export function wantVersion(tx: Tx, accountId: AccountId, listVersion: ListVersion): void {
  tx.run('update account set wanted = max(wanted, ?) where account_id = ?', listVersion, accountId);
}

export function saveTrust(tx: Tx, accountId: AccountId, trust: Trust): void {
  tx.run('update account set trust = ? where account_id = ?', trust, accountId);
}

export function savePin(tx: Tx, accountId: AccountId, keyHash: Uint8Array): void {
  tx.run(
    'insert into pin (account_id, key_hash) values (?, ?) on conflict (account_id) do update set key_hash = excluded.key_hash',
    accountId,
    keyHash,
  );
}

export function deletePin(tx: Tx, accountId: AccountId): void {
  tx.run('delete from pin where account_id = ?', accountId);
}

export function loadPin(reader: Reader, accountId: AccountId): Uint8Array | undefined {
  const row = reader.get('select key_hash from pin where account_id = ?', accountId);
  return row === undefined ? undefined : blob(row, 'key_hash');
}

/** How much the account is trusted, or would be once it is fetched: a contact address binds before that. */
export function trustIn(reader: Reader, accountId: AccountId): Trust | undefined {
  const held = loadAccount(reader, accountId)?.trust;
  return held ?? (loadPin(reader, accountId) === undefined ? undefined : 'address');
}

export function saveEvidence(
  tx: Tx,
  evidence: {
    readonly accountId: AccountId;
    readonly code: SottoErrorCode;
    readonly at: number;
    readonly held: Uint8Array;
    readonly seen: Uint8Array;
  },
): void {
  tx.run(
    'insert into evidence (account_id, code, at, held, seen) values (?, ?, ?, ?, ?)',
    evidence.accountId,
    evidence.code,
    evidence.at,
    evidence.held,
    evidence.seen,
  );
}

export function countEvidence(reader: Reader, accountId: AccountId): number {
  return int(reader.get('select count(*) as n from evidence where account_id = ?', accountId) ?? {}, 'n');
}
