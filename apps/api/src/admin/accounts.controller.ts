import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import { Resets } from '../../../../libs/devices/resets.js';
import { Accounts, type ListedAccount } from '../../../../libs/directory/accounts.js';
import { Guards } from '../../../../libs/mailbox/guards.js';
import { Db } from '../../../../libs/platform/postgres.js';
import {
  Account as AccountBody,
  AccountPath,
  Accounts as AccountsBody,
  CreatedInvitation,
  idParam,
  NewAccount,
  NewReset,
  PageQuery,
} from '../../../../libs/protocol/bodies.js';
import type { AccountId, TenantId } from '../../../../libs/protocol/ids.js';
import { problem, type Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins } from '../../../../libs/serving/admin.guard.js';
import { Answers, TakesJson } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';
import { invitationBody } from './invitations.controller.js';
import { pageOf } from './page.js';

@ApiTags('admin: accounts')
@Controller('v1/admin/tenants/:tenantId/accounts')
export class AccountsController {
  constructor(
    private readonly db: Db,
    private readonly accounts: Accounts,
    private readonly guards: Guards,
    private readonly resets: Resets,
    private readonly audit: Audit,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Make an account', description: 'Without devices; an invitation for it enrols the first.' })
  @ForAdmins('accounts')
  @Audited()
  @TakesJson()
  @Answers(201, AccountBody, { description: 'Made', problems: ['conflict'] })
  async create(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Body({ schema: NewAccount }) body: z.infer<typeof NewAccount>,
  ) {
    const wanted = body.accountId as AccountId | undefined;
    const target = wanted ?? ((done: { readonly account: ListedAccount }) => done.account.id);
    const act = { action: 'account.create', tenantId, kind: 'account', target } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.accounts.create(tx, tenantId, wanted));
    return outcome.kind === 'created' ? bodyOf(outcome.account, 0) : outcome;
  }

  @Get()
  @ApiOperation({ summary: 'All accounts of a tenant, oldest first' })
  @ForAdmins('accounts')
  @Answers(200, AccountsBody, { description: 'A page' })
  async list(
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ) {
    const accounts = await this.accounts.list(this.db, tenantId, {
      after: query.after as AccountId | undefined,
      limit: query.limit + 1,
    });
    const { page, next } = pageOf(accounts, query.limit);
    return { accounts: await this.bodiesOf(page), next };
  }

  @Get(':accountId')
  @ApiOperation({ summary: 'One account' })
  @ForAdmins('accounts')
  @Answers(200, AccountBody, { description: 'The account' })
  async read(
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Param('accountId', { schema: idParam }) accountId: AccountId,
  ) {
    const account = await this.accounts.findListed(this.db, tenantId, accountId);
    return account === undefined ? unknownAccount() : (await this.bodiesOf([account]))[0];
  }

  @Post(':accountId/reset')
  @ApiOperation({
    summary: 'Reset an account whose person lost everything',
    description:
      'Revokes every device and answers with the one code that lets a new device open the account again, under a new account key. Everybody who writes to the account is stopped until they accept the new key.',
  })
  @ForAdmins('account:reset')
  @Audited()
  @TakesJson()
  @Answers(201, CreatedInvitation, { description: 'Reset', problems: ['conflict'] })
  async reset(
    @TheActor() by: Actor,
    @Param({ schema: AccountPath }) path: z.infer<typeof AccountPath>,
    @Body({ schema: NewReset }) { expiresInHours }: z.infer<typeof NewReset>,
  ) {
    const { tenantId, accountId } = path as { readonly tenantId: TenantId; readonly accountId: AccountId };
    const act = { action: 'account.reset', tenantId, kind: 'account', target: accountId } as const;
    const outcome = await this.audit.record(by, act, (tx) =>
      this.resets.reset({ tenantId, accountId }, expiresInHours, tx),
    );
    return outcome.kind === 'created' ? { ...invitationBody(outcome.invitation), code: outcome.code } : outcome;
  }

  private async bodiesOf(accounts: readonly ListedAccount[]) {
    const nos = accounts.map(({ no }) => no);
    const guards = await this.guards.read(this.db, nos);
    return accounts.map((account) => bodyOf(account, guards.get(account.no)?.devices.length ?? 0));
  }
}

export function unknownAccount(): Problem {
  return problem('not_found', 'there is no such account');
}

function bodyOf(account: ListedAccount, activeDevices: number): z.infer<typeof AccountBody> {
  const { id, createdAt, state, listVersion } = account;
  return { accountId: id, createdAt, state, enrolled: listVersion > 0, listVersion, activeDevices };
}
