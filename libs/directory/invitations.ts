import { createHash } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { Brand } from '../protocol/brand.js';
import { toBase64url } from '../protocol/bytes.js';
import type { AccountId, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { Tenants } from '../tenancy/tenants.js';
import type { Accounts } from './accounts.js';
import * as store from './invitations.store.js';

export type InvitationId = Brand<string, 'InvitationId'>;

export interface Invitation {
  readonly id: InvitationId;
  readonly tenantId: TenantId;
  /** For this account only; undefined: every use makes a new account. */
  readonly accountId: AccountId | undefined;
  readonly uses: number;
  readonly used: number;
  /** Milliseconds since the epoch, both. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revoked: boolean;
  /** Made by a reset of the account: its device opens the next epoch. */
  readonly reset: boolean;
}

export interface NewInvitation {
  readonly accountId?: AccountId | undefined;
  readonly uses: number;
  readonly expiresInHours: number;
}

export interface InvitationPage {
  readonly after: InvitationId | undefined;
  readonly limit: number;
}

/** The code in clear is here and nowhere else. */
export interface CreatedInvitation {
  readonly kind: 'created';
  readonly invitation: Invitation;
  readonly code: string;
}

const HOUR = 3_600_000;
/** Codes are copied by hand into command lines: no leading dash, and recognisable to scanners for leaked secrets. */
const PREFIX = 'inv_';
const CODE_BYTES = 20;

/**
 * Invitations: the right to hold an account, never an identity (DESIGN "Identity"). The code is 160 random bits and is shown once;
 * the table holds its SHA-256. A use is counted by the enrolment's own transaction, so an enrolment that fails uses nothing up.
 */
export class Invitations {
  constructor(
    private readonly db: Db,
    private readonly parts: {
      readonly tenants: Tenants;
      readonly accounts: Accounts;
      readonly clock: Clock;
      readonly ids: Ids;
    },
  ) {}

  /** The life is cut to the longest that the tenant's policy allows; `expiresAt` says what came of it. */
  async create(tenantId: TenantId, wanted: NewInvitation, within?: Tx): Promise<CreatedInvitation | Problem> {
    const { accounts, tenants } = this.parts;
    if (wanted.accountId !== undefined) {
      if (wanted.uses !== 1) return problem('malformed', 'uses: an invitation for one account is used once');
      const account = (await accounts.find(within ?? this.db, tenantId, [wanted.accountId])).get(wanted.accountId);
      if (account === undefined) return problem('not_found', 'there is no such account');
      if (account.listVersion > 0)
        return problem('already_enrolled', 'the account has a device list; link further devices');
    }
    const made = this.make(tenantId, wanted, { days: (await tenants.policy(tenantId)).invitationDays, reset: false });
    await this.db.within(within, (tx) => store.insertInvitation(tx, made.invitation, hashOf(made.code)));
    return made;
  }

  /** The one code that opens the next epoch of the account; every earlier one for it ends. `days`: longest life by policy. */
  async createReset(
    tx: Tx,
    wanted: {
      readonly tenantId: TenantId;
      readonly accountId: AccountId;
      readonly expiresInHours: number;
      readonly days: number;
    },
  ): Promise<CreatedInvitation> {
    const { tenantId, accountId, expiresInHours, days } = wanted;
    await store.revokeOfAccount(tx, tenantId, accountId);
    const made = this.make(tenantId, { accountId, uses: 1, expiresInHours }, { days, reset: true });
    await store.insertInvitation(tx, made.invitation, hashOf(made.code));
    return made;
  }

  private make(
    tenantId: TenantId,
    wanted: NewInvitation,
    { days, reset }: { readonly days: number; readonly reset: boolean },
  ): CreatedInvitation {
    const { clock, ids } = this.parts;
    const createdAt = clock.now();
    const invitation: Invitation = {
      id: ids.uuid<InvitationId>(),
      tenantId,
      accountId: wanted.accountId,
      uses: wanted.uses,
      used: 0,
      createdAt,
      expiresAt: createdAt + Math.min(wanted.expiresInHours, days * 24) * HOUR,
      revoked: false,
      reset,
    };
    return { kind: 'created', invitation, code: PREFIX + toBase64url(ids.bytes(CODE_BYTES)) };
  }

  /** For accounts that were made in the same transaction, in their order; they live as long as the policy lets them. */
  async createForEach(
    tx: Tx,
    tenantId: TenantId,
    accountIds: readonly AccountId[],
  ): Promise<readonly { readonly accountId: AccountId; readonly code: string; readonly expiresAt: number }[]> {
    const { tenants, clock, ids } = this.parts;
    const { invitationDays } = await tenants.policy(tenantId);
    const createdAt = clock.now();
    const expiresAt = createdAt + invitationDays * 24 * HOUR;
    const made = accountIds.map((accountId) => {
      const code = PREFIX + toBase64url(ids.bytes(CODE_BYTES));
      return { id: ids.uuid<InvitationId>(), accountId, code, codeHash: hashOf(code) };
    });
    await store.insertForEach(tx, made, { tenantId, createdAt, expiresAt });
    return made.map(({ accountId, code }) => ({ accountId, code, expiresAt }));
  }

  async list(tenantId: TenantId, page: InvitationPage): Promise<readonly Invitation[]> {
    return store.selectInvitations(this.db, tenantId, page);
  }

  /** Final and repeatable. Accounts that came in by it stay. */
  async revoke(tenantId: TenantId, id: InvitationId, within?: Tx): Promise<{ readonly kind: 'revoked' } | Problem> {
    const found = await this.db.within(within, (tx) => store.markRevoked(tx, tenantId, id));
    return found ? { kind: 'revoked' } : problem('not_found', 'there is no such invitation');
  }

  /** What a person sees before enrolling; uses nothing up. */
  async lookup(
    code: string,
  ): Promise<
    | { readonly kind: 'found'; readonly invitation: Invitation; readonly tenantName: string; readonly demo: boolean }
    | Problem
  > {
    const invitation = await store.selectUsable(this.db, hashOf(code), this.parts.clock.now());
    const tenant = invitation === undefined ? undefined : await this.parts.tenants.find(invitation.tenantId);
    if (invitation === undefined || tenant === undefined) return invalid();
    return { kind: 'found', invitation, tenantName: tenant.name, demo: tenant.demo };
  }

  /** One use, which counts when `tx` commits. */
  async redeem(
    tx: Tx,
    code: string,
  ): Promise<
    | {
        readonly kind: 'redeemed';
        readonly tenantId: TenantId;
        readonly accountId: AccountId | undefined;
        readonly reset: boolean;
      }
    | Problem
  > {
    const invitation = await store.useOnce(tx, hashOf(code), this.parts.clock.now());
    if (invitation === undefined) return invalid();
    const { tenantId, accountId, reset } = invitation;
    return { kind: 'redeemed', tenantId, accountId, reset };
  }
}

function invalid(): Problem {
  return problem('invitation_invalid', 'ask for a new invitation');
}

function hashOf(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}
