import type { Accounts } from '../directory/accounts.js';
import { checkRegistration, invalid } from '../keys/key-rules.js';
import type { Prekeys } from '../keys/prekeys.js';
import type { Guards } from '../mailbox/guards.js';
import { allOrNothing } from '../platform/all-or-nothing.js';
import { appendOutbox } from '../platform/outbox.js';
import type { Db } from '../platform/postgres.js';
import { equalBytes } from '../protocol/bytes.js';
import type { Caller } from '../protocol/ids.js';
import type { DeviceRegistration, PrekeyStock } from '../protocol/prekeys.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { DeviceChains } from './chains.js';

interface Parts {
  readonly accounts: Accounts;
  readonly chains: DeviceChains;
  readonly guards: Guards;
  readonly prekeys: Prekeys;
}

/**
 * A device that lost its sessions takes a new registration id and new prekeys (D18); its identity, auth key and mail stay. From the
 * commit on old senders get *stale*. The list version does not change: nobody came or went.
 */
export class Registrations {
  constructor(
    private readonly db: Db,
    private readonly parts: Parts,
  ) {}

  async change(
    caller: Caller,
    registration: DeviceRegistration,
  ): Promise<({ readonly kind: 'stock' } & PrekeyStock) | Problem> {
    if (registration.deviceId !== caller.deviceId) return invalid('device_id is not that of the caller');
    const checked = checkRegistration(registration);
    if (checked.kind === 'problem') return checked;
    const { accounts, chains, guards, prekeys } = this.parts;
    return allOrNothing(this.db, async (tx) => {
      const account = await accounts.lock(tx, caller.tenantId, caller.accountId);
      if (account === undefined) return problem('not_found', 'there is no such account');
      const devices = await chains.current(tx, account.no);
      const entry = devices.active.get(caller.deviceId);
      if (entry === undefined) return problem('not_allowed', 'the device is not active');
      if (!equalBytes(entry.statement.authKey, registration.authKey))
        return invalid('auth_key is not that of the device');
      const { deviceId, registrationId } = registration;
      if (await prekeys.hasKeys(tx, deviceId)) {
        await guards.setRegistration(tx, deviceId, registrationId);
        const fault = await prekeys.reregister(tx, checked.registration);
        if (fault !== undefined) return fault;
      } else {
        // It was linked after the backup that the database was restored from (D26): its list is here again, and now its keys and mailbox.
        if (account.suspended) return problem('not_allowed', 'the account is suspended');
        if (!equalBytes(entry.identityKey, registration.identityKey))
          return invalid('identity_key is not that of the device');
        await prekeys.begin(tx, checked.registration);
        await guards.open(tx, { accountNo: account.no, deviceId, registrationId, listVersion: devices.listVersion });
      }
      await appendOutbox(tx, {
        kind: 'devices-changed',
        payload: { accountNo: account.no, listVersion: devices.listVersion },
      });
      return { kind: 'stock', ...(await prekeys.stock(tx, caller.deviceId)) };
    });
  }
}
