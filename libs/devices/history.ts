import type { Credentials } from '../auth/credentials.js';
import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { Prekeys } from '../keys/prekeys.js';
import type { Guards } from '../mailbox/guards.js';
import { allOrNothing } from '../platform/all-or-nothing.js';
import type { Clock } from '../platform/clock.js';
import type { Installation } from '../platform/installation.js';
import { appendOutbox } from '../platform/outbox.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { DeviceChain } from '../protocol/chain-wire.js';
import type { VerifiedList } from '../protocol/device-chain.js';
import { continueChain, type Continuation } from '../protocol/chain-history.js';
import { dayOf } from '../protocol/device-list.js';
import type { Caller, ListVersion } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import { chainCrypto } from '../signal/signal.js';
import type { Tenants } from '../tenancy/tenants.js';
import type { AccountDevices, DeviceChains } from './chains.js';
import type { Revocations } from './revocation.js';

interface Parts {
  readonly accounts: Accounts;
  readonly tenants: Tenants;
  readonly chains: DeviceChains;
  readonly guards: Guards;
  readonly prekeys: Prekeys;
  readonly credentials: Credentials;
  readonly revocations: Revocations;
  readonly installation: Pick<Installation, 'notBefore'>;
  readonly clock: Clock;
}

type Healed = { readonly kind: 'stored'; readonly listVersion: ListVersion } | Problem;
type Added = Extract<Continuation, { readonly kind: 'continuation' }>;

/**
 * After a restore (D26): a device of the account offers the lists and tombstones that it has seen, and those that the database has
 * forgotten are stored again, in one transaction. Only what the rules of the chain let follow is taken. Each list and each tombstone adds
 * one to the list version, as it did the first time, so the account comes to stand exactly where clients have seen it, and no rule of
 * theirs (rollback, fork) has to be looser. A device that came after the backup gets its credential from its signed statement;
 * keys and mailbox come with its own registration. Nobody approves it again: therefore only for so long after a restore.
 */
export class Histories {
  constructor(
    private readonly db: Db,
    private readonly parts: Parts,
  ) {}

  /** Idempotent. `not_allowed`: no restore was seen lately, or the device is not active. */
  async offer(caller: Caller, offered: DeviceChain): Promise<Healed> {
    const { accounts, chains, clock, installation, tenants } = this.parts;
    const now = clock.now();
    if (now - installation.notBefore > LIMITS.historyAfterRestore)
      return problem('not_allowed', 'the server was not restored lately');
    if (offered.accountId !== caller.accountId) return problem('invalid_list', 'wrong_account');
    return allOrNothing<Exclude<Healed, Problem>>(this.db, async (tx) => {
      const account = await accounts.lock(tx, caller.tenantId, caller.accountId);
      if (account === undefined) return problem('not_found', 'there is no such account');
      if (account.suspended) return problem('account_suspended', 'no list until the suspension is lifted');
      const devices = await chains.current(tx, account.no);
      const { latest } = devices;
      if (latest === undefined || !devices.active.has(caller.deviceId))
        return problem('not_allowed', 'the device is not active');
      const seen = new Set((await chains.devices(tx, account.no)).map(({ entry }) => entry.deviceId));
      const held = { latest, tombstoned: devices.tombstoned, seen };
      const context = { tenantId: caller.tenantId, accountId: caller.accountId, today: dayOf(now) };
      const added = continueChain(held, offered, { ...context, crypto: chainCrypto });
      if (added.kind === 'invalid') return problem('invalid_list', added.fault);
      const { devicesPerAccount } = await tenants.policyNow(tx, caller.tenantId);
      if (added.newcomers.length > 0 && added.active.size > devicesPerAccount)
        return problem('device_limit', `the policy allows ${String(devicesPerAccount)} active devices`);
      return this.store(tx, account, { devices, added });
    });
  }

  private async store(
    tx: Tx,
    account: AccountRow,
    { devices, added }: { readonly devices: AccountDevices; readonly added: Added },
  ): Promise<Healed> {
    const { prekeys, credentials, revocations } = this.parts;
    let { listVersion } = devices;
    for (const list of added.lists) listVersion = await this.append(tx, account, list);
    for (const { deviceId, identityKey, statement } of added.newcomers) {
      // The id and the key may have come to another account since the restore.
      if (!(await prekeys.admit(tx, { deviceId, identityKey })))
        return problem('identity_known', `device ${deviceId} or its identity key is known here`);
      if (!added.active.has(deviceId)) continue;
      const caller = { tenantId: account.tenantId, accountId: account.id, deviceId };
      await credentials.save(tx, { caller, authKey: statement.authKey });
    }
    for (const stone of added.tombstones) listVersion = await revocations.buryAgain(tx, account, stone);
    return { kind: 'stored', listVersion };
  }

  private async append(tx: Tx, account: AccountRow, list: VerifiedList): Promise<ListVersion> {
    const { accounts, chains, guards } = this.parts;
    const listVersion = await accounts.bumpListVersion(tx, account.no);
    await guards.setListVersion(tx, account.no, listVersion);
    await chains.append(tx, account.no, { ...list, listVersion });
    await appendOutbox(tx, { kind: 'devices-changed', payload: { accountNo: account.no, listVersion } });
    return listVersion;
  }
}
