import { Batcher } from '../platform/batcher.js';
import type { Budget, Limiter } from '../platform/limiter.js';
import type { Policy } from '../protocol/bodies.js';
import type { Caller, TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { SendRequest } from '../protocol/send-request.js';
import type { Tenants } from '../tenancy/tenants.js';

/** What a request has taken, to be given back when it is refused after all. */
export interface Taken {
  readonly kind: 'taken';
  readonly budgets: readonly Budget[];
}

interface Asked {
  readonly caller: Caller;
  readonly request: SendRequest;
}

type Answer = Taken | Problem | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Limits of sends, of every class (D23): a request takes from all budgets that concern it, or is refused and takes from none. Verdicts
 * come in the order of the requests, so that what one connection sent stays in order.
 */
export class SendLimits {
  private readonly batcher = new Batcher<Asked, Answer>(async (batch) => this.decide(batch), { most: 200 });

  constructor(
    private readonly limiter: Limiter,
    private readonly tenants: Pick<Tenants, 'policy'>,
  ) {}

  async take(caller: Caller, request: SendRequest): Promise<Taken | Problem> {
    const answer = await this.batcher.add({ caller, request });
    if (answer.kind === 'failed') throw answer.error;
    return answer;
  }

  async giveBack({ budgets }: Taken): Promise<void> {
    await this.limiter.giveBack(budgets);
  }

  private async decide(batch: readonly Asked[]): Promise<readonly Answer[]> {
    const policies = new Map<TenantId, Promise<Policy>>();
    for (const { caller } of batch)
      if (!policies.has(caller.tenantId)) policies.set(caller.tenantId, this.tenants.policy(caller.tenantId));
    // All of them first: then the limiter is asked in the order of the batch.
    await Promise.allSettled(policies.values());
    return Promise.all(
      batch.map(async (asked): Promise<Answer> => {
        try {
          const budgets = budgetsOf(asked.caller, asked.request, (await policies.get(asked.caller.tenantId)) as Policy);
          const verdict = await this.limiter.take(budgets);
          if (verdict.kind === 'allowed') return { kind: 'taken', budgets };
          return problem('limited', 'too much at once; nothing was used up', { retryAfterMs: verdict.retryAfterMs });
        } catch (error) {
          return { kind: 'failed', error };
        }
      }),
    );
  }
}

/**
 * The device for a request; each pair of accounts for a request, but not the own account, which every request must cover; each mailbox for
 * the bytes. Ids are the client's and not yet looked up: the tenant is part of every key, so that nobody uses up another tenant's budgets.
 */
export function budgetsOf({ tenantId, accountId, deviceId }: Caller, request: SendRequest, policy: Policy): Budget[] {
  const { messagesPerMinute, pairBurst, pairPerSecond, burstBytes, rateBytesPerSecond } = policy;
  const budgets: Budget[] = [
    { name: 'device', key: `${tenantId} ${deviceId}`, burst: messagesPerMinute, perSecond: messagesPerMinute / 60 },
  ];
  for (const recipient of request.recipients) {
    if (recipient.accountId !== accountId)
      budgets.push({
        name: 'pair',
        key: `${tenantId} ${accountId} ${recipient.accountId}`,
        burst: pairBurst,
        perSecond: pairPerSecond,
      });
    for (const envelope of recipient.envelopes)
      budgets.push({
        name: 'bytes',
        key: `${tenantId} ${envelope.deviceId}`,
        burst: burstBytes,
        perSecond: rateBytesPerSecond,
        cost: envelope.content.length,
      });
  }
  return budgets;
}
