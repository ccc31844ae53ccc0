import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CLAUSES } from './clauses.js';
import type { Clause, Part } from './clause.js';
import { findPlace } from './client/tenant.js';
import { commandControl } from './control/control.js';
import { OwnInstallation } from './own/installation.js';
import { judge, type Means } from './runner.js';
import { exitCode, report, steps, table } from './table.js';

const USAGE = `npm run conformance -- [--split] [--only D2,D5] [--steps] [--report <file>]
npm run conformance -- --url <API> --admin-token <token> [--ws <gateway>] [--ws2 <another>] [--control <command>] [--only …] [--steps]

Without --url it starts installations of its own and judges everything: in one process, with --split as api, two gateways, worker and Redis.
README.md in test/conformance says what a control command does.`;

/** So many installations are killed in at the same time. */
const YARDS = { embedded: 1, split: 2 } as const;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    ws: { type: 'string' },
    ws2: { type: 'string' },
    control: { type: 'string' },
    'admin-token': { type: 'string' },
    split: { type: 'boolean', default: false },
    only: { type: 'string' },
    steps: { type: 'boolean', default: false },
    report: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

// What a part that broke off had left running ends when its connections are cut; the part itself has its verdict.
process.on('unhandledRejection', (reason) => console.log(`         left behind by a part: ${String(reason)}`));

if (values.help) console.log(USAGE);
else process.exitCode = await run();

async function run(): Promise<number> {
  const wanted = values.only?.toUpperCase().split(',');
  const clauses = wanted === undefined ? CLAUSES : CLAUSES.filter(({ id }) => wanted.includes(id));
  const start = performance.now();
  const { means, close } = values.url === undefined ? await ownMeans(clauses) : await givenMeans(values.url);
  try {
    const results = await judge(clauses, means, ({ clause, mark, name, state, seconds }) => {
      console.log(`${state.padEnd(8)} ${clause.padEnd(4)} [${mark}] ${name} (${seconds.toFixed(1)} s)`);
    });
    if (values.steps) for (const clause of clauses) console.log(steps(clause, results));
    console.log(table(clauses, results));
    if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(report(clauses, results)));
    console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
    return exitCode(clauses, results);
  } finally {
    await close();
  }
}

/** One installation for what asks, and others for what kills: separate processes take longer to start, so they get one more. */
async function ownMeans(clauses: readonly Clause[]): Promise<{ means: Means; close: () => Promise<void> }> {
  const kind = values.split ? 'split' : 'embedded';
  const isKill = ({ mark }: Part): boolean => mark === 'P';
  const kills = clauses.flatMap(({ parts }) => parts.filter(isKill)).length;
  const count = 1 + Math.min(kills, YARDS[kind]);
  console.log(`Starting ${count} installation${count === 1 ? '' : 's'}: ${kind}`);
  const starting: Promise<OwnInstallation>[] = [];
  const stopAll = async (): Promise<void> => {
    const started = await Promise.allSettled(starting);
    await Promise.all(started.map(async (each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)));
  };
  let stopping: Promise<void> | undefined;
  const close = async (): Promise<void> => (stopping ??= stopAll());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void close().finally(() => process.exit(130)));
  for (let index = 0; index < count; index += 1) starting.push(OwnInstallation.start(kind));
  const [first, ...yards] = starting.map(async (start) => {
    const control = await start;
    return { place: await findPlace(control), control };
  });
  // The first is needed at once; that a later one did not start is told by what waits for it.
  for (const yard of yards) yard.catch(() => undefined);
  try {
    return { means: { ...(await first!), oneProcess: kind === 'embedded', yards }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function givenMeans(url: string): Promise<{ means: Means; close: () => Promise<void> }> {
  const adminToken = values['admin-token'];
  if (adminToken === undefined) throw new Error(`--admin-token is needed\n\n${USAGE}`);
  const given = [values.ws, values.ws2].flatMap((gateway) => (gateway === undefined ? [] : [gateway]));
  const place = await findPlace({ api: url.replace(/\/$/, ''), gateways: given, adminToken });
  const oneProcess = new URL(place.issuer).host === new URL(place.gateway).host && values.ws2 === undefined;
  const control = values.control === undefined ? undefined : commandControl(values.control);
  return { means: { place, control, oneProcess }, close: async () => Promise.resolve() };
}
