import type { Accounts } from '../directory/accounts.js';
import { checkRegistration, type CheckedRegistration } from '../keys/key-rules.js';
import type { Prekeys } from '../keys/prekeys.js';
import type { Clock } from '../platform/clock.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { Caller, DeviceId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { DeviceRegistration } from '../protocol/prekeys.js';
import { problem, type Problem } from '../protocol/problems.js';
import * as store from './pending.store.js';

/** What a new device uploads while it is being linked. */
export interface PendingUpload {
  /** The linking session, 16 bytes: holds one device. */
  readonly session: Uint8Array;
  /** The device that claimed the session. */
  readonly caller: Caller;
  readonly registration: DeviceRegistration;
}

/**
 * Devices between their upload and the list that names them: two minutes, public keys only. Nothing else in the installation knows
 * them; a device that dies here leaves nothing but a row that expires.
 */
export class PendingDevices {
  constructor(
    private readonly db: Db,
    private readonly parts: { readonly accounts: Accounts; readonly prekeys: Prekeys },
    private readonly clock: Clock,
  ) {}

  /** Undefined: held until `LIMITS.linkSessionLife` from now. */
  async hold({ session, caller, registration }: PendingUpload): Promise<Problem | undefined> {
    const checked = checkRegistration(registration);
    if (checked.kind === 'problem') return checked;
    const account = (await this.parts.accounts.find(this.db, caller.tenantId, [caller.accountId])).get(
      caller.accountId,
    );
    if (account === undefined) return problem('not_found', 'there is no such account');
    if (await this.parts.prekeys.isKnown(this.db, registration))
      return problem('identity_known', 'the device id or identity key is known here');
    const now = this.clock.now();
    const expiresAt = now + LIMITS.linkSessionLife;
    const pending = {
      session,
      accountNo: account.no,
      heldBy: caller.deviceId,
      registration: checked.registration,
      expiresAt,
    };
    const held = await this.db.transact(async (tx) => {
      await store.deleteExpired(tx, now);
      return store.insertPending(tx, pending);
    });
    return held ? undefined : problem('conflict', 'the session has registered a device already');
  }

  /** For the list that names it; undefined when this account holds no such device any longer. */
  async take(tx: Tx, accountNo: number, deviceId: DeviceId): Promise<CheckedRegistration | undefined> {
    return store.takePending(tx, { accountNo, deviceId, now: this.clock.now() });
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
