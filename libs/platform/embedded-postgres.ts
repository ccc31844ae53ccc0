import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Binaries,
  canReach,
  EmbeddedPostgresError,
  explainFailure,
  explainThrown,
  openBinaries,
  sharedFolder,
} from './embedded-binaries.js';
import { adoptable, isDamaged, type Memory, mustBeFirst, noteOrigin, recall, remember } from './embedded-memory.js';
import { claim, freePort, isAlive, livingOwner, release } from './local-process.js';

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** Where the data lies; not `folder` when root's PostgreSQL could not reach that. Worth printing when they differ. */
  readonly data: string;
  /** True: it was still running, left by a server that was killed. */
  readonly adopted: boolean;
  /** Waits for a clean shutdown; idempotent. */
  stop(): Promise<void>;
  /** `kill -9` of all of it, as a crash of the machine would; start it again with the same folder. */
  kill(): Promise<void>;
}

export type EmbeddedStatus =
  | { kind: 'absent' }
  /** What was remembered cannot be read; the next start looks for the data, or refuses. */
  | { kind: 'damaged' }
  | { kind: 'stopped'; data: string; port: number }
  | {
      kind: 'running';
      data: string;
      port: number;
      pid: number;
      url: string;
      /** The Sotto process that uses it, if alive. */ owner: number | null;
    };

const DATABASE = 'sotto';
const MAJOR = '18';

/**
 * PostgreSQL from npm in `folder`, with the settings the delivery contract rests on (fsync, full_page_writes,
 * synchronous_commit).
 *
 * States of a folder: absent -> initialised (built beside it as `.new` and renamed, so a killed `initdb` leaves nothing
 * half) -> running -> stopped. One living Sotto process owns it (`<folder>.owner`); a PostgreSQL whose owner died is
 * adopted, a `postmaster.pid` whose process is gone or is something else is removed. A database that was there is never
 * replaced by an empty one: data whose memory was lost is found and adopted, data that is gone is refused.
 */
export async function startEmbeddedPostgres(options: { folder: string; port?: number }): Promise<EmbeddedPostgres> {
  const folder = atRealPath(options.folder);
  const claimed = claim(folder);
  if (claimed.kind === 'taken') {
    const what = `Another Sotto (process ${String(claimed.pid)}) uses ${folder}.`;
    throw new EmbeddedPostgresError('in-use', what, 'Stop it first, or use another folder.');
  }
  try {
    const remembered = recall(folder);
    const found = remembered?.data ?? adoptable(folder, sharedFolder(openBinaries(null).user));
    const binaries = openBinaries(ownerOfData(found ?? folder));
    if (found === null || ownerOfData(found) === null) mustBeFirst(folder, remembered);
    const memory = remembered ?? (await firstMemory(folder, { binaries, found }));
    const running = await adopt(memory, { binaries, wishedPort: options.port });
    if (!running) {
      await initialise(memory, binaries);
      memory.made = true;
      await launch(memory, { binaries, fixedPort: options.port });
    }
    remember(folder, { ...memory, made: true });
    return handle(folder, { memory, binaries, adopted: running });
  } catch (error) {
    release(folder);
    throw explainThrown(error, folder);
  }
}

/** What stands in a folder, for `sotto doctor`. Changes nothing. */
export function embeddedPostgresStatus(folder: string): EmbeddedStatus {
  const place = atRealPath(folder);
  const memory = recall(place);
  if (isDamaged(place)) return { kind: 'damaged' };
  if (!memory || !existsSync(join(memory.data, 'PG_VERSION'))) return { kind: 'absent' };
  const { data } = memory;
  const postmaster = readPostmaster(data);
  if (!postmaster || !isPostmaster(postmaster.pid, data)) return { kind: 'stopped', data, port: memory.port };
  return {
    kind: 'running',
    data,
    port: postmaster.port,
    pid: postmaster.pid,
    url: urlOf(memory),
    owner: livingOwner(place),
  };
}

function handle(folder: string, built: { memory: Memory; binaries: Binaries; adopted: boolean }): EmbeddedPostgres {
  const { memory, binaries, adopted } = built;
  return {
    url: urlOf(memory),
    port: memory.port,
    data: memory.data,
    adopted,
    stop: async () => {
      await shutDown(memory.data, binaries);
      release(folder);
    },
    kill: async () => {
      const pid = readPostmaster(memory.data)?.pid;
      if (pid !== undefined && isPostmaster(pid, memory.data)) {
        process.kill(pid, 'SIGKILL');
        await endOrphans(memory.data);
        while (isPostmaster(pid, memory.data)) await sleep(10);
      }
      release(folder);
    },
  };
}

async function firstMemory(
  folder: string,
  { binaries, found }: { readonly binaries: Binaries; readonly found: string | null },
): Promise<Memory> {
  const reachable = binaries.user === null || canReach(dirname(folder), binaries.user);
  const elsewhere = (): string =>
    join(sharedFolder(binaries.user), `${basename(folder)}-${randomBytes(6).toString('hex')}`);
  const data = found ?? (reachable ? folder : elsewhere());
  const password = randomBytes(24).toString('base64url');
  const memory = { data, password, port: await freePort(), made: found !== null };
  if (found !== null) await resetPassword(memory, binaries);
  // Remembered before anything exists: a crash must not leave a database whose password nobody knows. And before its origin is noted: who
  // sweeps at this moment takes an origin that remembers nothing for a project that is gone.
  remember(folder, memory);
  if (found === null && data !== folder) noteOrigin(data, folder);
  return memory;
}

async function initialise(memory: Memory, binaries: Binaries): Promise<void> {
  const { data } = memory;
  if (existsSync(join(data, 'PG_VERSION'))) {
    const version = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
    if (version !== MAJOR) throw explainFailure(`initialized by PostgreSQL version ${version}`, data);
    return;
  }
  if (existsSync(data) && readdirSync(data).length > 0)
    throw explainFailure('it is not empty and is not a database cluster', data);
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  makeFor(binaries, fresh);
  const secret = mkdtempSync(join(dirname(data), '.initdb-'));
  try {
    const passwordFile = join(secret, 'password');
    writeFileSync(passwordFile, memory.password, { mode: 0o600 });
    if (binaries.user) for (const path of [secret, passwordFile]) chownSync(path, binaries.user.uid, binaries.user.gid);
    const locale = ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const made = await binaries.run('initdb', [
      '-D',
      fresh,
      '-U',
      DATABASE,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      ...locale,
    ]);
    if (made.code !== 0) throw explainFailure(made.output, data);
    await singleUser(binaries, { data: fresh, sql: `CREATE DATABASE ${DATABASE};` });
    rmSync(data, { recursive: true, force: true });
    renameSync(fresh, data);
  } finally {
    rmSync(secret, { recursive: true, force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** True: a PostgreSQL of an earlier process runs on this folder and is taken over. */
async function adopt(
  memory: Memory,
  options: { binaries: Binaries; wishedPort: number | undefined },
): Promise<boolean> {
  const { binaries, wishedPort } = options;
  const { data } = memory;
  for (let tries = 0; tries < 600; tries++) {
    const postmaster = readPostmaster(data);
    if (!postmaster || !isPostmaster(postmaster.pid, data)) {
      rmSync(join(data, 'postmaster.pid'), { force: true });
      return false;
    }
    if (postmaster.state === 'ready') {
      if (wishedPort !== undefined && wishedPort !== postmaster.port) {
        await shutDown(data, binaries);
        return false;
      }
      memory.port = postmaster.port;
      return true;
    }
    await sleep(100);
  }
  throw explainFailure('it is neither up nor down after 60 s', data);
}

async function launch(memory: Memory, options: { binaries: Binaries; fixedPort: number | undefined }): Promise<void> {
  const { binaries, fixedPort } = options;
  const { data } = memory;
  if (fixedPort !== undefined) memory.port = fixedPort;
  for (let tries = 1; ; tries++) {
    writeSettings(memory, binaries);
    const log = join(data, 'start.log');
    const logged = newestLog(data).length;
    rmSync(log, { force: true });
    const started = await binaries.run('pg_ctl', ['start', '-D', data, '-w', '-t', '60', '-s', '-l', log]);
    if (started.code === 0) return;
    const output = await lastWords(
      () => `${started.output}\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}\n${newestLog(data).slice(logged)}`,
    );
    // The children of a killed PostgreSQL hold its shared memory until they notice, which takes a moment.
    const leftOver = /pre-existing shared memory block/.test(output) && tries < 50;
    const failure = explainFailure(output, data);
    const otherPort = failure.kind === 'port-taken' && fixedPort === undefined && tries < 5;
    if (!leftOver && !otherPort) throw failure;
    if (otherPort) memory.port = await freePort();
    else await sleep(200);
  }
}

/** The log is written by another process, on a busy machine after everything else has ended. */
async function lastWords(read: () => string): Promise<string> {
  for (let looks = 0; looks < 40 && !/FATAL|PANIC/.test(read()); looks += 1) await sleep(50);
  return read();
}

function writeSettings(memory: Memory, binaries: Binaries): void {
  const settings = [
    '# Written at each start. Your own settings: `sotto-local.conf` beside this file, which is read after it.',
    `port = ${String(memory.port)}`,
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    'max_connections = 200',
    'fsync = on',
    'full_page_writes = on',
    'synchronous_commit = on',
    "timezone = 'UTC'",
    'logging_collector = on',
    "log_directory = 'log'",
    "log_filename = 'postgresql-%a.log'",
    'log_truncate_on_rotation = on',
    'log_rotation_age = 1d',
    'log_rotation_size = 0',
    // No statement, parameter or key value may reach a log (D24).
    "log_statement = 'none'",
    "log_min_error_statement = 'panic'",
    "log_error_verbosity = 'terse'",
    'log_parameter_max_length = 0',
    'log_parameter_max_length_on_error = 0',
    "include_if_exists 'sotto-local.conf'",
  ];
  const main = join(memory.data, 'postgresql.conf');
  const include = "include 'sotto.conf'\n";
  if (!existsSync(main)) throw explainFailure('could not open file "postgresql.conf"', memory.data);
  const text = readFileSync(main, 'utf8');
  if (!text.endsWith(include)) writeFileSync(main, `${text}\n${include}`);
  const file = join(memory.data, 'sotto.conf');
  writeFileSync(file, `${settings.join('\n')}\n`, { mode: 0o600 });
  if (binaries.user) chownSync(file, binaries.user.uid, binaries.user.gid);
}

async function shutDown(data: string, binaries: Binaries): Promise<void> {
  const pid = readPostmaster(data)?.pid;
  if (pid === undefined || !isPostmaster(pid, data)) return;
  const gentle = await binaries.run('pg_ctl', ['stop', '-D', data, '-m', 'fast', '-w', '-t', '30', '-s']);
  if (gentle.code === 0 || !isPostmaster(pid, data)) return;
  const hard = await binaries.run('pg_ctl', ['stop', '-D', data, '-m', 'immediate', '-w', '-t', '15', '-s']);
  if (hard.code !== 0 && isPostmaster(pid, data)) throw explainFailure(hard.output, data);
}

/** The memory was lost but the data is here: whoever may write the files may set a new password. */
async function resetPassword(memory: Memory, binaries: Binaries): Promise<void> {
  await shutDown(memory.data, binaries);
  rmSync(join(memory.data, 'postmaster.pid'), { force: true });
  await singleUser(binaries, { data: memory.data, sql: `ALTER ROLE ${DATABASE} PASSWORD '${memory.password}';` });
}

async function singleUser(binaries: Binaries, task: { data: string; sql: string }): Promise<void> {
  // The collector is off because there is no server to write its file: the answer comes back on our pipe.
  const done = await binaries.run(
    'postgres',
    ['--single', '-D', task.data, '-c', 'logging_collector=off', 'postgres'],
    `${task.sql}\n`,
  );
  if (done.code !== 0 || /ERROR|FATAL/.test(done.output)) throw explainFailure(done.output, task.data);
}

function makeFor(binaries: Binaries, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  if (binaries.user) chownSync(folder, binaries.user.uid, binaries.user.gid);
}

/** Ends what runs on a folder whose owner is dead and that nobody will use again. */
export async function stopAbandoned(data: string): Promise<void> {
  await shutDown(data, openBinaries(ownerOfData(data)));
}

function readPostmaster(data: string): { pid: number; port: number; state: string } | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3]), state: (lines[7] ?? '').trim() } : null;
  } catch {
    return null;
  }
}

/** A process id is reused sooner or later (in a container at once): only one whose working folder is the data is ours. True for its children too. */
function isPostmaster(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`) === realpathSync(data);
  } catch {
    return false;
  }
}

/** A child goes on without its postmaster until it notices: on a busy machine it may still answer, and commit. */
async function endOrphans(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const pids = (): readonly number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => isPostmaster(pid, data));
  for (let left = pids(); left.length > 0; left = pids()) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has noticed.
      }
    }
    await sleep(10);
  }
}

function newestLog(data: string): string {
  try {
    const folder = join(data, 'log');
    const newest = readdirSync(folder)
      .map((name) => join(folder, name))
      .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs)
      .at(-1);
    return newest === undefined ? '' : readFileSync(newest, 'utf8');
  } catch {
    return '';
  }
}

function ownerOfData(data: string): number | null {
  return statSync(join(data, 'PG_VERSION'), { throwIfNoEntry: false })?.uid ?? null;
}

function atRealPath(folder: string): string {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 });
  return join(realpathSync(dirname(folder)), basename(folder));
}

function urlOf(memory: Memory): string {
  return `postgresql://${DATABASE}:${memory.password}@127.0.0.1:${String(memory.port)}/${DATABASE}`;
}
