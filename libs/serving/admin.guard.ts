import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Gate } from '../auth/gate.js';
import { ServiceTokens, type Admin } from '../auth/service-tokens.js';
import type { Scope } from '../protocol/bodies.js';
import { isUuid, type TenantId } from '../protocol/ids.js';
import { problem } from '../protocol/problems.js';
import { Tenants } from '../tenancy/tenants.js';
import { Problems } from './answers.js';
import { bearerOf } from './bearer.js';
import { networkOfRequest } from './network.js';
import { RefusedRequest } from './refusal.js';

const SCOPE = 'sotto:scope';
const admins = new WeakMap<FastifyRequest, Admin>();

/**
 * A service token with the scope of the route. Where the path names a tenant, it must exist and be one that the token is good for:
 * both failures are the same 404 in the same time: a token bound to one tenant cannot tell which others there are (D8).
 */
@Injectable()
class AdminGuard implements CanActivate {
  constructor(
    private readonly tokens: ServiceTokens,
    private readonly tenants: Tenants,
    private readonly gate: Gate,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: { tenantId?: string } }>>();
    const admin = await this.tokens.verify(bearerOf(request));
    if (admin.kind === 'problem') throw new RefusedRequest(await this.gate.failedAs(admin, networkOfRequest(request)));
    const scope = Reflect.getMetadata(SCOPE, context.getHandler()) as Scope;
    if (!admin.scopes.includes(scope)) throw new RefusedRequest(problem('scope_missing', `this needs \`${scope}\``));
    const { tenantId } = request.params;
    if (tenantId !== undefined) await this.checkTenant(admin, tenantId);
    admins.set(request, admin);
    return true;
  }

  private async checkTenant(admin: Admin, tenantId: string): Promise<void> {
    if (!isUuid(tenantId)) throw new RefusedRequest(problem('malformed', 'tenantId: a lower-case UUID'));
    const open = admin.tenantId === undefined || admin.tenantId === tenantId;
    const tenant = open ? await this.tenants.find(tenantId as TenantId) : undefined;
    if (tenant === undefined) throw new RefusedRequest(problem('not_found', 'there is no such tenant'));
  }
}

/** This route is for service tokens with the scope; the method takes who it is with `@TheAdmin()`. */
export function ForAdmins(scope: Scope) {
  return applyDecorators(
    SetMetadata(SCOPE, scope),
    UseGuards(AdminGuard),
    ApiBearerAuth('admin'),
    Problems(['unauthenticated', 'scope_missing', 'not_found', 'limited']),
  );
}

export const TheAdmin = createParamDecorator((_: unknown, context: ExecutionContext): Admin =>
  adminOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function adminOf(request: FastifyRequest): Admin {
  const admin = admins.get(request);
  if (admin === undefined) throw new Error('a route without @ForAdmins() asked for its admin');
  return admin;
}
