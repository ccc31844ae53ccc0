import type { Redis } from 'ioredis';
import { Batcher } from './batcher.js';
import { BudgetScript } from './budget-script.js';
import { BudgetMemory, stepOf, type Budget, type BudgetMode } from './budgets.js';
import type { Clock } from './clock.js';

export type { Budget } from './budgets.js';

export type LimitVerdict = { readonly kind: 'allowed' } | { readonly kind: 'limited'; readonly retryAfterMs: number };

/** `unavailable`: what must not be granted without being counted everywhere, while Redis is away. */
export type StrictVerdict = LimitVerdict | { readonly kind: 'unavailable'; readonly retryAfterMs: number };

interface Asked {
  readonly mode: BudgetMode;
  readonly budgets: readonly Budget[];
  readonly strict: boolean;
}

/** Redis answers in well under a millisecond; one that has not after this long is away. */
const PATIENCE = 500;
/** Then it is not asked again for so long, so that not every batch waits. */
const PAUSE = 1_000;
const BATCH = 200;
const ALLOWED: LimitVerdict = { kind: 'allowed' };

/**
 * Budgets: exact in the memory of one process, or in Redis across all nodes. An operation names as many as concern it, and takes from
 * all or from none. What comes while a call is under way goes with the next one, and verdicts come in the order in which they were
 * asked for. While Redis is away each node grants its share of every budget from its own memory; `takeStrictly` grants nothing then (D23).
 */
export class Limiter {
  private readonly memory = new BudgetMemory();
  private readonly script: BudgetScript | undefined;
  private readonly batcher = new Batcher<Asked, StrictVerdict>(async (batch) => this.decide(batch), { most: BATCH });
  private awayUntil = 0;

  constructor(
    private readonly clock: Clock,
    shared?: { readonly redis: Redis; readonly secret: Uint8Array },
    /** How many nodes share the work; asked only while Redis is away. */
    private readonly nodes: () => Promise<number> = () => Promise.resolve(1),
    /** Told how many decisions were made without the Redis that should have made them. */
    private readonly onAway: (decisions: number) => void = () => undefined,
  ) {
    this.script = shared === undefined ? undefined : new BudgetScript(shared.redis, shared.secret);
  }

  async take(budgets: readonly Budget[]): Promise<LimitVerdict> {
    return lenient(await this.batcher.add({ mode: 'take', budgets, strict: false }));
  }

  async takeStrictly(budgets: readonly Budget[]): Promise<StrictVerdict> {
    return this.batcher.add({ mode: 'take', budgets, strict: true });
  }

  /** Whether `take` would be allowed; takes nothing. */
  async look(budgets: readonly Budget[]): Promise<LimitVerdict> {
    return lenient(await this.batcher.add({ mode: 'look', budgets, strict: false }));
  }

  async lookStrictly(budgets: readonly Budget[]): Promise<StrictVerdict> {
    return this.batcher.add({ mode: 'look', budgets, strict: true });
  }

  /** What has happened already counts in any case; more than the budget is owed. */
  async charge(budgets: readonly Budget[]): Promise<void> {
    await this.batcher.add({ mode: 'charge', budgets, strict: false });
  }

  /** What was taken for something that was refused later on. */
  async giveBack(budgets: readonly Budget[]): Promise<void> {
    await this.batcher.add({ mode: 'back', budgets, strict: false });
  }

  private async decide(batch: readonly Asked[]): Promise<readonly StrictVerdict[]> {
    if (this.script === undefined) return this.here(batch, 1);
    const now = this.clock.now();
    if (now >= this.awayUntil) {
      const operations = batch.map(({ mode, budgets }) => ({ mode, budgets: budgets.map((each) => stepOf(each)) }));
      const waits = await inTime(this.script.apply(operations, now));
      if (waits !== undefined) return waits.map(verdictOf);
      this.awayUntil = this.clock.now() + PAUSE;
    }
    this.onAway(batch.length);
    const share = Math.max(1, await this.nodes());
    return batch.flatMap((asked): readonly StrictVerdict[] =>
      asked.strict ? [{ kind: 'unavailable', retryAfterMs: PAUSE }] : this.here([asked], share),
    );
  }

  private here(batch: readonly Asked[], share: number): readonly LimitVerdict[] {
    const now = this.clock.now() * 1000;
    return batch.map(({ mode, budgets }) =>
      verdictOf(this.memory.apply({ mode, budgets: budgets.map((each) => stepOf(each, share)) }, now) / 1000),
    );
  }
}

/** Undefined when it fails or takes too long. A plain timer: what aborts costs as much as the whole decision. */
async function inTime<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE, undefined);
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
