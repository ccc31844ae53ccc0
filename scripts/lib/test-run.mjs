// The run itself, on Node 24: starts the stores that are not given, runs the kinds of test one after another, cleans up.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { main, ROOT, seconds, tool, Trouble } from './project.mjs';

const PROJECTS = [
  { name: 'rules', stores: false },
  { name: 'stores', stores: true },
  { name: 'stories-embedded', stores: true, installation: 'embedded' },
  { name: 'stories-split', stores: true, installation: 'split' },
  { name: 'conformance-embedded', kit: [] },
  { name: 'conformance-split', kit: ['--split'] },
];
/** After Ctrl-C the kit takes its installations down by itself, within this time. */
const KIT_ENDS_MS = 20_000;
/** Words that name clauses are for the kit alone, all others are patterns for Jest alone. */
const CLAUSES = /^D\d+(,D\d+)*$/i;
/** A project that has written its results must end by itself within this time: what keeps it alive is a leak. */
const GRACE_MS = 5_000;

/** `--long`: the tests of properties alone, each this many times as often. */
const LONG_TIMES = 25;
const LONG_TESTS = ['(model|fuzz|properties)(.store)?.spec'];

const { values, positionals: given } = parseArgs({
  options: { only: { type: 'string', multiple: true }, long: { type: 'boolean' } },
  allowPositionals: true,
});
const positionals = values.long && given.length === 0 ? LONG_TESTS : given;

let running = null;
let stopped = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopped = signal;
    stopRunning();
  });
}

await main(async () => {
  const wishes = values.only ?? (values.long ? ['rules', 'stores'] : ['']);
  const named = PROJECTS.filter(({ name }) => wishes.some((wish) => name.startsWith(wish)));
  const isFitting = ({ kit }) => positionals.length === 0 || positionals.every((word) => CLAUSES.test(word)) === !!kit;
  const projects = named.filter(isFitting);
  if (named.length === 0)
    throw new Trouble(`There is no such project. Projects: ${PROJECTS.map(({ name }) => name).join(', ')}`);
  const work = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  const cleanUp = [async () => rmSync(work, { recursive: true, force: true })];
  if (projects.some(({ kit }) => kit)) cleanUp.unshift(sweep);
  const total = { passed: 0, failed: 0, tests: [] };
  try {
    const env = projects.some(({ stores }) => stores) ? await startStores(cleanUp) : {};
    for (const project of projects) {
      if (stopped) break;
      await (project.kit ? runKit(project, { work, total }) : runProject(project, { env, work, total }));
    }
  } catch (error) {
    console.error(error.message);
    total.failed += 1;
  } finally {
    for (const clean of cleanUp.reverse()) await clean().catch((error) => console.error(`clean-up: ${error.message}`));
  }
  if (stopped) return 130;
  if (total.passed + total.failed === 0) {
    console.error('No test fits this pattern.');
    total.failed = 1;
  }
  const slowest = total.tests.sort((a, b) => b.duration - a.duration).slice(0, 10);
  console.log('\nThe ten slowest tests');
  for (const { duration, name, project } of slowest)
    console.log(`${(duration / 1000).toFixed(2).padStart(8)} s  ${project}  ${name}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
});

function platform(name) {
  return import(join(ROOT, 'dist', 'libs', 'platform', name));
}

/** What tests started and a crash or Ctrl-C left behind goes too: their temporary folders are gone by then. */
async function sweep() {
  const { sweepThrowAways } = await platform('throw-away-postgres.js');
  await sweepThrowAways();
}

async function startStores(cleanUp) {
  const start = performance.now();
  const env = { SOTTO_TEST_POSTGRES: process.env.DATABASE_URL, SOTTO_TEST_REDIS: process.env.REDIS_URL };
  const sources = [];
  if (!env.SOTTO_TEST_POSTGRES) {
    const { startThrowAwayPostgres } = await platform('throw-away-postgres.js');
    const postgres = await startThrowAwayPostgres();
    if (!cleanUp.includes(sweep)) cleanUp.unshift(sweep);
    cleanUp.push(() => postgres.stop());
    env.SOTTO_TEST_POSTGRES = postgres.url;
    sources.push('PostgreSQL from npm');
  }
  if (!env.SOTTO_TEST_REDIS && !stopped) {
    const { startEmbeddedRedis } = await platform('embedded-redis.js');
    const redis = await startEmbeddedRedis({ cache: join(ROOT, '.cache') });
    cleanUp.push(() => redis.stop());
    env.SOTTO_TEST_REDIS = redis.url;
    sources.push(`Redis: ${redis.source}`);
  }
  if (sources.length) console.log(`Started for this run: ${sources.join(', ')} (${seconds(start)})`);
  return env;
}

async function runProject(project, { env, work, total }) {
  const start = performance.now();
  const results = join(work, `${project.name}.json`);
  console.log(`\n── ${project.name}`);
  const ended = await jest(project, { env, results });
  const report = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : null;
  const fail = (why) => {
    console.error(`${project.name}: ${why}`);
    total.failed += 1;
  };
  if (stopped) return;
  if (!report) return fail(`jest ended with ${ended.code} before it had results`);
  const failed = report.numFailedTests + report.testResults.filter(isBrokenFile).length;
  total.passed += report.numPassedTests;
  total.failed += failed;
  if (ended.leaked)
    fail(`did not exit within ${GRACE_MS / 1000} s after its last test: a socket, timer or connection leaks`);
  else if (report.numTotalTests === 0 && failed === 0 && positionals.length === 0) fail('ran no test');
  else if (ended.code !== 0 && failed === 0) fail(`jest ended with ${ended.code}`);
  for (const file of report.testResults) {
    for (const { fullName, duration } of file.assertionResults) {
      total.tests.push({ project: project.name, name: fullName, duration: duration ?? 0 });
    }
  }
  console.log(`── ${project.name}: ${report.numPassedTests} passed, ${failed} failed, ${seconds(start)}`);
}

/** A file that could not even be loaded has no test that failed. */
function isBrokenFile({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
}

/** The delivery contract against installations of its own: each clause counts as a test. What this machine has no means for is named, and not counted. */
async function runKit({ name, kit }, { work, total }) {
  const start = performance.now();
  const file = join(work, `${name}.json`);
  console.log(`\n── ${name}`);
  const only = positionals.length > 0 ? ['--only', positionals.join(',')] : [];
  const main = join(ROOT, 'dist', 'test', 'conformance', 'main.js');
  const child = spawn(process.execPath, [main, ...kit, ...only, '--report', file], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
    env: { ...process.env, TMPDIR: work },
  });
  running = { child, isKit: true };
  const code = await new Promise((done) => child.once('exit', (status, signal) => done(status ?? signal)));
  killGroup('SIGKILL');
  running = null;
  if (stopped) return;
  const clauses = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const count = (state) => clauses.filter((clause) => clause.state === state).length;
  const [passed, failed, notRun] = [count('passed'), count('failed'), count('not run')];
  total.passed += passed;
  total.failed += failed;
  if (failed === 0 && (clauses.length === 0 || ![0, 2].includes(code))) {
    console.error(`${name}: ended with ${code}`);
    total.failed += 1;
  }
  for (const clause of clauses) total.tests.push({ project: name, name: clause.name, duration: clause.duration });
  console.log(`── ${name}: ${passed} passed, ${failed} failed, ${notRun} not run, ${seconds(start)}`);
}

function jest(project, { env, results }) {
  const args = [
    tool('jest'),
    '--json',
    `--outputFile=${results}`,
    ...(positionals.length ? ['--passWithNoTests', ...positionals] : []),
  ];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    // Results go into the file; what a person reads comes on stderr.
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
    env: {
      ...process.env,
      ...env,
      TMPDIR: dirname(results),
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      SOTTO_TEST_PROJECT: project.name,
      ...(values.long && { SOTTO_TEST_TIMES: String(LONG_TIMES) }),
      ...(project.installation && { SOTTO_INSTALLATION: project.installation }),
    },
  });
  running = { child };
  return new Promise((done) => {
    let leaked = false;
    let deadline;
    const watch = setInterval(() => {
      if (deadline === undefined && existsSync(results)) {
        deadline = setTimeout(() => {
          leaked = true;
          killGroup('SIGKILL');
        }, GRACE_MS);
      }
    }, 200);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      clearTimeout(deadline);
      // Whatever a test left behind in the group goes with it.
      killGroup('SIGKILL');
      running = null;
      done({ code: code ?? signal, leaked });
    });
  });
}

function stopRunning() {
  if (!running?.isKit) return killGroup('SIGKILL');
  running.child.kill('SIGTERM');
  setTimeout(() => killGroup('SIGKILL'), KIT_ENDS_MS).unref();
}

function killGroup(signal) {
  try {
    if (running) process.kill(-running.child.pid, signal);
  } catch {
    // Already gone.
  }
}
