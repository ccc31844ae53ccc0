import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgresError } from './embedded-binaries.js';
import { type EmbeddedPostgres, embeddedPostgresStatus, startEmbeddedPostgres } from './embedded-postgres.js';

// A database is made and started several times in each.
jest.setTimeout(120_000);

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Processes that stand in this folder, as all of PostgreSQL's do; known on Linux only. */
function workingIn(data: string): readonly string[] {
  const pids = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return pids.filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === data;
    } catch {
      return false;
    }
  });
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((up) => server.listen(port, '127.0.0.1', up));
  return server;
}

describe('embedded PostgreSQL', () => {
  // A folder that, for root, PostgreSQL's user cannot reach.
  const place = mkdtempSync(join(tmpdir(), 'sotto-embedded-spec-'));
  const folder = join(place, 'postgres');
  let postgres: EmbeddedPostgres;

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({ folder });
  });

  afterAll(async () => {
    await postgres.stop();
    rmSync(postgres.data, { recursive: true, force: true });
    rmSync(place, { recursive: true, force: true });
  });

  it('runs with the settings that make "accepted" durable, on 127.0.0.1 only', async () => {
    const names = [
      'fsync',
      'full_page_writes',
      'synchronous_commit',
      'listen_addresses',
      'unix_socket_directories',
      'log_statement',
    ];
    const rows = await query(
      postgres.url,
      `select name, setting from pg_settings where name in ('${names.join("','")}')`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      log_statement: 'none',
    });
  });

  it('asks for the password, which only this user can read', async () => {
    await expect(query(postgres.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
    expect(statSync(`${folder}.json`).mode & 0o777).toBe(0o600);
    expect(postgres.adopted).toBe(false);
  });

  it('refuses a second user of the same folder', async () => {
    await expect(startEmbeddedPostgres({ folder })).rejects.toMatchObject({ kind: 'in-use' });
    expect(embeddedPostgresStatus(folder)).toMatchObject({ kind: 'running', owner: process.pid, port: postgres.port });
  });

  it('keeps data and port over a stop', async () => {
    await query(postgres.url, 'create table kept (n int); insert into kept values (1)');
    await postgres.stop();
    await postgres.stop();
    expect(embeddedPostgresStatus(folder).kind).toBe('stopped');
    const again = await startEmbeddedPostgres({ folder });
    expect(again.url).toBe(postgres.url);
    postgres = again;
    expect(await query(postgres.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('adopts the one that a killed server left running', async () => {
    rmSync(`${folder}.owner`);
    postgres = await startEmbeddedPostgres({ folder });
    expect(postgres.adopted).toBe(true);
    expect(await query(postgres.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('loses nothing to kill -9 and starts over its stale postmaster.pid', async () => {
    await query(postgres.url, 'insert into kept values (2)');
    await postgres.kill();
    expect(existsSync(join(postgres.data, 'postmaster.pid'))).toBe(true);
    postgres = await startEmbeddedPostgres({ folder });
    expect(postgres.adopted).toBe(false);
    expect(await query(postgres.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('leaves nothing of itself alive after kill -9, also what is in the middle of a statement', async () => {
    const begun = `select 1 from pg_stat_activity where query like 'do %' and state = 'active'`;
    const working = query(postgres.url, 'do $$ begin for step in 1 .. 300000000 loop end loop; end $$');
    const ended = working.then(
      () => 'done',
      () => 'cut off',
    );
    while ((await query(postgres.url, begun)).length === 0);
    await postgres.kill();
    // Without a postmaster it would go on to its end, and what it commits would be there although PostgreSQL is gone.
    expect(workingIn(postgres.data)).toEqual([]);
    expect(await ended).toBe('cut off');
    postgres = await startEmbeddedPostgres({ folder });
  });

  it('mends a postmaster.pid whose process id now belongs to another program', async () => {
    await postgres.kill();
    const file = join(postgres.data, 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
    postgres = await startEmbeddedPostgres({ folder });
    expect(await query(postgres.url, 'select count(*)::int as n from kept')).toEqual([{ n: 2 }]);
  });

  it('moves on when the remembered port is taken, and says so when the port was asked for', async () => {
    const { port } = postgres;
    await postgres.stop();
    const other = await listen(port);
    try {
      await expect(startEmbeddedPostgres({ folder, port })).rejects.toMatchObject({ kind: 'port-taken' });
      postgres = await startEmbeddedPostgres({ folder });
      expect(postgres.port).not.toBe(port);
    } finally {
      other.close();
    }
  });

  it('says what to do about a broken data folder', async () => {
    await postgres.stop();
    const control = join(postgres.data, 'global', 'pg_control');
    const bytes = readFileSync(control);
    writeFileSync(control, Buffer.alloc(bytes.length));
    const refused: unknown = await startEmbeddedPostgres({ folder }).catch((error: unknown) => error);
    writeFileSync(control, bytes);
    postgres = await startEmbeddedPostgres({ folder });
    expect(refused).toBeInstanceOf(EmbeddedPostgresError);
    expect(refused).toMatchObject({ kind: 'broken-data', advice: expect.stringContaining(`mv ${postgres.data}`) });
  });
});

describe('embedded PostgreSQL whose memory was lost', () => {
  let place: string;
  let folder: string;
  let memory: string;
  let data: string;

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), 'sotto-forgotten-spec-'));
    folder = join(place, 'postgres');
    memory = `${folder}.json`;
    const postgres = await startEmbeddedPostgres({ folder });
    ({ data } = postgres);
    await query(postgres.url, 'create table kept (n int); insert into kept values (7)');
    await postgres.stop();
  });
  afterAll(() => {
    for (const left of [data, `${data}.origin`, place]) rmSync(left, { recursive: true, force: true });
  });

  const refused = async (): Promise<unknown> => {
    const error: unknown = await startEmbeddedPostgres({ folder }).then(
      async (started) => started.stop(),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    expect(error).toMatchObject({ kind: 'broken-data', advice: expect.stringContaining('Nothing was changed') });
    return error;
  };

  it.each([
    ['deleted', undefined],
    ['cut short', '{"data":"/tm'],
    ['emptied', ''],
  ])('(%s) is adopted with all its data, wherever that lies', async (_, text) => {
    if (text === undefined) rmSync(memory);
    else writeFileSync(memory, text);
    const postgres = await startEmbeddedPostgres({ folder });
    expect(postgres.data).toBe(data);
    expect(await query(postgres.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await postgres.stop();
  });

  it('is refused when the data is gone, and nothing new is made', async () => {
    rmSync(data, { recursive: true });
    await refused();
    expect(existsSync(data)).toBe(false);
    writeFileSync(memory, 'damaged');
    expect(embeddedPostgresStatus(folder)).toEqual({ kind: 'damaged' });
    await refused();
    expect(readFileSync(memory, 'utf8')).toBe('damaged');
    rmSync(memory);
    const postgres = await startEmbeddedPostgres({ folder });
    expect(await query(postgres.url, `select 1 from pg_class where relname = 'kept'`)).toEqual([]);
    await postgres.stop();
    rmSync(`${postgres.data}.origin`, { force: true });
    rmSync(postgres.data, { recursive: true, force: true });
  });
});
