import type { Credentials } from '../auth/credentials.js';
import type { Clock } from '../platform/clock.js';
import { dayOf } from '../protocol/device-list.js';
import type { DeviceId } from '../protocol/ids.js';
import type { Tenants } from '../tenancy/tenants.js';
import type { Revocations } from './revocation.js';

/** No policy may ask for less, so nothing younger is looked at. */
const LEAST_DAYS = 7;
const PAGE = 500;

/** Removes devices that took no token for longer than their tenant's policy allows; each in a transaction of its own, so it may stop anywhere. */
export class IdleDevices {
  constructor(
    private readonly parts: {
      readonly credentials: Credentials;
      readonly tenants: Tenants;
      readonly revocations: Revocations;
      readonly clock: Clock;
    },
  ) {}

  /** How many were removed. */
  async sweep(): Promise<number> {
    const { credentials, tenants, revocations, clock } = this.parts;
    const today = dayOf(clock.now());
    let removed = 0;
    let after: DeviceId | undefined;
    do {
      const page = await credentials.unseen({ before: today - LEAST_DAYS, after, limit: PAGE });
      for (const { caller, lastSeenDay } of page) {
        const { idleDays } = await tenants.policy(caller.tenantId);
        if (today - lastSeenDay <= idleDays) continue;
        const outcome = await revocations.byIdleness(caller, lastSeenDay);
        if (outcome.kind === 'revoked') removed += 1;
      }
      after = page.length === PAGE ? page.at(-1)?.caller.deviceId : undefined;
    } while (after !== undefined);
    return removed;
  }
}
