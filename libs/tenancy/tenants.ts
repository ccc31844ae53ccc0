import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Db, Reader, Tx } from '../platform/postgres.js';
import { Policy } from '../protocol/bodies.js';
import type { TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import * as store from './tenants.store.js';

/** A customer: isolated directory, policies, keys and quotas. Times are milliseconds since the epoch. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  /** Made by the first start of an embedded server. */
  readonly demo: boolean;
  readonly createdAt: number;
}

/** A keyset page: at most `limit` after the one named, from the start when none is. */
export interface Page<Id> {
  readonly after: Id | undefined;
  readonly limit: number;
}

const CACHE_MS = 3000;
const CACHED_TENANTS = 10_000;

/**
 * Tenants and their policies. What `find` and `policy` answer may be 3 seconds old on other nodes; on the node that set a policy
 * it is not. An unknown tenant is not remembered, so a new one is seen at once. The cache holds 10,000 and is emptied when full.
 */
export class Tenants {
  private readonly cache = new Map<
    TenantId,
    { readonly tenant: Tenant; readonly policy: Policy; readonly until: number }
  >();
  /** So many times until now. */
  private forgotten = 0;

  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async create(name: string, options: { readonly demo?: boolean; readonly tx?: Tx } = {}): Promise<Tenant> {
    const tenant: Tenant = {
      id: this.ids.uuid<TenantId>(),
      name,
      demo: options.demo ?? false,
      createdAt: this.clock.now(),
    };
    await this.db.within(options.tx, (tx) => store.insertTenant(tx, tenant));
    return tenant;
  }

  async find(tenantId: TenantId): Promise<Tenant | undefined> {
    return (await this.look(tenantId))?.tenant;
  }

  async list(page: Page<TenantId>): Promise<readonly Tenant[]> {
    return store.selectTenants(this.db, page);
  }

  /** The tenant that keeps this installation on the loopback, if there is one. */
  async demo(): Promise<Tenant | undefined> {
    return store.selectDemoTenant(this.db);
  }

  /** Defaults filled in. The tenant must exist: its id comes from a verified token or a row that refers to it. */
  async policy(tenantId: TenantId): Promise<Policy> {
    const entry = await this.look(tenantId);
    if (entry === undefined) throw new Error(`policy of tenant ${tenantId}, which does not exist`);
    return entry.policy;
  }

  /** As it stands in this transaction or database at this moment: what `policy` answers may be 3 seconds old. */
  async policyNow(reader: Reader, tenantId: TenantId): Promise<Policy> {
    const stored = await store.selectTenant(reader, tenantId);
    if (stored === undefined) throw new Error(`policy of tenant ${tenantId}, which does not exist`);
    return readPolicy(stored.policy);
  }

  /** The least that any tenant allows: who is within it is within all. Retention in milliseconds, stock in bytes. */
  async tightest(): Promise<{ readonly retention: number; readonly stock: number }> {
    const { retentionSeconds, mailboxBytes } = await store.selectTightest(this.db, Policy.parse({}));
    return { retention: retentionSeconds * 1_000, stock: mailboxBytes };
  }

  /** Replaces the whole policy; a value that is left out goes back to its default. In a transaction of the caller's, `forget` after its commit. */
  async setPolicy(
    tenantId: TenantId,
    wanted: unknown,
    within?: Tx,
  ): Promise<{ readonly kind: 'set'; readonly policy: Policy } | Problem> {
    const parsed = Policy.safeParse(wanted);
    if (!parsed.success)
      return problem(
        'malformed',
        parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
      );
    const fault = stockFault(parsed.data);
    if (fault !== undefined) return problem('malformed', fault);
    const updated = await this.db.within(within, (tx) => store.updatePolicy(tx, tenantId, wanted as object));
    this.forget(tenantId);
    return updated ? { kind: 'set', policy: parsed.data } : problem('not_found', 'there is no such tenant');
  }

  /** What this node remembers of the tenant is read again. */
  forget(tenantId: TenantId): void {
    this.cache.delete(tenantId);
    this.forgotten += 1;
  }

  private async look(tenantId: TenantId) {
    const now = this.clock.now();
    const cached = this.cache.get(tenantId);
    if (cached !== undefined && cached.until > now) return cached;
    const { forgotten } = this;
    const stored = await store.selectTenant(this.db, tenantId);
    if (stored === undefined) return undefined;
    const { policy, ...tenant } = stored;
    const entry = { tenant, policy: readPolicy(policy), until: now + CACHE_MS };
    if (this.cache.size >= CACHED_TENANTS) this.cache.clear();
    // What was read before something was forgotten may be what was forgotten.
    if (forgotten === this.forgotten) this.cache.set(tenantId, entry);
    return entry;
  }
}

/** Keys that this version does not know (a newer one wrote them) are left out instead of refused. */
function readPolicy(stored: unknown): Policy {
  return Policy.strip().parse(stored);
}

/**
 * A flood within the limits must not push out mail before its age (D19): what can come in during the retention has to fit. A budget that is
 * full lets one envelope through whatever it costs, so less than that is no burst.
 */
function stockFault({ mailboxBytes, burstBytes, rateBytesPerSecond, retentionSeconds }: Policy): string | undefined {
  const least = Math.max(burstBytes, LIMITS.envelopeBytes) + rateBytesPerSecond * retentionSeconds;
  return mailboxBytes >= least
    ? undefined
    : `mailboxBytes: at least burstBytes + rateBytesPerSecond × retentionSeconds, which is ${String(least)}`;
}
