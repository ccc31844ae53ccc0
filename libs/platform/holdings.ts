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
  private readonly held = new Map<string, Holding>();

  constructor(
    private readonly leaseMs: number,
    private readonly most = 50_000,
  ) {}

  get size(): number {
    return this.held.size;
  }

  /** All or none. */
  takeAll(budgets: readonly Budget[], now: number): boolean {
    for (const [at, budget] of budgets.entries())
      if (!this.take(budget, now, 0)) {
        for (let before = 0; before < at; before += 1) this.giveBack(budgets[before] as Budget, now);
        return false;
      }
    return true;
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
    const name = nameOf(budget);
    const holding = this.held.get(name);
    if (holding === undefined) return undefined;
    this.held.delete(name);
    if (!isOf(holding, budget)) return undefined;
    const { period, size, left, owedUntil } = holding;
    return { period, size, left, owed: Math.max(0, owedUntil - now * 1000) };
  }

  /** `since`: when Redis was asked, in milliseconds. */
  put(budget: Budget, taken: TakenAhead, since: number): void {
    this.makeRoom(since);
    this.held.set(nameOf(budget), {
      ...taken,
      burst: budget.burst,
      perSecond: budget.perSecond,
      since,
      until: since + this.leaseMs,
      left: taken.size,
      owedUntil: 0,
    });
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
    const holding = this.held.get(nameOf(budget));
    return holding !== undefined && now >= holding.since && now < holding.until && isOf(holding, budget)
      ? holding
      : undefined;
  }

  /** Those that Redis no longer knows go two at a time with each that comes, so that what is held is never searched. */
  private makeRoom(now: number): void {
    let looked = 0;
    for (const [name, { until }] of this.held) {
      if (looked === 2 || (this.held.size < this.most && until + this.leaseMs > now)) return;
      this.held.delete(name);
      looked += 1;
    }
  }
}

function nameOf({ name, key }: Budget): string {
  return `${name} ${key}`;
}

/** Another burst or rate is another budget. */
function isOf({ burst, perSecond }: Holding, budget: Budget): boolean {
  return burst === budget.burst && perSecond === budget.perSecond;
}
