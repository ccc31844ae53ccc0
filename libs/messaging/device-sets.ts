import type { AccountRow, Accounts } from '../directory/accounts.js';
import type { AccountGuard, Guards } from '../mailbox/guards.js';
import type { Reader } from '../platform/postgres.js';
import type { AccountId, Caller, TenantId } from '../protocol/ids.js';
import type { SendRequest } from '../protocol/send-request.js';

/** What is known of an account that a send names; `guard` is undefined while it has no active device. */
export interface Target {
  readonly guard: AccountGuard | undefined;
}

/** By account id, the sender's own among them; an account that is not in the map does not exist for this tenant. */
export type Targets = ReadonlyMap<AccountId, Target>;

/** A request and who sends it. */
export interface Asked {
  readonly caller: Caller;
  readonly request: SendRequest;
}

interface Held {
  /** An id of another tenant's account resolves to nothing (D8). */
  readonly tenantId: TenantId;
  readonly guard: AccountGuard;
  used: boolean;
}

/**
 * Devices of accounts as last read, with the list version as the guard: a send that was planned over an old entry is refused by the
 * guard rows themselves, and planned again over a fresh one. Bounded: the oldest goes that was not used since it was last its turn, so
 * that using one costs no more than a mark.
 */
export class DeviceSets {
  private readonly held = new Map<AccountId, Held>();

  constructor(
    private readonly accounts: Accounts,
    private readonly guards: Guards,
    private readonly bound: { readonly most: number } = { most: 100_000 },
  ) {}

  /** Undefined unless every account is held, and at least as new as the request says it is. */
  cached(caller: Caller, request: SendRequest): Targets | undefined {
    const targets = new Map<AccountId, Target>();
    for (const { accountId, listVersion } of request.recipients) {
      const guard = this.hold(caller.tenantId, accountId);
      if (guard === undefined || guard.listVersion < listVersion) return undefined;
      targets.set(accountId, { guard });
    }
    if (!targets.has(caller.accountId)) {
      const guard = this.hold(caller.tenantId, caller.accountId);
      if (guard === undefined) return undefined;
      targets.set(caller.accountId, { guard });
    }
    return targets;
  }

  /** As they are now, in one query where the accounts are held: what a send without guard rows has to go by. */
  async current(reader: Reader, caller: Caller, request: SendRequest): Promise<Targets> {
    const held = this.cached(caller, request);
    if (held === undefined) return this.fresh(reader, caller, request);
    const nos = [...held.values()].flatMap(({ guard }) => (guard === undefined ? [] : [guard.accountNo]));
    const guards = await this.guards.read(reader, nos);
    const targets = new Map<AccountId, Target>();
    for (const [accountId, { guard }] of held) {
      const now = guard === undefined ? undefined : guards.get(guard.accountNo);
      targets.set(accountId, { guard: now });
      this.keep(caller.tenantId, accountId, now);
    }
    return targets;
  }

  /** Reads all accounts of the request anew. */
  async fresh(reader: Reader, caller: Caller, request: SendRequest): Promise<Targets> {
    const [targets] = await this.freshAll(reader, [{ caller, request }]);
    return targets ?? new Map();
  }

  /** The same for many requests: one look into the directory a tenant, one at the guard rows. */
  async freshAll(reader: Reader, asked: readonly Asked[]): Promise<readonly Targets[]> {
    const wanted = new Map<TenantId, Set<AccountId>>();
    for (const { caller, request } of asked) {
      const ids = wanted.get(caller.tenantId) ?? new Set();
      wanted.set(caller.tenantId, ids);
      for (const id of idsOf(caller, request)) ids.add(id);
    }
    const found = new Map<TenantId, Map<AccountId, AccountRow>>();
    for (const [tenantId, ids] of wanted) found.set(tenantId, await this.accounts.find(reader, tenantId, [...ids]));
    const nos = [...found.values()].flatMap((rows) => [...rows.values()].map(({ no }) => no));
    const guards = await this.guards.read(reader, nos);
    return asked.map(({ caller, request }) => {
      const targets = new Map<AccountId, Target>();
      for (const accountId of idsOf(caller, request)) {
        const row = found.get(caller.tenantId)?.get(accountId);
        if (row === undefined) continue;
        const guard = guards.get(row.no);
        targets.set(accountId, { guard });
        this.keep(caller.tenantId, accountId, guard);
      }
      return targets;
    });
  }

  /** The database is another one: its list versions may count other lists. */
  forget(): void {
    this.held.clear();
  }

  private hold(tenantId: TenantId, accountId: AccountId): AccountGuard | undefined {
    const held = this.held.get(accountId);
    if (held?.tenantId !== tenantId) return undefined;
    held.used = true;
    return held.guard;
  }

  private keep(tenantId: TenantId, accountId: AccountId, guard: AccountGuard | undefined): void {
    this.held.delete(accountId);
    if (guard === undefined) return;
    if (this.held.size >= this.bound.most) this.makeRoom();
    this.held.set(accountId, { tenantId, guard, used: false });
  }

  private makeRoom(): void {
    for (const [accountId, held] of this.held) {
      this.held.delete(accountId);
      if (!held.used) return;
      held.used = false;
      this.held.set(accountId, held);
    }
  }
}

function idsOf(caller: Caller, request: SendRequest): ReadonlySet<AccountId> {
  return new Set([caller.accountId, ...request.recipients.map(({ accountId }) => accountId)]);
}
