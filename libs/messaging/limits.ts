import type { Budget, Limiter, LimitVerdict } from '../platform/limiter.js';
import type { Policy } from '../protocol/bodies.js';
import type { Caller, DeviceId, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { SendRequest } from '../protocol/send-request.js';
import type { Tenants } from '../tenancy/tenants.js';

/** What a request has taken, to be given back when it is refused after all. */
export interface Taken {
  readonly kind: 'taken';
  readonly budgets: readonly Budget[];
}

/**
 * Limits of sends, of every class (D23): a request takes from all budgets that concern it, or is refused and takes from none. Verdicts
 * for one device come in the order of its requests, so that what one connection sent stays in order (D9): what can be told at once is, unless something of
 * the same device still waits for its verdict.
 */
export class SendLimits {
  private readonly waiting = new Map<DeviceId, number>();
  /** Being read: who comes meanwhile waits for the same answer, and stays in order. */
  private readonly policies = new Map<TenantId, Promise<Policy>>();

  constructor(
    private readonly limiter: Limiter,
    private readonly tenants: Pick<Tenants, 'policy'>,
  ) {}

  async take(caller: Caller, request: SendRequest): Promise<Taken | Problem> {
    const budgets = budgetsOf(caller, request, await this.policyOf(caller.tenantId));
    const { deviceId } = caller;
    const before = this.waiting.get(deviceId);
    const answer = before === undefined ? this.limiter.takeAhead(budgets) : this.limiter.takeInTurn(budgets);
    if (!(answer instanceof Promise)) return takenOr(budgets, answer);
    this.waiting.set(deviceId, (before ?? 0) + 1);
    try {
      return takenOr(budgets, await answer);
    } finally {
      const left = (this.waiting.get(deviceId) ?? 1) - 1;
      if (left === 0) this.waiting.delete(deviceId);
      else this.waiting.set(deviceId, left);
    }
  }

  async giveBack({ budgets }: Taken): Promise<void> {
    await this.limiter.giveBack(budgets);
  }

  private async policyOf(tenantId: TenantId): Promise<Policy> {
    let policy = this.policies.get(tenantId);
    if (policy === undefined) {
      policy = this.tenants.policy(tenantId).finally(() => this.policies.delete(tenantId));
      this.policies.set(tenantId, policy);
    }
    return policy;
  }
}

function takenOr(budgets: readonly Budget[], verdict: LimitVerdict): Taken | Problem {
  if (verdict.kind === 'allowed') return { kind: 'taken', budgets };
  return problem('limited', 'too much at once; nothing was used up', { retryAfterMs: verdict.retryAfterMs });
}

/**
 * The device for a request; each pair of accounts for a request, but not the own account, which every request must cover; each mailbox for
 * the bytes. Ids in the request are the client's and not yet looked up: the tenant or the caller is part of every budget, so that nobody uses up those of
 * another tenant.
 */
export function budgetsOf({ tenantId, accountId, deviceId }: Caller, request: SendRequest, policy: Policy): Budget[] {
  const { messagesPerMinute, pairBurst, pairPerSecond, burstBytes, rateBytesPerSecond } = policy;
  const budgets: Budget[] = [
    { name: 'device', scope: tenantId, key: deviceId, burst: messagesPerMinute, perSecond: messagesPerMinute / 60 },
  ];
  for (const recipient of request.recipients) {
    if (recipient.accountId !== accountId)
      budgets.push({
        name: 'pair',
        scope: accountId,
        key: recipient.accountId,
        burst: pairBurst,
        perSecond: pairPerSecond,
      });
    for (const envelope of recipient.envelopes)
      budgets.push({
        name: 'bytes',
        scope: tenantId,
        key: envelope.deviceId,
        burst: burstBytes,
        perSecond: rateBytesPerSecond,
        cost: envelope.content.length,
      });
  }
  return budgets;
}
