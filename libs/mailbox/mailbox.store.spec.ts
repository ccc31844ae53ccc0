import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { seededIds } from '../platform/testing/fakes.js';
import type { DeviceId, ListVersion, RegistrationId } from '../protocol/ids.js';
import { Guards, type MailboxNo } from './guards.js';
import { Mailbox, type Append, type AppendItem, type AppendVerdict } from './mailbox.js';
import { untilBlocked } from './testing.js';

const VERSION = 3 as ListVersion;
const REGISTRATION = 77 as RegistrationId;
const NO_ID = new Uint8Array(8);

describe('mailbox', () => {
  let database: TestDatabase;
  let mailbox: Mailbox;
  const guards = new Guards();
  const ids = seededIds('mailbox');
  let account = 100;
  let alice: MailboxNo;
  let bob: MailboxNo;
  let bobDevice: DeviceId;

  beforeAll(async () => {
    database = await testDatabase();
    mailbox = new Mailbox(database.db);
    await mailbox.ensureKeyPartitions(Date.now());
  });

  afterAll(async () => {
    await database.drop();
  });

  beforeEach(async () => {
    account += 2;
    bobDevice = ids.uuid<DeviceId>();
    alice = await open(account, ids.uuid<DeviceId>());
    bob = await open(account + 1, bobDevice);
  });

  async function open(accountNo: number, deviceId: DeviceId): Promise<MailboxNo> {
    return database.db.transact(async (tx) =>
      guards.open(tx, { accountNo, deviceId, registrationId: REGISTRATION, listVersion: VERSION }),
    );
  }

  function item(to: MailboxNo, more: Partial<AppendItem> = {}): AppendItem {
    return {
      mailbox: to,
      listVersion: VERSION,
      registrationId: REGISTRATION,
      kind: 2,
      control: false,
      id: ids.bytes(8),
      content: Buffer.from('secret'),
      ...more,
    };
  }

  function request(items: readonly AppendItem[], more: Partial<Append> = {}): Append {
    return {
      senderMailbox: alice,
      ownListVersion: VERSION,
      key: key(),
      digest: ids.bytes(32),
      sender: ids.bytes(32),
      items,
      ...more,
    };
  }

  /** A key of now, as `storedKey` makes it. */
  function key(): Buffer {
    const bytes = ids.bytes(16);
    bytes.writeUIntBE(Date.now(), 0, 6);
    return bytes;
  }

  async function append(...batch: readonly Append[]) {
    return mailbox.append(batch, { wait: false });
  }

  /** Waits for the locks; on a slow machine longer than the statement has patience. The verdict on the first. */
  async function appendPatiently(...batch: readonly Append[]): Promise<AppendVerdict | undefined> {
    for (;;) {
      const { verdicts } = await mailbox.append(batch, { wait: true });
      if (!verdicts.includes('busy')) return verdicts[0];
    }
  }

  async function take(no: MailboxNo): Promise<number> {
    return (await mailbox.takeStreams([no], 1)).get(no)?.epoch ?? 0;
  }

  async function sequences(no: MailboxNo): Promise<number[]> {
    const rows = await database.db.query<{ seq: number }>('select seq from envelope where mailbox = $1 order by seq', [
      no,
    ]);
    return rows.map(({ seq }) => seq);
  }

  it('numbers the envelopes of a batch in order of arrival, without holes', async () => {
    const result = await append(request([item(bob), item(alice)]), request([item(bob)]), request([item(bob)]));
    expect(result.verdicts).toEqual(['stored', 'stored', 'stored']);
    expect(await sequences(bob)).toEqual([1, 2, 3]);
    expect(result.grown.find((grown) => grown.mailbox === bob)).toMatchObject({ base: 0, epoch: 0, node: null });
    expect((await append(request([item(bob)]))).grown).toMatchObject([{ mailbox: bob, base: 3 }]);
  });

  it('gives every envelope back as it was written', async () => {
    const content = ids.bytes(700);
    const sent = request([item(bob, { kind: 1, control: true, content })]);
    const { acceptedAt } = await append(sent);
    const epoch = await take(bob);
    const page = (await mailbox.pages([{ mailbox: bob, epoch, after: 0, limit: 10, bytes: 1_000 }])).get(bob);
    if (page?.kind !== 'page') throw new Error('no page');
    expect(page.head).toBe(1);
    expect(page.envelopes).toEqual([
      {
        sequence: 1,
        id: sent.items[0]?.id,
        acceptedAt,
        registrationId: REGISTRATION,
        kind: 1,
        control: true,
        senderAccount: sent.sender.subarray(0, 16),
        senderDevice: sent.sender.subarray(16),
        content,
      },
    ]);
  });

  it('reads no more content than asked for, but always one envelope, and says whether there is more', async () => {
    await append(request([600, 600, 600].map((length) => item(bob, { content: ids.bytes(length) }))));
    const epoch = await take(bob);
    const read = async (bytes: number, limit = 10) => {
      const page = (await mailbox.pages([{ mailbox: bob, epoch, after: 0, limit, bytes }])).get(bob);
      return page?.kind === 'page' ? [page.envelopes.length, page.isLast] : undefined;
    };
    expect(await read(1)).toEqual([1, false]);
    expect(await read(601)).toEqual([2, false]);
    expect(await read(1_201)).toEqual([3, false]);
    expect(await read(1_801)).toEqual([3, true]);
    expect(await read(9_000, 3)).toEqual([3, false]);
    expect(await read(9_000, 4)).toEqual([3, true]);
  });

  it('tells an empty page from a stream that was taken by another', async () => {
    const epoch = await take(bob);
    expect((await mailbox.pages([{ mailbox: bob, epoch, after: 0, limit: 5, bytes: 1_000 }])).get(bob)).toEqual({
      kind: 'page',
      head: 0,
      envelopes: [],
      isLast: true,
    });
    await take(bob);
    expect((await mailbox.pages([{ mailbox: bob, epoch, after: 0, limit: 5, bytes: 1_000 }])).get(bob)).toEqual({
      kind: 'displaced',
    });
  });

  it.each([
    ['another list version', { listVersion: 9 }],
    ['another registration id', { registrationId: 78 }],
  ])('stores nothing of a request that expects %s, and all of its neighbour', async (_, wrong) => {
    const result = await append(request([item(alice), item(bob, wrong)]), request([item(bob)], { senderMailbox: bob }));
    expect(result.verdicts).toEqual(['mismatch', 'stored']);
    expect(await sequences(alice)).toEqual([]);
    expect(await sequences(bob)).toEqual([1]);
  });

  it('guards the sender by its own row, too', async () => {
    expect((await append(request([item(bob)], { ownListVersion: 2 }))).verdicts).toEqual(['mismatch']);
    expect((await append(request([item(bob)], { ownListVersion: undefined }))).verdicts).toEqual(['stored']);
  });

  it('stores nothing into a mailbox that was closed, and reads and removes nothing there', async () => {
    await append(request([item(bob)]));
    const epoch = await take(bob);
    await database.db.transact(async (tx) => guards.close(tx, [bobDevice]));
    expect((await append(request([item(bob)]))).verdicts).toEqual(['mismatch']);
    expect((await mailbox.pages([{ mailbox: bob, epoch, after: 0, limit: 5, bytes: 1_000 }])).get(bob)).toEqual({
      kind: 'closed',
    });
    expect((await mailbox.takeStreams([bob], 1)).size).toBe(0);
    const ack = { mailbox: bob, epoch, lo: 0, hi: 1, id: NO_ID, given: true };
    expect(await mailbox.acknowledge([ack])).toEqual(['closed']);
    expect(await sequences(bob)).toEqual([1]);
    expect(await mailbox.purgeClosed([bobDevice], 10)).toBe(1);
    expect(await sequences(bob)).toEqual([]);
  });

  it('accepts a key once, and tells when it did, also behind a changed list', async () => {
    const first = request([item(bob)]);
    const { acceptedAt } = await append(first);
    expect((await append(first)).verdicts).toEqual(['repeat']);
    expect((await append({ ...first, items: [item(bob, { listVersion: 9 })] })).verdicts).toEqual(['mismatch']);
    expect(await sequences(bob)).toEqual([1]);
    expect(await mailbox.accepted(database.db, first.key)).toEqual({ digest: first.digest, acceptedAt });
  });

  it('holds back what comes behind a refused request of the same sender', async () => {
    const result = await append(
      request([item(bob, { registrationId: 5 })]),
      request([item(bob)]),
      request([item(bob)], { senderMailbox: bob }),
    );
    expect(result.verdicts).toEqual(['mismatch', 'busy', 'stored']);
  });

  it('calls a locked row busy, and waits for it when asked to', async () => {
    await database.db.transact(async (tx) => {
      await tx.sql('select 1 from mailbox where no = $1 for no key update', [bob]);
      expect((await append(request([item(bob)]), request([item(alice)], { senderMailbox: alice }))).verdicts).toEqual([
        'busy',
        'busy',
      ]);
      const carol = await open(account, ids.uuid<DeviceId>());
      expect((await append(request([item(carol)], { senderMailbox: carol }))).verdicts).toEqual(['stored']);
    });
    expect((await mailbox.append([request([item(bob)])], { wait: true })).verdicts).toEqual(['stored']);
  });

  it('waits for the disk before it says that a send is stored (D1)', async () => {
    for (let round = 0; round < 20; round += 1) {
      const [before] = await database.db.query<{ at: string }>('select pg_current_wal_insert_lsn()::text as at');
      expect((await append(request([item(bob)]))).verdicts).toEqual(['stored']);
      const [flushed] = await database.db.query<{ beyond: boolean }>(
        'select pg_current_wal_flush_lsn() > $1::pg_lsn as beyond',
        [before?.at],
      );
      expect(flushed).toEqual({ beyond: true });
    }
  });

  it('stores one of two sends that race with the same key', async () => {
    const same = request([item(bob)]);
    const verdicts = await Promise.all(Array.from({ length: 8 }, async () => appendPatiently(same)));
    expect(verdicts.toSorted()).toEqual([
      'repeat',
      'repeat',
      'repeat',
      'repeat',
      'repeat',
      'repeat',
      'repeat',
      'stored',
    ]);
    expect(await sequences(bob)).toEqual([1]);
  });

  it('has no holes and no repeats when many writers share mailboxes', async () => {
    const writer = async (): Promise<void> => {
      for (let round = 0; round < 15; round += 1)
        await appendPatiently(request([item(bob), item(alice)]), request([item(alice)]));
    };
    await Promise.all([writer(), writer(), writer(), writer()]);
    expect(await sequences(bob)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(await sequences(alice)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  });

  it('never overtakes a change of the list that holds the rows (D4)', async () => {
    let send: Promise<string | undefined> | undefined;
    await database.db.transact(async (tx) => {
      await guards.setListVersion(tx, account + 1, (VERSION + 1) as ListVersion);
      send = appendPatiently(request([item(bob)]));
      await untilBlocked(database.db);
    });
    expect(await send).toBe('mismatch');
    expect(await sequences(bob)).toEqual([]);
  });

  it('removes what is acked by sequence and id, and nothing else', async () => {
    const sent = request([item(bob), item(bob), item(bob)]);
    await append(sent);
    const epoch = await take(bob);
    const id = (index: number): Uint8Array => sent.items[index]?.id ?? new Uint8Array(8);
    const ack = (lo: number, hi: number, named: Uint8Array) => ({
      mailbox: bob,
      epoch,
      lo,
      hi,
      id: named,
      given: false,
    });
    expect(await mailbox.acknowledge([ack(0, 1, id(2))])).toEqual(['wrong']);
    expect(await mailbox.acknowledge([{ ...ack(0, 1, id(0)), epoch: epoch - 1 }])).toEqual(['displaced']);
    expect(await sequences(bob)).toEqual([1, 2, 3]);
    expect(await mailbox.acknowledge([ack(0, 2, id(1)), ack(8, 9, id(0))])).toEqual(['removed', 'absent']);
    expect(await sequences(bob)).toEqual([3]);
    expect(await mailbox.acknowledge([ack(0, 2, id(1))])).toEqual(['absent']);
  });

  it('removes a range that was given on the stream even when its last one is gone already', async () => {
    const sent = request([item(bob), item(bob), item(bob)]);
    await append(sent);
    const epoch = await take(bob);
    const ack = (lo: number, hi: number) => ({
      mailbox: bob,
      epoch,
      lo,
      hi,
      id: sent.items[hi - 1]?.id ?? NO_ID,
      given: true,
    });
    expect(await mailbox.acknowledge([ack(2, 3)])).toEqual(['removed']);
    expect(await mailbox.acknowledge([ack(0, 3)])).toEqual(['removed']);
    expect(await sequences(bob)).toEqual([]);
  });

  it('starts the next drain where the last one had come', async () => {
    const epoch = await take(bob);
    await mailbox.writeFloors([{ mailbox: bob, epoch, ackedThrough: 41 }]);
    await mailbox.writeFloors([{ mailbox: bob, epoch, ackedThrough: 12 }]);
    expect((await mailbox.takeStreams([bob], 4)).get(bob)).toEqual({
      gapMark: 0,
      heldBy: 1,
      mailbox: bob,
      listVersion: VERSION,
      epoch: epoch + 1,
      head: 0,
      ackedThrough: 41,
    });
  });

  it('leaves nothing below a floor: acks that a crash of the database undid are not waited for', async () => {
    await append(request([item(bob), item(bob), item(bob)]));
    const epoch = await take(bob);
    await mailbox.writeFloors([{ mailbox: bob, epoch: epoch - 1, ackedThrough: 3 }]);
    expect(await sequences(bob)).toEqual([1, 2, 3]);
    await mailbox.writeFloors([{ mailbox: bob, epoch, ackedThrough: 2 }]);
    expect(await sequences(bob)).toEqual([3]);
  });

  it('settles the floor below mail that is committed while it waits for the row', async () => {
    const first = request([item(bob)]);
    await append(first);
    const epoch = await take(bob);
    const id = first.items[0]?.id ?? NO_ID;
    await mailbox.acknowledge([{ mailbox: bob, epoch, lo: 0, hi: 1, id, given: true }]);
    let floor: Promise<number> | undefined;
    await database.db.transact(async (tx) => {
      await tx.sql('update mailbox set head = head + 1 where no = $1', [bob]);
      await tx.sql(
        `insert into envelope (mailbox, seq, id, at, registration, kind, content) values ($1, 2, 7, 0, 77, 2, '\\x61')`,
        [bob],
      );
      floor = mailbox.settleFloor(bob, epoch);
      await untilBlocked(database.db);
    });
    expect(await floor).toBe(1);
    expect((await mailbox.takeStreams([bob], 4)).get(bob)).toMatchObject({ head: 2, ackedThrough: 1 });
    expect(await mailbox.settleFloor(bob, epoch + 1)).toBe(1);
  });

  it('keeps partitions for keys of a day, a day ahead, and drops the older', async () => {
    const now = Date.now();
    await mailbox.ensureKeyPartitions(now - 3 * 86_400_000);
    await Promise.all([mailbox.ensureKeyPartitions(now), mailbox.ensureKeyPartitions(now)]);
    expect(await mailbox.dropKeyPartitions(now)).toBeGreaterThan(3);
    expect(await mailbox.dropKeyPartitions(now)).toBe(0);
    expect((await append(request([item(bob)]))).verdicts).toEqual(['stored']);
  });
});
