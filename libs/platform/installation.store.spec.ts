import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIncarnation } from './installation.js';
import { testDatabase, type TestDatabase } from './testing/database.js';

describe('the incarnation', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  it('is eight bytes that stay, through every transaction and for every reader', async () => {
    const first = await readIncarnation(database.db);
    expect(first).toHaveLength(8);
    expect(await database.db.transact(readIncarnation)).toEqual(first);
  });

  it.each(['8000000000000001', 'ffffffffffffffff', '7fffffffffffffff'])('is exact for %s', async (hex) => {
    const value = Buffer.from(hex, 'hex');
    await database.db.commit('update installation set incarnation = $1', [value.readBigInt64BE().toString()]);
    expect(Buffer.from(await readIncarnation(database.db)).toString('hex')).toBe(hex);
  });

  it('is one: no second row can be written, and none is a database that was not migrated', async () => {
    await expect(database.db.commit('insert into installation values (true, 5)')).rejects.toThrow(/installation_pkey/);
    await database.db.commit('delete from installation');
    await expect(readIncarnation(database.db)).rejects.toThrow(/migrated/);
  });
});
