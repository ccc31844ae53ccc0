import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { databaseState } from './database-state.js';
import { outboxLag, appendOutbox } from './outbox.js';
import { testDatabase, type TestDatabase } from './testing/database.js';

describe('the state of the database', () => {
  let database: TestDatabase;
  let holder: pg.Client;

  beforeAll(async () => {
    database = await testDatabase();
    holder = new pg.Client({ connectionString: database.url, application_name: 'a forgotten one' });
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await database.drop();
  });

  const sessions = async (): Promise<readonly { readonly name: string; readonly seconds: number }[]> =>
    (await databaseState(database.db)).snapshots.filter(({ name }) => name.includes('a forgotten one'));

  it('names the session that holds a snapshot, its age and how much was begun since, and never what it does', async () => {
    expect(await sessions()).toEqual([]);
    await holder.query('begin isolation level repeatable read');
    await holder.query("select 'a secret word'");
    for (let count = 0; count < 3; count += 1) await database.db.query('select pg_current_xact_id()');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { snapshots, seesAll } = await databaseState(database.db);
    expect(seesAll).toBe(true);
    // Other specs have sessions beside this one.
    const forgotten = snapshots.find(({ name }) => name.includes('a forgotten one'));
    expect(forgotten).toMatchObject({
      holder: 'session',
      name: expect.stringMatching(/^process \d+ \(a forgotten one, idle in transaction\)$/),
    });
    expect(forgotten!.seconds).toBeGreaterThan(0.25);
    expect(forgotten!.transactions).toBeGreaterThanOrEqual(3);
    await holder.query('commit');
    expect(await sessions()).toEqual([]);
  });

  it('leaves alone an open transaction that holds nothing back', async () => {
    await holder.query('begin');
    await holder.query('select 1');
    expect(await sessions()).toEqual([]);
    await holder.query('select pg_current_xact_id()');
    expect(await sessions()).toHaveLength(1);
    await holder.query('rollback');
  });

  it('counts connections and bytes, and sees the disk of a PostgreSQL on this machine', async () => {
    const { connections, maxConnections, bytes, freeBytes } = await databaseState(database.db);
    expect(connections).toBeGreaterThanOrEqual(2);
    expect(connections).toBeLessThanOrEqual(maxConnections);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(freeBytes).toBeGreaterThan(0);
  });

  it('says for how long the oldest news wait', async () => {
    expect(await outboxLag(database.db)).toBe(0);
    await database.db.transact(async (tx) => appendOutbox(tx, { kind: 'spec', payload: {} }));
    await database.db.commit("update outbox set written_at = written_at - interval '1 minute'");
    await database.db.transact(async (tx) => appendOutbox(tx, { kind: 'spec', payload: {} }));
    const lag = await outboxLag(database.db);
    expect(lag).toBeGreaterThanOrEqual(60_000);
    expect(lag).toBeLessThan(90_000);
  });
});
