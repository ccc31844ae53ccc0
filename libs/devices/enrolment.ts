import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { Invitation, Invitations } from '../directory/invitations.js';
import { checkRegistration } from '../keys/key-rules.js';
import { allOrNothing } from '../platform/all-or-nothing.js';
import type { Db, Tx } from '../platform/postgres.js';
import { equalBytes } from '../protocol/bytes.js';
import type { Enrolment } from '../protocol/chain-wire.js';
import { verifyNextList, type VerifiedList } from '../protocol/device-chain.js';
import { decodeDeviceList } from '../protocol/device-list.js';
import type { AccountId, DeviceId, ListVersion, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import { chainCrypto } from '../signal/signal.js';
import type { Activation } from './activation.js';
import type { AccountDevices, DeviceChains } from './chains.js';

export interface Enrolled {
  readonly kind: 'enrolled';
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly listVersion: ListVersion;
}

/**
 * The first device of an account: invitation, account, list 1, statement, keys, credential and mailbox in one transaction. What fails
 * leaves nothing behind, the invitation's use included.
 */
export class Enrolments {
  constructor(
    private readonly db: Db,
    private readonly parts: {
      readonly invitations: Invitations;
      readonly accounts: Accounts;
      readonly chains: DeviceChains;
      readonly activation: Activation;
    },
  ) {}

  /** Signatures are checked only for who holds an invitation, and before anything is locked. `invitedBy` may refuse once the tenant is known. */
  async enrol(
    { code, list: signed, registration }: Enrolment,
    invitedBy?: (tenantId: TenantId) => Promise<Problem | undefined>,
  ): Promise<Enrolled | Problem> {
    const invited = await this.parts.invitations.lookup(code);
    if (invited.kind === 'problem') return invited;
    const held = await invitedBy?.(invited.invitation.tenantId);
    if (held !== undefined) return held;
    const before = await this.before(invited.invitation);
    const verified = verifyFirst(signed, before);
    if (verified.kind === 'problem') return verified;
    const [entry] = verified.list.entries;
    if (entry === undefined || verified.list.entries.length > 1)
      return problem('invalid_list', 'list 1 names the enrolling device and no other');
    if (!entry.mayLink) return problem('invalid_list', 'the first device must be marked may_link');
    const checked = checkRegistration(registration);
    if (checked.kind === 'problem') return checked;
    return allOrNothing(this.db, async (tx) => {
      const account = await this.openAccount(tx, code, verified);
      if ('code' in account) return account;
      const { latest, active } = await this.parts.chains.current(tx, account.no);
      if (active.size > 0 || !isSame(latest, before?.latest))
        return problem('already_enrolled', 'link further devices with one that the account has');
      const stored = await this.parts.activation.store(tx, account, {
        verified,
        newcomers: [{ entry, registration: checked.registration }],
      });
      if (stored.kind === 'problem') return stored;
      const { tenantId, id: accountId } = account;
      return { kind: 'enrolled', tenantId, accountId, deviceId: entry.deviceId, listVersion: stored.listVersion };
    });
  }

  /** What list 1 must follow: after a reset the last list of the epoch before. */
  async before({ reset, tenantId, accountId }: Invitation): Promise<AccountDevices | undefined> {
    if (!reset || accountId === undefined) return undefined;
    const account = (await this.parts.accounts.find(this.db, tenantId, [accountId])).get(accountId);
    return account === undefined ? undefined : this.parts.chains.current(this.db, account.no);
  }

  /** The row is locked: just made here, or the invited one that never had a list. */
  private async openAccount(tx: Tx, code: string, { list }: VerifiedList): Promise<AccountRow | Problem> {
    const { invitations, accounts } = this.parts;
    const redeemed = await invitations.redeem(tx, code);
    if (redeemed.kind === 'problem') return redeemed;
    if (redeemed.tenantId !== list.tenantId)
      return problem('invalid_list', 'the list is of another tenant than the invitation');
    if (redeemed.accountId === undefined) {
      const created = await accounts.create(tx, list.tenantId, list.accountId);
      return created.kind === 'problem' ? created : created.account;
    }
    if (redeemed.accountId !== list.accountId)
      return problem('invalid_list', 'the list is of another account than the invitation');
    const account = await accounts.lock(tx, list.tenantId, list.accountId);
    if (account === undefined) return problem('not_found', 'there is no such account');
    if (account.suspended) return problem('account_suspended', 'no device until the suspension is lifted');
    return account.listVersion === 0 || redeemed.reset
      ? account
      : problem('already_enrolled', 'link further devices with one that the account has');
  }
}

function isSame(left: VerifiedList | undefined, right: VerifiedList | undefined): boolean {
  return left === undefined || right === undefined ? left === right : equalBytes(left.hash, right.hash);
}

/** List 1: of epoch 1, or, after a reset, of the epoch after the last list. */
function verifyFirst(
  signed: Enrolment['list'],
  before: AccountDevices | undefined,
): ({ readonly kind: 'verified' } & VerifiedList) | Problem {
  const list = decodeDeviceList(signed.bytes);
  if (list === undefined) return problem('invalid_list', 'malformed');
  // Who knows the code must not open an epoch in another's name by the old key.
  if (signed.rotationSignature !== undefined) return problem('invalid_list', 'bad_rotation');
  const context = {
    tenantId: list.tenantId,
    accountId: list.accountId,
    tombstoned: before?.tombstoned ?? new Set<DeviceId>(),
  };
  const verdict = verifyNextList({ previous: before?.latest, signed, context, crypto: chainCrypto });
  return verdict.kind === 'invalid' ? problem('invalid_list', verdict.fault) : { kind: 'verified', ...verdict.next };
}
