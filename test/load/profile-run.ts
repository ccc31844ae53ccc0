import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from './figures.js';
import { profiled, saveProfile, topFunctions } from './profiles.js';
import type { Cast } from './people.js';
import { cast, warmUp, type Plan } from './scenario.js';
import { cacheFolder, type Side, type Stage } from './stage.js';
import { seed } from './people.js';
import { resetStatements, topStatements } from './statements.js';
import { measure, UNDER_WAY } from './window.js';

const FUNCTIONS = 25;
const STATEMENTS = 10;

/** Where the time goes: the send path on each side, and a drain, each with a profile of every process and PostgreSQL's own count. */
export async function profileAll(stage: Stage, plan: Plan, say: (line: string) => void): Promise<void> {
  const { seconds } = plan;
  await warmUp(stage, plan);
  const everybody = await cast(stage);
  for (const side of ['floor', 'local', 'across'] as const) {
    await report(stage, { title: `throughput ${side}`, side, say }, async () =>
      saturate(stage, side, { cast: everybody, seconds }),
    );
  }
  const where = stage.where('local');
  const people = { tenantId: stage.world.tenantId, devices: 1 };
  const writers = await seed(stage.db, { ...people, households: 10 });
  const to = await seed(stage.db, { ...people, households: 50 });
  const messages = 20_000;
  await stage.generator.order('fill', { where, writers, to, messages });
  await report(stage, { title: 'drain local', side: 'local', say }, async () => {
    const { seconds } = await stage.generator.order('drain', { where, players: to.flat(), count: messages });
    say(`${shown(messages / seconds)} envelopes/s`);
  });
  const plans = join(cacheFolder(), 'bench', 'plans');
  cpSync(join(stage.postgres.data, 'log'), plans, { recursive: true });
  say(`\nplans of slow statements: ${plans}`);

  async function saturate(on: Stage, side: Side, of: { readonly cast: Cast; readonly seconds: number }): Promise<void> {
    const { perSecond, cpuPerThousand, cpuOf } = await measure(on, side, {
      ...of,
      pace: { kind: 'closed', underWay: UNDER_WAY },
      warmUp: 1,
    });
    const parts = Object.entries(cpuOf).map(([name, cpu]) => `${name} ${shown(1e3 * cpu)}`);
    say(`${side}: ${shown(perSecond)} envelopes/s, ${shown(1e3 * cpuPerThousand)} µs of CPU each: ${parts.join(', ')}`);
  }
}

async function report(
  stage: Stage,
  { title, side, say }: { readonly title: string; readonly side: Side; readonly say: (line: string) => void },
  work: () => Promise<void>,
): Promise<void> {
  const folder = join(cacheFolder(), 'bench');
  mkdirSync(folder, { recursive: true });
  const db = side === 'floor' ? stage.floorDb : stage.db;
  await stage.settle();
  await resetStatements(db);
  for (const [name, profile] of await profiled(stage.logs, work)) {
    const path = saveProfile(folder, `${title} ${name}`, profile);
    const { busy, top } = topFunctions(profile, FUNCTIONS);
    if (busy < 0.05) continue;
    say(`\n${title}, ${name}: ${(100 * busy).toFixed(0)} % of a core (${path})`);
    for (const each of top) say(`  ${(100 * each.share).toFixed(1).padStart(5)} %  ${each.name}`);
  }
  say(`\n${title}, PostgreSQL: calls, milliseconds each, rows, pages and bytes of log a call`);
  for (const { text, calls, mean, total, rows, pages, logBytes } of await topStatements(db, STATEMENTS))
    say(
      `  ${shown(total).padStart(7)} ms ${shown(calls).padStart(7)} x ${mean.toFixed(2).padStart(7)} ms  ${shown(rows / calls)} rows ${shown(pages)} pages ${shown(logBytes)} bytes  ${text}`,
    );
}
