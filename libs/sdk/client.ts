import { accountKeyHash, formatContactAddress, parseContactAddress } from '../protocol/contact-address.js';
import { isUuid, type AccountId, type DeviceId, type TenantId } from '../protocol/ids.js';
import { PROBLEMS } from '../protocol/problems.js';
import { formatRecoveryCode } from '../protocol/recovery-code.js';
import { sha256 } from './crypto.js';
import { enrolInto, finishEnrolment } from './enrol.js';
import { SottoError, sottoError } from './errors.js';
import type { ClientEvent, EventListener } from './events.js';
import { nodeHost, type Host } from './host.js';
import type { ReceivedMessage } from './inbox.js';
import { NewLink, type FinishOptions, type OpenLinkOptions } from './link-new.js';
import type { ApprovedDevice, ApproveOptions } from './link-old.js';
import { settleLink } from './link-settle.js';
import { devicesIn, type ListedDevice } from './listed-devices.js';
import { accountKeyOf } from './own-lists.js';
import { partsOf, type Parts } from './parts.js';
import { safetyNumber, type SafetyNumber } from './safety-number.js';
import type { Sending } from './sender.js';
import { keyChanged, loadAccount, saveTrust, trustIn, type Trust } from './store/accounts.store.js';
import { eraseCustody, storeKey, type Custody } from './store/custody.js';
import { failedOutgoing, heldOutgoing, type FailedMessage } from './store/outbox.store.js';
import { eraseAccountPrivate, loadSelf, saveTrustFloor, trustFloor, type Self } from './store/self.store.js';
import { Store } from './store/store.js';

/** Where a client lives: a folder of its own (made with mode 0700) and who keeps the key of the store in it. */
export interface Place {
  readonly folder: string;
  readonly custody: Custody;
  /** Clock, randomness and network; Node's when left out. */
  readonly host?: Host;
}

/** Who this device is. */
export interface Me {
  readonly server: string;
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  /** Give this to people who want to write to you: with it they need not trust the server. */
  readonly contactAddress: string;
  /** The account key still lies on this device because no recovery code has been confirmed. */
  readonly recoveryUnconfirmed: boolean;
}

/**
 * A device of an account (IDENTITY, DELIVERY). One instance a folder. All methods throw `SottoError` for what can be expected;
 * sending and reading work offline, and `connect` brings both up to date.
 */
export class SottoClient {
  private constructor(private readonly parts: Parts) {}

  /**
   * Enrols the first device of an account with an invitation code. After a crash or a lost answer call it again with the same folder.
   * Throws the `store_*` errors, `demo_only`, `invitation_invalid`, `unreachable` and the refusals of `POST /v1/enrolments`; after a refusal nothing is kept.
   */
  static async enrol(options: Place & { readonly server: string; readonly code: string }): Promise<SottoClient> {
    const host = options.host ?? nodeHost;
    const store = await openStore(options, host);
    const self = loadSelf(store);
    if (self !== undefined && !isPending(store)) {
      store.close();
      throw new SottoError('store_exists', { detail: options.folder });
    }
    return eraseUnless(store, options, async () => {
      await enrolInto(store, { host, server: options.server, code: options.code, custody: options.custody.kind });
      return SottoClient.started(store, options);
    });
  }

  /**
   * Opens a client that was enrolled or linked before. Throws `store_missing` and the other `store_*` errors, and changes nothing then; while its linking is
   * open, the server is asked: `link_waiting` and `unreachable` keep the store, `link_denied` and `link_unfinished` do not.
   */
  static async open(place: Place): Promise<SottoClient> {
    if (!Store.exists(place.folder)) throw new SottoError('store_missing', { detail: place.folder });
    const host = place.host ?? nodeHost;
    const store = await openStore(place, host);
    if (loadSelf(store) === undefined) {
      store.close();
      throw new SottoError('store_missing', { detail: place.folder });
    }
    return eraseUnless(store, place, async () => {
      await finishEnrolment(store, host);
      await settleLink(store, host);
      return SottoClient.started(store, place);
    });
  }

  /** New side of linking: show `text` of the result, await `account()`, compare, then `finishLink`. */
  static openLink(options: Omit<OpenLinkOptions, 'host'> & { readonly host?: Host }): Promise<NewLink> {
    return NewLink.open({ ...options, host: options.host ?? nodeHost });
  }

  /**
   * After the person has accepted the shown account. Throws the `link_*` errors and `store_exists`, and then nothing is kept, except after
   * `link_waiting` and without an answer of the server: `open` goes on where this ended. Where an admin is asked it waits for their word, until `signal` aborts.
   */
  static async finishLink(link: NewLink, place: Place, options: FinishOptions = {}): Promise<SottoClient> {
    const host = place.host ?? nodeHost;
    const store = await emptyStore(place, host).catch((error: unknown) => {
      link.cancel();
      throw error;
    });
    return eraseUnless(store, place, async () => {
      await link.finish(store, options);
      store.settle();
      return SottoClient.started(store, place);
    });
  }

  private static started(store: Store, { host = nodeHost, custody }: Place): SottoClient {
    const parts = partsOf(store, host, custody.kind);
    if (parts === undefined) throw new SottoError('store_missing');
    return new SottoClient(parts);
  }

  get me(): Me {
    const { server, tenantId, accountId, deviceId, accountKey, accountPrivate } = this.self;
    const contactAddress = formatContactAddress({ accountId, keyHash: accountKeyHash(accountKey, sha256) });
    return { server, tenantId, accountId, deviceId, contactAddress, recoveryUnconfirmed: accountPrivate !== undefined };
  }

  /** As it is on disk: the account key may have been renewed or confirmed since the start. */
  private get self(): Self {
    return (this.parts.closed ? undefined : loadSelf(this.parts.store)) ?? this.parts.self;
  }

  /** True between `connected` and `disconnected`. */
  get connected(): boolean {
    return this.parts.connection.ready;
  }

  /**
   * Starts the stream and keeps it: reconnects by itself until `disconnect`, `close` or a `stopped` event. Resolves when the stream is
   * ready for the first time; rejects when the server refuses for good, and with `demo_only` when a store in demo custody is of a tenant
   * that is none. Without a network it waits.
   */
  connect(): Promise<void> {
    if (this.connected) return Promise.resolve();
    const ready = Promise.withResolvers<undefined>();
    const unsubscribe = this.subscribe((event: ClientEvent) => {
      if (event.kind === 'connected') ready.resolve(undefined);
      else if (event.kind === 'stopped') ready.reject(event.error);
      else return;
      unsubscribe();
    });
    ready.promise.catch(() => undefined);
    this.parts.connection.start();
    return ready.promise;
  }

  /** Ends the stream; what is sent from now on waits in the outbox. */
  disconnect(): Promise<void> {
    return this.parts.connection.stop();
  }

  /** Ends everything and gives the folder free. */
  close(): Promise<void> {
    return this.parts.close();
  }

  /**
   * Text to all devices of an account, and a copy to the own other ones. On disk when this returns; `accepted` resolves when the server has
   * committed it, after any number of reconnects and restarts, and rejects when it cannot: then it stands in `failed()`, or, after
   * `account_reset` and `account_rotated`, in `held()`.
   */
  send(to: AccountId, text: string): Sending {
    if (!isUuid(to)) throw new SottoError('unknown_account', { detail: 'an account id is a lower-case UUID' });
    return this.parts.sender.send(to, text);
  }

  /** Resolves when nothing waits in the outbox any more. */
  flush(signal: AbortSignal = new AbortController().signal): Promise<void> {
    return this.parts.sender.flush(signal);
  }

  /** What could not be sent and why, also from earlier runs; it stays so that nothing a person wrote is lost silently. */
  failed(): readonly FailedMessage[] {
    return failedOutgoing(this.parts.store);
  }

  /**
   * Messages in the order they came, those first that an earlier run received and nobody took. Ends with the signal; one loop at a time.
   * A message is taken when the loop asks for the next one or ends.
   */
  messages(signal: AbortSignal = new AbortController().signal): AsyncGenerator<ReceivedMessage, void, undefined> {
    return this.parts.inbox.messages(signal);
  }

  /** Everything but messages. The result ends the subscription. */
  subscribe(listener: EventListener): () => void {
    return this.parts.events.subscribe(listener);
  }

  /**
   * Takes a contact address (`sotto:1/…`): from now on only the account key it names is believed. Throws `link_text_given` for a link text,
   * `not_a_contact_address`, and `address_outdated` when another key is held already.
   */
  addContact(address: string): AccountId {
    const parsed = parseContactAddress(address);
    if (parsed.kind === 'refused')
      throw new SottoError(parsed.reason === 'link_text' ? 'link_text_given' : 'not_a_contact_address', {
        detail: parsed.reason,
      });
    this.parts.accounts.pin(parsed.address.accountId, parsed.address.keyHash);
    return parsed.address.accountId;
  }

  /** How the account key of somebody came here, or will have to: a contact address binds at once. Undefined before the first contact. */
  trustOf(accountId: AccountId): Trust | undefined {
    return trustIn(this.parts.store, accountId);
  }

  /**
   * To compare with the other person, by reading aloud or by QR code. Fetches the account if it is not known yet; after `account_reset`
   * or `account_rotated` it is the number of the new key.
   */
  async safetyNumber(accountId: AccountId): Promise<SafetyNumber> {
    const { accounts } = this.parts;
    const stopped = keyChanged(accounts.held(accountId)?.halted);
    const account = await (stopped ? accounts.candidate(accountId) : accounts.current(accountId));
    return this.numberWith(accountId, account.last.list.accountKey);
  }

  private numberWith(accountId: AccountId, accountKey: Uint8Array): SafetyNumber {
    return safetyNumber(this.self, { accountId, accountKey });
  }

  /** The person has compared the number and it was this one. Throws `safety_number_differs`. */
  async markVerified(accountId: AccountId, number: string): Promise<void> {
    const { accounts, store } = this.parts;
    const { accountKey } = (await accounts.current(accountId)).last.list;
    if (!isSame(number, this.numberWith(accountId, accountKey)))
      throw new SottoError('safety_number_differs', { detail: accountId });
    store.transact((tx) => {
      saveTrust(tx, accountId, 'verified');
    });
  }

  /**
   * After `account_reset` or `account_rotated`: takes the account key that the server shows now, and sends what was held back. With the
   * safety number that the person compared, no other key is taken and the account is verified; without one it is first use again.
   */
  async acceptAccountKey(accountId: AccountId, number?: string): Promise<Trust> {
    const { accounts, sender } = this.parts;
    const isRight = (key: Uint8Array): boolean =>
      number === undefined || isSame(number, this.numberWith(accountId, key));
    const { trust } = await accounts.accept(accountId, isRight, number === undefined ? 'first-use' : 'verified');
    sender.release(accountId);
    return trust;
  }

  /** What waits in the outbox because the account key of its recipient changed; `acceptAccountKey` sends it. */
  held(): readonly FailedMessage[] {
    return heldOutgoing(this.parts.store);
  }

  /** What an account must be trusted at least to be written to. The tenant's policy raises it and never lowers it; `setTrustFloor` does both. */
  get trustFloor(): Trust {
    return trustFloor(this.parts.store);
  }

  setTrustFloor(floor: Trust): void {
    this.parts.store.transact((tx) => {
      saveTrustFloor(tx, floor);
    });
  }

  /** To be written down by the person: it heals the account after a lost phone. Throws `recovery_confirmed` when it is not here any more. */
  recoveryCode(): string {
    const { accountPrivate } = this.self;
    if (accountPrivate === undefined) throw new SottoError('recovery_confirmed');
    return formatRecoveryCode(accountPrivate, sha256);
  }

  /** The person has it: from now on it is nowhere else. Throws `recovery_code_invalid`, `recovery_code_wrong`, `recovery_confirmed`. */
  confirmRecovery(code: string): void {
    const { store, accounts, self } = this.parts;
    const account = accounts.held(self.accountId);
    if (this.self.accountPrivate === undefined) throw new SottoError('recovery_confirmed');
    if (account === undefined) throw new SottoError('not_listed');
    accountKeyOf(code, account);
    store.transact(eraseAccountPrivate);
  }

  /**
   * On any own device, after the one that may link is lost: removes the lost ones and lets this one link. Contacts notice nothing, the
   * safety number stays. Throws `recovery_code_invalid`, `recovery_code_wrong`, the list errors, and as REST does.
   */
  async recover(code: string, { lost = [] }: { readonly lost?: readonly DeviceId[] } = {}): Promise<void> {
    const { accounts, lists, self } = this.parts;
    accountKeyOf(code, await accounts.refresh(self.accountId));
    for (const deviceId of lost) await this.revokeDevice(deviceId);
    await lists.recover(code);
  }

  /** The code leaked: a new account key, signed by the old one. Contacts who compared numbers are stopped; `recoveryCode` has the new code. */
  rotateAccountKey(code: string): Promise<void> {
    return this.parts.lists.rotate(code);
  }

  /** Lets another own device add devices, or no longer. Throws `not_allowed_to_link`. */
  setMayLink(device: Pick<ListedDevice, 'deviceId' | 'mayLink'>): Promise<void> {
    return this.parts.lists.setMayLink(device);
  }

  /** Devices that the own account has or had, or another, as far as their lists are verified; fetched anew. Throws the list errors. */
  async devices(accountId: AccountId = this.parts.self.accountId): Promise<readonly ListedDevice[]> {
    return devicesIn(await this.parts.accounts.refresh(accountId));
  }

  /** Removes a device of the own account for good: its mail goes, nobody encrypts to it again. */
  async revokeDevice(deviceId: DeviceId): Promise<void> {
    const { rest, accounts, self } = this.parts;
    await rest.revoke(deviceId);
    if (deviceId !== self.deviceId) await accounts.refresh(self.accountId);
  }

  /**
   * Old side of linking: adds the device whose link text this is, after `confirm` has said yes. Needs a connection. Throws the `link_*` errors,
   * `contact_address_given`, `not_allowed_to_link`, `not_connected`. Where an admin is asked first it does not wait for them: `link-decided` tells.
   */
  approveLink(text: string, options: ApproveOptions): Promise<ApprovedDevice> {
    return this.parts.approver.approve(text, options);
  }
}

/** Digits alone count: people write groups as they like. */
function isSame(written: string, { text }: SafetyNumber): boolean {
  return written.replaceAll(/\D/g, '') === text.replaceAll(/\D/g, '');
}

async function openStore(place: Place, host: Host): Promise<Store> {
  const key = await storeKey(place.custody, { folder: place.folder, host });
  const store = Store.open(place.folder, key);
  const self = loadSelf(store);
  if (self === undefined || loadAccount(store, self.accountId) !== undefined) return store;
  // Linking that never came to its end: the keys in it are nobody's.
  store.close();
  Store.erase(place.folder);
  return Store.open(place.folder, key);
}

/** For a device that is about to be linked. What an earlier linking has left is settled first: it may have become a device after all. */
async function emptyStore(place: Place, host: Host): Promise<Store> {
  const store = await openStore(place, host);
  if (loadSelf(store) === undefined) return store;
  try {
    await settleLink(store, host);
  } catch (error) {
    store.close();
    if (!isOverForGood(error)) throw error;
    return openStore(place, host);
  }
  store.close();
  throw new SottoError('store_exists', { detail: place.folder });
}

function isOverForGood(error: unknown): boolean {
  return ['link_denied', 'link_unfinished'].includes(sottoError(error)?.code ?? '');
}

function isPending(store: Store): boolean {
  return store.get('select one from self where pending_enrolment is not null') !== undefined;
}

/** Closes the store when `work` fails, and takes it away unless a later attempt could still succeed with it. */
async function eraseUnless(store: Store, place: Place, work: () => Promise<SottoClient>): Promise<SottoClient> {
  try {
    return await work();
  } catch (error) {
    const self = loadSelf(store);
    const finished = self !== undefined && loadAccount(store, self.accountId) !== undefined;
    const refused = sottoError(error)?.problem;
    const final = refused !== undefined && PROBLEMS[refused.code].retry !== 'later';
    const mayStillSucceed = finished && (!isPending(store) || !final);
    store.close();
    if (!mayStillSucceed) {
      Store.erase(place.folder);
      await eraseCustody(place.custody, place.folder);
    }
    throw error;
  }
}
