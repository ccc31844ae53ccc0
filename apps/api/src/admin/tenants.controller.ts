import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import type { Admin } from '../../../../libs/auth/service-tokens.js';
import {
  idParam,
  NewTenant,
  PageQuery,
  Policy,
  PolicySettings,
  Tenant as TenantBody,
  Tenants as TenantsBody,
} from '../../../../libs/protocol/bodies.js';
import type { TenantId } from '../../../../libs/protocol/ids.js';
import { problem, type Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins, TheAdmin } from '../../../../libs/serving/admin.guard.js';
import { Answers, TakesJson } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';
import { Tenants, type Tenant } from '../../../../libs/tenancy/tenants.js';
import { pageOf } from './page.js';

@ApiTags('admin: tenants')
@Controller('v1/admin/tenants')
export class TenantsController {
  constructor(
    private readonly tenants: Tenants,
    private readonly audit: Audit,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Make a tenant', description: 'Only with a token for the whole installation.' })
  @ForAdmins('tenants')
  @Audited()
  @TakesJson()
  @Answers(201, TenantBody, { description: 'Made' })
  async create(
    @TheAdmin() admin: Admin,
    @TheActor() by: Actor,
    @Body({ schema: NewTenant }) body: z.infer<typeof NewTenant>,
  ) {
    if (admin.tenantId !== undefined) return problem('scope_missing', 'the token is good for one tenant only');
    const act = {
      action: 'tenant.create',
      tenantId: undefined,
      kind: 'tenant',
      target: ({ id }: Tenant) => id,
    } as const;
    return bodyOf(await this.audit.record(by, act, (tx) => this.tenants.create(body.name, { tx })));
  }

  @Get()
  @ApiOperation({ summary: 'All tenants that the token is good for, oldest first' })
  @ForAdmins('tenants')
  @Answers(200, TenantsBody, { description: 'A page' })
  async list(@TheAdmin() admin: Admin, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = query.after as TenantId | undefined;
    const tenants =
      admin.tenantId === undefined
        ? await this.tenants.list({ after, limit: query.limit + 1 })
        : await this.own(admin.tenantId, after);
    const { page, next } = pageOf(tenants, query.limit);
    return { tenants: page.map(bodyOf), next };
  }

  @Get(':tenantId')
  @ApiOperation({ summary: 'One tenant' })
  @ForAdmins('tenants')
  @Answers(200, TenantBody, { description: 'The tenant' })
  async read(@Param('tenantId', { schema: idParam }) tenantId: TenantId) {
    const tenant = await this.tenants.find(tenantId);
    return tenant === undefined ? problem('not_found', 'there is no such tenant') : bodyOf(tenant);
  }

  @Get(':tenantId/policy')
  @ApiOperation({ summary: 'The policy of a tenant, defaults filled in' })
  @ForAdmins('policy')
  @Answers(200, Policy, { description: 'The policy' })
  async policy(@Param('tenantId', { schema: idParam }) tenantId: TenantId): Promise<Policy> {
    return this.tenants.policy(tenantId);
  }

  @Put(':tenantId/policy')
  @ApiOperation({ summary: 'Replace the policy of a tenant', description: 'Other nodes follow within 3 seconds.' })
  @ForAdmins('policy')
  @Audited()
  @TakesJson()
  @Answers(200, Policy, { description: 'The policy as it is now' })
  async setPolicy(
    @TheActor() by: Actor,
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Body({ schema: PolicySettings }) body: z.infer<typeof PolicySettings>,
  ): Promise<Policy | Problem> {
    const act = { action: 'policy.set', tenantId, kind: 'tenant', target: tenantId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.tenants.setPolicy(tenantId, body, tx));
    this.tenants.forget(tenantId);
    return outcome.kind === 'set' ? outcome.policy : outcome;
  }

  private async own(tenantId: TenantId, after: TenantId | undefined): Promise<readonly Tenant[]> {
    const tenant = after === undefined ? await this.tenants.find(tenantId) : undefined;
    return tenant === undefined ? [] : [tenant];
  }
}

function bodyOf(tenant: Tenant): z.infer<typeof TenantBody> {
  return { tenantId: tenant.id, name: tenant.name, createdAt: tenant.createdAt };
}
