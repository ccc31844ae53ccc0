import type { Redis } from 'ioredis';
import { Batcher } from './batcher.js';
import { BudgetScript, type AskedOperation } from './budget-script.js';
import { BudgetMemory, stepOf, type Budget, type BudgetMode } from './budgets.js';
import type { Clock } from './clock.js';
import { aheadFor, Holdings } from './holdings.js';

export type { Budget } from './budgets.js';

export type LimitVerdict = { readonly kind: 'allowed' } | { readonly kind: 'limited'; readonly retryAfterMs: number };

/** `unavailable`: what must not be granted without being counted everywhere, while Redis is away. */
export type StrictVerdict = LimitVerdict | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

interface Asked {
  readonly mode: BudgetMode;
  readonly budgets: readonly Budget[];
  readonly how?: 'ahead' | 'strict';
}

/** Redis answers in well under a millisecond; one that has not after this long is away. */
const PATIENCE = 500;
/** Then it is not asked again for so long, so that not every batch waits. */
const PAUSE = 1_000;
const BATCH = 200;
/** Long enough for the pauses of a conversation; what a node holds is missing elsewhere for at most twice as long. */
const LEASE = 120_000;
const ALLOWED: LimitVerdict = { kind: 'allowed' };

/**
 * Budgets: exact in the memory of one process, or in Redis across all nodes. An operation names as many as concern it, and takes from
 * all or from none. What comes while a call is under way goes with the next one, and verdicts come in the order in which they were
 * asked for. While Redis is away each node grants its share of every budget from its own memory; `takeStrictly` grants nothing then (D23).
 *
 * `takeAhead` takes some more while it asks, where there is ample room, and is answered from that the next times. Whatever else Redis is asked about
 * such a budget hands the rest back first, so that a node never refuses for the sake of what it holds itself.
 */
export class Limiter {
  private readonly memory = new BudgetMemory();
  private readonly script: BudgetScript | undefined;
  private readonly holdings: Holdings;
  private readonly batcher = new Batcher<Asked, StrictVerdict>(async (batch) => this.decide(batch), { most: BATCH });
  private awayUntil = 0;

  constructor(
    private readonly clock: Clock,
    shared?: { readonly redis: Redis; readonly secret: Uint8Array; readonly leaseMs?: number },
    /** How many nodes share the work; asked only while Redis is away. */
    private readonly nodes: () => Promise<number> = () => Promise.resolve(1),
    /** Told how many decisions were made without the Redis that should have made them. */
    private readonly onAway: (decisions: number) => void = () => undefined,
  ) {
    const leaseMs = shared?.leaseMs ?? LEASE;
    this.holdings = new Holdings(leaseMs);
    this.script = shared === undefined ? undefined : new BudgetScript(shared.redis, shared.secret, leaseMs);
  }

  async take(budgets: readonly Budget[]): Promise<LimitVerdict> {
    return lenient(await this.batcher.add({ mode: 'take', budgets }));
  }

  /** At once, and before what still waits for Redis, where this process can tell by itself. */
  takeAhead(budgets: readonly Budget[]): LimitVerdict | Promise<LimitVerdict> {
    if (this.script === undefined) return this.here({ mode: 'take', budgets }, 1);
    if (this.holdings.takeAll(budgets, this.clock.now())) return ALLOWED;
    return this.takeInTurn(budgets);
  }

  /** The same, after what was asked before. */
  async takeInTurn(budgets: readonly Budget[]): Promise<LimitVerdict> {
    return lenient(await this.batcher.add({ mode: 'take', budgets, how: 'ahead' }));
  }

  async takeStrictly(budgets: readonly Budget[]): Promise<StrictVerdict> {
    return this.batcher.add({ mode: 'take', budgets, how: 'strict' });
  }

  /** Whether `take` would be allowed; takes nothing. */
  async look(budgets: readonly Budget[]): Promise<LimitVerdict> {
    return lenient(await this.batcher.add({ mode: 'look', budgets }));
  }

  async lookStrictly(budgets: readonly Budget[]): Promise<StrictVerdict> {
    return this.batcher.add({ mode: 'look', budgets, how: 'strict' });
  }

  /** What has happened already counts in any case; more than the budget is owed. */
  async charge(budgets: readonly Budget[]): Promise<void> {
    await this.batcher.add({ mode: 'charge', budgets });
  }

  /** What was taken for something that was refused later on. */
  async giveBack(budgets: readonly Budget[]): Promise<void> {
    const now = this.clock.now();
    const rest = budgets.filter((budget) => !this.holdings.giveBack(budget, now));
    if (rest.length > 0) await this.batcher.add({ mode: 'back', budgets: rest });
  }

  private async decide(batch: readonly Asked[]): Promise<readonly StrictVerdict[]> {
    if (this.script === undefined) return batch.map((asked) => this.here(asked, 1));
    if (this.clock.now() >= this.awayUntil) {
      const verdicts = await this.ask(this.script, batch);
      if (verdicts !== undefined) return verdicts;
      this.awayUntil = this.clock.now() + PAUSE;
    }
    this.onAway(batch.length);
    const share = Math.max(1, await this.nodes());
    return batch.map((asked) =>
      asked.how === 'strict' ? { kind: 'unavailable', retryAfterMs: PAUSE } : this.here(asked, share),
    );
  }

  /** Undefined: Redis is away, and nothing that was to be spent is spent. */
  private async ask(script: BudgetScript, batch: readonly Asked[]): Promise<readonly StrictVerdict[] | undefined> {
    const now = this.clock.now();
    const wanted = new Map<string, Budget>();
    const split = batch.map(({ mode, budgets, how }) => {
      const ahead = mode === 'take' && how === 'ahead';
      const spent: Budget[] = [];
      const steps: AskedOperation['budgets'][number][] = [];
      // By now a call that came back may have brought enough.
      if (ahead && this.holdings.takeAll(budgets, now)) return { mode, spent: budgets, steps };
      for (const budget of budgets) {
        if (ahead && this.holdings.takeFromPlenty(budget, now)) {
          spent.push(budget);
          continue;
        }
        const step = stepOf(budget);
        if (ahead) wanted.set(step.name, budget);
        steps.push({ ...step, ahead: ahead ? aheadFor(budget) : 0, handed: this.holdings.handOver(budget, now) });
      }
      return { mode, spent, steps };
    });
    const operations = split.filter(({ steps }) => steps.length > 0);
    if (operations.length === 0) return batch.map(() => ALLOWED);
    const answer = await inTime(
      script.apply(
        operations.map(({ mode, steps }) => ({ mode, budgets: steps })),
        now,
      ),
    );
    if (answer === undefined) {
      for (const { spent } of split) this.putBack(spent, now);
      return undefined;
    }
    for (const [name, taken] of answer.ahead) {
      const budget = wanted.get(name);
      if (budget !== undefined) this.holdings.put(budget, taken, now);
    }
    const waits = answer.waits.values();
    return split.map(({ spent, steps }) => {
      const wait = steps.length === 0 ? 0 : (waits.next().value ?? 0);
      const homeless = wait === 0 ? [] : this.putBack(spent, now);
      // What was held until a later operation of this batch handed it over; an answer to nobody.
      if (homeless.length > 0) void this.batcher.add({ mode: 'back', budgets: homeless }).catch(() => undefined);
      return verdictOf(wait);
    });
  }

  private putBack(spent: readonly Budget[], now: number): readonly Budget[] {
    return spent.filter((budget) => !this.holdings.giveBack(budget, now));
  }

  private here({ mode, budgets, how }: Asked, share: number): LimitVerdict {
    const now = this.clock.now();
    const held = how === 'ahead' ? budgets.filter((budget) => this.holdings.takeAll([budget], now)) : [];
    const rest = held.length === 0 ? budgets : budgets.filter((budget) => !held.includes(budget));
    const steps = rest.map((each) => stepOf(each, share));
    const verdict = verdictOf(this.memory.apply({ mode, budgets: steps }, now * 1000) / 1000);
    if (verdict.kind === 'limited') this.putBack(held, now);
    return verdict;
  }
}

/**
 * Undefined when it fails or takes too long. A plain timer: what aborts costs as much as the whole decision. When the time is up, what has come
 * is looked at once more: timers come before sockets, and a process that stood still itself would take Redis for away.
 */
async function inTime<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => setImmediate(resolve, undefined), PATIENCE);
    const end = (result?: Result): void => {
      clearTimeout(timer);
      resolve(result);
    };
    answer.then(end, () => {
      end();
    });
  });
}

function verdictOf(wait: number): LimitVerdict {
  return wait > 0 ? { kind: 'limited', retryAfterMs: Math.ceil(wait) } : ALLOWED;
}

/** Only what was asked for strictly can be unavailable. */
function lenient(verdict: StrictVerdict): LimitVerdict {
  return verdict.kind === 'unavailable' ? ALLOWED : verdict;
}
