import type { Accounts } from '../directory/accounts.js';
import type { CreatedInvitation, Invitations } from '../directory/invitations.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { AccountId, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { Tenants } from '../tenancy/tenants.js';
import type { DeviceChains } from './chains.js';
import type { Revocations } from './revocation.js';

interface Parts {
  readonly accounts: Accounts;
  readonly tenants: Tenants;
  readonly invitations: Invitations;
  readonly chains: DeviceChains;
  readonly revocations: Revocations;
}

const DEFAULT_HOURS = 72;

/**
 * The person lost everything (IDENTITY "Device lists"): every device is tombstoned, and one invitation, for this account alone, lets a new
 * device open the next epoch under a new account key. All in one transaction. A reset again ends the code of the one before.
 */
export class Resets {
  constructor(
    private readonly db: Db,
    private readonly parts: Parts,
  ) {}

  /** `not_found`; `conflict` for an account that never had a device: an ordinary invitation enrols it. */
  async reset(
    { tenantId, accountId }: { readonly tenantId: TenantId; readonly accountId: AccountId },
    expiresInHours = DEFAULT_HOURS,
    within?: Tx,
  ): Promise<CreatedInvitation | Problem> {
    const { accounts, tenants, invitations, chains, revocations } = this.parts;
    const { invitationDays: days } = await tenants.policy(tenantId);
    return this.db.within(within, async (tx) => {
      const account = await accounts.lock(tx, tenantId, accountId);
      if (account === undefined) return problem('not_found', 'there is no such account');
      const { latest } = await chains.current(tx, account.no);
      if (latest === undefined) return problem('conflict', 'the account never had a device; invite it');
      await revocations.buryAll(tx, account, 'reset');
      return invitations.createReset(tx, { tenantId, accountId, expiresInHours, days });
    });
  }
}
