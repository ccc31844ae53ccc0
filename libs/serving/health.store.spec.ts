import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { knownMigrations } from '../platform/migrate.js';
import { Db } from '../platform/postgres.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { databaseChecks, Health } from './health.js';

const KNOWN = knownMigrations(join(import.meta.dirname, '../../prisma/migrations'));

describe('readiness of the database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  async function faults(url: string): Promise<readonly string[]> {
    const db = Db.connect({ url, max: 2, application: 'spec' });
    try {
      const { checks } = await new Health(databaseChecks(db, KNOWN)).readiness();
      return checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail ?? ''}`);
    } finally {
      await db.close();
    }
  }

  it('looks at what its own sessions do: acceptance waits for the disk though the database is set otherwise', async () => {
    const { pathname } = new URL(database.url);
    await database.db.commit(`alter database ${pathname.slice(1)} set synchronous_commit = off`);
    const db = Db.connect({ url: database.url, max: 1, application: 'spec' });
    expect(await db.query('show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    await db.close();
    expect(await faults(database.url)).toEqual([]);
  });

  it.each(['off', 'local'])('is refused when a session would not wait: synchronous_commit = %s', async (value) => {
    const url = new URL(database.url);
    url.searchParams.set('options', `-c synchronous_commit=${value}`);
    expect(await faults(url.toString())).toEqual([
      `durability: synchronous_commit = ${value}: an accepted message could be lost`,
    ]);
  });

  it('knows a schema that is one ahead, and refuses one that lacks something or is two ahead', async () => {
    const add = async (name: string): Promise<void> => {
      await database.db.commit(
        `insert into _prisma_migrations (id, checksum, migration_name, finished_at, started_at, applied_steps_count)
         values ($1, '', $1, now(), now(), 1)`,
        [name],
      );
    };
    await add('9998_next');
    expect(await faults(database.url)).toEqual([]);
    await add('9999_after_next');
    expect(await faults(database.url)).toEqual([
      'schema: the database is 2 migrations ahead of this release; update it',
    ]);
    const [first] = KNOWN;
    await database.db.commit('delete from _prisma_migrations where migration_name = $1', [first]);
    expect(await faults(database.url)).toEqual([
      `schema: migrations are missing: ${String(first)}; run \`sotto migrate\``,
    ]);
  });
});
