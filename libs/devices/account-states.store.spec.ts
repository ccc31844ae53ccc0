import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Control } from '../auth/control.js';
import { createLogger } from '../platform/log.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { registrationOf, signList, firstList, testDevice, testId } from '../signal/testing.js';
import { DeviceWorld, withDevice, type TestPerson } from './testing.js';

describe('an account', () => {
  let database: TestDatabase;
  let world: DeviceWorld;

  beforeAll(async () => {
    database = await testDatabase();
    world = await DeviceWorld.create(database.db);
  });

  afterAll(() => database.drop());

  const suspend = async ({ account }: TestPerson) => world.db.transact((tx) => world.states.suspend(tx, account));
  const lift = async ({ account }: TestPerson) => world.db.transact((tx) => world.states.lift(tx, account));
  const remove = async ({ account }: TestPerson) => world.db.transact((tx) => world.states.delete(tx, account));

  async function stateOf({ account, phone }: TestPerson) {
    const [row] = await world.db.query<{ no: number }>('select no from account where id = $1', [account.accountId]);
    const guard = (await world.guards.read(world.db, [row!.no])).get(row!.no);
    const boxes = await world.db.query<{ epoch: number; closed: number }>(
      'select epoch, closed from mailbox where account = $1 order by no',
      [row!.no],
    );
    return { guard, boxes, suspended: (await world.credentials.find(phone.deviceId))?.suspended };
  }

  it('that is suspended is closed with a new epoch, and lifted it is as it was', async () => {
    const person = await world.link(await world.person('alice'), testDevice("alice's laptop"));
    const before = await stateOf(person);
    const chain = async () => {
      const account = await world.accounts.find(world.db, world.tenantId, [person.account.accountId]);
      return world.chains.read(world.db, account.get(person.account.accountId)!, { version: 1 });
    };
    const lists = await chain();
    expect([await suspend(person), await suspend(person)]).toEqual([{ kind: 'suspended' }, { kind: 'suspended' }]);
    const closed = await stateOf(person);
    expect(closed.boxes).toEqual(before.boxes.map(({ epoch }) => ({ epoch: epoch + 1, closed: 1 })));
    expect(closed.guard).toEqual({ ...before.guard, suspended: true });
    expect(closed.suspended).toBe(true);
    expect(await chain()).toEqual(lists);
    expect(await world.prekeys.stock(world.db, person.phone.deviceId)).toMatchObject({ oneTime: 2 });
    expect([await lift(person), await lift(person)]).toEqual([{ kind: 'lifted' }, { kind: 'lifted' }]);
    const after = await stateOf(person);
    expect(after.boxes).toEqual(before.boxes.map(({ epoch }) => ({ epoch: epoch + 2, closed: 0 })));
    expect([after.guard, after.suspended]).toEqual([before.guard, false]);
  });

  it('that is suspended takes no list and no first device', async () => {
    const person = await world.person('bob');
    const laptop = testDevice("bob's laptop");
    await world.hold(person, laptop);
    await suspend(person);
    const signed = signList(withDevice(person, laptop), person.phone);
    expect(await world.lists.storeList(person.caller, signed)).toMatchObject({ code: 'account_suspended' });
    const invited = testDevice('invited phone');
    const account = { ...person.account, accountId: testId('invited') } as typeof person.account;
    await world.db.transact((tx) => world.accounts.create(tx, world.tenantId, account.accountId));
    const code = await world.invite({ accountId: account.accountId });
    await world.db.transact((tx) => world.states.suspend(tx, account));
    const enrolment = {
      code,
      list: signList(firstList(account, invited), account),
      registration: registrationOf(invited),
    };
    expect(await world.enrolments.enrol(enrolment)).toMatchObject({ code: 'account_suspended' });
    await world.db.transact((tx) => world.states.lift(tx, account));
    expect(await world.enrolments.enrol(enrolment)).toMatchObject({ kind: 'enrolled' });
  });

  it('that is suspended loses a revoked device for good', async () => {
    const laptop = testDevice("carol's laptop");
    const person = await world.link(await world.person('carol'), laptop);
    await suspend(person);
    expect(await world.revocations.byAdmin(person.account, laptop.deviceId)).toMatchObject({ kind: 'revoked' });
    await lift(person);
    expect((await stateOf(person)).boxes.map(({ closed }) => closed)).toEqual([0, 2]);
  });

  it('that is deleted is unknown, its devices are gone, and its id is never given again', async () => {
    const laptop = testDevice("dave's laptop");
    const person = await world.link(await world.person('dave'), laptop);
    const { tenantId, accountId } = person.account;
    await suspend(person);
    expect(await remove(person)).toEqual({ kind: 'deleted' });
    expect((await stateOf(person)).boxes.map(({ closed }) => closed)).toEqual([2, 2]);
    for (const { deviceId } of [person.phone, laptop]) expect(await world.credentials.find(deviceId)).toBeUndefined();
    expect(await world.accounts.find(world.db, tenantId, [accountId])).toEqual(new Map());
    expect(await world.accounts.findListed(world.db, tenantId, accountId)).toMatchObject({ state: 'deleted' });
    const again = await world.db.transact((tx) => world.accounts.create(tx, tenantId, accountId));
    expect(again).toMatchObject({ code: 'conflict' });
    for (const act of [suspend, lift, remove]) expect(await act(person)).toMatchObject({ code: 'not_found' });
    const purges = await world.db.query<{ payload: { deviceIds: string[] } }>(
      "select payload from outbox where kind = 'purge-mailboxes' order by no desc limit 2",
    );
    expect(purges.flatMap(({ payload }) => payload.deviceIds).sort()).toEqual(
      [person.phone.deviceId, laptop.deviceId].sort(),
    );
  });

  it('of another tenant is unknown', async () => {
    const { account } = await world.person('erin');
    const elsewhere = { tenantId: testId('elsewhere'), accountId: account.accountId };
    const stranger = { account: elsewhere } as unknown as TestPerson;
    for (const act of [suspend, lift, remove]) expect(await act(stranger)).toMatchObject({ code: 'not_found' });
  });

  it('suspended, lifted and suspended again is told to every node each time', async () => {
    const person = await world.person('frank');
    const log = createLogger({ level: 'silent', app: 'spec' });
    const control = new Control(world.db, { clock: world.clock, log });
    const told: unknown[] = [];
    control.onSuspended((ids) => told.push(...ids));
    const { deviceId } = person.phone;
    const seen: boolean[] = [];
    for (const act of [suspend, lift, suspend]) {
      await act(person);
      await control.poll();
      await control.poll();
      seen.push(control.isSuspended(deviceId));
    }
    expect(seen).toEqual([true, false, true]);
    expect(told.filter((id) => id === deviceId)).toHaveLength(2);
    await lift(person);
    await control.poll();
    for (const act of [suspend, lift]) await act(person);
    await control.poll();
    expect([control.isSuspended(deviceId), told.filter((id) => id === deviceId).length]).toEqual([false, 3]);
    const late = new Control(world.db, { clock: world.clock, log });
    await late.poll();
    expect([late.isSuspended(deviceId), late.isRevoked(deviceId)]).toEqual([false, false]);
  });
});
