import { parseArgs } from 'node:util';
import { CLAUSES } from './clauses.js';
import type { Clause } from './clause.js';
import { findPlace } from './client/tenant.js';
import { commandControl } from './control/control.js';
import { OwnInstallation } from './own/installation.js';
import { judge, type Means } from './runner.js';
import { exitCode, steps, table } from './table.js';

const USAGE = `npm run conformance -- [--split] [--only D2,D5] [--steps]
npm run conformance -- --url <API> --admin-token <token> [--ws <gateway>] [--ws2 <another>] [--control <command>] [--only …] [--steps]

Without --url it starts an installation of its own and judges everything: in one process, with --split as api, two gateways, worker and Redis.
README.md in test/conformance says what a control command does.`;

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
    help: { type: 'boolean', default: false },
  },
});

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
    console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
    return exitCode(clauses, results);
  } finally {
    await close();
  }
}

async function ownMeans(clauses: readonly Clause[]): Promise<{ means: Means; close: () => Promise<void> }> {
  const kind = values.split ? 'split' : 'embedded';
  console.log(`Starting an installation: ${kind}`);
  const needsQuiet = clauses.some(({ parts }) => parts.some(({ slow }) => slow === true));
  // One after the other: on a new machine the first fetches Redis.
  const installation = await OwnInstallation.start(kind);
  const quiet = needsQuiet ? await OwnInstallation.start(kind) : undefined;
  const stopAll = async (): Promise<void> => {
    await Promise.all([installation.stop(), quiet?.stop()]);
  };
  let stopping: Promise<void> | undefined;
  const close = async (): Promise<void> => (stopping ??= stopAll());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void close().finally(() => process.exit(130)));
  const place = await findPlace(installation);
  const quietPlace = quiet === undefined ? undefined : await findPlace(quiet);
  return { means: { place, control: installation, oneProcess: kind === 'embedded', quiet: quietPlace }, close };
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
