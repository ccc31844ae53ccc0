import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Db } from '../platform/postgres.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { seededIds } from '../platform/testing/fakes.js';
import type { DeviceId, ListVersion, RegistrationId } from '../protocol/ids.js';
import { MailboxDepth } from './depth.js';
import { Expiry } from './expiry.js';
import { Guards, type MailboxNo } from './guards.js';
import { Mailbox } from './mailbox.js';

const SENDS = 200;
/** About as many as a page holds, so that each version of a row lies on another one. */
const CROWD = 80;

/** While it is open, none of the versions of a mailbox row that were replaced since can go. */
describe('an old snapshot', () => {
  const ids = seededIds('old-snapshot');
  let database: TestDatabase;
  /** One connection, so that what it has touched is known. */
  let db: Db;
  let mailbox: Mailbox;
  let [alice, bob] = [0 as MailboxNo, 0 as MailboxNo];
  let crowd: readonly MailboxNo[] = [];
  let epoch = 0;
  let head = 0;

  beforeAll(async () => {
    database = await testDatabase();
    db = Db.connect({ url: database.url, max: 1, application: 'old-snapshot' });
    mailbox = new Mailbox(db);
    await mailbox.ensureKeyPartitions(Date.now());
    [alice, bob] = [await open(1), await open(2)];
    crowd = await Promise.all(Array.from({ length: CROWD }, async () => open(3)));
    epoch = (await mailbox.takeStreams([bob], 1)).get(bob)?.epoch ?? 0;
  });

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  async function open(accountNo: number): Promise<MailboxNo> {
    const of = { accountNo, deviceId: ids.uuid<DeviceId>(), listVersion: 1 as ListVersion };
    return db.transact(async (tx) => new Guards().open(tx, { ...of, registrationId: 1 as RegistrationId }));
  }

  async function send(): Promise<void> {
    const key = ids.bytes(16);
    key.writeUIntBE(Date.now(), 0, 6);
    const item = {
      listVersion: 1 as ListVersion,
      registrationId: 1 as RegistrationId,
      kind: 2 as const,
      control: false,
    };
    const items = [bob, ...crowd].map((to) => ({ ...item, mailbox: to, id: ids.bytes(8), content: Buffer.from('x') }));
    const one = { senderMailbox: alice, ownListVersion: 1 as ListVersion, key, digest: ids.bytes(32), items };
    const { verdicts } = await mailbox.append([{ ...one, sender: ids.bytes(32) }], { wait: false });
    expect(verdicts).toEqual(['stored']);
    head += 1;
  }

  const doing: Record<string, () => Promise<unknown>> = {
    'a send': send,
    'an ack': async () =>
      mailbox.acknowledge([{ mailbox: bob, epoch, lo: head - 1, hi: head, id: new Uint8Array(8), given: true }]),
    'a page': async () => mailbox.pages([{ mailbox: bob, epoch, after: head, limit: 10, bytes: 1_000 }]),
    'a look for news': async () => mailbox.news([{ mailbox: bob, epoch, head: 0, gapMark: 0 }]),
    'a floor': async () => mailbox.writeFloors([{ mailbox: bob, epoch, ackedThrough: head }]),
    'the walk of retention': async () =>
      new Expiry(db).suspects({ after: 0 as MailboxNo, most: 100 }, { retention: 10 ** 9, stock: 10 ** 9 }),
    'the walk for the deepest': async () => new MailboxDepth(db).walk(),
  };

  /** Pages of the table and its indices that the work touched. */
  async function pages(work: () => Promise<unknown>): Promise<number> {
    const touched = async (): Promise<number> => {
      await db.query('select pg_stat_force_next_flush()');
      const [row] = await db.query<{ pages: number }>(
        `select (heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::int8 as pages from pg_statio_user_tables where relname = 'mailbox'`,
      );
      return row?.pages ?? 0;
    };
    const before = await touched();
    await work();
    return (await touched()) - before;
  }

  it(`makes nothing dearer that looks for a mailbox, however much is sent meanwhile`, async () => {
    const fresh: Record<string, number> = {};
    for (const [name, work] of Object.entries(doing)) fresh[name] = await pages(work);
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    try {
      await holder.query('begin isolation level repeatable read read only');
      await holder.query('select count(*) from mailbox');
      for (let sent = 0; sent < SENDS; sent += 1) await send();
      // As autovacuum does: statements are planned anew, over what the table has become.
      await database.db.query('analyze mailbox');
      const old: Record<string, number> = {};
      for (const [name, work] of Object.entries(doing)) old[name] = await pages(work);
      // At most the versions of the newest eight numbers are looked at, and three indices have one entry more for each.
      const dearer = Object.entries(old).filter(([name, count]) => count > 8 * (fresh[name] ?? 0));
      expect([dearer, fresh]).toEqual([[], fresh]);
    } finally {
      await holder.end();
    }
  }, 60_000);
});
