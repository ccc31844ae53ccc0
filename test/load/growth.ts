import { setTimeout as sleep } from 'node:timers/promises';
import { pick, seedCrowd, seedWaiting } from './crowded-tables.js';
import type { Figure } from './figures.js';
import type { Cast } from './people.js';
import { warmUp, type Plan } from './scenario.js';
import { Stage } from './stage.js';
import { measure, UNDER_WAY, type Playing, type Window } from './window.js';

const PER_SECOND = 200;
const NEAR_EMPTY = 1_000;
/** Behind the seeding, whose pages are on their way to the disk. */
const REST_MS = 10_000;

/** The same load beside each other: on the near-empty database, and on the one that grows. */
interface Beside {
  readonly small: readonly Window[];
  readonly large: readonly Window[];
}

/**
 * How cost grows: the same load, by people picked from all over the tables, at a hundred thousand and a million accounts, and then with a
 * million envelopes waiting. Each window has one beside it on a second, near-empty installation, with a PostgreSQL of its own: a ratio is of
 * two windows of the same minute, and what the machine does meanwhile is in both.
 */
export async function growth(small: Stage, plan: Plan, say: (figure: Figure) => void): Promise<void> {
  const large = await Stage.start({ inspected: false });
  try {
    await warmUp(large, plan);
    await seedCrowd(small.db, small.world.tenantId, NEAR_EMPTY);
    const few = await castFrom(small, 'few');
    for (const accounts of plan.quick ? [1e4] : [1e5, 1e6]) {
      await seedCrowd(large.db, large.world.tenantId, accounts);
      await compare(few, `${accounts.toLocaleString('en')} accounts`);
    }
    const waiting = plan.quick ? 1e4 : 1e6;
    await seedWaiting(large.db, large.world.tenantId, waiting);
    await compare(few, `${waiting.toLocaleString('en')} waiting`);
  } finally {
    await large.close();
  }

  async function compare(few: Cast, size: string): Promise<void> {
    await large.settle();
    await sleep(plan.quick ? 0 : REST_MS);
    const casts = { small: few, large: await castFrom(large, size) };
    const beside = async (playing: Omit<Playing, 'cast'>): Promise<Beside> => {
      const windows = { small: [] as Window[], large: [] as Window[] };
      for (let round = 0; round < plan.rounds; round += 1)
        for (const side of round % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const)) {
          await Promise.all([small.settle(), large.settle()]);
          const stage = side === 'small' ? small : large;
          windows[side].push(await measure(stage, 'local', { ...playing, cast: casts[side] }));
        }
      return windows;
    };
    const { seconds, warmUp: first } = plan;
    const full = await beside({ pace: { kind: 'closed', underWay: UNDER_WAY }, seconds, warmUp: first });
    // Twice as long: there are few messages behind a p99.
    const calm = await beside({
      pace: { kind: 'paced', perSecond: PER_SECOND },
      seconds: 2 * seconds,
      warmUp: 2 * first,
    });
    for (const figure of figuresOf(size, full, calm)) say(figure);
  }
}

/** Others with each name, because whoever has played once has given its key away. Writers and readers have two devices each. */
async function castFrom(stage: Stage, name: string): Promise<Cast> {
  const households = await pick(stage.db, stage.world.tenantId, { households: 300, devices: 2, name });
  const writers = Math.ceil((households.length * 2) / 3);
  return {
    writers: households.slice(0, writers),
    readers: households.slice(writers),
    partners: Math.min(20, households.length - writers),
  };
}

function figuresOf(size: string, full: Beside, calm: Beside): readonly Figure[] {
  const what = { scenario: 'growth', against: 'the near-empty database' } as const;
  const throughput = ({ perSecond }: Window): number => perSecond;
  const cpu = ({ cpuPerThousand }: Window): number => cpuPerThousand;
  const p99 = (window: Window): number => window.p99;
  const p50 = (window: Window): number => window.p50;
  const both = (of: Beside, value: (window: Window) => number): Pick<Figure, 'values' | 'floors'> => {
    return { values: of.large.map(value), floors: of.small.map(value) };
  };
  return [
    { ...what, metric: `${size}, envelopes`, unit: '/s', better: 'more', ...both(full, throughput), goal: 0.75 },
    { ...what, metric: `${size}, CPU a thousand`, unit: 's', better: 'less', ...both(full, cpu) },
    { ...what, metric: `${size}, p50 at ${String(PER_SECOND)}/s`, unit: 'ms', better: 'less', ...both(calm, p50) },
    {
      ...what,
      metric: `${size}, p99 at ${String(PER_SECOND)}/s`,
      unit: 'ms',
      better: 'less',
      ...both(calm, p99),
      goal: 1.25,
    },
  ];
}
