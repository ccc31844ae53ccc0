import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import type { AccountId, TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { Tenants } from '../tenancy/tenants.js';
import { Accounts } from './accounts.js';
import { Invitations } from './invitations.js';
import { PeopleImport } from './people-import.js';

describe('an import of people', () => {
  const clock = new FakeClock();
  const accounts = new Accounts(clock, systemIds);
  let database: TestDatabase;
  let invitations: Invitations;
  let imports: PeopleImport;
  let tenantId: TenantId;

  beforeAll(async () => {
    database = await testDatabase();
    const tenants = new Tenants(database.db, clock, systemIds);
    invitations = new Invitations(database.db, { tenants, accounts, clock, ids: systemIds });
    imports = new PeopleImport(database.db, { accounts, invitations });
    tenantId = (await tenants.create('acme')).id;
  });

  afterAll(() => database.drop());

  const run = async (csv: string) => database.db.transact((tx) => imports.run(tx, tenantId, csv));
  const faultsOf = async (csv: string) => (await imports.check(tenantId, csv)).faults;
  const count = async () => database.db.query('select count(*) from account union all select count(*) from invitation');

  it('makes an account and an invitation for each, in the order of the file', async () => {
    const id = systemIds.uuid<AccountId>();
    const outcome = await run(`account_id,name\r\n,"Lovelace, Ada"\r\n${id},Ben\r\n`);
    if (outcome.kind !== 'imported') throw new Error(outcome.detail);
    expect(outcome.people).toMatchObject([
      { line: 2, name: 'Lovelace, Ada' },
      { line: 3, name: 'Ben', accountId: id },
    ]);
    for (const { accountId, code, expiresAt } of outcome.people) {
      expect(expiresAt).toBe(clock.now() + 7 * 86_400_000);
      expect(await invitations.lookup(code)).toMatchObject({ invitation: { accountId, uses: 1 } });
      const redeemed = await database.db.transact((tx) => invitations.redeem(tx, code));
      expect(redeemed).toEqual({ kind: 'redeemed', tenantId, accountId, reset: false });
    }
    expect(await faultsOf(`name,account_id\nBen,${id}`)).toEqual([{ line: 2, fault: 'account_id: taken' }]);
  });

  it('lists every fault with its line, and then takes nobody', async () => {
    const id = systemIds.uuid();
    const csv = `name,account_id\nGood,\n,\n"x"y,\nTwice,${id}\nAgain,${id}\nShort\nBad,nonsense\n`;
    expect(await faultsOf(csv)).toEqual([
      { line: 3, fault: 'name: 1 to 100 characters, none of them control characters' },
      { line: 4, fault: 'text behind the end of a quoted cell' },
      { line: 6, fault: 'account_id: stands in line 5 too' },
      { line: 7, fault: '1 cells instead of 2' },
      { line: 8, fault: 'account_id: a lower-case UUID' },
    ]);
    const before = await count();
    expect(await run(csv)).toMatchObject({ code: 'invalid_import', detail: expect.stringContaining('5 faults') });
    expect(await count()).toEqual(before);
  });

  it.each([
    ['', 'no header line'],
    ['name', 'nobody is in the file'],
    ['mail\nx', 'unknown column: mail'],
    ['account_id\n', 'no column name'],
    ['name,name\nx,y', 'column twice: name'],
  ])('refuses the header of %j', async (csv, fault) => {
    expect(await faultsOf(csv)).toContainEqual({ line: 1, fault });
  });

  it('takes as many people as it says, and not one more', async () => {
    const file = (people: number) => `name\n${'x\n'.repeat(people)}`;
    expect(await faultsOf(file(LIMITS.importLines + 1))).toEqual([
      { line: LIMITS.importLines + 2, fault: 'more than 10000 people' },
    ]);
    const outcome = await run(file(LIMITS.importLines));
    expect(outcome).toMatchObject({ kind: 'imported' });
    expect(outcome.kind === 'imported' && new Set(outcome.people.map(({ code }) => code)).size).toBe(10_000);
  });
});
