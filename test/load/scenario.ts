import type { Figure } from './figures.js';
import { seed, type Cast } from './people.js';
import type { Side, Stage } from './stage.js';
import { measure, UNDER_WAY } from './window.js';

/** How much of everything: the whole benchmark, or the quick one of under three minutes. */
export interface Plan {
  readonly quick: boolean;
  /** Each is a run of every side, one after the other. */
  readonly rounds: number;
  /** A window of a saturated load, and what runs before it. */
  readonly seconds: number;
  readonly warmUp: number;
}

export interface Scenario {
  readonly name: string;
  /** One line for whoever watches. */
  readonly about: string;
  run(stage: Stage, plan: Plan): Promise<readonly Figure[]>;
}

/**
 * Runs of all sides by turns, so that each has beside it one of the others from the same minute; every other round the other way round, because
 * what runs first finds the machine cooler. The results of a side are in the order of the rounds.
 */
export async function byTurns<Result>(
  { stage, sides, rounds }: { readonly stage: Stage; readonly sides: readonly Side[]; readonly rounds: number },
  run: (side: Side) => Promise<Result>,
): Promise<Record<Side, Result[]>> {
  const results: Record<Side, Result[]> = { floor: [], local: [], across: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      await stage.settle();
      results[side].push(await run(side));
    }
  return results;
}

const WARM_UP = { full: 15, quick: 4 };

/** Saturates every side for a while; what it was like is told nobody. */
export async function warmUp(stage: Stage, { quick }: Plan): Promise<void> {
  const seconds = quick ? WARM_UP.quick : WARM_UP.full;
  const playing = {
    cast: await cast(stage),
    pace: { kind: 'closed', underWay: UNDER_WAY },
    seconds,
    warmUp: 0,
  } as const;
  for (const side of ['floor', 'local', 'across'] as const) await measure(stage, side, playing);
}

/** Two hundred who write, each to twenty of a hundred who read: 4,000 pairs of accounts. */
export async function cast(stage: Stage, readerDevices = 2): Promise<Cast> {
  const { db, world } = stage;
  const { tenantId } = world;
  const readers = Math.max(4, Math.ceil(200 / readerDevices));
  return {
    writers: await seed(db, { tenantId, households: 200, devices: 2 }),
    readers: await seed(db, { tenantId, households: readers, devices: readerDevices }),
    partners: Math.min(20, readers),
  };
}
