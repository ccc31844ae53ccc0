import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

  it('has in its first migration what the models say, and the one row that they cannot', async () => {
    const models = await modelsAsSql(database.url, join(PRISMA, 'schema'));
    const first = readFileSync(join(MIGRATIONS, '0001_models', 'migration.sql'), 'utf8');
    expect(models).toContain('CREATE TABLE "installation"');
    expect(first.slice(0, models.length)).toBe(models);
    const rest = first
      .slice(models.length)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('--'));
    expect(rest).toEqual([expect.stringMatching(/^INSERT INTO "installation" .*;$/)]);
  });
});
