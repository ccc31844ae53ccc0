import { equalBytes } from '../protocol/bytes.js';
import type { DeviceChain } from '../protocol/chain-wire.js';
import { accountKeyHash } from '../protocol/contact-address.js';
import type { AccountState } from '../protocol/content.js';
import type { AccountId, DeviceId, TenantId } from '../protocol/ids.js';
import { sha256 } from './crypto.js';
import { SottoError } from './errors.js';
import { judgeChain, stateHash, type ChainVerdict } from './judge-chain.js';
import { keepHistory } from './own-history.js';
import { Serial } from './serial.js';
import {
  deletePin,
  haltAccount,
  isTrustedLess,
  loadAccount,
  loadPin,
  ownersOf,
  saveAccount,
  saveEvidence,
  savePin,
  saveTrust,
  wantVersion,
  type HeldAccount,
  type Trust,
} from './store/accounts.store.js';
import { claimsAbout, deleteClaim, loadClaim, saveClaim, type Claim } from './store/claims.store.js';
import { holdsOwnStart } from './store/own-lists.store.js';
import { settleAccountKey } from './store/self.store.js';
import type { Store, Tx } from './store/store.js';

/** A place in a chain. */
export interface ListPlace {
  readonly epoch: number;
  readonly version: number;
}

export const CHAIN_START: ListPlace = { epoch: 1, version: 1 };

/** Where chains come from; `from` is the first list wanted. */
export interface ChainSource {
  chain(accountId: AccountId, from: ListPlace): Promise<DeviceChain>;
}

/**
 * The verified chains of all accounts this device has to do with. A list gets in through `judgeChain` or not at all; an answer that it
 * refuses changes nothing, or stops sending for good where two truths were shown. Fetching and adopting for one account run one after
 * another, so a slow answer is never mistaken for a rollback.
 */
export class Accounts {
  private readonly turns = new Serial();
  private readonly stale = new Set<AccountId>();

  constructor(
    private readonly store: Store,
    private readonly source: ChainSource,
    private readonly own: { readonly tenantId: TenantId; readonly accountId: AccountId; readonly now: () => number },
    private readonly onChanged: (account: HeldAccount, before: HeldAccount | undefined) => void,
  ) {}

  held(accountId: AccountId): HeldAccount | undefined {
    return loadAccount(this.store, accountId);
  }

  /** The server said that something changed: the next `current` fetches. */
  suspect(accountId: AccountId): void {
    this.stale.add(accountId);
  }

  /** The held chain, fetched first when there is none, when it is suspect, or when a newer one is known to exist. */
  async current(accountId: AccountId): Promise<HeldAccount> {
    return this.reaching(accountId, 0);
  }

  /** The own chain, fetched first also when this contact says that there is a newer one. */
  async ownFor(contact: AccountId): Promise<HeldAccount> {
    return this.reaching(this.own.accountId, this.claimedBy(contact));
  }

  /** The version of the own list that a contact says there is, as long as it is not held here; else 0. */
  claimedBy(contact: AccountId): number {
    return loadClaim(this.store, { about: this.own.accountId, by: contact })?.listVersion ?? 0;
  }

  private async reaching(accountId: AccountId, listVersion: number): Promise<HeldAccount> {
    const account = this.held(accountId);
    const wanted = Math.max(account?.wanted ?? 0, listVersion);
    if (account !== undefined && !this.stale.has(accountId) && wanted <= account.listVersion) return account;
    return this.refresh(accountId);
  }

  /**
   * Holds devices that an answer names against the tombstones. Throws `device_revoked_returned`, unless the answer is older than what is
   * held: then the device may have been removed a moment ago.
   */
  refuseRemoved(accountId: AccountId, named: { readonly listVersion: number; readonly devices: readonly DeviceId[] }) {
    const account = this.held(accountId);
    if (account === undefined || named.listVersion < account.listVersion) return;
    const back = account.tombstones.find(({ deviceId }) => named.devices.includes(deviceId));
    if (back !== undefined) throw new SottoError('device_revoked_returned', { detail: back.deviceId });
  }

  /** Fetches, verifies, stores. Throws the named list errors, `account_reset`, `unknown_account`, and as REST does. */
  refresh(accountId: AccountId): Promise<HeldAccount> {
    return this.turns.run(accountId, async () => {
      const fetched = await this.fetch(accountId);
      this.stale.delete(accountId);
      return this.adopt(accountId, fetched);
    });
  }

  /** Runs `work` while nothing else fetches or adopts for the account. */
  alone<Result>(accountId: AccountId, work: () => Promise<Result>): Promise<Result> {
    return this.turns.run(accountId, work);
  }

  /** Judges a chain that came with another answer. Only inside `alone`. */
  adopt(accountId: AccountId, chain: DeviceChain): HeldAccount {
    const held = this.held(accountId);
    const verdict = this.judge(accountId, chain, { accepts: false });
    if (verdict.kind === 'good') {
      this.store.transact((tx) => {
        saveAccount(tx, verdict.account);
        if (accountId === this.own.accountId) {
          settleAccountKey(tx, verdict.account.last.list.accountKey);
          keepHistory(tx, chain.lists, verdict.account.last);
        }
        this.settleClaims(tx, verdict.account);
      });
      if (held === undefined || held.listVersion !== verdict.account.listVersion) this.onChanged(verdict.account, held);
      return this.held(accountId) ?? verdict.account;
    }
    if (verdict.stops && held !== undefined) this.stop(held, { code: verdict.code, seen: verdict.seen });
    throw new SottoError(verdict.code, { detail: verdict.detail });
  }

  /** For a resend that nobody asked for: another account key, even one that the old one signed, waits for the person. */
  async refreshForResend(accountId: AccountId): Promise<void> {
    const before = this.held(accountId);
    const after = await this.refresh(accountId);
    if (accountId === this.own.accountId || before === undefined) return;
    if (equalBytes(before.last.list.accountKey, after.last.list.accountKey)) return;
    this.stop(after, { code: 'account_rotated', seen: before.last.signed.bytes });
    throw new SottoError('account_rotated', { detail: accountId });
  }

  /** The account as it would be under the account key that the server shows now; nothing changes by looking. */
  async candidate(accountId: AccountId): Promise<HeldAccount> {
    return this.turns.run(accountId, async () => this.judgeAccepting(accountId));
  }

  /** The person accepts the changed key: `isRight` sees it and may refuse. Old addresses of the account bind no more. */
  async accept(accountId: AccountId, isRight: (accountKey: Uint8Array) => boolean, trust: Trust): Promise<HeldAccount> {
    return this.turns.run(accountId, async () => {
      const account = await this.judgeAccepting(accountId);
      if (!isRight(account.last.list.accountKey)) throw new SottoError('safety_number_differs', { detail: accountId });
      const accepted = { ...account, trust: isTrustedLess(account.trust, trust) ? trust : account.trust };
      this.store.transact((tx) => {
        saveAccount(tx, accepted);
        deletePin(tx, accountId);
        deleteClaim(tx, { about: this.own.accountId, by: accountId });
      });
      this.stale.delete(accountId);
      this.onChanged(accepted, undefined);
      return accepted;
    });
  }

  private async judgeAccepting(accountId: AccountId): Promise<HeldAccount> {
    const verdict = this.judge(accountId, await this.fetch(accountId), { accepts: true });
    if (verdict.kind === 'refused') throw new SottoError(verdict.code, { detail: verdict.detail });
    return verdict.account;
  }

  private judge(accountId: AccountId, chain: DeviceChain, { accepts }: { readonly accepts: boolean }): ChainVerdict {
    return judgeChain({
      accountId,
      tenantId: this.own.tenantId,
      chain,
      held: this.held(accountId),
      pin: loadPin(this.store, accountId),
      accepts,
      ownersOf: (device) => ownersOf(this.store, device),
    });
  }

  /**
   * Holds what an encrypted content of `by` says of `about` against the held chain, in the transaction that stores the message. A newer
   * version must be shown by the server before the next send; the same version with another hash is a fork. What stops: an own device is
   * believed about everybody, an account about itself; what a contact says of the own account stops the conversation with that contact
   * alone, because a claim costs nothing and a malicious one must not silence this device.
   */
  observe(tx: Tx, { about, by }: Pick<Claim, 'about' | 'by'>, { listVersion, hash }: AccountState): void {
    const account = loadAccount(tx, about);
    if (account !== undefined && listVersion < account.listVersion) return;
    if (account?.listVersion === listVersion) this.compare(tx, account, { by, hash });
    else {
      saveClaim(tx, { about, by, listVersion, hash });
      if (this.stopped({ about, by }) === about) wantVersion(tx, about, listVersion);
    }
  }

  /** Claims about an account whose chain has just been adopted. */
  private settleClaims(tx: Tx, account: HeldAccount): void {
    for (const claim of claimsAbout(tx, account.accountId)) {
      if (claim.listVersion <= account.listVersion) deleteClaim(tx, claim);
      if (claim.listVersion === account.listVersion) this.compare(tx, account, claim);
      else if (this.stopped(claim) === claim.about) wantVersion(tx, claim.about, claim.listVersion);
    }
  }

  private compare(tx: Tx, account: HeldAccount, { by, hash }: Pick<Claim, 'by' | 'hash'>): void {
    const { accountId, last, tombstones } = account;
    if (equalBytes(hash, stateHash(last, tombstones))) return;
    const stopped = this.stopped({ about: accountId, by });
    if (loadAccount(tx, stopped)?.halted !== undefined) return;
    haltAccount(tx, stopped, 'device_list_fork');
    saveEvidence(tx, { accountId, code: 'device_list_fork', at: this.own.now(), held: last.signed.bytes, seen: hash });
  }

  /** The account that is not sent to when such a claim does not come true. */
  private stopped({ about, by }: Pick<Claim, 'about' | 'by'>): AccountId {
    return by === this.own.accountId ? about : by;
  }

  /** Binds an account to the key hash of a contact address. Throws `address_outdated` when another key is held. */
  pin(accountId: AccountId, keyHash: Uint8Array): void {
    const account = this.held(accountId);
    if (account !== undefined && !equalBytes(accountKeyHash(account.last.list.accountKey, sha256), keyHash)) {
      throw new SottoError('address_outdated', { detail: accountId });
    }
    this.store.transact((tx) => {
      savePin(tx, accountId, keyHash);
      if (account?.trust !== 'verified') saveTrust(tx, accountId, 'address');
    });
  }

  private async fetch(accountId: AccountId): Promise<DeviceChain> {
    const held = this.held(accountId);
    const whole = accountId === this.own.accountId && !holdsOwnStart(this.store);
    try {
      return await this.source.chain(accountId, whole ? CHAIN_START : (held?.last.list ?? CHAIN_START));
    } catch (error) {
      if (error instanceof SottoError && error.code === 'not_found')
        throw new SottoError('unknown_account', { detail: accountId, cause: error });
      throw error;
    }
  }

  private stop(
    held: HeldAccount,
    { code, seen }: { readonly code: SottoError['code']; readonly seen: Uint8Array },
  ): void {
    this.store.transact((tx) => {
      haltAccount(tx, held.accountId, code);
      if (held.halted === undefined)
        saveEvidence(tx, { accountId: held.accountId, code, at: this.own.now(), held: held.last.signed.bytes, seen });
    });
  }
}

/** What goes into encrypted content about an account. */
export function stateOf(account: HeldAccount): AccountState {
  return {
    epoch: account.last.list.epoch,
    listVersion: account.listVersion,
    hash: stateHash(account.last, account.tombstones),
  };
}
