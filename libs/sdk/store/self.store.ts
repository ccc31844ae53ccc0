import { equalBytes } from '../../protocol/bytes.js';
import type { AccountId, DeviceId, RegistrationId, TenantId } from '../../protocol/ids.js';
import type { KeyPair } from '../crypto.js';
import type { Trust } from './accounts.store.js';
import { blob, int, optionalBlob, text, type Reader, type Row, type Tx } from './store.js';

/** The device that this store is: who, where, and its long-lived keys. */
export interface Self {
  readonly server: string;
  readonly issuer: string;
  readonly gateway: string;
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly accountKey: Uint8Array<ArrayBuffer>;
  /** Only on the first device, until the person has confirmed the recovery code. */
  readonly accountPrivate: Uint8Array<ArrayBuffer> | undefined;
  readonly identity: KeyPair;
  /** Ed25519: 32 bytes public, 32 bytes seed. */
  readonly auth: KeyPair;
  readonly registrationId: RegistrationId;
  /** The sessions were given up and the server does not know the new registration id yet. */
  readonly registrationDue: boolean;
}

export function loadSelf(reader: Reader): Self | undefined {
  const row = reader.get('select * from self');
  return row === undefined ? undefined : selfOf(row);
}

function selfOf(row: Row): Self {
  return {
    server: text(row, 'server'),
    issuer: text(row, 'issuer'),
    gateway: text(row, 'gateway'),
    tenantId: text(row, 'tenant_id'),
    accountId: text(row, 'account_id'),
    deviceId: text(row, 'device_id'),
    accountKey: blob(row, 'account_key'),
    accountPrivate: optionalBlob(row, 'account_private'),
    identity: { publicKey: blob(row, 'identity_public'), privateKey: blob(row, 'identity_private') },
    auth: { publicKey: blob(row, 'auth_public'), privateKey: blob(row, 'auth_private') },
    registrationId: int(row, 'registration_id') as RegistrationId,
    registrationDue: int(row, 'registration_due') === 1,
  };
}

export function insertSelf(tx: Tx, self: Self): void {
  tx.run(
    `insert into self (one, server, issuer, gateway, tenant_id, account_id, device_id, account_key, account_private,
       identity_public, identity_private, auth_public, auth_private, registration_id)
     values (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    self.server,
    self.issuer,
    self.gateway,
    self.tenantId,
    self.accountId,
    self.deviceId,
    self.accountKey,
    self.accountPrivate ?? null,
    self.identity.publicKey,
    self.identity.privateKey,
    self.auth.publicKey,
    self.auth.privateKey,
    self.registrationId,
  );
  tx.run('insert into used_registration (id) values (?)', self.registrationId);
}

export function saveGateway(tx: Tx, gateway: string): void {
  tx.run('update self set gateway = ?', gateway);
}

/** The encoded enrolment to repeat while the server's answer is not known. */
export function pendingEnrolment(reader: Reader): Uint8Array<ArrayBuffer> | undefined {
  const row = reader.get('select pending_enrolment from self');
  return row === undefined ? undefined : optionalBlob(row, 'pending_enrolment');
}

export function savePendingEnrolment(tx: Tx, enrolment: Uint8Array): void {
  tx.run('update self set pending_enrolment = ?', enrolment);
}

export function settleEnrolment(tx: Tx): void {
  tx.run('update self set pending_enrolment = null');
}

/** The next value of the assertion counter; committed before it is used, so none is used twice. */
export function takeAssertionCounter(tx: Tx, step = 1): number {
  tx.run('update self set assertion_counter = assertion_counter + ?', step);
  return int(tx.get('select assertion_counter from self') ?? {}, 'assertion_counter');
}

/** Milliseconds to add to this machine's clock to get the server's. */
export function clockOffset(reader: Reader): number {
  return int(reader.get('select clock_offset from self') ?? { clock_offset: 0 }, 'clock_offset');
}

export function saveClockOffset(tx: Tx, offset: number): void {
  tx.run('update self set clock_offset = ?', offset);
}

/** Takes a registration id that was never used before; the server is told at the next connection. */
export function saveRegistrationId(tx: Tx, registrationId: RegistrationId): void {
  tx.run('update self set registration_id = ?, registration_due = 1', registrationId);
  tx.run('insert into used_registration (id) values (?)', registrationId);
}

export function wasRegistration(reader: Reader, registrationId: number): boolean {
  return reader.get('select id from used_registration where id = ?', registrationId) !== undefined;
}

export function settleRegistration(tx: Tx): void {
  tx.run('update self set registration_due = 0');
}

/** True when it is not the one of before; then `resetDue` until `settleReset`. The first one is nothing new. */
export function takeIncarnation(tx: Tx, incarnation: Uint8Array): boolean {
  const row = tx.get('select incarnation from self');
  const before = row === undefined ? undefined : optionalBlob(row, 'incarnation');
  const isOther = before !== undefined && !equalBytes(before, incarnation);
  tx.run('update self set incarnation = ?, reset_due = max(reset_due, ?)', incarnation, Number(isOther));
  return isOther;
}

export function resetDue(reader: Reader): boolean {
  return int(reader.get('select reset_due from self') ?? { reset_due: 0 }, 'reset_due') > 0;
}

/** The server did not know this device: should it once know it again, it has no keys of it and no mailbox, and takes no stream. */
export function saveUnknown(tx: Tx): void {
  tx.run('update self set reset_due = 2');
}

export function wasUnknown(reader: Reader): boolean {
  return int(reader.get('select reset_due from self') ?? { reset_due: 0 }, 'reset_due') === 2;
}

export function settleReset(tx: Tx): void {
  tx.run('update self set reset_due = 0');
}

/** The person has the recovery code: the private half of the account key goes. */
export function eraseAccountPrivate(tx: Tx): void {
  tx.run('update self set account_private = null');
}

/** On disk before the list that names it goes out: a lost answer must not lose the key. */
export function saveNextAccountKey(tx: Tx, next: KeyPair): void {
  tx.run('update self set next_account_key = ?, next_account_private = ?', next.publicKey, next.privateKey);
}

/** The own list names this account key. One that was made here brings its private half along; of any other there is none here. */
export function settleAccountKey(tx: Tx, accountKey: Uint8Array): void {
  tx.run(
    `update self set account_private = case when next_account_key = ? then next_account_private end, account_key = ?,
       next_account_key = null, next_account_private = null where account_key <> ?`,
    accountKey,
    accountKey,
    accountKey,
  );
}

/** The highest sequence of the mailbox that came, opened or not. */
export function heardUpTo(reader: Reader): number {
  return int(reader.get('select heard from self') ?? { heard: 0 }, 'heard');
}

export function saveHeard(tx: Tx, sequence: number): void {
  tx.run('update self set heard = max(heard, ?)', sequence);
}

export function trustFloor(reader: Reader): Trust {
  const row = reader.get('select trust_floor from self');
  return row === undefined ? 'first-use' : text<Trust>(row, 'trust_floor');
}

export function saveTrustFloor(tx: Tx, floor: Trust): void {
  tx.run('update self set trust_floor = ?', floor);
}

/** A device that is being linked: milliseconds since the epoch until when that must be decided. Undefined: it is a device of its account. */
export function linkingUntil(reader: Reader): number | undefined {
  const until = reader.get('select linking_until from self')?.['linking_until'];
  return typeof until === 'number' ? until : undefined;
}

export function saveLinkingUntil(tx: Tx, until: number): void {
  tx.run('update self set linking_until = ?', until);
}

/** A list names this device. It is not held yet: the next look at the own account must fetch one that is newer than what was shown while linking. */
export function settleLinking(tx: Tx): void {
  tx.run('update account set wanted = list_version + 1 where account_id = (select account_id from self)');
  tx.run('update self set linking_until = null');
}

/** No list names this device or ever will: without an account the store is nobody's. */
export function abandonLinking(tx: Tx): void {
  tx.run('delete from account where account_id = (select account_id from self)');
}
