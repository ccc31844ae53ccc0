import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { knownMigrations, migrate, modelsAsSql } from './migrate.js';
import { Db } from './postgres.js';
import { emptyDatabase } from './testing/database.js';

const PRISMA = join(import.meta.dirname, '../../prisma');
const MIGRATIONS = join(PRISMA, 'migrations');

describe('migrate', () => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let db: Db;
  beforeAll(async () => {
    database = await emptyDatabase();
    db = Db.connect({ url: database.url, max: 2, application: 'spec' });
  });
  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it('applies everything once, though several processes begin at the same moment', async () => {
    const known = knownMigrations(MIGRATIONS);
    const applied = await Promise.all([1, 2, 3].map(async () => migrate(database.url, MIGRATIONS)));
    expect(applied.flat().sort()).toEqual([...known]);
    expect(await migrate(database.url, MIGRATIONS)).toEqual([]);
    const rows = await db.query<{ migration_name: string }>(
      'select migration_name from _prisma_migrations where finished_at is not null order by migration_name',
    );
    expect(rows.map((row) => row.migration_name)).toEqual(known);
  });

  it('applies what failed on its lock timeout when it is run again', async () => {
    const empty = await emptyDatabase();
    const { url } = empty;
    const folder = mkdtempSync(join(tmpdir(), 'sotto-migrations-'));
    const holder = new pg.Client({ connectionString: url });
    const add = (to: string, sql: string): void => {
      mkdirSync(to);
      writeFileSync(join(to, 'migration.sql'), sql);
    };
    try {
      add(join(folder, '0001_first'), 'create table thing (no int8);');
      await migrate(url, folder);
      add(
        join(folder, '0002_next'),
        `set local lock_timeout = '50ms'; create table next (no int8); alter table thing add column more int4;`,
      );
      await holder.connect();
      await holder.query('begin; lock table thing in access share mode');
      await expect(migrate(url, folder)).rejects.toThrow(/lock timeout/);
      await holder.query('commit');
      expect(await migrate(url, folder)).toEqual(['0002_next']);
      expect(await migrate(url, folder)).toEqual([]);
    } finally {
      await holder.end();
      await empty.drop();
      rmSync(folder, { recursive: true });
    }
  });

  it('leaves no connection behind', async () => {
    const others = `select application_name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'spec'`;
    for (let tries = 0; tries < 20 && (await db.query(others)).length > 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await db.query(others)).toEqual([]);
  });

  it('has written the installation row', async () => {
    const [row] = await db.query<{ bytes: Buffer }>('select int8send(incarnation) as bytes from installation');
    expect(row?.bytes).toHaveLength(8);
    expect(row?.bytes).not.toEqual(Buffer.alloc(8));
  });

  it('makes what the models say', async () => {
    const modelled = await emptyDatabase();
    const other = Db.connect({ url: modelled.url, max: 1, application: 'spec' });
    try {
      // No parameters: a script of many statements.
      await other.query(await modelsAsSql(modelled.url, join(PRISMA, 'schema')));
      const wanted = await shapeOf(other, await tablesOf(other));
      expect(wanted.length).toBeGreaterThan(50);
      expect(await shapeOf(db, await tablesOf(other))).toEqual(wanted);
    } finally {
      await other.close();
      await modelled.drop();
    }
  });
});

async function tablesOf(reader: Db): Promise<readonly string[]> {
  const rows = await reader.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public'`,
  );
  return rows.map(({ name }) => name);
}

/** Columns and indexes, in order. */
async function shapeOf(reader: Db, tables: readonly string[]): Promise<readonly object[]> {
  return reader.query(
    `select table_name as place, column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') as what
     from information_schema.columns where table_schema = 'public' and table_name = any($1)
     union all
     select tablename, indexdef from pg_indexes where schemaname = 'public' and tablename = any($1)
     order by 1, 2`,
    [tables],
  );
}
