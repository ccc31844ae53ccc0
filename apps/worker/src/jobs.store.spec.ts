import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appendRevoked } from '../../../libs/auth/control.js';
import { DeviceWorld, type TestPerson } from '../../../libs/devices/testing.js';
import type { Guards, MailboxNo } from '../../../libs/mailbox/guards.js';
import { Mailbox } from '../../../libs/mailbox/mailbox.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { Expiry } from '../../../libs/mailbox/expiry.js';
import { MailboxDepth } from '../../../libs/mailbox/depth.js';
import { Retention } from '../../../libs/messaging/retention.js';
import { createLogger } from '../../../libs/platform/log.js';
import { Metrics } from '../../../libs/platform/metrics.js';
import { Outbox } from '../../../libs/platform/outbox.js';
import { testDatabase, type TestDatabase } from '../../../libs/platform/testing/database.js';
import { LIMITS } from '../../../libs/protocol/limits.js';
import { Doorbell, type Ring } from '../../../libs/realtime/doorbell.js';
import { testDevice } from '../../../libs/signal/testing.js';
import { JobEvents, outboxHandlers, scheduledJobs, watched, type JobParts } from './jobs.js';
import { Statistics } from './statistics.js';

const NODE = 3;
const log = createLogger({ level: 'silent', app: 'spec' });

describe('the jobs of the worker', () => {
  let database: TestDatabase;
  let world: DeviceWorld;
  let guards: Guards;
  let mailbox: Mailbox;
  let parts: JobParts;
  let outbox: Outbox;
  const heard: Ring[] = [];
  const said: string[] = [];
  const metrics = new Metrics();

  beforeAll(async () => {
    database = await testDatabase();
    world = await DeviceWorld.create(database.db);
    guards = world.guards;
    mailbox = new Mailbox(world.db);
    const doorbell = new Doorbell();
    await doorbell.listen(NODE, (rings) => heard.push(...rings));
    const { clock, prekeys, pending, idle, accounts, tenants } = world;
    const expiry = new Expiry(world.db);
    const retention = new Retention({ db: world.db, expiry, accounts, tenants });
    const events = new JobEvents(
      metrics,
      createLogger({ level: 'debug', app: 'spec' }, { write: (line) => said.push(line) }),
    );
    const statistics = new Statistics({ db: world.db, depth: new MailboxDepth(world.db), clock }, metrics);
    parts = { db: world.db, guards, mailbox, prekeys, pending, idle, retention, statistics, doorbell, clock, events };
    outbox = new Outbox(world.db, outboxHandlers(parts), clock, log);
    await mailbox.ensureKeyPartitions(clock.now());
  });
  afterAll(() => database.drop());

  const mailboxOf = async (person: TestPerson): Promise<MailboxNo> =>
    (await guards.placeOf(world.db, person.phone.deviceId))!.mailboxNo;
  const drain = async (): Promise<readonly Ring[]> => {
    heard.length = 0;
    await outbox.drain();
    expect(await world.db.query('select kind from outbox')).toEqual([]);
    return [...heard];
  };

  it('tell every device of an account that holds a stream of a changed list, and no other account', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    await mailbox.takeStreams([await mailboxOf(alice), await mailboxOf(bob)], NODE);
    await drain();
    await world.link(alice, testDevice('alice laptop'));
    expect(await drain()).toEqual([{ kind: 'devices-changed', mailbox: await mailboxOf(alice), listVersion: 2 }]);
  });

  it('tell a device once that its keys run low, with what is left, and not when they were refilled since', async () => {
    const carol = await world.person('carol', LIMITS.prekeysLow);
    await mailbox.takeStreams([await mailboxOf(carol)], NODE);
    await drain();
    await world.bundles.fetch((await world.person('caller')).caller, carol.account.accountId);
    const low = await drain();
    const stock = await world.prekeys.stock(world.db, carol.phone.deviceId);
    expect(stock).toEqual({ oneTime: LIMITS.prekeysLow - 1, kyber: LIMITS.prekeysLow - 1, low: true });
    expect(low).toEqual([{ kind: 'prekeys-low', mailbox: await mailboxOf(carol), stock }]);
    const handlers = outboxHandlers(parts);
    heard.length = 0;
    const plenty = await world.person('plenty', LIMITS.prekeysLow + 5);
    await mailbox.takeStreams([await mailboxOf(plenty)], NODE);
    for (const deviceId of [plenty.phone.deviceId, systemIds.uuid()])
      await handlers['prekeys-low']!({ deviceId } as never);
    expect(heard).toEqual([]);
  });

  it('purge all envelopes of a revoked device, however many, and no other mailbox', async () => {
    const [dave, erin] = [await world.person('dave'), await world.person('erin')];
    const [gone, kept] = [await mailboxOf(dave), await mailboxOf(erin)];
    for (const no of [gone, kept])
      await world.db.commit(
        `insert into envelope (mailbox, seq, id, at, registration, kind, content)
         select $1, seq, seq, 1, 1, 2, 'x' from generate_series(1, 4100) as seq`,
        [no],
      );
    const count = async (no: MailboxNo): Promise<unknown> =>
      world.db.query('select count(*)::int4 as count from envelope where mailbox = $1', [no]);
    await outboxHandlers(parts)['purge-mailboxes']!({ deviceIds: [erin.phone.deviceId] } as never);
    expect(await count(kept)).toEqual([{ count: 4100 }]);
    await world.revocations.byOwner(dave.caller, dave.phone.deviceId);
    await outbox.drain();
    expect(await count(gone)).toEqual([{ count: 2100 }]);
    // A piece at a time: the rest stands behind what has come meanwhile.
    for (let piece = 0; piece < 2; piece += 1) await outbox.drain();
    expect(await count(gone)).toEqual([{ count: 0 }]);
    expect(await count(kept)).toEqual([{ count: 4100 }]);
    await outboxHandlers(parts)['purge-mailboxes']!({ deviceIds: [dave.phone.deviceId] } as never);
  });

  it('prune ended signing keys and old rows of the control table, on two workers at once', async () => {
    const now = world.clock.now();
    const key = `insert into signing_key (kid, public_key, wrapped, created_at, ends_at) values ($1, '', '', 1, $2)`;
    for (const [kid, endsAt] of [
      ['ended', now - 1],
      ['ending', now + 1],
      ['signing', null],
    ])
      await world.db.commit(key, [kid, endsAt]);
    await world.db.commit('delete from control');
    await world.db.transact(async (tx) => {
      await appendRevoked(tx, [systemIds.uuid()], now - 60 * 60 * 1000);
      await appendRevoked(tx, [systemIds.uuid()], now);
    });
    const jobs = scheduledJobs(parts);
    for (const job of ['signing-keys', 'control']) await Promise.all([jobs[job]!.run(), jobs[job]!.run()]);
    expect(await world.db.query('select kid from signing_key order by kid')).toEqual([
      { kid: 'ending' },
      { kid: 'signing' },
    ]);
    expect(await world.db.query('select at from control')).toEqual([{ at: now }]);
  });

  it('keep the partitions of accepted keys, and drop pending devices that nobody listed in time', async () => {
    const jobs = scheduledJobs(parts);
    const partitions = async (): Promise<string[]> =>
      (
        await world.db.query<{ name: string }>(
          `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'sent'::regclass order by 1`,
        )
      ).map(({ name }) => name);
    const frank = await world.person('frank');
    await world.hold(frank, testDevice('frank tablet'));
    await jobs['pending-devices']!.run();
    expect(await world.db.query('select 1 as held from pending_device')).toEqual([{ held: 1 }]);
    const before = await partitions();
    world.clock.advance(48 * 60 * 60 * 1000);
    await Promise.all([jobs['key-partitions']!.run(), jobs['key-partitions']!.run()]);
    const after = await partitions();
    // One may be kept for the hour by which clocks may differ.
    expect([before.length, before.length + 1]).toContain(after.length);
    expect(after.filter((name) => before.includes(name)).length).toBeLessThan(before.length / 2 + 1);
    await jobs['pending-devices']!.run();
    expect(await world.db.query('select 1 from pending_device')).toEqual([]);
  });

  it('find the deepest mailbox, on two workers at once, and say how deep it is without saying whose', async () => {
    const [ida, jan] = [await mailboxOf(await world.person('ida')), await mailboxOf(await world.person('jan'))];
    for (const [no, count] of [
      [ida, 7_000],
      [jan, 6_999],
    ])
      await world.db.commit(
        `with put as (insert into envelope (mailbox, seq, id, at, registration, kind, content)
           select $1, seq, seq, (extract(epoch from now()) * 1000)::int8 - 60000, 1, 2, '0123456789' from generate_series(1, $2::int4) as seq)
         update mailbox set head = $2 where no = $1`,
        [no, count],
      );
    const { run } = watched(scheduledJobs(parts), parts)['statistics']!;
    await Promise.all([run(), run()]);
    const { body } = await metrics.render();
    expect(body).toContain('\nsotto_deepest_mailbox_envelopes 7000\n');
    expect(body).toContain('\nsotto_deepest_mailbox_bytes 70000\n');
    expect(body).toMatch(/\nsotto_deepest_mailbox_oldest_seconds 6\d\./);
    expect(body).toContain('\nsotto_job_runs_total{job="statistics",outcome="done"} 2\n');
    expect(body).toContain(
      `sotto_job_last_success_timestamp_seconds{job="statistics"} ${String(world.clock.now() / 1_000)}`,
    );
    await world.db.commit('delete from envelope where mailbox = any($1::int8[])', [`{${String(ida)},${String(jan)}}`]);
    await world.db.commit('update mailbox set head = 0, acked_through = 0 where head >= 6999');
  });

  it('count a run that fails, and let the queue have the failure', async () => {
    const boom = watched({ boom: { every: 1, run: () => Promise.reject(new Error('boom')) } }, parts)['boom']!;
    await expect(boom.run()).rejects.toThrow('boom');
    expect((await metrics.render()).body).toContain('sotto_job_runs_total{job="boom",outcome="failed"} 1');
  });

  it('remove mail by the age and stock of the tenant it belongs to, with gaps, and no other', async () => {
    const [greta, hans] = [await world.person('greta'), await world.person('hans')];
    const [first, second] = [await mailboxOf(greta), await mailboxOf(hans)];
    const put = async (no: MailboxNo, ageSeconds: number): Promise<unknown> =>
      world.db.commit(
        `with put as (insert into envelope (mailbox, seq, id, at, registration, kind, content)
           select $1, seq, seq, (extract(epoch from now()) * 1000)::int8 - $2::int8, 1, 2, decode(repeat('61', 40000), 'hex') from generate_series(1, 4) as seq)
         update mailbox set head = 4, bytes_in = 160000 where no = $1`,
        [no, ageSeconds * 1_000],
      );
    await put(first, 100);
    await put(second, 0);
    const left = async (no: MailboxNo): Promise<number[]> =>
      (await world.db.query<{ seq: number }>('select seq from envelope where mailbox = $1 order by seq', [no])).map(
        ({ seq }) => seq,
      );
    const run = scheduledJobs(parts)['retention']!.run;
    await run();
    expect([await left(first), await left(second)]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    await world.tenants.setPolicy(world.tenantId, { retentionSeconds: 50, mailboxBytes: 100_000, burstBytes: 1024 });
    await Promise.all([run(), run()]);
    expect([await left(first), await left(second)]).toEqual([[], [3, 4]]);
    expect(await world.db.query('select mailbox, lo, hi, reason from gap order by lo, reason', [])).toEqual([
      { mailbox: first, lo: 1, hi: 4, reason: 1 },
      { mailbox: second, lo: 1, hi: 2, reason: 2 },
    ]);
  });

  it('give way to a dump that holds the accepted keys: no failure, counted, and done by the next run', async () => {
    const run = scheduledJobs(parts)['key-partitions']!.run;
    world.clock.advance(48 * 60 * 60 * 1000);
    const held = Promise.withResolvers<undefined>();
    const locked = Promise.withResolvers<undefined>();
    const dump = world.db.transact(async (tx) => {
      await tx.sql('lock table sent in access share mode');
      await tx.sql('lock table sent in share row exclusive mode');
      locked.resolve(undefined);
      await held.promise;
    });
    await locked.promise;
    said.length = 0;
    await run();
    held.resolve(undefined);
    await dump;
    expect(said.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([20]);
    expect((await metrics.render()).body).toContain('sotto_jobs_postponed_total{job="key-partitions"} 1');
    await run();
    expect(said).toHaveLength(1);
    const missing = `select 1 from pg_class where relname = 'sent_' || $1::text`;
    const hours = Math.floor(world.clock.now() / (6 * 60 * 60 * 1000)) * 6;
    expect(await world.db.query(missing, [String(hours)])).toHaveLength(1);
  });
});
