import { appendResumed, appendSuspended } from '../auth/control.js';
import type { Credentials } from '../auth/credentials.js';
import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { Guards } from '../mailbox/guards.js';
import type { Clock } from '../platform/clock.js';
import type { Tx } from '../platform/postgres.js';
import type { AccountId, DeviceId, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { Revocations } from './revocation.js';

interface Parts {
  readonly accounts: Accounts;
  readonly guards: Guards;
  readonly credentials: Credentials;
  readonly revocations: Revocations;
}

interface Named {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
}

/**
 * What an admin does to a whole account (D17), each in one transaction of the caller's and repeatable. Suspension closes the mailboxes
 * with a new epoch and refuses tokens; it changes no list, key or mail, and lifting it opens everything as it was. Deletion is final: every
 * device gets its tombstone, and of the account only the row remains, which keeps the id from being given again.
 */
export class AccountStates {
  constructor(
    private readonly parts: Parts,
    private readonly clock: Clock,
  ) {}

  async suspend(tx: Tx, named: Named): Promise<{ readonly kind: 'suspended' } | Problem> {
    const account = await this.lock(tx, named);
    if (account === undefined) return unknown();
    if (!account.suspended) {
      const { accounts, guards, credentials } = this.parts;
      const deviceIds = await this.devicesOf(tx, account);
      await accounts.suspend(tx, account.no);
      await guards.suspend(tx, account.no);
      await credentials.suspend(tx, deviceIds);
      await appendSuspended(tx, deviceIds, this.clock.now());
    }
    return { kind: 'suspended' };
  }

  async lift(tx: Tx, named: Named): Promise<{ readonly kind: 'lifted' } | Problem> {
    const account = await this.lock(tx, named);
    if (account === undefined) return unknown();
    if (account.suspended) {
      const { accounts, guards, credentials } = this.parts;
      const deviceIds = await this.devicesOf(tx, account);
      await accounts.resume(tx, account.no);
      await guards.resume(tx, account.no);
      await credentials.resume(tx, deviceIds);
      await appendResumed(tx, deviceIds, this.clock.now());
    }
    return { kind: 'lifted' };
  }

  /** Not repeatable: afterwards there is no such account. */
  async delete(tx: Tx, named: Named): Promise<{ readonly kind: 'deleted' } | Problem> {
    const account = await this.lock(tx, named);
    if (account === undefined) return unknown();
    await this.parts.revocations.buryAll(tx, account, 'admin');
    await this.parts.accounts.markDeleted(tx, account.no);
    return { kind: 'deleted' };
  }

  private async lock(tx: Tx, { tenantId, accountId }: Named): Promise<AccountRow | undefined> {
    return this.parts.accounts.lock(tx, tenantId, accountId);
  }

  private async devicesOf(tx: Tx, account: AccountRow): Promise<readonly DeviceId[]> {
    const guard = (await this.parts.guards.read(tx, [account.no])).get(account.no);
    return guard?.devices.map(({ deviceId }) => deviceId) ?? [];
  }
}

function unknown(): Problem {
  return problem('not_found', 'there is no such account');
}
