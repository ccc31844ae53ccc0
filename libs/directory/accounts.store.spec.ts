import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import type { AccountId, TenantId } from '../protocol/ids.js';
import { Accounts, type AccountRow } from './accounts.js';

describe('Accounts', () => {
  const accounts = new Accounts(new FakeClock(), systemIds);
  const [mine, theirs] = [systemIds.uuid<TenantId>(), systemIds.uuid<TenantId>()];
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase();
  });

  afterAll(() => database.drop());

  async function made(tenantId: TenantId, accountId?: AccountId): Promise<AccountRow> {
    const outcome = await database.db.transact((tx) => accounts.create(tx, tenantId, accountId));
    if (outcome.kind !== 'created') throw new Error(outcome.code);
    return outcome.account;
  }

  it('finds the accounts of a tenant and none of another', async () => {
    const [own, foreign] = [await made(mine), await made(theirs)];
    const found = await accounts.find(database.db, mine, [own.id, foreign.id, systemIds.uuid<AccountId>()]);
    expect([...found.keys()]).toEqual([own.id]);
    expect(found.get(own.id)).toEqual({ no: own.no, id: own.id, tenantId: mine, listVersion: 0, suspended: false });
    expect(await accounts.findListed(database.db, mine, foreign.id)).toBeUndefined();
    await database.db.transact(async (tx) => expect(await accounts.lock(tx, mine, foreign.id)).toBeUndefined());
  });

  it('makes one account of an id, also when asked at once', async () => {
    const id = systemIds.uuid<AccountId>();
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => database.db.transact((tx) => accounts.create(tx, mine, id))),
    );
    expect(outcomes.filter(({ kind }) => kind === 'created')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome.kind === 'problem' && outcome.code === 'conflict')).toHaveLength(4);
  });

  it('does not let a tenant feel by a conflict that another one has an account of this id', async () => {
    const own = await made(mine);
    expect((await made(theirs, own.id)).no).not.toBe(own.no);
  });

  it('counts list versions one after another under the lock', async () => {
    const { id } = await made(mine);
    const bump = async () =>
      database.db.transact(async (tx) => accounts.bumpListVersion(tx, (await accounts.lock(tx, mine, id))!.no));
    const versions = await Promise.all(Array.from({ length: 8 }, bump));
    expect(versions.toSorted((left, right) => left - right)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('lists a tenant in pages and shows nothing after an account of another', async () => {
    const tenantId = systemIds.uuid<TenantId>();
    const ids: AccountId[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await made(tenantId)).id);
    const first = await accounts.list(database.db, tenantId, { after: undefined, limit: 3 });
    const second = await accounts.list(database.db, tenantId, { after: first.at(-1)!.id, limit: 3 });
    expect([...first, ...second].map(({ id }) => id)).toEqual(ids);
    expect(await accounts.list(database.db, mine, { after: ids[0], limit: 3 })).toEqual([]);
  });
});
