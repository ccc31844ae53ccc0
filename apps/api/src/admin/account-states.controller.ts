import { Controller, Delete, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import { AccountStates } from '../../../../libs/devices/account-states.js';
import { idParam } from '../../../../libs/protocol/bodies.js';
import type { AccountId, TenantId } from '../../../../libs/protocol/ids.js';
import type { Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins } from '../../../../libs/serving/admin.guard.js';
import { Answers } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';

@ApiTags('admin: accounts')
@Controller('v1/admin/tenants/:tenantId/accounts/:accountId')
export class AccountStatesController {
  constructor(
    private readonly states: AccountStates,
    private readonly audit: Audit,
  ) {}

  @Delete()
  @ApiOperation({
    summary: 'Delete an account',
    description:
      'Final: every device is revoked, its mail is deleted, and the id is unknown from then on and never given again.',
  })
  @ForAdmins('accounts')
  @Audited()
  @Answers(204, undefined, { description: 'Deleted' })
  async delete(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Param('accountId', { schema: idParam }) accountId: AccountId,
  ): Promise<Problem | undefined> {
    const act = { action: 'account.delete', tenantId, kind: 'account', target: accountId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.states.delete(tx, { tenantId, accountId }));
    return outcome.kind === 'deleted' ? undefined : outcome;
  }

  @Put('suspension')
  @ApiOperation({
    summary: 'Suspend an account',
    description:
      'Reversible: its sockets close and its tokens are refused within 2 seconds on every node, senders get `closed`; lists, keys and waiting mail stay.',
  })
  @ForAdmins('accounts')
  @Audited()
  @Answers(204, undefined, { description: 'Suspended, now or before' })
  async suspend(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Param('accountId', { schema: idParam }) accountId: AccountId,
  ): Promise<Problem | undefined> {
    const act = { action: 'account.suspend', tenantId, kind: 'account', target: accountId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.states.suspend(tx, { tenantId, accountId }));
    return outcome.kind === 'suspended' ? undefined : outcome;
  }

  @Delete('suspension')
  @ApiOperation({ summary: 'Lift the suspension of an account', description: 'Everything is as it was before.' })
  @ForAdmins('accounts')
  @Audited()
  @Answers(204, undefined, { description: 'Not suspended any more, or was not' })
  async lift(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Param('accountId', { schema: idParam }) accountId: AccountId,
  ): Promise<Problem | undefined> {
    const act = { action: 'account.lift', tenantId, kind: 'account', target: accountId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.states.lift(tx, { tenantId, accountId }));
    return outcome.kind === 'lifted' ? undefined : outcome;
  }
}
