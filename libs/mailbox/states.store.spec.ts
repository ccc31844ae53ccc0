import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { seededIds } from '../platform/testing/fakes.js';
import type { DeviceId, ListVersion, RegistrationId, Sequence } from '../protocol/ids.js';
import { Expiry } from './expiry.js';
import { Gaps } from './gaps.js';
import { Guards, type MailboxNo } from './guards.js';
import { Mailbox } from './mailbox.js';
import { Refusals } from './refusals.js';

const HOUR = 3_600_000;
const MANY = 1_000;
const NODE = 1;

describe('what becomes of mail that nobody acks', () => {
  const guards = new Guards();
  const ids = seededIds('states');
  let database: TestDatabase;
  let mailbox: Mailbox;
  let gaps: Gaps;
  let refusals: Refusals;
  let expiry: Expiry;
  let bob: MailboxNo;
  let bobDevice: DeviceId;
  let account = 500;

  beforeAll(async () => {
    database = await testDatabase();
    mailbox = new Mailbox(database.db);
    gaps = new Gaps(database.db);
    refusals = new Refusals(database.db);
    expiry = new Expiry(database.db);
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    account += 1;
    bobDevice = ids.uuid<DeviceId>();
    bob = await database.db.transact(async (tx) =>
      guards.open(tx, {
        accountNo: account,
        deviceId: bobDevice,
        registrationId: 1 as RegistrationId,
        listVersion: 1 as ListVersion,
      }),
    );
  });

  /** Envelopes from `lo` to `hi`, so old, of 100 bytes; the id of each is its number. */
  async function waiting(lo: number, hi: number, ageMs = 0): Promise<void> {
    await database.db.commit(
      `insert into envelope (mailbox, seq, id, at, registration, kind, content)
       select $1, seq, seq, (extract(epoch from now()) * 1000)::int8 - $4::int8, 1, 2, decode(repeat('61', 100), 'hex') from generate_series($2::int8, $3::int8) seq`,
      [bob, lo, hi, ageMs],
    );
    await database.db.commit(
      'update mailbox set head = greatest(head, $2), bytes_in = bytes_in + 100 * ($2 - $3 + 1) where no = $1',
      [bob, hi, lo],
    );
  }

  async function take() {
    const stream = (await mailbox.takeStreams([bob], NODE)).get(bob);
    if (stream === undefined) throw new Error('the stream was not taken');
    return stream;
  }

  async function told(after = 0): Promise<string[]> {
    const { epoch, gapMark } = await take();
    const found = await gaps.read({ mailbox: bob, epoch, after, limit: MANY });
    expect(gapMark > 0).toBe(found.length > 0);
    return found.map(({ from, to, reason }) => `${String(from)}-${String(to)} ${reason}`);
  }

  async function left(): Promise<number[]> {
    const rows = await database.db.query<{ seq: number }>('select seq from envelope where mailbox = $1 order by seq', [
      bob,
    ]);
    return rows.map(({ seq }) => seq);
  }

  const idOf = (number: number): Buffer => {
    const id = Buffer.alloc(8);
    id.writeUInt32BE(number, 4);
    return id;
  };
  const nack = (sequence: number, id = idOf(sequence)) =>
    ({ sequence: sequence as Sequence, id, reason: 'undecryptable' }) as const;

  describe('by age', () => {
    it('leaves one gap where the old ones stood, merged with its neighbours as more grow old', async () => {
      await waiting(1, 3, 3 * HOUR);
      await waiting(4, 6, 2 * HOUR);
      await waiting(7, 8);
      expect(await expiry.byAge(bob, { retention: 2.5 * HOUR, most: MANY })).toBe(3);
      expect(await told()).toEqual(['1-3 age']);
      expect(await expiry.byAge(bob, { retention: HOUR, most: MANY })).toBe(3);
      expect(await told()).toEqual(['1-6 age']);
      expect(await left()).toEqual([7, 8]);
      expect(await expiry.byAge(bob, { retention: HOUR, most: MANY })).toBe(0);
    });

    it('names only what it removed: what was acked in between stays acked', async () => {
      await waiting(1, 2, HOUR);
      await waiting(5, 5, HOUR);
      await waiting(7, 9, HOUR);
      await expiry.byAge(bob, { retention: 0, most: MANY });
      expect(await told()).toEqual(['1-2 age', '5-5 age', '7-9 age']);
      await waiting(3, 4, HOUR);
      await expiry.byAge(bob, { retention: 0, most: MANY });
      expect(await told()).toEqual(['1-5 age', '7-9 age']);
      await waiting(6, 6, HOUR);
      await expiry.byAge(bob, { retention: 0, most: MANY });
      expect(await told()).toEqual(['1-9 age']);
    });

    it('goes a piece at a time, and passes over a mailbox that somebody holds', async () => {
      await waiting(1, 5, HOUR);
      expect(await expiry.byAge(bob, { retention: 0, most: 2 })).toBe(2);
      expect(await left()).toEqual([3, 4, 5]);
      await database.db.transact(async (tx) => {
        await tx.sql('select 1 from mailbox where no = $1 for no key update', [bob]);
        expect(await expiry.byAge(bob, { retention: 0, most: MANY })).toBe(0);
      });
      expect(await expiry.byAge(bob, { retention: 0, most: MANY })).toBe(3);
      expect(await told()).toEqual(['1-5 age']);
    });

    it('run twice at once removes each envelope once', async () => {
      await waiting(1, 50, HOUR);
      const removed = await Promise.all(
        Array.from({ length: 6 }, async () => expiry.byAge(bob, { retention: 0, most: 20 })),
      );
      while ((await expiry.byAge(bob, { retention: 0, most: 20 })) > 0);
      expect(removed.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(50);
      expect(await told()).toEqual(['1-50 age']);
    });
  });

  describe('by stock', () => {
    it('removes the oldest until the rest fits', async () => {
      await waiting(1, 10);
      expect(await expiry.byStock(bob, { stock: 450, most: MANY })).toBe(6);
      expect(await left()).toEqual([7, 8, 9, 10]);
      expect(await told()).toEqual(['1-6 stock']);
      expect(await expiry.byStock(bob, { stock: 450, most: MANY })).toBe(0);
    });

    it('is looked at again only after as much has come in as there was room for', async () => {
      const suspected = async (): Promise<boolean> => {
        const { suspects } = await expiry.suspects(
          { after: (bob - 1) as MailboxNo, most: 9 },
          { retention: HOUR, stock: 1_000 },
        );
        return suspects.some(({ mailbox }) => mailbox === bob);
      };
      await waiting(1, 9);
      expect(await suspected()).toBe(false);
      await mailbox.acknowledge([
        { mailbox: bob, epoch: (await take()).epoch, lo: 0, hi: 9, id: idOf(9), given: true },
      ]);
      await waiting(10, 14);
      expect(await suspected()).toBe(true);
      expect(await expiry.byStock(bob, { stock: 1_000, most: MANY })).toBe(0);
      expect(await suspected()).toBe(false);
      await waiting(15, 20);
      expect(await suspected()).toBe(true);
      expect(await expiry.byStock(bob, { stock: 1_000, most: MANY })).toBe(1);
      expect(await suspected()).toBe(false);
    });
  });

  it('suspects a mailbox with old mail, whichever stretch it lies in, and no other', async () => {
    await waiting(1, 1, 2 * HOUR);
    const all = async (retention: number): Promise<MailboxNo[]> => {
      const found: MailboxNo[] = [];
      for (let next: MailboxNo | undefined = 0 as MailboxNo; next !== undefined;) {
        const page = await expiry.suspects({ after: next, most: 1_000 }, { retention, stock: 1e12 });
        found.push(...page.suspects.map((suspect) => suspect.mailbox));
        next = page.next;
      }
      return found;
    };
    expect(await all(HOUR)).toContain(bob);
    expect(await all(3 * HOUR)).not.toContain(bob);
    await database.db.commit(
      'insert into mailbox (device, account, list_version, registration) select gen_random_uuid(), 9, 1, 1 from generate_series(1, 1100)',
    );
    expect(await all(HOUR)).toContain(bob);
    const first = { after: 0 as MailboxNo, most: 1_000 };
    const { looked, next } = await expiry.suspects(first, { retention: HOUR, stock: 1e12 });
    expect(looked).toBe(1_000);
    expect(next).toBeDefined();
    await database.db.commit('delete from mailbox where account = 9');
  });

  describe('a gap', () => {
    it('is told until its pair is acked; a wrong pair and an old epoch remove nothing', async () => {
      await waiting(1, 4, HOUR);
      await expiry.byAge(bob, { retention: 0, most: MANY });
      const { epoch } = await take();
      const [gap] = await gaps.read({ mailbox: bob, epoch, after: 0, limit: MANY });
      const pair = { mailbox: bob, lo: 3, hi: 4, id: gap!.id };
      expect(await gaps.acknowledge({ ...pair, epoch, id: ids.bytes(8) })).toBe(false);
      expect(await gaps.acknowledge({ ...pair, epoch: epoch - 1 })).toBe(false);
      expect(await told()).toEqual(['1-4 age']);
      expect(await gaps.read({ mailbox: bob, epoch, after: 0, limit: MANY })).toEqual([]);
      expect(await gaps.acknowledge({ ...pair, epoch: epoch + 1 })).toBe(true);
      expect(await told()).toEqual([]);
      expect(await told(4)).toEqual([]);
    });

    it('below it goes with a cumulative ack', async () => {
      await waiting(1, 1, HOUR);
      await waiting(3, 3, HOUR);
      await expiry.byAge(bob, { retention: 0, most: MANY });
      const { epoch } = await take();
      const found = await gaps.read({ mailbox: bob, epoch, after: 0, limit: MANY });
      expect(await gaps.acknowledge({ mailbox: bob, epoch, lo: 0, hi: 3, id: found[1]!.id })).toBe(true);
      expect(await told()).toEqual([]);
    });

    it('is news to a stream that does not know it', async () => {
      const { epoch } = await take();
      await waiting(1, 2, HOUR);
      const known = { mailbox: bob, epoch, head: 2, gapMark: 0 };
      expect(await mailbox.news([known])).toEqual([]);
      await expiry.byAge(bob, { retention: 0, most: MANY });
      expect(await mailbox.news([known])).toEqual([{ ...known, gapMark: 1, closed: false, listVersion: 1 }]);
      expect(await mailbox.news([{ ...known, gapMark: 1 }])).toEqual([]);
      expect(await mailbox.news([{ ...known, gapMark: 1, head: 1 }])).toHaveLength(1);
      expect(await mailbox.news([{ ...known, gapMark: 1, epoch: epoch - 1 }])).toHaveLength(1);
    });
  });

  describe('a refusal', () => {
    it('counts once a stream; the third sets aside, and the age of that leaves a gap', async () => {
      await waiting(1, 2, HOUR);
      const verdicts = [];
      for (let stream = 0; stream < 3; stream += 1) {
        const { epoch } = await take();
        verdicts.push(await refusals.refuse(bob, epoch, nack(1)), await refusals.refuse(bob, epoch, nack(1)));
      }
      expect(verdicts).toEqual(['noted', 'noted', 'noted', 'noted', 'aside', 'wrong']);
      expect(await left()).toEqual([2]);
      const aside = await refusals.setAside(bob, { after: 0, limit: MANY });
      expect(aside).toMatchObject([{ reason: 'undecryptable', envelope: { sequence: 1, id: idOf(1), kind: 2 } }]);
      expect(aside[0]?.envelope.content).toHaveLength(100);
      expect(await told()).toEqual([]);
      expect(await expiry.byAge(bob, { retention: 0, most: MANY })).toBe(2);
      expect(await told()).toEqual(['1-1 poison', '2-2 age']);
      expect(await refusals.setAside(bob, { after: 0, limit: MANY })).toEqual([]);
      await expiry.forgetRefusals();
      expect(await database.db.query('select 1 from nack')).toEqual([]);
    });

    it('needs the right pair and the current epoch', async () => {
      await waiting(1, 1);
      const { epoch } = await take();
      expect(await refusals.refuse(bob, epoch, nack(1, ids.bytes(8)))).toBe('wrong');
      expect(await refusals.refuse(bob, epoch, nack(2))).toBe('wrong');
      expect(await refusals.refuse(bob, epoch - 1, nack(1))).toBe('wrong');
    });

    it('keeps its envelope out of a cumulative ack of the same stream, and not of the next', async () => {
      await waiting(1, 4);
      const { epoch } = await take();
      await refusals.refuse(bob, epoch, nack(2));
      expect(await refusals.refused(bob, epoch)).toEqual(new Set([2]));
      const range = { mailbox: bob, lo: 0, hi: 3, id: idOf(3), given: false };
      expect(await mailbox.acknowledge([{ ...range, epoch }])).toEqual(['removed']);
      expect(await left()).toEqual([2, 4]);
      const next = await take();
      expect(await refusals.refused(bob, next.epoch)).toEqual(new Set());
      const all = { ...range, hi: 4, id: idOf(4), epoch: next.epoch };
      expect(await mailbox.acknowledge([all])).toEqual(['removed']);
      expect(await left()).toEqual([]);
    });

    it('may be taken back by an ack of that very envelope', async () => {
      await waiting(1, 1);
      const { epoch } = await take();
      await refusals.refuse(bob, epoch, nack(1));
      const pair = { mailbox: bob, epoch, lo: 0, hi: 1, id: idOf(1), given: false };
      expect(await mailbox.acknowledge([pair])).toEqual(['removed']);
      expect(await left()).toEqual([]);
    });
  });

  it('goes with the mailbox of a revoked device', async () => {
    await waiting(1, 2, HOUR);
    for (let stream = 0; stream < 3; stream += 1) await refusals.refuse(bob, (await take()).epoch, nack(1));
    await expiry.byAge(bob, { retention: 0, most: 1 });
    await database.db.transact(async (tx) => guards.close(tx, [bobDevice]));
    await mailbox.purgeClosed([bobDevice], MANY);
    for (const table of ['envelope', 'gap', 'nack', 'set_aside'])
      expect(await database.db.query(`select 1 from ${table} where mailbox = $1`, [bob])).toEqual([]);
  });
});
