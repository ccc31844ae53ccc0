import { createHmac } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Redis } from 'ioredis';

/** At most `points` within `perSeconds`; `name` keeps budgets apart. */
export interface Limit {
  readonly name: string;
  readonly points: number;
  readonly perSeconds: number;
}

export type LimitVerdict = { readonly kind: 'allowed' } | { readonly kind: 'limited'; readonly retryAfterMs: number };

/**
 * Budgets, counted in memory in one process or in Redis across all. What is refused consumes nothing: the window is fixed, and a refused
 * cost is given back, so that a smaller one still fits. Keys reach Redis only as HMACs, so it does not learn who does what to whom.
 */
export class Limiter {
  private readonly limiters = new Map<string, RateLimiterAbstract>();

  constructor(
    private readonly secret: Uint8Array,
    private readonly redis?: Redis,
  ) {}

  /** Throws when Redis is configured and away: callers decide whether they fail open or closed (D23). */
  async take(limit: Limit, key: string, cost = 1): Promise<LimitVerdict> {
    const hidden = createHmac('sha256', this.secret).update(`${limit.name}\0${key}`).digest('base64url').slice(0, 22);
    const limiter = this.limiterFor(limit);
    try {
      await limiter.consume(hidden, cost);
      return { kind: 'allowed' };
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      await limiter.reward(hidden, cost);
      return { kind: 'limited', retryAfterMs: Math.max(1, Math.ceil(refusal.msBeforeNext)) };
    }
  }

  private limiterFor({ name, points, perSeconds }: Limit): RateLimiterAbstract {
    const id = `${name}:${String(points)}:${String(perSeconds)}`;
    const held = this.limiters.get(id);
    if (held !== undefined) return held;
    const options = { keyPrefix: `sotto:limit:${id}`, points, duration: perSeconds };
    const made =
      this.redis === undefined
        ? new RateLimiterMemory(options)
        : new RateLimiterRedis({ ...options, storeClient: this.redis, rejectIfRedisNotReady: true });
    this.limiters.set(id, made);
    return made;
  }
}
