import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { Control } from '../../../libs/auth/control.js';
import { ServiceTokens } from '../../../libs/auth/service-tokens.js';
import { Tokens } from '../../../libs/auth/tokens.js';
import { DeviceChains } from '../../../libs/devices/chains.js';
import { Revocations } from '../../../libs/devices/revocation.js';
import { Accounts } from '../../../libs/directory/accounts.js';
import { Invitations } from '../../../libs/directory/invitations.js';
import { Guards } from '../../../libs/mailbox/guards.js';
import { Db } from '../../../libs/platform/postgres.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { AccountsController } from './admin/accounts.controller.js';
import { InvitationsController } from './admin/invitations.controller.js';
import { TenantsController } from './admin/tenants.controller.js';
import { ServiceTokensController } from './admin/tokens.controller.js';
import { INFO, InfoController, type Info } from './info.controller.js';
import { TokenController } from './token.controller.js';

/** Everything that the controllers call, built by `services.ts`: here only the names that Nest injects them by. */
export interface ApiServices {
  readonly info: Info;
  readonly db: Db;
  readonly tenants: Tenants;
  readonly accounts: Accounts;
  readonly invitations: Invitations;
  readonly tokens: Tokens;
  readonly serviceTokens: ServiceTokens;
  readonly control: Control;
  readonly guards: Guards;
  readonly chains: DeviceChains;
  readonly revocations: Revocations;
}

@Module({})
class ApiModule {}

const ADMIN: readonly Type[] = [TenantsController, AccountsController, InvitationsController, ServiceTokensController];
const CLIENT: readonly Type[] = [InfoController, TokenController];

export function apiModule(services: ApiServices): DynamicModule {
  const providers: Provider[] = [
    { provide: INFO, useValue: services.info },
    { provide: Db, useValue: services.db },
    { provide: Tenants, useValue: services.tenants },
    { provide: Accounts, useValue: services.accounts },
    { provide: Invitations, useValue: services.invitations },
    { provide: Tokens, useValue: services.tokens },
    { provide: ServiceTokens, useValue: services.serviceTokens },
    { provide: Control, useValue: services.control },
    { provide: Guards, useValue: services.guards },
    { provide: DeviceChains, useValue: services.chains },
    { provide: Revocations, useValue: services.revocations },
  ];
  return { module: ApiModule, controllers: [...ADMIN, ...CLIENT], providers };
}
