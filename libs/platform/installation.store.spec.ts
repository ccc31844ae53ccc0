import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from './ids.js';
import { Installation, renewIncarnation } from './installation.js';
import { createLogger } from './log.js';
import { Db } from './postgres.js';
import { testDatabase, type TestDatabase } from './testing/database.js';
import { FakeClock } from './testing/fakes.js';

describe('the incarnation', () => {
  const clock = new FakeClock();
  let database: TestDatabase;
  let restores = 0;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.drop());

  const parts = {
    clock,
    ids: systemIds,
    log: createLogger({ level: 'silent', app: 'spec' }),
    onRestored: () => {
      restores += 1;
      return Promise.resolve();
    },
  };
  function process(db = database.db): Installation {
    return new Installation(db, parts);
  }
  async function looked(db?: Db): Promise<Installation> {
    const installation = process(db);
    await installation.poll();
    return installation;
  }

  it('is eight bytes that stay, for every process, and was not restored when it is looked at for the first time', async () => {
    const before = restores;
    const [first, second] = [await looked(), await looked()];
    expect(first.incarnation).toHaveLength(8);
    expect(second.incarnation).toEqual(first.incarnation);
    expect([first.notBefore, restores]).toEqual([0, before]);
  });

  it('is refused to whoever asks before it was looked at', () => {
    expect(() => process().incarnation).toThrow(/before serving/);
  });

  it.each(['8000000000000001', 'ffffffffffffffff', '7fffffffffffffff'])('is exact for %s', async (hex) => {
    const value = Buffer.from(hex, 'hex');
    await database.db.commit('update installation set incarnation = $1', [value.readBigInt64BE().toString()]);
    expect(Buffer.from((await looked()).incarnation).toString('hex')).toBe(hex);
  });

  it.each(['system_identifier', 'timeline'])(
    'changes once when the %s is another one, by five processes at once',
    async (column) => {
      const running = await looked();
      const [old, before] = [running.incarnation, restores];
      let told = 0;
      running.onChanged(() => (told += 1));
      await database.db.commit(`update installation set ${column} = ${column} + 1`);
      const started = await Promise.all([1, 2, 3, 4, 5].map(async () => looked()));
      expect(restores).toBe(before + 1);
      const [first] = started;
      expect(first?.incarnation).not.toEqual(old);
      expect(first?.notBefore).toBe(clock.now());
      for (const one of started) expect(one.incarnation).toEqual(first?.incarnation);
      await running.poll();
      await running.poll();
      expect([running.incarnation, told]).toEqual([first?.incarnation, 1]);
    },
  );

  it('changes by word of the operator, and running processes notice by themselves', async () => {
    const running = process();
    await running.start();
    const changed = new Promise<void>((resolve) => running.onChanged(resolve));
    const { incarnation } = await database.db.transact((tx) => renewIncarnation(tx, parts));
    await changed;
    expect(running.incarnation).toEqual(Uint8Array.from(incarnation));
    await running.stop();
  });

  it('does not change when what must go with it fails', async () => {
    const { incarnation } = await looked();
    const failing = { ...parts, onRestored: () => Promise.reject(new Error('no')) };
    await expect(database.db.transact((tx) => renewIncarnation(tx, failing))).rejects.toThrow('no');
    expect((await looked()).incarnation).toEqual(incarnation);
  });

  it('is seen by a role that may do nothing but use the tables', async () => {
    const role = `sotto_least_${systemIds.bytes(4).toString('hex')}`;
    await database.db.commit(`create role ${role} login password 'least' nosuperuser nocreatedb nocreaterole`);
    try {
      await database.db.commit(`grant select, insert, update, delete on all tables in schema public to ${role}`);
      const url = new URL(database.url);
      [url.username, url.password] = [role, 'least'];
      const db = Db.connect({ url: url.toString(), max: 2, application: 'spec' });
      try {
        await database.db.commit('update installation set timeline = timeline + 1');
        const before = restores;
        await looked(db);
        expect(restores).toBe(before + 1);
      } finally {
        await db.close();
      }
    } finally {
      await database.db.commit(`drop owned by ${role}`);
      await database.db.commit(`drop role ${role}`);
    }
  });

  it('is one: no second row can be written, and none is a database that was not migrated', async () => {
    await expect(database.db.commit('insert into installation values (true, 5)')).rejects.toThrow(/installation_pkey/);
    await database.db.commit('delete from installation');
    await expect(looked()).rejects.toThrow(/migrated/);
  });
});
