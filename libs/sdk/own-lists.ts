import type { SignedList } from '../protocol/device-chain.js';
import { encodeDeviceList, type DeviceEntry, type DeviceList } from '../protocol/device-list.js';
import type { DeviceId, ListVersion } from '../protocol/ids.js';
import { parseRecoveryCode } from '../protocol/recovery-code.js';
import { equalBytes } from '../protocol/bytes.js';
import type { Accounts } from './accounts.js';
import { keyPairOf, newKeyPair, sha256, sign, type KeyPair } from './crypto.js';
import { SottoError } from './errors.js';
import type { Rest } from './rest.js';
import type { HeldAccount } from './store/accounts.store.js';
import { saveNextAccountKey, type Self } from './store/self.store.js';
import type { Store } from './store/store.js';

type Mark = Pick<DeviceEntry, 'deviceId' | 'mayLink'>;

/** A list that the server took, and the account as it was before. */
interface StoredList {
  readonly before: HeldAccount;
  readonly list: SignedList;
  readonly listVersion: ListVersion;
}

const MAX_SIGNINGS = 4;

/**
 * Signs the own account's next lists, with this device's key or the account key. The server takes one list a version: who comes second
 * verifies the winner and signs anew upon it. One change at a time (`accounts.alone`).
 */
export class OwnLists {
  constructor(
    private readonly store: Store,
    private readonly self: Pick<Self, 'accountId' | 'deviceId' | 'identity'>,
    private readonly rest: Pick<Rest, 'chain' | 'storeList'>,
    private readonly accounts: Accounts,
  ) {}

  /** Only a device that may link. Throws `not_allowed_to_link`, `not_listed`, the list errors, and as REST does. */
  async setMayLink(mark: Mark): Promise<void> {
    await this.change((before) => this.byDevice(before, (entries) => marked(entries, mark)));
  }

  /** With the account key from its recovery code: this device may link from now on. */
  async recover(code: string): Promise<void> {
    await this.change((before) => {
      const key = accountKeyOf(code, before);
      const bytes = encodeDeviceList(
        next(before, marked(kept(before), { deviceId: this.self.deviceId, mayLink: true })),
      );
      return { bytes, signature: sign(key.privateKey, bytes), signer: 'account-key' };
    });
  }

  /** Epoch e+1 under a new account key, which the old one signs too. The new private half is on disk before the list goes out. */
  async rotate(code: string): Promise<void> {
    const renewed = newKeyPair();
    await this.change((before) => {
      const old = accountKeyOf(code, before);
      this.store.transact((tx) => {
        saveNextAccountKey(tx, renewed);
      });
      const { epoch } = before.last.list;
      const list = { ...next(before, kept(before)), epoch: epoch + 1, version: 1, accountKey: renewed.publicKey };
      const bytes = encodeDeviceList(list);
      return {
        bytes,
        signature: sign(renewed.privateKey, bytes),
        signer: 'account-key',
        rotationSignature: sign(old.privateKey, bytes),
      };
    });
  }

  /** Signed by this device; `entries` are the active ones. */
  byDevice(before: HeldAccount, change: (entries: readonly DeviceEntry[]) => readonly DeviceEntry[]): SignedList {
    this.mustBeAllowed(before);
    const bytes = encodeDeviceList(next(before, change(kept(before))));
    return { bytes, signature: sign(this.self.identity.privateKey, bytes), signer: this.self.deviceId };
  }

  /** Throws unless this device may sign the next list. */
  mustBeAllowed(account: HeldAccount): void {
    const own = kept(account).find(({ deviceId }) => deviceId === this.self.deviceId);
    if (own === undefined) throw new SottoError('not_listed');
    if (!own.mayLink) throw new SottoError('not_allowed_to_link');
  }

  /** Only inside `accounts.alone`. */
  async put(held: HeldAccount, signed: (before: HeldAccount) => SignedList): Promise<StoredList> {
    const { accountId } = this.self;
    let before = held;
    for (let attempt = 0; attempt < MAX_SIGNINGS; attempt += 1) {
      const list = signed(before);
      const answer = await this.rest.storeList(list);
      if (answer.kind === 'stored') return { before, list, listVersion: answer.listVersion };
      const winner = answer.winner ?? (await this.rest.chain(accountId, before.last.list));
      before = this.accounts.adopt(accountId, winner);
    }
    throw new SottoError('still_mismatched');
  }

  /** Adopts the own list at once if nothing can have come in between; otherwise the server is asked before the next send. */
  settle({ before, list, listVersion }: StoredList): void {
    const { accountId } = this.self;
    if (listVersion !== before.listVersion + 1) this.accounts.suspect(accountId);
    else
      this.accounts.adopt(accountId, {
        accountId,
        listVersion,
        lists: [before.last.signed, list],
        tombstones: before.tombstones,
      });
  }

  private async change(signed: (before: HeldAccount) => SignedList): Promise<void> {
    const { accountId } = this.self;
    await this.accounts.refresh(accountId);
    await this.accounts.alone(accountId, async () => {
      const held = this.accounts.held(accountId);
      if (held === undefined) throw new SottoError('not_listed');
      this.settle(await this.put(held, signed));
    });
    await this.accounts.current(accountId);
  }
}

/** The account key of the code, if it is the account's of now. */
export function accountKeyOf(code: string, account: HeldAccount): KeyPair {
  const privateKey = parseRecoveryCode(code, sha256);
  if (privateKey === undefined) throw new SottoError('recovery_code_invalid');
  const key = keyPairOf(privateKey);
  if (key === undefined || !equalBytes(key.publicKey, account.last.list.accountKey))
    throw new SottoError('recovery_code_wrong');
  return key;
}

function kept({ last, tombstones }: HeldAccount): readonly DeviceEntry[] {
  const removed = new Set<DeviceId>(tombstones.map(({ deviceId }) => deviceId));
  return last.list.entries.filter(({ deviceId }) => !removed.has(deviceId));
}

function marked(entries: readonly DeviceEntry[], { deviceId, mayLink }: Mark): readonly DeviceEntry[] {
  if (!entries.some((entry) => entry.deviceId === deviceId)) throw new SottoError('not_listed', { detail: deviceId });
  return entries.map((entry) => (entry.deviceId === deviceId ? { ...entry, mayLink } : entry));
}

function next({ last: { list, hash } }: HeldAccount, entries: readonly DeviceEntry[]): DeviceList {
  return { ...list, version: list.version + 1, previousHash: hash, entries };
}
