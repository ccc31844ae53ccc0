import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import { Invitations, type Invitation, type InvitationId } from '../../../../libs/directory/invitations.js';
import {
  CreatedInvitation,
  idParam,
  Invitation as InvitationBody,
  Invitations as InvitationsBody,
  NewInvitation,
  PageQuery,
} from '../../../../libs/protocol/bodies.js';
import type { AccountId, TenantId } from '../../../../libs/protocol/ids.js';
import type { Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins } from '../../../../libs/serving/admin.guard.js';
import { Answers, TakesJson } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';
import { pageOf } from './page.js';

@ApiTags('admin: invitations')
@Controller('v1/admin/tenants/:tenantId/invitations')
export class InvitationsController {
  constructor(
    private readonly invitations: Invitations,
    private readonly audit: Audit,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make an invitation',
    description:
      'For an account that has no devices yet, or for new accounts. Its life is cut to `invitationDays` of the policy.',
  })
  @ForAdmins('invitations')
  @Audited()
  @TakesJson()
  @Answers(201, CreatedInvitation, { description: 'Made; the code is shown only here', problems: ['already_enrolled'] })
  async create(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Body({ schema: NewInvitation }) body: z.infer<typeof NewInvitation>,
  ) {
    const wanted = { ...body, accountId: body.accountId as AccountId | undefined };
    const target = ({ invitation }: { readonly invitation: Invitation }) => invitation.id;
    const act = { action: 'invitation.create', tenantId, kind: 'invitation', target } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.invitations.create(tenantId, wanted, tx));
    return outcome.kind === 'created' ? { ...invitationBody(outcome.invitation), code: outcome.code } : outcome;
  }

  @Get()
  @ApiOperation({ summary: 'All invitations of a tenant, oldest first' })
  @ForAdmins('invitations')
  @Answers(200, InvitationsBody, { description: 'A page' })
  async list(
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>,
  ) {
    const invitations = await this.invitations.list(tenantId, {
      after: query.after as InvitationId | undefined,
      limit: query.limit + 1,
    });
    const { page, next } = pageOf(invitations, query.limit);
    return { invitations: page.map(invitationBody), next };
  }

  @Delete(':invitationId')
  @ApiOperation({ summary: 'Revoke an invitation', description: 'Final; accounts that came in by it stay.' })
  @ForAdmins('invitations')
  @Audited()
  @Answers(204, undefined, { description: 'Revoked, now or before' })
  async revoke(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Param('invitationId', { schema: idParam }) invitationId: InvitationId,
  ): Promise<Problem | undefined> {
    const act = { action: 'invitation.revoke', tenantId, kind: 'invitation', target: invitationId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.invitations.revoke(tenantId, invitationId, tx));
    return outcome.kind === 'revoked' ? undefined : outcome;
  }
}

export function invitationBody(invitation: Invitation): z.infer<typeof InvitationBody> {
  const { id, accountId, uses, used, createdAt, expiresAt, revoked } = invitation;
  return { invitationId: id, accountId: accountId ?? null, uses, used, createdAt, expiresAt, revoked };
}
