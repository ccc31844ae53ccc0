import type { Accounts } from '../directory/accounts.js';
import { checkRegistration, type CheckedRegistration } from '../keys/key-rules.js';
import type { Prekeys } from '../keys/prekeys.js';
import type { Clock } from '../platform/clock.js';
import { appendOutbox } from '../platform/outbox.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { PendingState, Policy } from '../protocol/bodies.js';
import { equalBytes } from '../protocol/bytes.js';
import type { AccountId, Caller, DeviceId, ListVersion, TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { DeviceRegistration } from '../protocol/prekeys.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { Tenants } from '../tenancy/tenants.js';
import * as store from './pending.store.js';

/** What a new device uploads while it is being linked. */
export interface PendingUpload {
  /** The linking session, 16 bytes: holds one device. */
  readonly session: Uint8Array;
  /** The device that claimed the session. */
  readonly caller: Caller;
  readonly registration: DeviceRegistration;
}

/** `approvalUntil`: an admin must approve it before then; undefined: nobody is asked. */
export interface Held {
  readonly kind: 'held';
  readonly approvalUntil: number | undefined;
}

export type Approval = PendingState['state'];

/** A pending device as an admin sees it. */
export interface ListedPending {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly heldBy: DeviceId;
  readonly identityKey: Uint8Array;
  readonly approval: Approval;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** How long a denied device is still told so. */
const DENIAL_LIFE = 60 * 60 * 1000;

/**
 * Devices between their upload and the list that names them: public keys only, for two minutes, or for a day where the tenant's policy wants
 * an admin's approval (`linking: user+admin`). Nothing else in the installation knows them; a device that dies here leaves nothing but a row
 * that expires. The policy is asked when a device comes, and again in the transaction that would make it active.
 */
export class PendingDevices {
  constructor(
    private readonly db: Db,
    private readonly parts: { readonly accounts: Accounts; readonly prekeys: Prekeys; readonly tenants: Tenants },
    private readonly clock: Clock,
  ) {}

  /** At most `LIMITS.pendingDevices` an account; `limited` beyond. */
  async hold({ session, caller, registration }: PendingUpload): Promise<Held | Problem> {
    const { accounts, prekeys, tenants } = this.parts;
    const { linking } = await tenants.policy(caller.tenantId);
    if (linking === 'off') return linkingOff();
    const checked = checkRegistration(registration);
    if (checked.kind === 'problem') return checked;
    if (await prekeys.isKnown(this.db, registration))
      return problem('identity_known', 'the device id or identity key is known here');
    const now = this.clock.now();
    const approvalUntil = linking === 'user' ? undefined : now + LIMITS.approvalLife;
    return this.db.transact(async (tx) => {
      // The row is locked, so that nobody holds more than the bound by being quick.
      const account = await accounts.lock(tx, caller.tenantId, caller.accountId);
      if (account === undefined) return problem('not_found', 'there is no such account');
      if ((await store.countPending(tx, account.no, now)) >= LIMITS.pendingDevices)
        return problem('limited', `${String(LIMITS.pendingDevices)} devices of the account are being linked already`, {
          retryAfterMs: LIMITS.linkSessionLife,
        });
      // An admin says yes to the fingerprint that was compared; nothing else may come to stand under the same id meanwhile.
      const of = { accountNo: account.no, deviceId: registration.deviceId, now };
      const before = await store.selectPending(tx, of);
      if (before !== undefined && !equalBytes(before.registration.identityKey, registration.identityKey))
        return problem('identity_known', 'the device is being linked under another identity key');
      const held = await store.insertPending(tx, {
        session,
        accountNo: account.no,
        heldBy: caller.deviceId,
        registration: checked.registration,
        createdAt: now,
        expiresAt: approvalUntil ?? now + LIMITS.linkSessionLife,
        approval: approvalUntil === undefined ? 'open' : 'waiting',
      });
      return held
        ? { kind: 'held', approvalUntil }
        : problem('conflict', 'the session has registered a device already');
    });
  }

  /** For the list that names it, whose transaction holds the account's row. A problem must roll back. */
  async take(
    tx: Tx,
    of: { readonly accountNo: number; readonly deviceId: DeviceId; readonly linking: Policy['linking'] },
  ): Promise<{ readonly kind: 'taken'; readonly registration: CheckedRegistration } | Problem> {
    const { accountNo, deviceId, linking } = of;
    if (linking === 'off') return linkingOff();
    const row = await store.selectPending(tx, { accountNo, deviceId, now: this.clock.now() });
    if (row === undefined) return problem('invalid_list', `device ${deviceId} is not being linked to this account`);
    if (row.approval === 'denied') return problem('approval_denied', 'an admin has denied the device');
    if (linking === 'user+admin' && row.approval !== 'approved')
      return problem('approval_pending', 'an admin has to approve the device first', { retryAfterMs: 60_000 });
    await store.deletePending(tx, accountNo, deviceId);
    return { kind: 'taken', registration: row.registration };
  }

  /** How far the device is; undefined once it is linked, has expired, or never was. */
  async state(deviceId: DeviceId): Promise<PendingState | undefined> {
    const row = await store.selectState(this.db, deviceId, this.clock.now());
    return row === undefined ? undefined : { state: row.approval, expiresAt: row.expiresAt };
  }

  async list(
    tenantId: TenantId,
    page: { readonly after: DeviceId | undefined; readonly limit: number },
  ): Promise<readonly ListedPending[]> {
    return store.selectOfTenant(this.db, { tenantId, ...page, now: this.clock.now() });
  }

  /**
   * An admin's word, in a transaction of the audit's; the devices of the account are told. Repeatable; `conflict` for the opposite of what was
   * said before, and for a device that needs nobody's word.
   */
  async decide(
    tx: Tx,
    of: { readonly tenantId: TenantId; readonly deviceId: DeviceId },
    decision: 'approved' | 'denied',
  ): Promise<{ readonly kind: 'decided'; readonly device: ListedPending } | Problem> {
    const now = this.clock.now();
    const row = await store.lockOfTenant(tx, { ...of, now });
    if (row === undefined) return problem('not_found', 'no such device is waiting');
    const { approval, accountNo, accountId } = row;
    if (approval === decision) return { kind: 'decided', device: row };
    if (approval !== 'waiting') return problem('conflict', `the device is ${approval}`);
    const expiresAt = decision === 'denied' ? Math.min(row.expiresAt, now + DENIAL_LIFE) : row.expiresAt;
    await store.updateApproval(tx, row.session, { approval: decision, expiresAt });
    const account = (await this.parts.accounts.find(tx, of.tenantId, [accountId])).get(accountId);
    const listVersion = account?.listVersion ?? (0 as ListVersion);
    // Nothing has changed in the list; the notice lets the device that waits to sign try at once.
    await appendOutbox(tx, { kind: 'devices-changed', payload: { accountNo, listVersion } });
    return { kind: 'decided', device: { ...row, approval: decision, expiresAt } };
  }

  /** A revoked device links nothing. */
  async dropHeldBy(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
    await store.deleteHeldBy(tx, deviceIds);
  }

  /** For the worker; how many there were. */
  async expire(now: number): Promise<number> {
    return this.db.transact((tx) => store.deleteExpired(tx, now));
  }
}

function linkingOff(): Problem {
  return problem('linking_off', 'the policy of the tenant is `linking: off`');
}
