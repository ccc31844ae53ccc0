import { stepFor, type Budget } from './budgets.js';

/** A holding as Redis is told of it when it is handed back; microseconds. */
export interface HandedBack {
  /** In which period of Redis it was taken. */
  readonly period: number;
  /** What was taken, and what of it is left. */
  readonly size: number;
  readonly left: number;
  /** What the spent part would still owe if it had been taken when it was spent. */
  readonly owed: number;
}

export type TakenAhead = Pick<HandedBack, 'period' | 'size'>;

interface Holding extends TakenAhead {
  readonly name: string;
  readonly scope: string;
  readonly key: string;
  readonly burst: number;
  readonly perSecond: number;
  readonly since: number;
  readonly until: number;
  left: number;
  owedUntil: number;
}

/** No more than so many times what is taken now, so that a wide budget is not tied up for one who sends little. */
const MOST_TIMES = 50;

/** Microseconds to take ahead beside a step: a tenth of the budget at most, in whole steps, so nothing of a small one. */
export function aheadFor(budget: Budget): number {
  const { burst, cost = 1 } = budget;
  return cost === 0 ? 0 : stepFor(budget) * Math.min(MOST_TIMES, Math.floor(burst / (10 * cost)));
}

/**
 * What this node has taken in advance from budgets in Redis, to be spent without asking. It may be spent for the length of a lease, counted
 * from before Redis was asked; Redis keeps it apart for at least as long. Whatever is forgotten here counts there as spent, so that forgetting
 * is always safe: at most `most` are held, and the oldest go first.
 */
export class Holdings {
  /** By name, scope and key: joining the three and hashing what comes of it would cost more than all the rest. */
  private readonly held = new Map<string, Map<string, Map<string, Holding>>>();
  private readonly oldest = new Set<Holding>();

  constructor(
    private readonly leaseMs: number,
    private readonly most = 50_000,
  ) {}

  get size(): number {
    return this.oldest.size;
  }

  /** All or none. */
  takeAll(budgets: readonly Budget[], now: number): boolean {
    let taken = 0;
    for (const budget of budgets) {
      if (!this.take(budget, now, 0)) break;
      taken += 1;
    }
    if (taken === budgets.length) return true;
    for (const budget of budgets.slice(0, taken)) this.giveBack(budget, now);
    return false;
  }

  /** Where plenty remains afterwards: whoever has to ask for another budget anyway asks for this one too, before it runs out. */
  takeFromPlenty(budget: Budget, now: number): boolean {
    return this.take(budget, now, 1 / 4);
  }

  /** False: there is no room for it here, and Redis has to be told. */
  giveBack(budget: Budget, now: number): boolean {
    const holding = this.find(budget, now);
    const step = stepFor(budget);
    if (holding === undefined || holding.left + step > holding.size) return false;
    holding.left += step;
    holding.owedUntil -= step;
    return true;
  }

  handOver(budget: Budget, now: number): HandedBack | undefined {
    const holding = this.get(budget);
    if (holding === undefined) return undefined;
    this.forget(holding);
    if (!isOf(holding, budget)) return undefined;
    const { period, size, left, owedUntil } = holding;
    return { period, size, left, owed: Math.max(0, owedUntil - now * 1000) };
  }

  /** `since`: when Redis was asked, in milliseconds. */
  put(budget: Budget, { size, period }: TakenAhead, since: number): void {
    this.makeRoom(since);
    const before = this.get(budget);
    if (before !== undefined) this.forget(before);
    const { name, scope = '', key, burst, perSecond } = budget;
    const until = since + this.leaseMs;
    const holding = { name, scope, key, burst, perSecond, size, period, since, until, left: size, owedUntil: 0 };
    const scopes = this.held.get(name) ?? new Map<string, Map<string, Holding>>();
    const keys = scopes.get(scope) ?? new Map<string, Holding>();
    this.held.set(name, scopes);
    scopes.set(scope, keys);
    keys.set(key, holding);
    this.oldest.add(holding);
  }

  private take(budget: Budget, now: number, toRemain: number): boolean {
    const holding = this.find(budget, now);
    if (holding === undefined) return false;
    const step = stepFor(budget);
    if (holding.left - step < holding.size * toRemain) return false;
    holding.left -= step;
    holding.owedUntil = Math.max(holding.owedUntil, now * 1000) + step;
    return true;
  }

  private find(budget: Budget, now: number): Holding | undefined {
    const holding = this.get(budget);
    return holding !== undefined && now >= holding.since && now < holding.until && isOf(holding, budget)
      ? holding
      : undefined;
  }

  private get({ name, scope = '', key }: Budget): Holding | undefined {
    return this.held.get(name)?.get(scope)?.get(key);
  }

  private forget(holding: Holding): void {
    this.oldest.delete(holding);
    const scopes = this.held.get(holding.name);
    const keys = scopes?.get(holding.scope);
    keys?.delete(holding.key);
    if (keys?.size === 0) scopes?.delete(holding.scope);
  }

  /** Those that Redis no longer knows go two at a time with each that comes, so that what is held is never searched. */
  private makeRoom(now: number): void {
    let looked = 0;
    for (const holding of this.oldest) {
      if (looked === 2 || (this.size < this.most && holding.until + this.leaseMs > now)) return;
      this.forget(holding);
      looked += 1;
    }
  }
}

/** Another burst or rate is another budget. */
function isOf({ burst, perSecond }: Holding, budget: Budget): boolean {
  return burst === budget.burst && perSecond === budget.perSecond;
}
