import type { Credentials } from '../auth/credentials.js';
import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { CheckedRegistration } from '../keys/key-rules.js';
import type { Prekeys } from '../keys/prekeys.js';
import type { Guards } from '../mailbox/guards.js';
import { appendOutbox } from '../platform/outbox.js';
import type { Tx } from '../platform/postgres.js';
import { equalBytes } from '../protocol/bytes.js';
import type { VerifiedList } from '../protocol/device-chain.js';
import type { DeviceEntry } from '../protocol/device-list.js';
import type { ListVersion } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { DeviceChains } from './chains.js';

interface Parts {
  readonly accounts: Accounts;
  readonly guards: Guards;
  readonly prekeys: Prekeys;
  readonly credentials: Credentials;
  readonly chains: DeviceChains;
}

export interface Newcomer {
  readonly entry: DeviceEntry;
  readonly registration: CheckedRegistration;
}

/**
 * What enrolment and linking share: a verified list is stored and its new devices begin to exist, with keys, credential and mailbox, under
 * one list version that all rows of the account take together (D4). The account row is locked before; a problem must roll back.
 */
export class Activation {
  constructor(private readonly parts: Parts) {}

  async store(
    tx: Tx,
    account: AccountRow,
    { verified, newcomers }: { readonly verified: VerifiedList; readonly newcomers: readonly Newcomer[] },
  ): Promise<{ readonly kind: 'stored'; readonly listVersion: ListVersion } | Problem> {
    const { accounts, chains, guards, prekeys, credentials } = this.parts;
    const listVersion = await accounts.bumpListVersion(tx, account.no);
    await guards.setListVersion(tx, account.no, listVersion);
    for (const { entry, registration } of newcomers) {
      const { deviceId, registrationId, authKey } = registration;
      if (!isSameDevice(entry, registration))
        return problem('invalid_list', `entry ${entry.deviceId} names other keys than the device registered`);
      const fault = await prekeys.register(tx, registration);
      if (fault !== undefined) return fault;
      await credentials.save(tx, { caller: { tenantId: account.tenantId, accountId: account.id, deviceId }, authKey });
      await guards.open(tx, { accountNo: account.no, deviceId, registrationId, listVersion });
    }
    await chains.append(tx, account.no, { ...verified, listVersion });
    await appendOutbox(tx, { kind: 'devices-changed', payload: { accountNo: account.no, listVersion } });
    return { kind: 'stored', listVersion };
  }
}

function isSameDevice(entry: DeviceEntry, registration: CheckedRegistration): boolean {
  return (
    entry.deviceId === registration.deviceId &&
    equalBytes(entry.identityKey, registration.identityKey) &&
    equalBytes(entry.statement.authKey, registration.authKey)
  );
}
