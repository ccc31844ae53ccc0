import { appendRevoked } from '../auth/control.js';
import type { Credentials } from '../auth/credentials.js';
import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { Prekeys } from '../keys/prekeys.js';
import type { Guards } from '../mailbox/guards.js';
import type { Clock } from '../platform/clock.js';
import { appendOutbox } from '../platform/outbox.js';
import type { Db, Tx } from '../platform/postgres.js';
import { dayOf, type Tombstone, type TombstoneReason } from '../protocol/device-list.js';
import type { AccountId, Caller, DeviceId, ListVersion, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { DeviceChains } from './chains.js';
import type { PendingDevices } from './pending.js';

interface Parts {
  readonly accounts: Accounts;
  readonly chains: DeviceChains;
  readonly guards: Guards;
  readonly prekeys: Prekeys;
  readonly credentials: Credentials;
  readonly pending: PendingDevices;
}

export type Revoked = { readonly kind: 'revoked'; readonly listVersion: ListVersion } | Problem;

/**
 * Tombstones (D17). One commit has done it all: the list version, the mailbox closed for good, prekeys and credential gone, every node
 * told through the control table, the account's other devices and the purge of the mail through the outbox. Final, and repeatable.
 */
export class Revocations {
  constructor(
    private readonly db: Db,
    private readonly parts: Parts,
    private readonly clock: Clock,
  ) {}

  /** Any active device of the account may, also for itself. */
  async byOwner(caller: Caller, deviceId: DeviceId): Promise<Revoked> {
    return this.db.transact(async (tx) => this.revoke(tx, caller, { deviceId, reason: 'owner', by: caller.deviceId }));
  }

  async byAdmin(
    of: { readonly tenantId: TenantId; readonly accountId: AccountId },
    deviceId: DeviceId,
    within?: Tx,
  ): Promise<Revoked> {
    return this.db.within(within, async (tx) => this.revoke(tx, of, { deviceId, reason: 'admin', by: undefined }));
  }

  /** Every active device of a locked account. */
  async buryAll(tx: Tx, account: AccountRow, reason: 'admin' | 'reset'): Promise<void> {
    const { active } = await this.parts.chains.current(tx, account.no);
    for (const deviceId of active.keys()) await this.bury(tx, account, { deviceId, reason });
  }

  /** After a restore: what was set before, with its day and reason. The account is locked, and the device is one of its own without a tombstone. */
  async buryAgain(tx: Tx, account: AccountRow, { deviceId, day, reason }: Tombstone): Promise<ListVersion> {
    return this.bury(tx, account, { deviceId, reason, day });
  }

  /** Took no token since that day, in days since the epoch; `conflict` when it has taken one by now: it is there again. */
  async byIdleness({ tenantId, accountId, deviceId }: Caller, day: number): Promise<Revoked> {
    return this.db.transact(async (tx) => {
      await this.parts.accounts.lock(tx, tenantId, accountId);
      if (!(await this.parts.credentials.lockUnseen(tx, deviceId, day)))
        return problem('conflict', 'the device was seen since');
      return this.revoke(tx, { tenantId, accountId }, { deviceId, reason: 'idle', by: undefined });
    });
  }

  private async revoke(
    tx: Tx,
    of: { readonly tenantId: TenantId; readonly accountId: AccountId },
    {
      deviceId,
      reason,
      by,
    }: { readonly deviceId: DeviceId; readonly reason: TombstoneReason; readonly by: DeviceId | undefined },
  ): Promise<Revoked> {
    const account = await this.parts.accounts.lock(tx, of.tenantId, of.accountId);
    if (account === undefined) return problem('not_found', 'there is no such account');
    const devices = await this.parts.chains.current(tx, account.no);
    if (devices.tombstoned.has(deviceId)) return { kind: 'revoked', listVersion: devices.listVersion };
    if (by !== undefined && !devices.active.has(by)) return problem('not_allowed', 'the device is not active');
    if (!devices.active.has(deviceId)) return problem('not_found', 'the account has no such device');
    return { kind: 'revoked', listVersion: await this.bury(tx, account, { deviceId, reason }) };
  }

  /** The row of the account is locked; the device is active, or was before a restore. */
  private async bury(
    tx: Tx,
    account: AccountRow,
    {
      deviceId,
      reason,
      day = dayOf(this.clock.now()),
    }: { readonly deviceId: DeviceId; readonly reason: TombstoneReason; readonly day?: number },
  ): Promise<ListVersion> {
    const { accounts, chains, guards, prekeys, credentials, pending } = this.parts;
    const now = this.clock.now();
    const listVersion = await accounts.bumpListVersion(tx, account.no);
    await guards.setListVersion(tx, account.no, listVersion);
    await guards.close(tx, [deviceId]);
    await chains.bury(tx, account.no, { deviceId, day, reason, listVersion });
    await prekeys.remove(tx, [deviceId]);
    await credentials.remove(tx, [deviceId]);
    await pending.dropHeldBy(tx, [deviceId]);
    await appendRevoked(tx, [deviceId], now);
    await appendOutbox(tx, { kind: 'devices-changed', payload: { accountNo: account.no, listVersion } });
    await appendOutbox(tx, { kind: 'purge-mailboxes', payload: { deviceIds: [deviceId] } });
    return listVersion;
  }
}
