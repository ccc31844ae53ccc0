import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Db } from '../platform/postgres.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { seededIds } from '../platform/testing/fakes.js';
import type { DeviceId, ListVersion, RegistrationId } from '../protocol/ids.js';
import { Guards, type MailboxNo } from './guards.js';
import { Mailbox, type Append, type AppendVerdict } from './mailbox.js';
import { untilBlocked } from './testing.js';

const VERSION = 3 as ListVersion;
const REGISTRATION = 77 as RegistrationId;
const GATE = 7_306_003;

/**
 * A statement sees rows as its snapshot has them, and locks them later. Here it reads through a view that waits for an advisory lock, so that
 * others stand between the two for as long as they like.
 */
describe('a row that was changed between the snapshot of a statement and its lock', () => {
  const ids = seededIds('changed-rows');
  const guards = new Guards();
  let database: TestDatabase;
  let mailbox: Mailbox;
  /** Has its snapshot, and waits at the gate before it sees a row. */
  let late: Mailbox;
  let lateDb: Db;
  let account = 100;
  let [alice, bob, carol] = [0, 0, 0] as [MailboxNo, MailboxNo, MailboxNo];
  let bobDevice: DeviceId;

  beforeAll(async () => {
    database = await testDatabase();
    mailbox = new Mailbox(database.db);
    await mailbox.ensureKeyPartitions(Date.now());
    for (const statement of [
      'create schema gated',
      `create function gated.passed() returns boolean volatile language plpgsql as
       $$ begin perform pg_advisory_xact_lock_shared(${String(GATE)}); return true; end $$`,
      'create view gated.mailbox as select m.ctid, m.* from public.mailbox m where gated.passed()',
    ])
      await database.db.commit(statement);
    lateDb = Db.connect({ url: database.url, max: 1, application: 'late' });
    await lateDb.query('set search_path = gated, public');
    late = new Mailbox(lateDb);
  });

  afterAll(async () => {
    await lateDb.close();
    await database.drop();
  });

  beforeEach(async () => {
    account += 1;
    bobDevice = ids.uuid<DeviceId>();
    [alice, bob, carol] = [await open(1), await open(account, bobDevice), await open(2)];
  });

  async function open(accountNo: number, deviceId = ids.uuid<DeviceId>()): Promise<MailboxNo> {
    return database.db.transact(async (tx) =>
      guards.open(tx, { accountNo, deviceId, registrationId: REGISTRATION, listVersion: VERSION }),
    );
  }

  function send(text: string, from: MailboxNo, to: MailboxNo): Append {
    const key = ids.bytes(16);
    key.writeUIntBE(Date.now(), 0, 6);
    const item = { mailbox: to, listVersion: VERSION, registrationId: REGISTRATION, kind: 2, control: false } as const;
    const items = [{ ...item, id: ids.bytes(8), content: Buffer.from(text) }];
    return { senderMailbox: from, ownListVersion: VERSION, key, digest: ids.bytes(32), sender: ids.bytes(32), items };
  }

  async function append(...batch: readonly Append[]): Promise<readonly AppendVerdict[]> {
    return (await mailbox.append(batch, { wait: false })).verdicts;
  }

  async function stored(no: MailboxNo): Promise<unknown> {
    const [row] = await database.db.query<{ head: number; floor: number; waiting: string[] | null }>(
      `select head, acked_through as floor, (select array_agg(seq || ' ' || convert_from(content, 'UTF8') order by seq) from envelope where mailbox = m.no) as waiting
       from mailbox m where no = $1`,
      [no],
    );
    return { ...row, waiting: row?.waiting ?? [] };
  }

  /** Does its work between the snapshot of what the late one is told to do and its locks. */
  async function between<Result>(work: () => Promise<Result>, meanwhile: () => Promise<unknown>): Promise<Result> {
    const outcome = await database.db.transact(async (tx) => {
      await tx.sql('select pg_advisory_xact_lock($1)', [GATE]);
      const working = work();
      await untilBlocked(database.db);
      await meanwhile();
      return { working };
    });
    return outcome.working;
  }

  async function appendLate(batch: readonly Append[], meanwhile: () => Promise<unknown>) {
    return (await between(async () => late.append(batch, { wait: false }), meanwhile)).verdicts;
  }

  it('by another send is busy: nothing is lost, no number is given twice, and its neighbour is stored', async () => {
    expect(await append(send('first', alice, bob))).toEqual(['stored']);
    const batch = [send('late', alice, bob), send('beside', carol, carol)];
    const verdicts = await appendLate(batch, async () => {
      for (const text of ['second', 'third']) expect(await append(send(text, alice, bob))).toEqual(['stored']);
    });
    expect(verdicts).toEqual(['busy', 'stored']);
    expect(await stored(bob)).toMatchObject({ head: 3, waiting: ['1 first', '2 second', '3 third'] });
    expect(await stored(carol)).toMatchObject({ head: 1, waiting: ['1 beside'] });
    expect(await append(batch[0]!)).toEqual(['stored']);
    expect(await append(send('after', alice, bob))).toEqual(['stored']);
    expect(await stored(bob)).toMatchObject({
      head: 5,
      waiting: ['1 first', '2 second', '3 third', '4 late', '5 after'],
    });
  });

  const changes: Record<string, () => Promise<unknown>> = {
    'by a stream that is taken': async () => mailbox.takeStreams([bob], 1),
    'by a list': async () =>
      database.db.transact(async (tx) => guards.setListVersion(tx, account, (VERSION + 1) as ListVersion)),
    'by its end': async () => database.db.transact(async (tx) => guards.close(tx, [bobDevice])),
  };

  it.each(Object.keys(changes))('%s is busy for who sends to it, and for who sends from it', async (change) => {
    const batch = [send('to', alice, bob), send('from', bob, carol)];
    expect(await appendLate(batch, async () => changes[change]?.())).toEqual(['busy', 'busy']);
    expect(await stored(bob)).toMatchObject({ head: 0, waiting: [] });
    expect(await stored(carol)).toMatchObject({ head: 0, waiting: [] });
  });

  it('by sends, several reaches further, has its floor written, and keeps all above it', async () => {
    const texts = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
    for (const text of texts(1, 5)) expect(await append(send(text, alice, bob))).toEqual(['stored']);
    const epoch = (await mailbox.takeStreams([bob], 1)).get(bob)?.epoch ?? 0;
    await between(
      async () => late.writeFloors([{ mailbox: bob, epoch, ackedThrough: 3 }]),
      async () => {
        for (const text of texts(6, 40)) expect(await append(send(text, alice, bob))).toEqual(['stored']);
      },
    );
    const waiting = texts(4, 40).map((text) => `${text} ${text}`);
    expect(await stored(bob)).toEqual({ head: 40, floor: 3, waiting });
  });
});
