/**
 * A budget that refills steadily (GCRA, ITU-T I.371: a token bucket that is kept as one time). `name` keeps budgets apart that have the
 * same key, `scope` too: a text that its user holds anyway, so that keys need not be joined for each request. `cost` is 1 where it is left out; what costs more than `burst` passes when the budget is full, and is owed.
 */
export interface Budget {
  readonly name: string;
  readonly scope?: string;
  readonly key: string;
  readonly burst: number;
  readonly perSecond: number;
  readonly cost?: number;
}

/**
 * `take`: all budgets or none. `look`: whether `take` would pass. `charge`: taken whatever is left, and owed for ten minutes at most.
 * `back`: what was taken for something that did not come to pass.
 */
export type BudgetMode = 'take' | 'look' | 'charge' | 'back';

/** Times are microseconds: `step` is what the cost adds to the time at which the budget is full again, `span` the time from empty to full. */
export interface BudgetStep {
  readonly name: string;
  readonly step: number;
  readonly span: number;
}

export interface BudgetOperation {
  readonly mode: BudgetMode;
  readonly budgets: readonly BudgetStep[];
}

/** A debt is not remembered for longer. */
export const MOST_OWED = 600_000_000;

/** What a budget's cost adds to the time at which it is full again, in whole microseconds. */
export function stepFor({ perSecond, cost = 1 }: Budget): number {
  return Math.ceil((cost * 1_000_000) / perSecond);
}

/** `share`: of how many nodes this one holds one part. Another burst or rate is another budget: what is owed under a policy ends with it. */
export function stepOf({ name, scope = '', key, burst, perSecond, cost = 1 }: Budget, share = 1): BudgetStep {
  const rate = perSecond / share;
  return {
    name: `${name} ${String(burst)} ${String(perSecond)} ${scope} ${key}`,
    step: (cost * 1_000_000) / rate,
    span: (Math.max(1, burst / share) * 1_000_000) / rate,
  };
}

/** Microseconds until the step may be taken when the budget is full again at `fullAt`; not above 0: now. */
export function waitFor(fullAt: number, { step, span }: BudgetStep, now: number): number {
  return Math.max(fullAt, now) - now - Math.max(0, span - step);
}

/**
 * The budgets of one process. At most `most` are remembered; a full one need not be. When there are more, the oldest tenth is forgotten:
 * memory is bounded at the price of a budget that begins anew.
 */
export class BudgetMemory {
  private readonly fullAt = new Map<string, number>();

  constructor(private readonly most = 100_000) {}

  get size(): number {
    return this.fullAt.size;
  }

  /** Microseconds to wait; 0: done. */
  apply({ mode, budgets }: BudgetOperation, now: number): number {
    if (mode === 'take' || mode === 'look') {
      const wait = Math.max(0, ...budgets.map((each) => waitFor(this.fullAt.get(each.name) ?? 0, each, now)));
      if (wait > 0 || mode === 'look') return wait;
    }
    for (const { name, step } of budgets) {
      const from = Math.max(this.fullAt.get(name) ?? 0, now);
      if (mode === 'back') this.set(name, from - step, now);
      else
        this.set(name, mode === 'charge' ? Math.min(from + step, Math.max(from, now + MOST_OWED)) : from + step, now);
    }
    return 0;
  }

  private set(name: string, fullAt: number, now: number): void {
    if (fullAt <= now) this.fullAt.delete(name);
    else {
      if (this.fullAt.size >= this.most && !this.fullAt.has(name)) this.makeRoom(now);
      this.fullAt.set(name, fullAt);
    }
  }

  private makeRoom(now: number): void {
    for (const [name, fullAt] of this.fullAt) if (fullAt <= now) this.fullAt.delete(name);
    let over = this.fullAt.size - Math.floor(this.most * 0.9);
    for (const name of this.fullAt.keys()) {
      if (over <= 0) return;
      over -= 1;
      this.fullAt.delete(name);
    }
  }
}
