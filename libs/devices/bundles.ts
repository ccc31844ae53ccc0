import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { Prekeys } from '../keys/prekeys.js';
import type { AccountGuard, Guards } from '../mailbox/guards.js';
import type { Limiter } from '../platform/limiter.js';
import type { Db } from '../platform/postgres.js';
import type { AccountId, Caller, DeviceId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { PrekeyBundles } from '../protocol/prekeys.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { Tenants } from '../tenancy/tenants.js';

interface Parts {
  readonly accounts: Accounts;
  readonly tenants: Tenants;
  readonly guards: Guards;
  readonly prekeys: Prekeys;
  readonly limiter: Limiter;
}

export interface WantedBundles {
  readonly accountId: AccountId;
  readonly deviceIds: readonly DeviceId[];
}

interface Target {
  readonly account: AccountRow;
  readonly guard: AccountGuard;
  readonly deviceIds: readonly DeviceId[];
}

/**
 * Handing out prekey bundles (D16). Each one counts against (calling account, target account) before any key is taken, so nobody can use
 * up another's one-time keys, with however many devices; what is refused takes nothing.
 */
export class Bundles {
  constructor(
    private readonly db: Db,
    private readonly parts: Parts,
  ) {}

  /** Of the active devices, or of those among them that are named; never of the calling device itself. */
  async fetch(
    caller: Caller,
    accountId: AccountId,
    deviceIds?: readonly DeviceId[],
  ): Promise<({ readonly kind: 'bundles' } & PrekeyBundles) | Problem> {
    const [target] = await this.targets(caller, [{ accountId, deviceIds }]);
    if (target === undefined) return problem('not_found', 'there is no such account, or it has no device');
    const refusal = await this.count(caller, target);
    return refusal ?? { kind: 'bundles', ...(await this.take(target)) };
  }

  /** For a send that was refused: as many as fit into its answer. An account whose limit is reached is left out. */
  async forMismatch(caller: Caller, wanted: readonly WantedBundles[]): Promise<readonly PrekeyBundles[]> {
    const bundles: PrekeyBundles[] = [];
    let left: number = LIMITS.bundlesInAnswer;
    for (const target of await this.targets(caller, wanted)) {
      const some = { ...target, deviceIds: target.deviceIds.slice(0, left) };
      if (some.deviceIds.length === 0 || (await this.count(caller, some)) !== undefined) continue;
      left -= some.deviceIds.length;
      bundles.push(await this.take(some));
    }
    return bundles;
  }

  private async targets(
    caller: Caller,
    wanted: readonly { readonly accountId: AccountId; readonly deviceIds?: readonly DeviceId[] | undefined }[],
  ): Promise<readonly Target[]> {
    if (wanted.length === 0) return [];
    const { accounts, guards } = this.parts;
    const rows = await accounts.find(this.db, caller.tenantId, [...new Set(wanted.map(({ accountId }) => accountId))]);
    const open = await guards.read(
      this.db,
      [...rows.values()].map(({ no }) => no),
    );
    const targets: Target[] = [];
    for (const { accountId, deviceIds } of wanted) {
      const account = rows.get(accountId);
      const guard = account === undefined ? undefined : open.get(account.no);
      if (account === undefined || guard === undefined) continue;
      const named = deviceIds === undefined ? undefined : new Set(deviceIds);
      const active = guard.devices.map(({ deviceId }) => deviceId).filter((deviceId) => deviceId !== caller.deviceId);
      targets.push({
        account,
        guard,
        deviceIds: named === undefined ? active : active.filter((deviceId) => named.has(deviceId)),
      });
    }
    return targets;
  }

  /** Undefined: counted. Without the limiter nothing is handed out (D23). */
  private async count(caller: Caller, { account, deviceIds }: Target): Promise<Problem | undefined> {
    if (deviceIds.length === 0) return undefined;
    const { limiter, tenants } = this.parts;
    const { prekeyFetches, prekeyFetchesPerHour } = await tenants.policy(caller.tenantId);
    const verdict = await limiter.takeStrictly([
      {
        name: 'bundles',
        key: `${caller.accountId} ${account.id}`,
        burst: prekeyFetches,
        perSecond: prekeyFetchesPerHour / 3600,
        cost: deviceIds.length,
      },
    ]);
    if (verdict.kind === 'allowed') return undefined;
    const { retryAfterMs } = verdict;
    if (verdict.kind === 'limited') return problem('limited', 'too many bundles of this account', { retryAfterMs });
    return problem('unavailable', 'bundles cannot be counted now', { retryAfterMs });
  }

  private async take({ account, guard, deviceIds }: Target): Promise<PrekeyBundles> {
    const { prekeys } = this.parts;
    const bundles = await this.db.transact((tx) => prekeys.take(tx, deviceIds));
    await prekeys.noticeLow(deviceIds);
    return { accountId: account.id, listVersion: guard.listVersion, bundles };
  }
}
