import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Reading } from '../generator/generator.js';
import { cast, type Scenario } from '../scenario.js';
import { between, complete, UNDER_WAY, type Window } from '../window.js';

const STEP_S = 2;
const PATIENCE_S = 120;
/** As good as before. */
const RECOVERED = 0.9;

/** A dump, or a transaction that somebody forgot: as long as its snapshot is open nothing that is deleted can be cleared away. */
export const openSnapshot: Scenario = {
  name: 'open snapshot',
  about: 'throughput while an old transaction is open, and after it',
  async run(stage, { quick, seconds, warmUp }) {
    const { generator } = stage;
    await stage.settle();
    await generator.order('begin', {
      where: stage.where('local'),
      cast: await cast(stage),
      pace: { kind: 'closed', underWay: UNDER_WAY },
    });
    const read = async (): Promise<Reading> => generator.order('reading', { pids: stage.pids('local') });
    const window = async (length: number): Promise<Window> => {
      const before = await read();
      await sleep(length * 1_000);
      return between(before, await read());
    };
    await sleep(warmUp * 1_000);
    const before = await window(2 * seconds);
    const close = await openTransaction(stage.world.place.databaseUrl);
    await sleep((quick ? 10 : 300) * 1_000 - seconds * 1_000);
    const during = await window(seconds);
    await close();
    const recovery = await secondsUntil(async () => (await window(STEP_S)).perSecond >= RECOVERED * before.perSecond);
    await complete(stage, 'local');
    const what = {
      scenario: 'open snapshot',
      metric: 'local, envelopes with it open',
      unit: '/s',
      better: 'more',
    } as const;
    return [
      { ...what, values: [during.perSecond], floors: [before.perSecond], against: 'before', goal: 0.4 },
      { ...what, metric: 'local, until recovered', unit: 's', better: 'less', values: [recovery], goal: 60 },
    ];
  },
};

/** As a dump opens it; none of the limits of Sotto's own sessions are on it. */
async function openTransaction(connectionString: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString });
  // When it is lost, the query that ends it tells.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin isolation level repeatable read read only');
  await client.query('select count(*) from installation');
  return async () => {
    await client.query('commit');
    await client.end();
  };
}

async function secondsUntil(good: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1_000;
  while (!(await good()) && elapsed() < PATIENCE_S);
  return elapsed();
}
