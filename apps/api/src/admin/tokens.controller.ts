import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import {
  ServiceTokens,
  type Admin,
  type ServiceToken,
  type ServiceTokenId,
} from '../../../../libs/auth/service-tokens.js';
import {
  CreatedServiceToken,
  idParam,
  NewServiceToken,
  ServiceToken as TokenBody,
  ServiceTokens as TokensBody,
} from '../../../../libs/protocol/bodies.js';
import type { TenantId } from '../../../../libs/protocol/ids.js';
import { problem, type Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins, TheAdmin } from '../../../../libs/serving/admin.guard.js';
import { Answers, TakesJson } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';
import { Tenants } from '../../../../libs/tenancy/tenants.js';

const DAY = 86_400_000;

@ApiTags('admin: tokens')
@Controller('v1/admin/tokens')
export class ServiceTokensController {
  constructor(
    private readonly tokens: ServiceTokens,
    private readonly tenants: Tenants,
    private readonly audit: Audit,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Make a service token',
    description: 'With no more scopes than the caller has, and for no more tenants.',
  })
  @ForAdmins('tokens')
  @Audited()
  @TakesJson()
  @Answers(201, CreatedServiceToken, { description: 'Made; the token is shown only here' })
  async create(
    @TheAdmin() admin: Admin,
    @TheActor() by: Actor,
    @Body({ schema: NewServiceToken }) body: z.infer<typeof NewServiceToken>,
  ) {
    const tenantId = body.tenantId as TenantId | undefined;
    const refusal = mayGive(admin, body.scopes, tenantId) ?? (await this.tenantFault(tenantId));
    if (refusal !== undefined) return refusal;
    const wanted = { name: body.name, scopes: body.scopes, tenantId, lifeMs: body.expiresInDays * DAY };
    const target = (made: { readonly serviceToken: ServiceToken }) => made.serviceToken.id;
    const act = { action: 'token.create', tenantId, kind: 'token', target } as const;
    const { serviceToken, token } = await this.audit.record(by, act, (tx) => this.tokens.create(wanted, tx));
    return { ...bodyOf(serviceToken), token };
  }

  @Get()
  @ApiOperation({ summary: 'All service tokens that the caller may revoke, oldest first, at most 1,000' })
  @ForAdmins('tokens')
  @Answers(200, TokensBody, { description: 'The tokens, without their secrets' })
  async list(@TheAdmin() admin: Admin) {
    return { tokens: (await this.tokens.list(admin.tenantId)).map(bodyOf) };
  }

  @Delete(':tokenId')
  @ApiOperation({ summary: 'Revoke a service token' })
  @ForAdmins('tokens')
  @Audited()
  @Answers(204, undefined, { description: 'Revoked, now or before' })
  async revoke(
    @TheAdmin() admin: Admin,
    @TheActor() by: Actor,
    @Param('tokenId', { schema: idParam }) tokenId: ServiceTokenId,
  ): Promise<Problem | undefined> {
    // A token is named by its id alone: whose it was, the row of the token says.
    const tenantOf = (revoked: { readonly tenantId: TenantId | undefined }) => revoked.tenantId;
    const { tenantId } = admin;
    const act = { action: 'token.revoke', tenantId, tenantOf, kind: 'token', target: tokenId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.tokens.revoke(tokenId, tenantId, tx));
    return outcome.kind === 'revoked' ? undefined : outcome;
  }

  private async tenantFault(tenantId: TenantId | undefined): Promise<Problem | undefined> {
    const known = tenantId === undefined || (await this.tenants.find(tenantId)) !== undefined;
    return known ? undefined : problem('not_found', 'there is no such tenant');
  }
}

/** No token makes one that can do what it cannot do itself. */
function mayGive(admin: Admin, scopes: readonly string[], tenantId: TenantId | undefined): Problem | undefined {
  const beyond = scopes.filter((scope) => !(admin.scopes as readonly string[]).includes(scope));
  if (beyond.length > 0) return problem('scope_missing', `the token that asks lacks ${beyond.join(', ')}`);
  if (admin.tenantId === undefined || admin.tenantId === tenantId) return undefined;
  if (tenantId === undefined)
    return problem('scope_missing', 'the token that asks is good for one tenant only: name it');
  return problem('not_found', 'there is no such tenant');
}

function bodyOf(token: ServiceToken): z.infer<typeof TokenBody> {
  const { id, name, scopes, tenantId, createdAt, expiresAt, revoked, lastUsedDay } = token;
  const lastUsedOn = lastUsedDay === undefined ? null : new Date(lastUsedDay * DAY).toISOString().slice(0, 10);
  const terms = { scopes: [...scopes], tenantId: tenantId ?? null, createdAt, expiresAt };
  return { tokenId: id, name, ...terms, revoked, lastUsedOn };
}
