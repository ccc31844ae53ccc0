import type { Budget, Limiter, StrictVerdict } from '../platform/limiter.js';
import type { Brand } from '../protocol/brand.js';
import { Policy } from '../protocol/bodies.js';
import type { Caller, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { Tenants } from '../tenancy/tenants.js';

/** The network that a request comes from: an IPv4 /24 or IPv6 /56. Never logged, and in Redis only as an HMAC (D24). */
export type Network = Brand<string, 'Network'>;

/** Counted. What is refused for another reason after all gives back what it took. */
export interface Passed {
  readonly kind: 'passed';
  giveBack(): Promise<void>;
}

type Rate = Pick<Budget, 'burst' | 'perSecond'>;

const MINUTE = 60;
const HOUR = 3600;

/**
 * Limits at the doors (D23). Whoever has proved to be a device is limited as that device, never as its network: offices share an
 * address. A network is charged for failures only. Where its tenant is known a failure counts in the tenant's budget, else in the
 * installation's.
 */
export class Gate {
  constructor(
    private readonly limiter: Limiter,
    private readonly tenants: Pick<Tenants, 'policy'>,
    private readonly installation: { readonly failedAuthPerMinute: number } = Policy.parse({}),
  ) {}

  /** A REST request. */
  async request(caller: Caller): Promise<Passed | Problem> {
    const { requestsPerMinute } = await this.tenants.policy(caller.tenantId);
    return this.ofDevice('requests', caller, evenly(requestsPerMinute, MINUTE));
  }

  /** An access token for a device that has proved itself. */
  async grant(caller: Caller): Promise<Passed | Problem> {
    const { grantsPerMinute } = await this.tenants.policy(caller.tenantId);
    return this.ofDevice('grants', caller, evenly(grantsPerMinute, MINUTE));
  }

  /** A stream. */
  async connect(caller: Caller): Promise<Passed | Problem> {
    const { grantsPerMinute } = await this.tenants.policy(caller.tenantId);
    return this.ofDevice('connects', caller, evenly(grantsPerMinute, MINUTE));
  }

  /** A device list: closed while it cannot be counted. */
  async list({ tenantId, accountId }: Caller): Promise<Passed | Problem> {
    const { listsPerHour } = await this.tenants.policy(tenantId);
    const budget = { name: 'lists', key: `${tenantId} ${accountId}`, ...evenly(listsPerHour, HOUR) };
    const verdict = await this.limiter.takeStrictly([budget]);
    return refusalOf(verdict, 'too many lists of this account') ?? this.passed(budget);
  }

  /** Before an enrolment or a linking is judged: refused while the network has failures to wait for, or they cannot be counted. */
  async enter(from: Network, tenantId?: TenantId): Promise<Problem | undefined> {
    const verdict = await this.limiter.lookStrictly([await this.failures(from, tenantId)]);
    return refusalOf(verdict, TOO_MANY_FAILURES);
  }

  /** An enrolment or a linking failed. */
  async failed(from: Network, tenantId?: TenantId): Promise<void> {
    await this.limiter.charge([await this.failures(from, tenantId)]);
  }

  /** An authentication failed: answered as what it is, or as `limited` when the network has had too many. */
  async failedAs(refusal: Problem, from: Network, tenantId?: TenantId): Promise<Problem> {
    const verdict = await this.limiter.take([await this.failures(from, tenantId)]);
    return refusalOf(verdict, TOO_MANY_FAILURES) ?? refusal;
  }

  private async ofDevice(name: string, { tenantId, deviceId }: Caller, rate: Rate): Promise<Passed | Problem> {
    const budget = { name, key: `${tenantId} ${deviceId}`, ...rate };
    return refusalOf(await this.limiter.take([budget]), `too many ${name} of this device`) ?? this.passed(budget);
  }

  private passed(budget: Budget): Passed {
    return { kind: 'passed', giveBack: async () => this.limiter.giveBack([budget]) };
  }

  private async failures(from: Network, tenantId: TenantId | undefined): Promise<Budget> {
    const { failedAuthPerMinute } = tenantId === undefined ? this.installation : await this.tenants.policy(tenantId);
    return { name: 'failed', key: `${tenantId ?? ''} ${from}`, ...evenly(failedAuthPerMinute, MINUTE) };
  }
}

const TOO_MANY_FAILURES = 'too many failed attempts from this network';

function evenly(count: number, seconds: number): Rate {
  return { burst: count, perSecond: count / seconds };
}

function refusalOf(verdict: StrictVerdict, detail: string): Problem | undefined {
  if (verdict.kind === 'allowed') return undefined;
  const { retryAfterMs } = verdict;
  if (verdict.kind === 'limited') return problem('limited', detail, { retryAfterMs });
  return problem('unavailable', 'this cannot be counted now', { retryAfterMs });
}
