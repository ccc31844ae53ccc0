import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import type { AccountId, TenantId } from '../protocol/ids.js';
import { Tenants } from '../tenancy/tenants.js';
import { Accounts } from './accounts.js';
import { Invitations, type NewInvitation } from './invitations.js';

const HOUR = 3_600_000;

describe('Invitations', () => {
  const clock = new FakeClock();
  let database: TestDatabase;
  let tenants: Tenants;
  let accounts: Accounts;
  let invitations: Invitations;
  let tenantId: TenantId;

  beforeAll(async () => {
    database = await testDatabase();
    tenants = new Tenants(database.db, clock, systemIds);
    accounts = new Accounts(clock, systemIds);
    invitations = new Invitations(database.db, { tenants, accounts, clock, ids: systemIds });
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    tenantId = (await tenants.create('acme')).id;
  });

  async function made(wanted: Partial<NewInvitation> = {}) {
    const outcome = await invitations.create(tenantId, { uses: 1, expiresInHours: 24, ...wanted });
    if (outcome.kind !== 'created') throw new Error(outcome.code);
    return outcome;
  }

  async function redeem(code: string) {
    return database.db.transact((tx) => invitations.redeem(tx, code));
  }

  async function account(): Promise<AccountId> {
    const outcome = await database.db.transact((tx) => accounts.create(tx, tenantId));
    if (outcome.kind !== 'created') throw new Error(outcome.code);
    return outcome.account.id;
  }

  it('gives exactly five of twenty concurrent redeems of a code for five', async () => {
    const { code, invitation } = await made({ uses: 5 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => redeem(code)));
    expect(outcomes.filter(({ kind }) => kind === 'redeemed')).toHaveLength(5);
    expect(
      outcomes.filter((outcome) => outcome.kind === 'problem' && outcome.code === 'invitation_invalid'),
    ).toHaveLength(15);
    const [listed] = await invitations.list(tenantId, { after: undefined, limit: 10 });
    expect(listed).toMatchObject({ id: invitation.id, uses: 5, used: 5 });
  });

  it('counts no use when the enrolment fails', async () => {
    const { code } = await made();
    const failed = database.db.transact(async (tx) => {
      await invitations.redeem(tx, code);
      throw new Error('the list breaks a rule');
    });
    await expect(failed).rejects.toThrow('breaks a rule');
    expect(await redeem(code)).toMatchObject({ kind: 'redeemed', tenantId });
  });

  it('uses nothing up by looking', async () => {
    const { code } = await made();
    expect(await invitations.lookup(code)).toMatchObject({ kind: 'found', tenantName: 'acme' });
    expect(await redeem(code)).toEqual({ kind: 'redeemed', tenantId, accountId: undefined, reset: false });
    expect(await invitations.lookup(code)).toMatchObject({ code: 'invitation_invalid' });
  });

  it('ends at its time, to the millisecond', async () => {
    const { code } = await made({ expiresInHours: 1, uses: 2 });
    clock.advance(HOUR - 1);
    expect(await redeem(code)).toMatchObject({ kind: 'redeemed' });
    clock.advance(1);
    expect(await invitations.lookup(code)).toMatchObject({ code: 'invitation_invalid' });
    expect(await redeem(code)).toMatchObject({ code: 'invitation_invalid' });
  });

  it('lives no longer than the policy allows', async () => {
    await tenants.setPolicy(tenantId, { invitationDays: 1 });
    const { invitation } = await made({ expiresInHours: 8760 });
    expect(invitation.expiresAt - invitation.createdAt).toBe(24 * HOUR);
  });

  it('is refused once revoked, and can be revoked again', async () => {
    const { code, invitation } = await made({ uses: 2 });
    await redeem(code);
    expect(await invitations.revoke(tenantId, invitation.id)).toEqual({ kind: 'revoked' });
    expect(await invitations.revoke(tenantId, invitation.id)).toEqual({ kind: 'revoked' });
    expect(await redeem(code)).toMatchObject({ code: 'invitation_invalid' });
  });

  it('is not there for another tenant', async () => {
    const { code, invitation } = await made();
    const other = (await tenants.create('other')).id;
    expect(await invitations.revoke(other, invitation.id)).toMatchObject({ code: 'not_found' });
    expect(await invitations.list(other, { after: undefined, limit: 10 })).toEqual([]);
    expect(await invitations.list(other, { after: invitation.id, limit: 10 })).toEqual([]);
    expect(await redeem(code)).toMatchObject({ kind: 'redeemed' });
  });

  it('is for one account, once, and only before its first list', async () => {
    const accountId = await account();
    expect(await invitations.create(tenantId, { accountId, uses: 2, expiresInHours: 1 })).toMatchObject({
      code: 'malformed',
    });
    const { code } = await made({ accountId });
    expect(await redeem(code)).toEqual({ kind: 'redeemed', tenantId, accountId, reset: false });
    await database.db.transact(async (tx) =>
      accounts.bumpListVersion(tx, (await accounts.lock(tx, tenantId, accountId))!.no),
    );
    expect(await invitations.create(tenantId, { accountId, uses: 1, expiresInHours: 1 })).toMatchObject({
      code: 'already_enrolled',
    });
  });

  it('is not made for an account of another tenant', async () => {
    const accountId = await account();
    const other = (await tenants.create('other')).id;
    const foreign = await invitations.create(other, { accountId, uses: 1, expiresInHours: 1 });
    const absent = await invitations.create(other, {
      accountId: systemIds.uuid<AccountId>(),
      uses: 1,
      expiresInHours: 1,
    });
    expect(foreign).toEqual(absent);
  });

  it('keeps no code, only its hash', async () => {
    const { code } = await made();
    expect(code.length).toBeGreaterThanOrEqual(4 + 22);
    const rows = await database.db.query<{ row: string }>('select invitation::text as row from invitation');
    expect(rows.some(({ row }) => row.includes(code.slice(4)) || row.includes(Buffer.from(code).toString('hex')))).toBe(
      false,
    );
  });
});
