import type { Provider, Type } from '@nestjs/common';
import type { Clock } from '../../../libs/platform/clock.js';
import { CLOCK } from '../../../libs/platform/platform.module.js';
import { AccountStatesController } from './admin/account-states.controller.js';
import { AccountDevicesController } from './admin/devices.controller.js';
import { AccountsController } from './admin/accounts.controller.js';
import { AuditController } from './admin/audit.controller.js';
import { ImportsController } from './admin/imports.controller.js';
import { InvitationsController } from './admin/invitations.controller.js';
import { PendingDevicesController } from './admin/pending-devices.controller.js';
import { TenantsController } from './admin/tenants.controller.js';
import { ServiceTokensController } from './admin/tokens.controller.js';
import { DevicesController } from './client/devices.controller.js';
import { EnrolmentController } from './client/enrolment.controller.js';
import { KeysController } from './client/keys.controller.js';
import { MailboxController } from './client/mailbox.controller.js';
import { MessagesController } from './client/messages.controller.js';
import { PolicyController } from './client/policy.controller.js';
import { INFO, InfoController, type Info } from './info.controller.js';
import { TokenController } from './token.controller.js';

export const apiControllers: readonly Type[] = [
  InfoController,
  TokenController,
  EnrolmentController,
  DevicesController,
  PolicyController,
  KeysController,
  MailboxController,
  MessagesController,
  TenantsController,
  AccountsController,
  AccountDevicesController,
  AccountStatesController,
  InvitationsController,
  ImportsController,
  PendingDevicesController,
  ServiceTokensController,
  AuditController,
];

export function apiProviders(about: {
  readonly issuer: string;
  readonly gatewayUrl: string;
  readonly version: string;
}): Provider[] {
  const { issuer, gatewayUrl, version } = about;
  return [
    {
      provide: INFO,
      useFactory: (clock: Clock): Info => ({ issuer, gateway: gatewayUrl, version, clock }),
      inject: [CLOCK],
    },
  ];
}
