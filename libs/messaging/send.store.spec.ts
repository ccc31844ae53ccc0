import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { Db } from '../platform/postgres.js';
import type { AccountId, DeviceId, ListVersion, RegistrationId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { SendRequest } from '../protocol/send-request.js';
import { registrationOf, testDevice } from '../signal/testing.js';
import type { Sender } from './send.js';
import { hindered, MessagingWorld, recipient, told, type Box } from './testing.js';

let world: MessagingWorld;
let sender: Sender;
let alice: Box;
let bob: Box;
let carol: Box;

beforeAll(async () => {
  world = await MessagingWorld.create();
});
afterAll(() => world.drop());

async function people(): Promise<void> {
  sender = (await world.node(1)).sender;
  [alice, bob, carol] = [await world.box(), await world.box(2), await world.box()];
}

async function send(from: Box, request: SendRequest): Promise<string> {
  return told(await sender.send(from.devices[0]!.caller, request));
}

/** Over the database of the world; only what is asked of it is counted, methods run on the real one. */
function countedSender(before = async (_commit: number): Promise<void> => Promise.resolve()) {
  const asked = { query: 0, commit: 0, transact: 0 };
  const get = (db: Db, name: string | symbol): unknown => {
    if (name === 'query' || name === 'commit' || name === 'transact') asked[name] += 1;
    return Reflect.get(db, name, db) as unknown;
  };
  return { own: world.senderOn(hindered(new Proxy(world.db, { get }), before)), asked };
}

const mailboxOf = (box: Box, index = 0) => box.devices[index]!.mailboxNo;

describe('a send', () => {
  beforeAll(people);

  it('is accepted with the time of its commit, and stands in every mailbox then', async () => {
    const outcome = await sender.send(alice.devices[0]!.caller, world.request('hi', [bob, carol]));
    const [row] = await world.db.query<{ at: number }>('select at from envelope where mailbox = $1', [mailboxOf(bob)]);
    expect(outcome).toEqual({ kind: 'accepted', acceptedAt: row?.at });
    for (const mailbox of [mailboxOf(bob), mailboxOf(bob, 1), mailboxOf(carol)])
      expect(await world.stored(mailbox)).toEqual(['1 hi']);
  });

  it('is planned over what it knows the second time, and still refused when that has changed', async () => {
    const dave = await world.box(1);
    expect(await send(alice, world.request('1', [dave]))).toBe('accepted');
    await world.db.transact((tx) => world.guards.setRegistration(tx, dave.devices[0]!.deviceId, 99 as RegistrationId));
    expect(await sender.send(alice.devices[0]!.caller, world.request('2', [dave]))).toMatchObject({
      kind: 'mismatch',
      mismatched: [{ accountId: dave.accountId, stale: [dave.devices[0]!.deviceId] }],
    });
    expect(await world.stored(mailboxOf(dave))).toEqual(['1 1']);
  });

  it('stores all of it, or nothing', async () => {
    const before = await world.stored(mailboxOf(carol));
    const half = { ...world.request('no', [carol]), recipients: [] as SendRequest['recipients'] };
    const recipients = [recipient('no', carol), recipient('no', bob, bob.devices.slice(0, 1))];
    expect(await send(alice, { ...half, recipients })).toBe('mismatch');
    expect(await world.stored(mailboxOf(carol))).toEqual(before);
  });

  it('knows no account of another tenant', async () => {
    const unknown = systemIds.uuid<AccountId>();
    const tenantId = (await world.devices.tenants.create('other')).id;
    const stranger = { ...alice.devices[0]!.caller, tenantId };
    expect(told(await sender.send(stranger, world.request('x', [bob])))).toBe('not_allowed');
    const request = world.request('x', [{ ...bob, accountId: unknown }]);
    expect(await sender.send(alice.devices[0]!.caller, request)).toMatchObject({
      kind: 'mismatch',
      unknown: [unknown],
    });
  });

  it('is refused with the time of the server when its times are too far away', async () => {
    const serverTime = world.devices.clock.now();
    const within = { idempotencyKey: world.key(-LIMITS.idempotencyPast + 1) };
    expect(await send(alice, world.request('old', [bob], within))).toBe('accepted');
    for (const more of [
      { idempotencyKey: world.key(-LIMITS.idempotencyPast - 1) },
      { idempotencyKey: world.key(LIMITS.idempotencyFuture + 1) },
      { clientTimestamp: serverTime - LIMITS.timestampSpan - 1 },
      { clientTimestamp: serverTime + LIMITS.timestampSpan + 1 },
    ])
      expect(await sender.send(alice.devices[0]!.caller, world.request('x', [bob], more))).toMatchObject({
        code: 'time_out_of_range',
        serverTime,
      });
  });

  it('brings bundles of what was missing when asked to, and counts them', async () => {
    const [erin, frank] = [await world.devices.person('erin'), await world.devices.person('frank', 5)];
    const laptop = testDevice('frank laptop');
    await world.devices.link(frank, laptop, 5);
    const { registrationId } = registrationOf(frank.phone, { keys: 5 });
    const devices = [{ ...bob.devices[0]!, deviceId: frank.phone.deviceId, registrationId }];
    const recipients = [recipient('x', { ...bob, accountId: frank.account.accountId, devices })];
    const silent = await sender.send(erin.caller, { ...world.request('x', [bob]), recipients });
    expect(silent).toMatchObject({
      kind: 'mismatch',
      mismatched: [{ missing: [laptop.deviceId], stale: [] }],
      bundles: [],
    });
    const outcome = await sender.send(erin.caller, { ...world.request('x', [bob]), recipients, bundles: true });
    expect(outcome).toMatchObject({
      kind: 'mismatch',
      bundles: [{ accountId: frank.account.accountId, bundles: [{ deviceId: laptop.deviceId }] }],
    });
    expect(await world.devices.prekeys.stock(world.db, laptop.deviceId)).toMatchObject({ oneTime: 4, kyber: 4 });
    expect(await world.devices.prekeys.stock(world.db, frank.phone.deviceId)).toMatchObject({ oneTime: 5 });
  });
});

describe('a repeated send (D5)', () => {
  beforeAll(people);

  it('is one message, at once and through two nodes, with one time of acceptance', async () => {
    const other = (await world.node(2)).sender;
    const request = world.request('once', [bob]);
    const { caller } = alice.devices[0]!;
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async (_, at) => (at % 2 === 0 ? sender : other).send(caller, request)),
    );
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]?.kind).toBe('accepted');
    expect(await world.stored(mailboxOf(bob))).toEqual(['1 once']);
  });

  it('stays accepted whatever has changed since, and a key is bound to its body', async () => {
    const dave = await world.box(1);
    const request = world.request('first', [dave]);
    const accepted = await sender.send(alice.devices[0]!.caller, request);
    await world.db.transact(async (tx) => world.guards.close(tx, [dave.devices[0]!.deviceId]));
    expect(await sender.send(alice.devices[0]!.caller, { ...request, bundles: true })).toEqual(accepted);
    expect(await send(alice, { ...request, urgent: true })).toBe('key_reused');
    expect(await send(carol, { ...request, urgent: true })).toBe('mismatch');
  });

  it('may carry something else after a mismatch', async () => {
    const idempotencyKey = world.key();
    const wrong = world.request('wrong', [{ ...bob, devices: bob.devices.slice(1) }], { idempotencyKey });
    expect(await send(alice, wrong)).toBe('mismatch');
    expect(await send(alice, world.request('right', [bob], { idempotencyKey }))).toBe('accepted');
    expect((await world.stored(mailboxOf(bob))).at(-1)).toBe('2 right');
  });
});

describe('sends at the same time', () => {
  beforeAll(people);

  it('are numbered without holes, each device in its order, over two nodes', async () => {
    const senders = [sender, (await world.node(2)).sender];
    const writers = await Promise.all(Array.from({ length: 8 }, async () => world.box()));
    const target = await world.box(3);
    const outcomes = writers.flatMap((writer, at) =>
      Array.from({ length: 25 }, async (_, index) =>
        senders[at % 2]!.send(writer.devices[0]!.caller, world.request(`${String(at)}/${String(index)}`, [target])),
      ),
    );
    expect((await Promise.all(outcomes)).map(told)).toEqual(outcomes.map(() => 'accepted'));
    const stored = await Promise.all(target.devices.map(async ({ mailboxNo }) => world.stored(mailboxNo)));
    expect(stored[0]).toHaveLength(200);
    expect(stored[1]).toEqual(stored[0]);
    expect(stored[2]).toEqual(stored[0]);
    expect(stored[0]!.map((line) => line.split(' ')[0])).toEqual(stored[0]!.map((_, index) => String(index + 1)));
    for (const [at] of writers.entries()) {
      const own = stored[0]!.map((line) => line.split(' ')[1]!.split('/')).filter(([from]) => from === String(at));
      expect(own.map(([, index]) => Number(index))).toEqual(own.map((_, index) => index));
    }
  });

  it('go together though nobody here has seen the accounts before: few reads and few commits for a crowd', async () => {
    const crowd = await Promise.all(Array.from({ length: 60 }, async () => world.box()));
    const { own: stranger, asked } = countedSender();
    const outcomes = await Promise.all(
      crowd.map(async (box, index) =>
        stranger.send(box.devices[0]!.caller, world.request('hello', [crowd[(index + 1) % crowd.length]!])),
      ),
    );
    expect(new Set(outcomes.map(told))).toEqual(new Set(['accepted']));
    for (const box of crowd) expect(await world.stored(mailboxOf(box))).toEqual(['1 hello']);
    expect(asked.query + asked.commit + asked.transact).toBeLessThan(60);
  });

  it('go with one commit when they are read in one turn, though from several sockets', async () => {
    const { own, asked } = countedSender();
    const [dave, erin, frank] = [await world.box(), await world.box(), await world.box()];
    for (const from of [dave, erin])
      expect(told(await own.send(from.devices[0]!.caller, world.request('0', [frank])))).toBe('accepted');
    asked.commit = 0;
    const first = own.send(dave.devices[0]!.caller, world.request('1', [frank]));
    for (let count = 0; count < 20; count += 1) await Promise.resolve(); // As settled promises do between two sockets.
    const second = own.send(erin.devices[0]!.caller, world.request('2', [frank]));
    expect((await Promise.all([first, second])).map(told)).toEqual(['accepted', 'accepted']);
    expect(asked.commit).toBe(1);
  });

  it('keep the order of one device though the second goes to somebody it has not written to before', async () => {
    const [dave, erin] = [await world.box(), await world.box()];
    expect(await send(dave, world.request('0', [erin]))).toBe('accepted');
    for (let round = 1; round <= 10; round += 1) {
      const fresh = await world.box();
      const texts = [`${String(round)}a`, `${String(round)}b`, `${String(round)}c`];
      const to = [[erin], [erin, fresh], [erin]];
      const outcomes = texts.map(async (text, index) => send(dave, world.request(text, to[index]!)));
      expect(await Promise.all(outcomes)).toEqual(['accepted', 'accepted', 'accepted']);
      const stored = (await world.stored(mailboxOf(erin))).slice(-3).map((line) => line.split(' ')[1]);
      expect(stored).toEqual(texts);
    }
  });

  it('keep the order of one device though one of them waits, and delay nobody else', async () => {
    // The row that is held comes before the sender's own, which is not locked while the first send waits.
    const [dave, erin, frank] = [await world.box(), await world.box(), await world.box()];
    // Known to the node, so that the fast way is the one that is taken.
    for (const from of [frank, erin]) expect(await send(from, world.request('0', [dave, carol]))).toBe('accepted');
    const held = await world.hold(mailboxOf(carol));
    let blocked = 4;
    const done = async (outcome: Promise<string>): Promise<string> => outcome.finally(() => (blocked -= 1));
    const outcomes = [done(send(frank, world.request('1', [carol])))];
    // The batch with the first is under way, and what comes now waits for the next.
    await new Promise(setImmediate);
    outcomes.push(done(send(frank, world.request('2', [dave]))));
    await world.untilBlocked(1);
    outcomes.push(...['3', '4'].map(async (text) => done(send(frank, world.request(text, [dave])))));
    expect(await send(erin, world.request('other', [dave]))).toBe('accepted');
    expect(blocked).toBe(4);
    await held.release();
    expect(await Promise.all(outcomes)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    expect((await world.stored(mailboxOf(dave))).slice(-4)).toEqual(['3 other', '4 2', '5 3', '6 4']);
    expect((await world.stored(mailboxOf(carol))).at(-1)).toMatch(/ 1$/);
  });

  it('go the slow way one at a time, and leave the fast one to what comes behind', async () => {
    const { own, asked } = countedSender();
    const [dave, erin] = [await world.box(), await world.box()];
    const { caller } = dave.devices[0]!;
    const writer = async (): Promise<void> => {
      for (let round = 0; round < 40; round += 1)
        expect(told(await own.send(caller, world.request('x', [erin])))).toBe('accepted');
    };
    await Promise.all([writer(), writer(), writer()]);
    expect(await world.stored(mailboxOf(erin))).toHaveLength(120);
    // The first looks up accounts and devices.
    expect(asked).toMatchObject({ query: 2, transact: 0 });
  });

  it('go with the next batch when a row is held for a moment, in order, and look nothing up', async () => {
    const release: Record<number, () => Promise<void>> = {};
    const { own, asked } = countedSender(async (commit) => release[commit]?.());
    const [dave, erin] = [await world.box(), await world.box()];
    const { caller } = dave.devices[0]!;
    expect(told(await own.send(caller, world.request('0', [erin])))).toBe('accepted');
    const before = { ...asked };
    const held = await world.hold(mailboxOf(erin));
    release[before.commit + 3] = async () => held.release();
    const outcomes = ['1', '2'].map(async (text) => told(await own.send(caller, world.request(text, [erin]))));
    expect(await Promise.all(outcomes)).toEqual(['accepted', 'accepted']);
    expect(await world.stored(mailboxOf(erin))).toEqual(['1 0', '2 1', '3 2']);
    expect(asked).toMatchObject({ query: before.query, transact: 0 });
  });

  it('keep their order when a row is held for a single batch', async () => {
    const [dave, erin] = [await world.box(), await world.box()];
    const { caller } = dave.devices[0]!;
    const before: (() => Promise<void>)[] = [];
    const own = world.senderOn(hindered(world.db, async (no) => before[no]?.()));
    expect(told(await own.send(caller, world.request('0', [erin])))).toBe('accepted');
    const held = await world.hold(mailboxOf(erin));
    before[3] = async () => held.release();
    const outcomes = ['1', '2', '3'].map(async (text) => told(await own.send(caller, world.request(text, [erin]))));
    expect(await Promise.all(outcomes)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await world.stored(mailboxOf(erin))).toEqual(['1 0', '2 1', '3 2', '4 3']);
  });

  it('wait behind one of their device that a batch lost (D9)', async () => {
    const [dave, erin] = [await world.box(), await world.box()];
    const { caller } = dave.devices[0]!;
    const [lost, later] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const own = world.senderOn(
      hindered(world.db, async (no) => {
        if (no !== 2) return;
        lost.resolve(undefined);
        await later.promise;
        throw new Error('the connection was lost');
      }),
    );
    expect(told(await own.send(caller, world.request('0', [erin])))).toBe('accepted');
    const first = own.send(caller, world.request('1', [erin]));
    await lost.promise;
    const second = own.send(caller, world.request('2', [erin]));
    // It is planned, and waits for the next batch, when the one before it fails.
    await new Promise(setImmediate);
    later.resolve(undefined);
    expect([told(await first), told(await second)]).toEqual(['accepted', 'accepted']);
    expect(await world.stored(mailboxOf(erin))).toEqual(['1 0', '2 1', '3 2']);
  });

  it('never skip a device that is linked while they wait (D4)', async () => {
    const dave = await world.box(1);
    expect(await send(alice, world.request('0', [dave]))).toBe('accepted');
    const linked = systemIds.uuid<DeviceId>();
    let outcome: Promise<string> | undefined;
    await world.db.transact(async (tx) => {
      const listVersion = 2 as ListVersion;
      const { accountNo } = dave;
      await world.guards.open(tx, { accountNo, deviceId: linked, registrationId: 9 as RegistrationId, listVersion });
      await world.guards.setListVersion(tx, accountNo, listVersion);
      outcome = sender
        .send(alice.devices[0]!.caller, world.request('1', [dave]))
        .then((answer) => JSON.stringify(answer));
      await world.untilBlocked(1);
    });
    expect(JSON.parse((await outcome) ?? '')).toMatchObject({
      kind: 'mismatch',
      mismatched: [{ accountId: dave.accountId, listVersion: 2, missing: [linked], extra: [], stale: [] }],
    });
    expect(await world.stored(mailboxOf(dave))).toEqual(['1 0']);
  });

  it('store nothing from a device that is revoked while they wait (D17)', async () => {
    const dave = await world.box(2);
    const request = world.request('0', [carol, { ...dave, devices: dave.devices.slice(1) }]);
    expect(await send(dave, request)).toBe('accepted');
    let outcome: Promise<string> | undefined;
    const before = await world.stored(mailboxOf(carol));
    await world.db.transact(async (tx) => {
      await world.guards.close(tx, [dave.devices[0]!.deviceId]);
      outcome = send(dave, { ...request, idempotencyKey: world.key() });
      await world.untilBlocked(1);
    });
    expect(await outcome).toBe('not_allowed');
    expect(await world.stored(mailboxOf(carol))).toEqual(before);
  });
});

describe('a send in trouble', () => {
  beforeAll(people);

  it('makes the partition for its key when no worker did', async () => {
    const rows = await world.db.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'sent'::regclass`,
    );
    for (const { name } of rows) await world.db.commit(`drop table ${name}`);
    const outcomes = [1, 2, 3].map(async (text) => send(alice, world.request(String(text), [bob])));
    expect(await Promise.all(outcomes)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await world.stored(mailboxOf(bob))).toEqual(['1 1', '2 2', '3 3']);
  });

  it('is not stored, and said so, when the database is read-only or away; the same request goes through later', async () => {
    const { caller } = alice.devices[0]!;
    const request = world.request('later', [carol]);
    const name = new URL(world.database.url).pathname.slice(1);
    await world.db.commit(`alter database ${name} set default_transaction_read_only = on`);
    const readOnly = Db.connect({ url: world.database.url, max: 2, application: 'spec' });
    const nowhere = Db.connect({ url: 'postgres://nobody:x@127.0.0.1:1/none', max: 2, application: 'spec' });
    for (const db of [readOnly, nowhere])
      expect(await world.senderOn(db).send(caller, request)).toMatchObject({ code: 'not_stored', retryAfterMs: 2_000 });
    await Promise.all([readOnly.close(), nowhere.close()]);
    await world.db.commit(`alter database ${name} reset default_transaction_read_only`);
    expect(await world.stored(mailboxOf(carol))).toEqual([]);
    expect(await send(alice, request)).toBe('accepted');
  });

  it('fails no neighbour in its commit', async () => {
    const [dave, erin, frank] = [await world.box(), await world.box(), await world.box()];
    for (const from of [alice, dave, erin]) expect(await send(from, world.request('0', [frank]))).toBe('accepted');
    // A kind that no column takes: the statement fails for all of its batch.
    const good = world.request('bad', [frank]);
    const envelopes = good.recipients[0]!.envelopes.map((each) => ({ ...each, kind: 40_000 as 1 }));
    const bad = { ...good, recipients: [{ ...good.recipients[0]!, envelopes }] };
    const outcomes = await Promise.allSettled([
      send(alice, world.request('1', [frank])),
      send(dave, bad),
      send(erin, world.request('2', [frank])),
    ]);
    expect(outcomes.map((each) => (each.status === 'fulfilled' ? each.value : 'thrown'))).toEqual([
      'accepted',
      'thrown',
      'accepted',
    ]);
    expect(
      (await world.stored(mailboxOf(frank)))
        .slice(3)
        .map((line) => line.split(' ')[1])
        .toSorted(),
    ).toEqual(['1', '2']);
    expect(await send(dave, world.request('3', [frank]))).toBe('accepted');
  });
});
