import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Db, postgresTrouble, violatedKey, type Tx } from './postgres.js';
import { testDatabase, type TestDatabase } from './testing/database.js';

describe('Db', () => {
  let database: TestDatabase;
  let db: Db;

  beforeAll(async () => {
    database = await testDatabase();
    db = database.db;
    await db.commit('create table counter (no int8 primary key, value int8 not null)');
  });
  beforeEach(async () => {
    await db.commit('truncate counter');
    await db.commit('insert into counter values (1, 0), (2, 0)');
  });
  afterAll(() => database.drop());

  const values = async (): Promise<number[]> =>
    (await db.query<{ value: number }>('select value from counter order by no')).map(({ value }) => value);
  const raise = async (tx: Tx, no: number): Promise<unknown> =>
    tx.sql('update counter set value = value + 1 where no = $1', [no]);
  const caught = async (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('gives int8 as a number, bytea as a Buffer, uuid as text, json as an object', async () => {
    const uuid = 'b5a8a1a2-9d5e-4c38-9d0e-0a7c2f7d1e11';
    const bytes = Buffer.from([0, 1, 255]);
    const [row] = await db.query(
      'select $1::int8 as number, $2::bytea as bytes, $3::uuid as uuid, $4::json as json, null::int8 as nothing',
      [Number.MAX_SAFE_INTEGER, bytes, uuid, { a: [1] }],
    );
    expect(row).toEqual({ number: Number.MAX_SAFE_INTEGER, bytes, uuid, json: { a: [1] }, nothing: null });
    await expect(db.query('select 9007199254740993::int8 as number')).rejects.toThrow(/safe integer/);
    expect(await db.query('select 1::int8 as one')).toEqual([{ one: 1 }]);
  });

  it('gives every column as bytes when asked for binary, prepared or not', async () => {
    for (const name of [undefined, 'spec-binary', 'spec-binary']) {
      const [row] = await db.query<{ number: Buffer; nothing: null }>(
        'select $1::int8 as number, null as nothing',
        [258],
        {
          binary: true,
          ...(name === undefined ? {} : { name }),
        },
      );
      expect(row).toEqual({ number: Buffer.from([0, 0, 0, 0, 0, 0, 1, 2]), nothing: null });
    }
  });

  it('plans a named statement once a connection, however few rows its parameters ask for', async () => {
    const plans = await db.transact(async (tx) => {
      for (let no = 1; no <= 8; no += 1)
        await tx.query('select value from counter where no = any($1::int8[])', [[no]], { name: 'spec-planned' });
      return tx.query(
        `select generic_plans::int4, custom_plans::int4 from pg_prepared_statements where name = 'spec-planned'`,
      );
    });
    expect(plans).toEqual([{ generic_plans: 8, custom_plans: 0 }]);
  });

  it('goes through an index in its order, where a bitmap looks cheaper', async () => {
    await db.transact(async (tx) => {
      await tx.sql('create table crowd as select no, (no * 7919) % 10007 as place from generate_series(1, 10000) no');
      await tx.sql('create index crowd_place on crowd (place)');
    });
    await db.query('analyze crowd');
    const plan = await db.query('explain (costs off) select * from crowd where place between 1 and 500');
    expect(plan[0]).toEqual({ 'QUERY PLAN': 'Index Scan using crowd_place on crowd' });
  });

  it('runs a single statement as its own transaction, on the disk when it answers', async () => {
    await db.commit('update counter set value = 7 where no = 1');
    const elsewhere = Db.connect({ url: database.url, max: 1, application: 'spec' });
    expect(await elsewhere.query('select value from counter where no = 1')).toEqual([{ value: 7 }]);
    const [settings] =
      await elsewhere.query(`select current_setting('synchronous_commit') as commit, current_setting('timezone') as zone,
      current_setting('idle_in_transaction_session_timeout') as idle, current_setting('statement_timeout') as statement`);
    expect(settings).toEqual({ commit: 'on', zone: 'UTC', idle: '10s', statement: '30s' });
    await elsewhere.close();
  });

  it('commits what the work did, rolls all of it back when it throws', async () => {
    expect(await db.transact(async (tx) => raise(tx, 1).then(() => 'done'))).toBe('done');
    const failing = db.transact(async (tx) => {
      await raise(tx, 1);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await values()).toEqual([1, 0]);
  });

  it('never says committed of work that hid a failed statement', async () => {
    const hiding = db.transact(async (tx) => {
      await raise(tx, 1);
      await caught(tx.sql('insert into counter values (1, 0)'));
    });
    await expect(hiding).rejects.toThrow(/rolled back/);
    expect(await values()).toEqual([0, 0]);
  });

  it('runs the work again after a deadlock', async () => {
    let runs = 0;
    let met = 0;
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (meet = resolve));
    const crossing = async (first: number, second: number): Promise<void> =>
      db.transact(async (tx) => {
        runs += 1;
        await raise(tx, first);
        if (++met === 2) meet();
        await both;
        await raise(tx, second);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(runs).toBeGreaterThanOrEqual(3);
    expect(await values()).toEqual([2, 2]);
  });

  it('tries a serialisation failure three times and no more', async () => {
    let runs = 0;
    const failing = db.transact(async (tx) => {
      runs += 1;
      await tx.sql(`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
    });
    await expect(failing).rejects.toMatchObject({ code: '40001' });
    expect(runs).toBe(3);
  });

  /** What PostgreSQL has said before it was gone is read by now: a turn of the loop looks at the sockets before it comes to this. */
  async function heard(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 100));
    await new Promise((resolve) => setImmediate(resolve));
  }

  it('survives connections that PostgreSQL ends, idle or in the middle of work that waits for something else', async () => {
    const small = Db.connect({ url: database.url, max: 2, application: 'spec' });
    const ended = await caught(
      small.transact(async (tx) => {
        const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await db.query('select pg_terminate_backend($1, 20000)', [row?.pid]);
        await heard();
        await raise(tx, 1);
      }),
    );
    expect(postgresTrouble(ended)).toBe('unavailable');
    await small.query('select 1');
    // Of this database alone: other specs run beside this one.
    await db.query(
      `select pg_terminate_backend(pid, 20000) from pg_stat_activity
       where application_name = 'spec' and datname = current_database()`,
    );
    await heard();
    expect(await small.query('select 1 as one')).toEqual([{ one: 1 }]);
    await small.close();
    expect(await values()).toEqual([0, 0]);
  });

  it('tells the state of the database from a bug', async () => {
    const nowhere = Db.connect({ url: 'postgres://nobody:x@127.0.0.1:1/none', max: 1, application: 'spec' });
    expect(postgresTrouble(await caught(nowhere.query('select 1')))).toBe('unavailable');
    await nowhere.close();
    const readOnly = db.transact(async (tx) => {
      await tx.sql('set transaction read only');
      await raise(tx, 1);
    });
    expect(postgresTrouble(await caught(readOnly))).toBe('read-only');
    expect(postgresTrouble(Object.assign(new Error(), { code: '53100' }))).toBe('full');
    const twice = await caught(db.commit('insert into counter values (1, 0)'));
    expect(violatedKey(twice)).toBe('counter_pkey');
    for (const bug of [twice, new TypeError('x'), undefined, await caught(db.query('select nonsense'))]) {
      expect(postgresTrouble(bug)).toBeUndefined();
    }
    expect(violatedKey(new Error('x'))).toBeUndefined();
  });
});
