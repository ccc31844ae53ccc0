import { lineOf, jsonOf, median, reached, shown, type Figure } from './figures.js';
import { growth } from './growth.js';
import { fdatasyncs, thisMachine } from './machine.js';
import { optionsOf, USAGE, type Options } from './options.js';
import { profileAll } from './profile-run.js';
import { readRecord, slower, writeRecord } from './record.js';
import { warmUp, type Plan, type Scenario } from './scenario.js';
import { backlog } from './scenarios/backlog.js';
import { crowd, gather } from './scenarios/crowd.js';
import { fanOut } from './scenarios/fan-out.js';
import { fixedRate } from './scenarios/fixed-rate.js';
import { idleConnections } from './scenarios/idle-connections.js';
import { openSnapshot } from './scenarios/open-snapshot.js';
import { prekeyBundles } from './scenarios/prekey-bundles.js';
import { reconnectStorm } from './scenarios/reconnect-storm.js';
import { sdk } from './scenarios/sdk.js';
import { sendBatch } from './scenarios/send-batch.js';
import { throughput } from './scenarios/throughput.js';
import { tokenGrants } from './scenarios/token-grants.js';
import { Stage } from './stage.js';

/** In this order: what leaves many dead rows behind comes late. */
const SCENARIOS: readonly Scenario[] = [
  fixedRate,
  throughput,
  sendBatch,
  fanOut,
  backlog,
  prekeyBundles,
  tokenGrants,
  sdk,
  idleConnections,
  reconnectStorm,
  crowd,
  openSnapshot,
];

const options = optionsOf(process.argv.slice(2));
const unknown = options?.only.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name)) ?? [];
if (options === undefined || unknown.length > 0) {
  console.error(`${USAGE}\n\nscenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
process.exit(await run(options));

async function run(options: Options): Promise<number> {
  const stage = await Stage.start({ inspected: options.profile });
  const say = (line: string): void => {
    if (options.json) console.error(line);
    else console.log(line);
  };
  try {
    const machine = {
      ...thisMachine(),
      postgres: await stage.postgresVersion(),
      fdatasyncMs: median(await fdatasyncs(stage.diskFolder, { count: 100, perSecond: 1_000 })),
    };
    say(
      `${machine.processor}, ${String(machine.cores)} cores; Node ${machine.node}, PostgreSQL ${machine.postgres}; one fdatasync ${shown(machine.fdatasyncMs)} ms`,
    );
    if (options.profile) {
      await profileAll(stage, planOf(options), say);
      return 0;
    }
    const figures = await measureAll(stage, options, say);
    if (options.record) writeRecord(machine, figures);
    return options.check ? checked(figures, say) : Number(figures.some((figure) => reached(figure) === false));
  } finally {
    await stage.close();
  }
}

async function measureAll(stage: Stage, options: Options, say: (line: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  const plan = planOf(options);
  const take = (figure: Figure): void => {
    figures.push(figure);
    say(lineOf(figure));
    if (options.json) console.log(jsonOf(figure));
  };
  if (options.growth) {
    await warmUp(stage, plan);
    await growth(stage, plan, take);
  } else if (options.crowd !== undefined) {
    const [devices = 10_000, perSecond = 500, seconds = 120] = options.crowd;
    for (const figure of await gather(stage, { devices, perSecond, seconds })) take(figure);
  } else {
    say('warming up: the compilers of all processes see the code before anything is measured');
    await warmUp(stage, plan);
    for (const scenario of SCENARIOS.filter(({ name }) => options.only.length === 0 || options.only.includes(name))) {
      say(`${scenario.name} (${scenario.about})`);
      const start = performance.now();
      for (const figure of await scenario.run(stage, plan)) take(figure);
      say(`  took ${shown((performance.now() - start) / 1_000)} s`);
    }
  }
  return figures;
}

/** Against what is recorded in the repository; promises are not judged here. */
function checked(figures: readonly Figure[], say: (line: string) => void): number {
  const recorded = readRecord();
  if (recorded === undefined) {
    say('Nothing is recorded in docs/performance.json: run with --record on a quiet machine first.');
    return 1;
  }
  const worse = slower(figures, recorded);
  say(worse.length === 0 ? 'Nothing is slower than recorded.' : `Slower than recorded:\n  ${worse.join('\n  ')}`);
  return worse.length === 0 ? 0 : 1;
}

function planOf({ quick, rounds, seconds }: Options): Plan {
  return { quick, rounds: rounds ?? (quick ? 2 : 5), seconds: seconds ?? (quick ? 2 : 8), warmUp: quick ? 0.7 : 2 };
}
