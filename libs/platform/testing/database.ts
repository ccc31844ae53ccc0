import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { systemIds } from '../ids.js';
import { knownMigrations, migrate } from '../migrate.js';
import { Db } from '../postgres.js';

const MIGRATIONS = join(import.meta.dirname, '../../../prisma/migrations');
const TEMPLATE_LOCK = 7_306_002;

export interface TestDatabase {
  readonly db: Db;
  readonly url: string;
  drop(): Promise<void>;
}

/** A migrated database of its own, cloned from a template that the first test file makes. Needs SOTTO_TEST_POSTGRES, which `npm test` sets. */
export async function testDatabase(): Promise<TestDatabase> {
  const admin = adminUrl();
  const template = await ensureTemplate(admin);
  const name = `sotto_test_${systemIds.bytes(8).toString('hex')}`;
  await onAdmin(admin, async (client) => client.query(`create database ${name} template ${template}`));
  const url = urlOf(admin, name);
  const db = Db.connect({ url, max: 12, application: 'sotto-test' });
  return {
    db,
    url,
    drop: async () => {
      await db.close();
      await onAdmin(admin, async (client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

/** An empty database, not migrated. */
export async function emptyDatabase(admin = adminUrl()): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `sotto_test_${systemIds.bytes(8).toString('hex')}`;
  await onAdmin(admin, async (client) => client.query(`create database ${name}`));
  return {
    url: urlOf(admin, name),
    drop: async () =>
      onAdmin(admin, async (client) => {
        await client.query(`drop database ${name} with (force)`);
      }),
  };
}

function adminUrl(): string {
  const url = process.env['SOTTO_TEST_POSTGRES'];
  if (url === undefined)
    throw new Error('SOTTO_TEST_POSTGRES is not set; run these tests with `npm test -- --only stores`');
  return url;
}

async function ensureTemplate(admin: string): Promise<string> {
  const digest = createHash('sha256');
  for (const migration of knownMigrations(MIGRATIONS))
    digest.update(readFileSync(join(MIGRATIONS, migration, 'migration.sql')));
  const name = `sotto_template_${digest.digest('hex').slice(0, 12)}`;
  await onAdmin(admin, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 1) return;
    await client.query(`drop database if exists ${name}_new with (force)`);
    await client.query(`create database ${name}_new`);
    await migrate(urlOf(admin, `${name}_new`), MIGRATIONS);
    await client.query(`alter database ${name}_new rename to ${name}`);
  });
  return name;
}

function urlOf(admin: string, database: string): string {
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return url.toString();
}

async function onAdmin<Result>(admin: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
