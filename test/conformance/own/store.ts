import { execFile, execFileSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../libs/platform/embedded-postgres.js';
import { startThrowAwayPostgres } from '../../../libs/platform/throw-away-postgres.js';
import { NotRun } from '../clause.js';

const DISK = 'sotto-conformance-disk-';
const DISK_MIB = 256;
const DATABASE = 'conformance';
/** Made by this process so far. */
let disks = 0;

/**
 * The PostgreSQL of an own installation, which can be killed, stopped in its tracks, filled, backed up and put back. Where this process may
 * mount, the database lies on a file system of its own of 256 MiB (a tablespace; the log of PostgreSQL stays outside, as on a server with two disks).
 */
export class Store {
  private current: EmbeddedPostgres | undefined;

  private constructor(
    private readonly first: EmbeddedPostgres,
    private readonly disk: string | undefined,
    readonly url: string,
    private readonly work: string,
  ) {
    this.current = first;
  }

  static async start(): Promise<Store> {
    const postgres = await startThrowAwayPostgres();
    const owner = statSync(postgres.data);
    const disk = smallDisk(owner);
    const work = mkdtempSync(join(tmpdir(), 'sotto-conformance-backup-'));
    if (disk !== undefined) await sql(postgres.url, `create tablespace small location '${join(disk, 'data')}'`);
    await sql(postgres.url, `create database ${DATABASE}${disk === undefined ? '' : ' tablespace small'}`);
    return new Store(postgres, disk, postgres.url.replace(/\/[^/]*$/, `/${DATABASE}`), work);
  }

  get logFolder(): string {
    return join(this.first.data, 'log');
  }

  async kill(): Promise<void> {
    // What stands still ends where it stands: woken first, it might still commit.
    for (const pid of this.pids()) signal(pid, 'SIGKILL');
    await this.current?.kill();
    this.current = undefined;
  }

  async start(): Promise<void> {
    this.current ??= await startEmbeddedPostgres({ folder: this.first.data, port: this.first.port });
    while (await inRecovery(this.url)) await sleep(50);
  }

  async term(): Promise<void> {
    await this.current?.stop();
    this.current = undefined;
  }

  pause(): void {
    for (const pid of this.pids()) signal(pid, 'SIGSTOP');
  }

  resume(): void {
    for (const pid of this.pids()) signal(pid, 'SIGCONT');
  }

  fill(): void {
    const file = join(this.smallDisk(), 'ballast');
    const block = Buffer.alloc(64 * 1024);
    for (let blocks = 0; blocks < DISK_MIB * 16; blocks += 1) {
      try {
        writeFileSync(file, block, { flag: 'a' });
      } catch (error) {
        if ((error as { code?: unknown }).code === 'ENOSPC') return;
        throw error;
      }
    }
    throw new Error('the disk of PostgreSQL did not become full');
  }

  drain(): void {
    rmSync(join(this.smallDisk(), 'ballast'), { force: true });
  }

  /** A base backup with PostgreSQL's own functions, while it runs. */
  async backup(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(`select pg_backup_start('conformance', true)`);
      for (const name of ['data', 'disk'] as const) await rm(this.copy(name), { recursive: true, force: true });
      await copy(this.first.data, this.copy('data'));
      if (this.disk !== undefined) await copy(join(this.disk, 'data'), this.copy('disk'));
      const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
      // Written last: a copy that ends at the end of its own log is consistent.
      await copy(join(this.first.data, 'pg_wal'), join(this.copy('data'), 'pg_wal'));
      writeFileSync(join(this.copy('data'), 'backup_label'), rows[0]?.labelfile ?? '');
      rmSync(join(this.copy('data'), 'postmaster.pid'), { force: true });
    } finally {
      await client.end();
    }
  }

  /** As an operator does it: stopped, put back, recovered to the end of the backup, under a new timeline. */
  async restore(): Promise<void> {
    if (!existsSync(this.copy('data'))) throw new NotRun('restore: there is no backup');
    // Not `term`: the PostgreSQL that a run began with takes its folder along when it ends in peace.
    await this.kill();
    const { data } = this.first;
    const owner = statSync(data);
    const put = async (from: string, to: string): Promise<void> => {
      for (const name of readdirSync(to)) await rm(join(to, name), { recursive: true, force: true });
      await copy(from, to);
    };
    await put(this.copy('data'), data);
    if (this.disk !== undefined) await put(this.copy('disk'), join(this.disk, 'data'));
    for (const [name, text] of Object.entries({
      'recovery.signal': '',
      'sotto-local.conf': "restore_command = 'false'\n",
    })) {
      writeFileSync(join(data, name), text, { mode: 0o600 });
      chownSync(join(data, name), owner.uid, owner.gid);
    }
    chownSync(join(data, 'backup_label'), owner.uid, owner.gid);
    await this.start();
  }

  async stop(): Promise<void> {
    this.resume();
    await this.current?.stop();
    await this.first.stop();
    await rm(this.work, { recursive: true, force: true });
    if (this.disk !== undefined) unmount(this.disk);
  }

  private copy(name: 'data' | 'disk'): string {
    return join(this.work, name);
  }

  private smallDisk(): string {
    if (this.disk === undefined) throw new NotRun('fill: only root may mount a small file system here');
    return this.disk;
  }

  /** The postmaster and its children. */
  private pids(): readonly number[] {
    if (process.platform !== 'linux') throw new NotRun('pause postgres: only on Linux');
    const file = join(this.first.data, 'postmaster.pid');
    if (!existsSync(file)) return [];
    const postmaster = Number(readFileSync(file, 'utf8').split('\n')[0]);
    const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster);
    return existsSync(`/proc/${postmaster}`) ? [postmaster, ...children.map(Number)] : [];
  }
}

/** A backend may have ended since it was found. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ESRCH') throw error;
  }
}

async function inRecovery(url: string): Promise<boolean> {
  const rows = await sql<{ yes: boolean }>(url, 'select pg_is_in_recovery() as yes').catch(() => undefined);
  return rows?.[0]?.yes ?? true;
}

async function sql<Row extends object>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function copy(from: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  // `cp` keeps owners, modes and links, which Node's copy does not; a file that vanishes meanwhile is one that the log restores.
  try {
    await promisify(execFile)('cp', ['-a', `${from}/.`, to]);
  } catch {
    await cp(from, to, { recursive: true, force: false, errorOnExist: false, verbatimSymlinks: true });
  }
}

function parentOf(pid: string): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

/** A file system in memory that only PostgreSQL's user may enter; undefined where this process may not mount. */
function smallDisk(owner: { readonly uid: number; readonly gid: number }): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  sweepDisks();
  disks += 1;
  const place = join('/tmp', `${DISK}${process.pid}-${disks}`);
  mkdirSync(place, { recursive: true, mode: 0o711 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m,mode=711`, 'tmpfs', place], { stdio: 'ignore' });
  } catch {
    rmSync(place, { recursive: true, force: true });
    return undefined;
  }
  mkdirSync(join(place, 'data'), { mode: 0o700 });
  chownSync(join(place, 'data'), owner.uid, owner.gid);
  return place;
}

/** What a run that was killed left mounted. */
function sweepDisks(): void {
  for (const [place = '', pid = ''] of readFileSync('/proc/mounts', 'utf8').matchAll(
    /\/tmp\/sotto-conformance-disk-(\d+)(?:-\d+)?/g,
  ))
    if (!existsSync(`/proc/${pid}`))
      try {
        unmount(place);
      } catch {
        // Still in use, or another run was first: not this run's matter.
      }
}

function unmount(place: string): void {
  execFileSync('umount', ['-l', place], { stdio: 'ignore' });
  rmSync(place, { recursive: true, force: true });
}
