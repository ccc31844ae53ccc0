import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hashOf, readIfThere, ROOT, seconds, Trouble } from './project.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const STAMP = join(ROOT, 'node_modules', '.sotto-installed');

/** Installs when nothing is installed, or something else than the lock says (after `git pull`). */
export async function ensureInstalled() {
  const wanted = `${hashOf(LOCK)} ${process.platform}-${process.arch}`;
  if (readIfThere(STAMP) === wanted) return;
  if (!isInstalled()) await install();
  writeFileSync(STAMP, wanted);
}

/** Somebody ran `npm ci` by hand: npm's own record says what lies there. */
function isInstalled() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const packagesIn = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const installed = packagesIn(record);
  return Object.entries(packagesIn(LOCK)).every(
    ([path, entry]) =>
      path === '' || (entry.optional && !installed[path]) || installed[path]?.version === entry.version,
  );
}

async function install() {
  const npm = npmCommand();
  const start = performance.now();
  const line = (text, end = '') => process.stderr.write(process.stderr.isTTY ? `\r${text}\x1b[K${end}` : `${text}\n`);
  const changed = existsSync(join(ROOT, 'node_modules'));
  const what = changed ? 'The lockfile changed: installing packages' : 'Installing packages (once; about a minute)';
  line(what);
  const ticker = process.stderr.isTTY ? setInterval(() => line(`${what} … ${seconds(start)}`), 500) : undefined;
  const { code, output } = await run(npm, ['ci', '--loglevel=error', '--include=dev', '--include=optional']);
  clearInterval(ticker);
  if (code !== 0) {
    line(`${what} failed after ${seconds(start)}`, '\n');
    throw explain(output);
  }
  line(`Packages installed in ${seconds(start)}`, '\n');
}

function run([file, ...first], args) {
  return new Promise((done, fail) => {
    const child = spawn(file, [...first, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const stop = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
    child.once('error', () => fail(new Trouble('npm was not found. Install Node.js with npm: https://nodejs.org')));
    child.once('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
      done({ code, output });
    });
  });
}

function npmCommand() {
  const npm = process.env.npm_execpath;
  if (npm && basename(npm).startsWith('npm-cli')) return [process.execPath, npm];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function explain(output) {
  const free = statfsSync(ROOT);
  if (/ENOSPC|EDQUOT/.test(output) || free.bavail * free.bsize < 50_000_000) {
    return new Trouble(`The disk that holds ${ROOT} is full. The packages need 1 GB; free some space and start again.`);
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/i.test(output)) {
    return new Trouble(
      'The package registry cannot be reached. Check the network or proxy (npm config get registry) and start again.',
    );
  }
  if (/EBADPLATFORM/.test(output))
    return new Trouble(`Sotto does not run on ${process.platform} ${process.arch}: Linux (glibc) or macOS is needed.`);
  if (/EUSAGE|in sync/.test(output))
    return new Trouble(
      'package-lock.json does not fit package.json. Undo local changes to them, or run: npm install && npm run gen',
    );
  if (/EACCES|EPERM/.test(output))
    return new Trouble(`${ROOT} is not writable by this user. Give it to yourself (chown -R) and start again.`);
  return new Trouble(`npm ci failed:\n${output.trim().split('\n').slice(-12).join('\n')}`);
}
