import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { AccountGuard, Guards } from '../mailbox/guards.js';
import type { Reader } from '../platform/postgres.js';
import type { AccountId, Caller, DeviceId, IdempotencyKey, ListVersion, TenantId } from '../protocol/ids.js';
import type { SendRequest } from '../protocol/send-request.js';
import { DeviceSets } from './device-sets.js';

const tenantId = randomUUID() as TenantId;
const deviceId = randomUUID() as DeviceId;
const reader = {} as Reader;
const MOST = 3;

/** Every account exists, at list version 4. */
const accounts = {
  find: async (_: Reader, __: TenantId, ids: readonly AccountId[]) =>
    Promise.resolve(new Map(ids.map((id, index) => [id, { no: index + 1 } as AccountRow]))),
} as unknown as Accounts;
const guards = {
  read: async (_: Reader, nos: readonly number[]) =>
    Promise.resolve(
      new Map(
        nos.map((accountNo): [number, AccountGuard] => [
          accountNo,
          { accountNo, listVersion: 4 as ListVersion, suspended: false, devices: [] },
        ]),
      ),
    ),
} as unknown as Guards;

function accountIds(count: number): AccountId[] {
  return Array.from({ length: count }, () => randomUUID() as AccountId);
}

function toOneself(accountId: AccountId, of: Partial<Caller> & { readonly listVersion?: number } = {}) {
  const caller: Caller = { tenantId: of.tenantId ?? tenantId, accountId, deviceId };
  const recipient = {
    accountId,
    coverage: 'complete',
    listVersion: (of.listVersion ?? 4) as ListVersion,
    envelopes: [],
  };
  const request = { idempotencyKey: '' as IdempotencyKey, recipients: [recipient] } as unknown as SendRequest;
  return { caller, request };
}

describe('DeviceSets', () => {
  let sets: DeviceSets;
  beforeEach(() => {
    sets = new DeviceSets(accounts, guards, { most: MOST });
  });
  const read = async (accountId: AccountId): Promise<void> => {
    const { caller, request } = toOneself(accountId);
    await sets.fresh(reader, caller, request);
  };
  const holds = (accountId: AccountId, of: Parameters<typeof toOneself>[1] = {}): boolean => {
    const { caller, request } = toOneself(accountId, of);
    return sets.cached(caller, request) !== undefined;
  };

  it('holds what was read, as long as nobody says that there is something newer', async () => {
    const [id = '' as AccountId] = accountIds(1);
    expect(holds(id)).toBe(false);
    await read(id);
    expect(holds(id)).toBe(true);
    expect(holds(id, { listVersion: 5 })).toBe(false);
    sets.forget();
    expect(holds(id)).toBe(false);
  });

  it('holds nothing for another tenant', async () => {
    const [id = '' as AccountId] = accountIds(1);
    await read(id);
    expect(holds(id, { tenantId: randomUUID() as TenantId })).toBe(false);
  });

  it('lets go first what was not used, then the oldest, and keeps no more than it may', async () => {
    const [first, second, third, fourth, fifth] = accountIds(5) as [
      AccountId,
      AccountId,
      AccountId,
      AccountId,
      AccountId,
    ];
    for (const id of [first, second, third]) await read(id);
    holds(first);
    await read(fourth);
    expect([first, third, fourth].every((id) => holds(id))).toBe(true);
    expect(holds(second)).toBe(false);
    // All were used: the oldest goes after all, else nothing new could come in.
    await read(fifth);
    expect([first, third, fourth, fifth].filter((id) => holds(id))).toHaveLength(MOST);
    expect(holds(fifth)).toBe(true);
  });
});
