import type { AccountRow, Accounts } from '../directory/accounts.js';
import { allOrNothing } from '../platform/all-or-nothing.js';
import type { Db, Tx } from '../platform/postgres.js';
import { equalBytes } from '../protocol/bytes.js';
import type { Policy } from '../protocol/bodies.js';
import type { DeviceChain } from '../protocol/chain-wire.js';
import { verifyNextList, type ListFault, type SignedList, type VerifiedList } from '../protocol/device-chain.js';
import { decodeDeviceList } from '../protocol/device-list.js';
import type { Caller, ListVersion } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import { chainCrypto } from '../signal/signal.js';
import type { Tenants } from '../tenancy/tenants.js';
import type { Activation, Newcomer } from './activation.js';
import type { AccountDevices, DeviceChains } from './chains.js';
import type { PendingDevices } from './pending.js';

interface Parts {
  readonly accounts: Accounts;
  readonly tenants: Tenants;
  readonly chains: DeviceChains;
  readonly pending: PendingDevices;
  readonly activation: Activation;
}

export type ListOutcome =
  | { readonly kind: 'stored'; readonly listVersion: ListVersion }
  | { readonly kind: 'conflict'; readonly winner: DeviceChain }
  | Problem;

/**
 * Storing list n+1: compare-and-swap on the previous list's hash and version under the account's lock. Whoever comes second gets the
 * winner and signs anew. Devices that the list adds were pending and become active with it, in the same transaction.
 */
export class DeviceLists {
  constructor(
    private readonly db: Db,
    private readonly parts: Parts,
  ) {}

  /** Any active device may bring a list; whether its signer may sign it is the chain's rule. Bringing the last list again is no fault. */
  async storeList(caller: Caller, signed: SignedList): Promise<ListOutcome> {
    return allOrNothing<Exclude<ListOutcome, Problem>>(this.db, async (tx) => {
      const account = await this.parts.accounts.lock(tx, caller.tenantId, caller.accountId);
      const devices = account === undefined ? undefined : await this.parts.chains.current(tx, account.no);
      if (account === undefined || devices?.latest === undefined)
        return problem('not_found', 'there is no such account');
      if (account.suspended) return problem('account_suspended', 'no list until the suspension is lifted');
      if (!devices.active.has(caller.deviceId)) return problem('not_allowed', 'the device is not active');
      if (equalBytes(devices.latest.signed.bytes, signed.bytes))
        return { kind: 'stored', listVersion: devices.listVersion };
      const context = { tenantId: caller.tenantId, accountId: caller.accountId, tombstoned: devices.tombstoned };
      const verdict = verifyNextList({ previous: devices.latest, signed, context, crypto: chainCrypto });
      if (verdict.kind === 'invalid') {
        if (!isBehind(signed, devices.latest, verdict.fault)) return problem('invalid_list', verdict.fault);
        return {
          kind: 'conflict',
          winner: await this.winner(tx, account, { claimed: signed, latest: devices.latest }),
        };
      }
      if (verdict.key === 'reset')
        return problem('invalid_list', 'a new epoch is opened by a rotation, or with the code of a reset');
      // Each is kept for ever, and everybody who writes to the account verifies it.
      const wait = await this.parts.chains.waitForNext(tx, account.no);
      if (wait > 0)
        return problem('limited', `an account stores ${LIMITS.listsPerDay} lists a day`, { retryAfterMs: wait });
      // Who links is decided by what was set last, on whichever node.
      const policy = await this.parts.tenants.policyNow(tx, caller.tenantId);
      const next = { devices, next: verdict.next, linking: policy.linking };
      const newcomers = await this.newcomers(tx, account, next);
      if ('code' in newcomers) return newcomers;
      const active = verdict.next.list.entries.length;
      if (newcomers.length > 0 && active > policy.devicesPerAccount) {
        return problem('device_limit', `the policy allows ${String(policy.devicesPerAccount)} active devices`);
      }
      return this.parts.activation.store(tx, account, { verified: verdict.next, newcomers });
    });
  }

  /** From the version that was claimed on: what the client needs to continue the chain that it holds. */
  private async winner(
    tx: Tx,
    account: AccountRow,
    { claimed, latest }: { readonly claimed: SignedList; readonly latest: VerifiedList },
  ): Promise<DeviceChain> {
    const { epoch, version } = decodeDeviceList(claimed.bytes) ?? latest.list;
    const behind = epoch < latest.list.epoch || (epoch === latest.list.epoch && version < latest.list.version);
    return this.parts.chains.read(tx, account, behind ? { epoch, version } : latest.list);
  }

  /** Only tombstoned devices may be left out; only pending ones may come in. */
  private async newcomers(
    tx: Tx,
    account: AccountRow,
    {
      devices,
      next,
      linking,
    }: {
      readonly devices: AccountDevices;
      readonly next: VerifiedList;
      readonly linking: Policy['linking'];
    },
  ): Promise<readonly Newcomer[] | Problem> {
    const named = new Set(next.list.entries.map((entry) => entry.deviceId));
    const dropped = [...devices.active.keys()].find((deviceId) => !named.has(deviceId));
    if (dropped !== undefined)
      return problem('invalid_list', `device ${dropped} is active and left out; revoke it first`);
    const newcomers: Newcomer[] = [];
    for (const entry of next.list.entries) {
      if (devices.active.has(entry.deviceId)) continue;
      const taken = await this.parts.pending.take(tx, { accountNo: account.no, deviceId: entry.deviceId, linking });
      if (taken.kind === 'problem') return taken;
      newcomers.push({ entry, registration: taken.registration });
    }
    return newcomers;
  }
}

/** Built upon a list that is not the last any more, of this epoch or an earlier one: what a fresh look heals. */
function isBehind(signed: SignedList, latest: VerifiedList, fault: ListFault): boolean {
  if (fault === 'wrong_version' || fault === 'wrong_previous') return true;
  const claimed = fault === 'account_key_changed' ? decodeDeviceList(signed.bytes) : undefined;
  return claimed !== undefined && claimed.epoch <= latest.list.epoch;
}
