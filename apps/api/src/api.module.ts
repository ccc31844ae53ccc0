import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { Control } from '../../../libs/auth/control.js';
import { ServiceTokens } from '../../../libs/auth/service-tokens.js';
import { Tokens } from '../../../libs/auth/tokens.js';
import { Bundles } from '../../../libs/devices/bundles.js';
import { DeviceChains } from '../../../libs/devices/chains.js';
import { Enrolments } from '../../../libs/devices/enrolment.js';
import { Registrations } from '../../../libs/devices/registration.js';
import { Revocations } from '../../../libs/devices/revocation.js';
import { DeviceLists } from '../../../libs/devices/store-list.js';
import { Accounts } from '../../../libs/directory/accounts.js';
import { Invitations } from '../../../libs/directory/invitations.js';
import { Prekeys } from '../../../libs/keys/prekeys.js';
import { Guards } from '../../../libs/mailbox/guards.js';
import { Sender } from '../../../libs/messaging/send.js';
import { Db } from '../../../libs/platform/postgres.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { AccountsController } from './admin/accounts.controller.js';
import { InvitationsController } from './admin/invitations.controller.js';
import { TenantsController } from './admin/tenants.controller.js';
import { ServiceTokensController } from './admin/tokens.controller.js';
import { INFO, InfoController } from './info.controller.js';
import type { ApiServices } from './services.js';
import { TokenController } from './token.controller.js';

@Module({})
class ApiModule {}

const ADMIN: readonly Type[] = [TenantsController, AccountsController, InvitationsController, ServiceTokensController];
const CLIENT: readonly Type[] = [InfoController, TokenController];

/** The names by which Nest injects what `services.ts` built. */
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
    { provide: Prekeys, useValue: services.prekeys },
    { provide: Enrolments, useValue: services.enrolments },
    { provide: DeviceLists, useValue: services.lists },
    { provide: Registrations, useValue: services.registrations },
    { provide: Bundles, useValue: services.bundles },
    { provide: Sender, useValue: services.sender },
    { provide: Revocations, useValue: services.revocations },
  ];
  return { module: ApiModule, controllers: [...ADMIN, ...CLIENT], providers };
}
