import {
  dayOf,
  decodeDeviceList,
  encodeDeviceList,
  NO_HASH,
  statementBytes,
  type DeviceEntry,
} from '../protocol/device-list.js';
import { encodeEnrolment } from '../protocol/chain-wire.js';
import type { SignedList, VerifiedList } from '../protocol/device-chain.js';
import type { AccountId, ListVersion, TenantId } from '../protocol/ids.js';
import { PROBLEMS } from '../protocol/problems.js';
import { ServerClock } from './clock.js';
import { newAuthKeyPair, newKeyPair, sha256, sign } from './crypto.js';
import { SottoError, sottoError } from './errors.js';
import { newId, type Host } from './host.js';
import { makeRegistration, newRegistrationId, settleUpload } from './prekeys.js';
import { lookupInvitation, postEnrolment, serverInfo, type Invited } from './rest.js';
import { saveAccount, type HeldAccount } from './store/accounts.store.js';
import { saveOwnList } from './store/own-lists.store.js';
import {
  insertSelf,
  loadSelf,
  pendingEnrolment,
  savePendingEnrolment,
  settleEnrolment,
  type Self,
} from './store/self.store.js';
import type { Custody } from './store/custody.js';
import type { Store } from './store/store.js';
import { Tokens } from './tokens.js';

/**
 * The first device of an account. Everything is on disk before the invitation is used, so a lost answer loses nothing: the same bytes
 * are sent again by the next `enrol` or `open` of the folder. When the server says no, nothing stays (the caller erases the store).
 */
export async function enrolInto(
  store: Store,
  of: { readonly host: Host; readonly server: string; readonly code: string; readonly custody: Custody['kind'] },
): Promise<void> {
  const { host, server, code, custody } = of;
  if (loadSelf(store) === undefined) {
    const address = { host, server };
    const info = await serverInfo(address);
    const invitation = await lookupInvitation(address, code);
    if (custody === 'demo' && !invitation.demo) throw new SottoError('demo_only');
    const accountId = invitation.accountId ?? newId<AccountId>(host);
    const self = newSelf({ host, server, ...info, tenantId: invitation.tenantId, accountId });
    prepare(store, { self, code, now: host.now(), reset: invitation.reset });
    store.settle();
  }
  await finishEnrolment(store, host);
}

/** Repeats an enrolment whose answer never came. Does nothing for a device that is enrolled. */
export async function finishEnrolment(store: Store, host: Host): Promise<void> {
  const self = loadSelf(store);
  const body = pendingEnrolment(store);
  if (self === undefined || body === undefined) return;
  const address = { host, server: self.server };
  try {
    await postEnrolment(address, body);
  } catch (error) {
    const refused = sottoError(error)?.problem;
    if (refused === undefined || PROBLEMS[refused.code].retry === 'later' || !(await knowsUs(store, host))) throw error;
  }
  store.transact(settleEnrolment);
}

/** The first attempt may have succeeded without our hearing of it: then the server gives this device a token. */
async function knowsUs(store: Store, host: Host): Promise<boolean> {
  const self = loadSelf(store);
  if (self === undefined) return false;
  const tokens = new Tokens(store, new ServerClock(host, store), { host, server: self.server }, () =>
    Promise.resolve(),
  );
  return tokens.get().then(
    () => true,
    () => false,
  );
}

/** A device that nobody knows yet: all its long-lived keys. */
export function newDevice(
  host: Host,
): Pick<Self, 'deviceId' | 'identity' | 'auth' | 'registrationId' | 'registrationDue'> {
  return {
    deviceId: newId(host),
    identity: newKeyPair(),
    auth: newAuthKeyPair(),
    registrationId: newRegistrationId(host, undefined),
    registrationDue: false,
  };
}

function newSelf(of: {
  readonly host: Host;
  readonly server: string;
  readonly issuer: string;
  readonly gateway: string;
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
}): Self {
  const { host, ...place } = of;
  const account = newKeyPair();
  return { ...place, ...newDevice(host), accountKey: account.publicKey, accountPrivate: account.privateKey };
}

function prepare(
  store: Store,
  {
    self,
    code,
    now,
    reset,
  }: { readonly self: Self; readonly code: string; readonly now: number; readonly reset: Invited['reset'] },
): void {
  const list = firstList(self, now, reset ?? { epoch: 1, previousHash: NO_HASH });
  store.transact((tx) => {
    insertSelf(tx, self);
    const registration = makeRegistration(tx, self, now);
    settleUpload(tx, registration.prekeys, now);
    const first = firstHeld(self, list);
    saveAccount(tx, first);
    saveOwnList(tx, first.last.list, list);
    savePendingEnrolment(tx, encodeEnrolment({ code, list, registration }));
  });
}

/** List 1 of the epoch: this device alone, allowed to link, signed by the account key. */
function firstList(self: Self, now: number, { epoch, previousHash }: NonNullable<Invited['reset']>): SignedList {
  if (self.accountPrivate === undefined) throw new TypeError('only the first device signs list 1');
  const signature = sign(
    self.identity.privateKey,
    statementBytes({ ...self, identityKey: self.identity.publicKey, authKey: self.auth.publicKey }),
  );
  const entry: DeviceEntry = {
    deviceId: self.deviceId,
    identityKey: self.identity.publicKey,
    mayLink: true,
    addedBy: 'account-key',
    addedOnDay: dayOf(now),
    statement: { epoch, authKey: self.auth.publicKey, signature },
  };
  const bytes = encodeDeviceList({ ...self, epoch, version: 1, previousHash, entries: [entry] });
  return { bytes, signature: sign(self.accountPrivate, bytes), signer: 'account-key' };
}

function firstHeld(self: Self, signed: SignedList): HeldAccount {
  const { accountId } = self;
  const list = decodeDeviceList(signed.bytes);
  if (list === undefined) throw new TypeError('the own first list does not decode');
  const last = { signed, list, hash: sha256(signed.bytes) };
  // After a reset there are tombstones that this device has not seen: the first answer of the server counts as news.
  return ownAccount(accountId, last, (list.epoch === 1 ? 1 : 0) as ListVersion);
}

/** The own account needs no trust in anybody: its key was made here, or came sealed from an own device. */
export function ownAccount(accountId: AccountId, last: VerifiedList, listVersion: ListVersion): HeldAccount {
  return { accountId, trust: 'address', last, tombstones: [], listVersion, wanted: listVersion, halted: undefined };
}
