import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from './ids.js';
import { Db } from './postgres.js';
import { loudSettings } from './quiet-log.js';
import { testDatabase, type TestDatabase } from './testing/database.js';

const LOUD = [
  ['log_error_verbosity', `'verbose'`],
  ['log_min_error_statement', `'error'`],
  ['log_parameter_max_length', '-1'],
  ['log_parameter_max_length_on_error', '-1'],
] as const;

describe('what sessions leave in the log of PostgreSQL', () => {
  let database: TestDatabase;
  const role = `spec_${systemIds.bytes(6).toString('hex')}`;
  const password = systemIds.bytes(12).toString('hex');

  beforeAll(async () => {
    database = await testDatabase();
    await database.db.commit(`create role ${role} login password '${password}'`);
    for (const [name, value] of LOUD) await database.db.commit(`alter role ${role} set ${name} = ${value}`);
  });
  afterAll(async () => {
    await database.db.commit(`drop owned by ${role}`);
    await database.db.commit(`drop role ${role}`);
    await database.drop();
  });

  async function asRole<Result>(work: (db: Db) => Promise<Result>): Promise<Result> {
    const url = new URL(database.url);
    [url.username, url.password] = [role, password];
    const db = Db.connect({ url: url.toString(), max: 1, application: 'spec' });
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  }

  it('is told where the role may not hush it, as far as the server logs at all', async () => {
    expect(await asRole(loudSettings)).toEqual(['log_error_verbosity = verbose']);
    await database.db.commit(`alter role ${role} set log_statement = 'all'`);
    expect(await asRole(loudSettings)).toEqual(['log_error_verbosity = verbose', 'log_parameter_max_length = -1']);
  });

  it('is nothing for a role that may, and for a superuser', async () => {
    const names = LOUD.map(([name]) => name).slice(0, 3);
    for (const name of names) await database.db.commit(`grant set on parameter ${name} to ${role}`);
    expect(await asRole(loudSettings)).toEqual([]);
    for (const name of names) await database.db.commit(`revoke set on parameter ${name} from ${role}`);
    const { pathname } = new URL(database.url);
    for (const [name, value] of LOUD)
      await database.db.commit(`alter database ${pathname.slice(1)} set ${name} = ${value}`);
    const other = Db.connect({ url: database.url, max: 1, application: 'spec' });
    expect(await loudSettings(other)).toEqual([]);
    await other.close();
  });
});
