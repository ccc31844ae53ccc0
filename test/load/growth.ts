import type { TenantId } from '../../libs/protocol/ids.js';
import { pick, seedCrowd, seedWaiting } from './crowded-tables.js';
import { median, type Figure } from './figures.js';
import type { Cast } from './people.js';
import { byTurns, type Plan } from './scenario.js';
import type { Stage } from './stage.js';
import { measure, UNDER_WAY } from './window.js';

const PER_SECOND = 200;

interface Seen {
  readonly throughput: readonly number[];
  readonly p99: readonly number[];
}

/**
 * How cost grows: the same load, by people picked from all over the tables, at a thousand, a hundred thousand and a million accounts, and then
 * with a million envelopes waiting. Each is compared with the near-empty database, as a ratio to the floor of its own round, since the floor's
 * tables do not grow and the machine may have changed meanwhile.
 */
export async function growth(stage: Stage, plan: Plan, say: (figure: Figure) => void): Promise<void> {
  const { tenantId } = stage.world;
  const sizes = plan.quick ? [1e3, 1e4] : [1e3, 1e5, 1e6];
  const waiting = plan.quick ? 1e4 : 1e6;
  let first: Seen | undefined;
  for (const accounts of sizes) {
    await seedCrowd(stage.db, tenantId, accounts);
    const seen = await look(stage, tenantId, plan);
    first ??= seen;
    for (const figure of figuresOf(`${accounts.toLocaleString('en')} accounts`, seen, first)) say(figure);
  }
  await seedWaiting(stage.db, tenantId, waiting);
  const seen = await look(stage, tenantId, plan);
  for (const figure of figuresOf(`${waiting.toLocaleString('en')} waiting`, seen, first ?? seen)) say(figure);
}

/** Both relative to the floor of the same round. */
async function look(stage: Stage, tenantId: TenantId, { rounds, seconds, warmUp }: Plan): Promise<Seen> {
  const cast = await castFrom(stage, tenantId);
  const of = { stage, sides: ['floor', 'local'], rounds } as const;
  const closed = { cast, pace: { kind: 'closed', underWay: UNDER_WAY }, seconds, warmUp } as const;
  const paced = { ...closed, pace: { kind: 'paced', perSecond: PER_SECOND } } as const;
  const full = await byTurns(of, async (side) => (await measure(stage, side, closed)).perSecond);
  const calm = await byTurns(of, async (side) => (await measure(stage, side, paced)).p99);
  const relative = (ours: readonly number[], floors: readonly number[]): number[] =>
    ours.map((value, round) => value / (floors[round] ?? Number.NaN));
  return { throughput: relative(full.local, full.floor), p99: relative(calm.local, calm.floor) };
}

/** Not those who have mail waiting, when there are others; writers and readers have two devices each. */
async function castFrom(stage: Stage, tenantId: TenantId): Promise<Cast> {
  const households = await pick(stage.db, tenantId, { households: 300, devices: 2 });
  const writers = Math.ceil((households.length * 2) / 3);
  return {
    writers: households.slice(0, writers),
    readers: households.slice(writers),
    partners: Math.min(20, households.length - writers),
  };
}

/** The rounds of two sizes have nothing in common but their number: each is compared with the median of the smallest. */
function figuresOf(size: string, seen: Seen, first: Seen): readonly Figure[] {
  const what = { scenario: 'growth', unit: 'x floor', against: 'the smallest' } as const;
  return [
    {
      ...what,
      metric: `${size}, throughput`,
      better: 'more',
      values: seen.throughput,
      floors: seen.throughput.map(() => median(first.throughput)),
      goal: 0.75,
    },
    {
      ...what,
      metric: `${size}, p99 at ${String(PER_SECOND)}/s`,
      better: 'less',
      values: seen.p99,
      floors: seen.p99.map(() => median(first.p99)),
      goal: 1.25,
    },
  ];
}
