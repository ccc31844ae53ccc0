import type { Provider } from '@nestjs/common';
import { auditProviders } from '../audit/audit.module.js';
import { authProviders } from '../auth/auth.module.js';
import { devicesProviders } from '../devices/devices.module.js';
import { directoryProviders } from '../directory/directory.module.js';
import { keysProviders } from '../keys/keys.module.js';
import { mailboxProviders } from '../mailbox/mailbox.module.js';
import { messagingProviders } from '../messaging/messaging.module.js';
import { platformProviders, type Platform } from '../platform/platform.module.js';
import { realtimeProviders } from '../realtime/realtime.module.js';
import { ISSUER } from './caller.guard.js';
import { tenancyProviders } from '../tenancy/tenancy.module.js';

/** All libs of the line, wired; an app takes out of the container what it needs, the rest holds nothing open. */
export function coreProviders(
  platform: Platform,
  config: { readonly issuer: string; readonly failedAuthPerMinute: number },
): Provider[] {
  return [
    ...platformProviders(platform),
    ...auditProviders,
    ...tenancyProviders,
    ...directoryProviders,
    ...authProviders(config),
    { provide: ISSUER, useValue: config.issuer },
    ...mailboxProviders,
    ...keysProviders,
    ...devicesProviders,
    ...realtimeProviders,
    ...messagingProviders,
  ];
}
