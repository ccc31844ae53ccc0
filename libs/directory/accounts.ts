import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Reader, Tx } from '../platform/postgres.js';
import type { AccountId, ListVersion, TenantId } from '../protocol/ids.js';
import type { AccountState } from '../protocol/bodies.js';
import { problem, type Problem } from '../protocol/problems.js';
import * as store from './accounts.store.js';

/** `no` names an account inside the server and never leaves it. `listVersion` is 0 until the first device enrols. */
export interface AccountRow {
  readonly no: number;
  readonly id: AccountId;
  readonly tenantId: TenantId;
  readonly listVersion: ListVersion;
  readonly suspended: boolean;
}

export interface ListedAccount extends AccountRow {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly state: AccountState;
}

export interface AccountPage {
  readonly after: AccountId | undefined;
  readonly limit: number;
}

/**
 * The directory of persons and bots. Every look-up names the tenant: an id of another tenant is an id that does not exist (D8), and so is
 * that of a deleted account, except in what admins list.
 */
export class Accounts {
  constructor(
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** With an id of the caller's choice, `conflict` when it is taken; else with a new one. */
  async create(
    tx: Tx,
    tenantId: TenantId,
    accountId?: AccountId,
  ): Promise<{ readonly kind: 'created'; readonly account: ListedAccount } | Problem> {
    const createdAt = this.clock.now();
    const row = await store.insertAccount(tx, { tenantId, id: accountId ?? this.ids.uuid<AccountId>(), createdAt });
    if (row === undefined) return problem('conflict', 'the account id is taken');
    return { kind: 'created', account: { ...row, createdAt, state: 'active' } };
  }

  /** One for each entry, in this order, with the id it names or a new one; undefined when one is taken, and then the work must roll back. */
  async createMany(
    tx: Tx,
    tenantId: TenantId,
    wanted: readonly (AccountId | undefined)[],
  ): Promise<readonly AccountId[] | undefined> {
    const ids = wanted.map((id) => id ?? this.ids.uuid<AccountId>());
    const made = await store.insertAccounts(tx, { tenantId, ids, createdAt: this.clock.now() });
    return made === ids.length ? ids : undefined;
  }

  /** Which of these ids an account of the tenant has or, deleted, had. */
  async taken(reader: Reader, tenantId: TenantId, accountIds: readonly AccountId[]): Promise<ReadonlySet<AccountId>> {
    return new Set(await store.selectTaken(reader, tenantId, accountIds));
  }

  async find(
    reader: Reader,
    tenantId: TenantId,
    accountIds: readonly AccountId[],
  ): Promise<Map<AccountId, AccountRow>> {
    const rows = await store.selectAccounts(reader, tenantId, accountIds);
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** By account number. */
  async tenantsOf(reader: Reader, nos: readonly number[]): Promise<ReadonlyMap<number, TenantId>> {
    return new Map(await store.selectTenantsOf(reader, nos));
  }

  async findListed(reader: Reader, tenantId: TenantId, accountId: AccountId): Promise<ListedAccount | undefined> {
    return store.selectListed(reader, tenantId, accountId);
  }

  /** First in the order of locks: account row, mailbox rows, accepted keys, envelopes. */
  async lock(tx: Tx, tenantId: TenantId, accountId: AccountId): Promise<AccountRow | undefined> {
    return store.lockAccount(tx, tenantId, accountId);
  }

  /** +1 with each stored list and each tombstone; the row must be locked. */
  async bumpListVersion(tx: Tx, no: number): Promise<ListVersion> {
    return store.incrementListVersion(tx, no);
  }

  async suspend(tx: Tx, no: number): Promise<void> {
    await store.updateSuspended(tx, no, { to: true });
  }

  async resume(tx: Tx, no: number): Promise<void> {
    await store.updateSuspended(tx, no, { to: false });
  }

  /** The row stays: no account gets this id again. */
  async markDeleted(tx: Tx, no: number): Promise<void> {
    await store.updateDeleted(tx, no);
  }

  async list(reader: Reader, tenantId: TenantId, page: AccountPage): Promise<readonly ListedAccount[]> {
    return store.selectPage(reader, tenantId, page);
  }
}
