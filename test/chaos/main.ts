import { parseArgs } from 'node:util';
import { randomInt } from 'node:crypto';
import { findPlace } from '../conformance/client/tenant.js';
import { OwnInstallation } from '../conformance/own/installation.js';
import { Acts } from './acts.js';
import { Faults, type Done } from './faults.js';
import { idleOf, leaksSince, survivors } from './leaks.js';
import { Ledger, type Violation } from './ledger.js';
import { LinkLines } from './link-lines.js';
import { Load } from './load.js';
import { Random } from './random.js';
import { roundOf } from './schedule.js';

const USAGE = `npm run chaos [-- --quick] [-- --seed N] [-- --minutes M]

A split installation of its own is hurt for 15 minutes (--minutes), or with one round of faults (--quick), while clients write and read.
The seed is printed; the same one gives the same schedule again.`;
const AROUND = 5_000;
/** Of each kind. */
const SHOWN = 10;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string' },
    minutes: { type: 'string', default: '15' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else process.exitCode = await run();

async function run(): Promise<number> {
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const minutes = values.quick ? 0 : Number(values.minutes);
  if (!Number.isInteger(seed) || !(minutes >= 0)) throw new Error(USAGE);
  const how = values.quick ? '--quick' : `--minutes ${minutes}`;
  console.log(`seed ${seed} (again: npm run chaos -- --seed ${seed} ${how})`);
  const installation = await OwnInstallation.start('split');
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => (stopping ??= installation.stop());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void stop().finally(() => process.exit(130)));
  const ledger = new Ledger();
  try {
    const done = await hurt(installation, { seed, until: Date.now() + minutes * 60_000, ledger });
    const pids = [...installation.pids.values()];
    await stop();
    for (const survivor of survivors(pids)) ledger.report('leak', survivor, Date.now());
    return conclude(ledger, done);
  } finally {
    await stop();
  }
}

/** One round of faults at least, and more until it is time. */
async function hurt(
  installation: OwnInstallation,
  { seed, until, ledger }: { readonly seed: number; readonly until: number; readonly ledger: Ledger },
): Promise<readonly Done[]> {
  const random = new Random(seed);
  const rounds = random.fork();
  const links = await LinkLines.lay(installation);
  const idle = await idleOf(installation);
  const load = await Load.begin(await findPlace(installation), { ledger, random: random.fork() });
  const acts = new Acts(load.tenant, installation, ledger);
  const faults = new Faults({ installation, links, load, acts, ledger });
  const start = Date.now();
  const skipped = new Set<string>();
  do
    for (const fault of roundOf(rounds)) {
      if (skipped.has(fault.kind)) continue;
      const done = await faults.perform(fault);
      if (done.skipped !== undefined) skipped.add(fault.kind);
      console.log(lineOf(done, start));
    }
  while (Date.now() < until);
  await faults.startAll();
  console.log('all is running again; no more faults');
  console.log(await load.end(installation.databaseUrl));
  judgeActs(acts, ledger);
  console.log(startsOf(faults));
  for (const leak of await leaksSince(idle, installation)) ledger.report('leak', leak, Date.now());
  await links.close();
  return faults.done;
}

/** What was never brought to its end has shown nothing. */
function judgeActs({ judged }: Acts, ledger: Ledger): void {
  for (const [act, times] of Object.entries(judged)) {
    console.log(`${act}: judged ${times} times`);
    if (times === 0) ledger.report('rule', `${act} was never brought to its end`, Date.now());
  }
}

function startsOf({ starts }: Faults): string {
  const sorted = starts.toSorted((left, right) => left.took - right.took);
  const [middle, last] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return `${starts.length} starts: ready again after ${middle?.took ?? 0} ms (the middle one), ${last?.took ?? 0} ms (${last?.name ?? ''}, the slowest)`;
}

function lineOf({ fault: { kind, target }, from, to, skipped }: Done, start: number): string {
  const at = ((from - start) / 1000).toFixed(1).padStart(6);
  return `${at} s  ${kind} ${target}, ${to - from} ms${skipped === undefined ? '' : ` SKIPPED: ${skipped}`}`;
}

function conclude(ledger: Ledger, done: readonly Done[]): number {
  const { accepted, delivered, stated, lost, duplicated } = ledger.judge(Date.now());
  for (const [check, violations] of Map.groupBy(ledger.violations, (violation) => violation.check)) {
    for (const violation of violations.slice(0, SHOWN)) console.log(told(violation, done));
    console.log(`${check}: ${violations.length} violations`);
  }
  const faults = done.filter(({ skipped }) => skipped === undefined).length;
  if (stated > 0)
    console.log(`${stated} of the accepted are stated as gone: in gaps, or newer than a backup that was put back`);
  console.log(
    `chaos: ${accepted} accepted, ${delivered} delivered, ${lost} lost, ${duplicated} duplicated, ${faults} faults`,
  );
  return ledger.violations.length === 0 && accepted > 0 && faults > 0 ? 0 : 1;
}

function told({ check, what, from, to }: Violation, done: readonly Done[]): string {
  const around = done.filter((fault) => fault.to > from - AROUND && fault.from < to + AROUND);
  const faults = around.map(
    ({ fault, from: at }) => `${fault.kind} ${fault.target} ${new Date(at).toISOString().slice(11, 23)}`,
  );
  const when = [from, to].map((at) => new Date(at).toISOString().slice(11, 23)).join(' to ');
  return `VIOLATION ${check}: ${what}; ${when}; faults around it: ${faults.join(', ') || 'none'}`;
}
