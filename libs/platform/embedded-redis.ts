import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './local-process.js';

const run = promisify(execFile);

/** Redis 7 of Debian and Ubuntu, with the libraries it needs beside libc. */
const DEBIAN_PACKAGES = [
  'redis-server',
  'redis-tools',
  'libjemalloc2',
  'liblua5.1-0',
  'lua-bitop',
  'lua-cjson',
  'liblzf1',
  'libatomic1',
];

/** A Redis for tests and `sotto demo`: nothing of it survives `stop`. */
export interface EmbeddedRedis {
  readonly url: string;
  readonly port: number;
  /** Where it came from, worth one line of output. */
  readonly source: string;
  stop(): Promise<void>;
  /** `kill -9`; `stop` afterwards is harmless. */
  kill(): Promise<void>;
}

interface Program {
  file: string;
  libraries: string | null;
  source: string;
}

/**
 * No npm package carries a Redis server, so it is looked for on PATH, then fetched from Debian into `cache` (no root, no
 * system service), from Homebrew, or run with Docker. Listens on 127.0.0.1, keeps nothing on disk.
 *
 * @param port the same one again brings a killed Redis back at its URL
 */
export async function startEmbeddedRedis(options: { cache: string; port?: number }): Promise<EmbeddedRedis> {
  const reasons: string[] = [];
  for (const find of [fromPath, fromDebian, fromHomebrew]) {
    const found = await find(options.cache).catch((error: unknown) => {
      reasons.push(`${find.name.replace('from', '')}: ${firstLine(error)}`);
      return null;
    });
    if (found) return await launch(found, options.port ?? (await freePort()));
  }
  return await withDocker(options.port ?? (await freePort())).catch((error: unknown) => {
    reasons.push(`Docker: ${firstLine(error)}`);
    const advice =
      'Install Redis or Valkey >= 7 (sudo apt-get install redis-server; brew install redis), or set REDIS_URL.';
    throw new Error(`No Redis server was found and none could be fetched. ${advice}\n  ${reasons.join('\n  ')}`);
  });
}

async function fromPath(): Promise<Program | null> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  for (const name of ['redis-server', 'valkey-server']) {
    const folder = folders.find((candidate) => candidate !== '' && existsSync(join(candidate, name)));
    if (folder === undefined) continue;
    const program = { file: join(folder, name), libraries: null, source: join(folder, name) };
    if (await isRecent(program)) return program;
  }
  return null;
}

async function fromDebian(cache: string): Promise<Program | null> {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return null;
  const target = join(cache, `redis-${process.arch}`);
  if (!existsSync(target)) await downloadFromDebian(cache, target);
  const libraries = existsSync(join(target, 'usr/lib'))
    ? readdirSync(join(target, 'usr/lib'), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name.endsWith('-linux-gnu'))
        .map((entry) => join(target, 'usr/lib', entry.name))
        .join(':')
    : null;
  const program = { file: join(target, 'usr/bin/redis-server'), libraries, source: 'Debian package redis-server' };
  if (await isRecent(program)) return program;
  rmSync(target, { recursive: true, force: true });
  throw new Error('the packages of this release hold no Redis >= 7 that runs here');
}

async function downloadFromDebian(cache: string, target: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'downloading-'));
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'root'])
      mkdirSync(join(work, folder), { recursive: true });
    const local = [
      '-o',
      `Dir::State::lists=${work}/lists`,
      '-o',
      `Dir::Cache=${work}/cache`,
      '-o',
      'APT::Sandbox::User=',
    ];
    const settings = { cwd: work, env: { ...process.env, LC_ALL: 'C' }, timeout: 120_000 };
    await run('apt-get', [...local, '-qq', 'update'], settings);
    await run('apt-get', [...local, '-qq', 'download', ...DEBIAN_PACKAGES], settings);
    for (const file of readdirSync(work).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg', ['-x', join(work, file), join(work, 'root')], settings);
    }
    keepFirst(join(work, 'root'), target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Moves a folder to where another process may have put the same at this moment: the first one stays. */
export function keepFirst(folder: string, target: string): void {
  try {
    renameSync(folder, target);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

async function fromHomebrew(): Promise<Program | null> {
  if (process.platform !== 'darwin') return null;
  await run('brew', ['install', '--quiet', 'redis'], { timeout: 300_000 });
  const { stdout } = await run('brew', ['--prefix', 'redis']);
  return { file: join(stdout.trim(), 'bin', 'redis-server'), libraries: null, source: 'Homebrew' };
}

async function withDocker(port: number): Promise<EmbeddedRedis> {
  const publish = `127.0.0.1:${String(port)}:6379`;
  const command = ['redis-server', '--save', '', '--appendonly', 'no'];
  const { stdout } = await run('docker', ['run', '--rm', '-d', '-p', publish, 'redis:7', ...command], {
    timeout: 300_000,
  });
  const remove = async (): Promise<void> => {
    await run('docker', ['rm', '-f', stdout.trim()]).catch(() => undefined);
  };
  return { url: `redis://127.0.0.1:${String(port)}`, port, source: 'Docker image redis:7', stop: remove, kill: remove };
}

async function isRecent(program: Program): Promise<boolean> {
  const { stdout } = await run(program.file, ['--version'], { env: environmentOf(program) }).catch(() => ({
    stdout: '',
  }));
  return Number(/v=(\d+)/.exec(stdout)?.[1] ?? 0) >= 7;
}

async function launch(program: Program, port: number): Promise<EmbeddedRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-redis-'));
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  // Detached: Ctrl-C in the terminal must reach the tests first, and they stop this.
  const child = spawn(program.file, settings, {
    env: environmentOf(program),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await ended(child, signal);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(child);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  child.unref();
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    port,
    source: program.source,
    stop: async () => end('SIGTERM'),
    kill: async () => end('SIGKILL'),
  };
}

async function ready(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((up, fail) => {
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4000);
      if (output.includes('Ready to accept connections')) up();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', fail);
    child.once('exit', () => {
      fail(new Error(`Redis did not start: ${output.trim().split('\n').at(-1) ?? ''}`));
    });
  });
  // Its pipes must not keep this process alive, nor fill up.
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((gone) => {
    child.once('exit', () => {
      gone();
    });
    child.ref();
    child.kill(signal);
  });
}

function environmentOf(program: Program): NodeJS.ProcessEnv {
  const own = { PATH: `${dirname(program.file)}:/usr/bin:/bin`, LC_ALL: 'C' };
  return program.libraries === null ? own : { ...own, LD_LIBRARY_PATH: program.libraries };
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() ? stderr : message).trim().split('\n')[0] ?? '';
}
