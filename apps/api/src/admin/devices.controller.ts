import { Controller, Delete, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import { Credentials } from '../../../../libs/auth/credentials.js';
import { DeviceChains, type KnownEntry } from '../../../../libs/devices/chains.js';
import { Revocations } from '../../../../libs/devices/revocation.js';
import { Accounts } from '../../../../libs/directory/accounts.js';
import { Db } from '../../../../libs/platform/postgres.js';
import {
  Device as DeviceBody,
  DevicePath,
  Devices as DevicesBody,
  idParam,
  ListStored,
} from '../../../../libs/protocol/bodies.js';
import type { AccountId, DeviceId, TenantId } from '../../../../libs/protocol/ids.js';
import type { Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins } from '../../../../libs/serving/admin.guard.js';
import { Answers } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';
import { unknownAccount } from './accounts.controller.js';

@ApiTags('admin: accounts')
@Controller('v1/admin/tenants/:tenantId/accounts/:accountId/devices')
export class AccountDevicesController {
  constructor(
    private readonly db: Db,
    private readonly accounts: Accounts,
    private readonly chains: DeviceChains,
    private readonly credentials: Credentials,
    private readonly revocations: Revocations,
    private readonly audit: Audit,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The devices that an account has or had, in the order they were added' })
  @ForAdmins('accounts')
  @Answers(200, DevicesBody, { description: 'The devices' })
  async devices(
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Param('accountId', { schema: idParam }) accountId: AccountId,
  ) {
    const account = await this.accounts.findListed(this.db, tenantId, accountId);
    if (account === undefined) return unknownAccount();
    const devices = await this.chains.devices(this.db, account.no);
    const seen = await this.credentials.lastSeen(devices.map(({ entry }) => entry.deviceId));
    return { devices: devices.map((device) => deviceOf(device, seen.get(device.entry.deviceId))) };
  }

  @Delete(':deviceId')
  @ApiOperation({
    summary: 'Revoke a device',
    description:
      'A final tombstone: its sockets close and its tokens are refused within 2 seconds on every node; its mail is deleted.',
  })
  @ForAdmins('devices:revoke')
  @Audited()
  @Answers(200, ListStored, { description: 'Revoked, now or before' })
  async revoke(
    @TheActor() by: Actor,
    @Param({ schema: DevicePath }) path: z.infer<typeof DevicePath>,
  ): Promise<z.infer<typeof ListStored> | Problem> {
    const of = { tenantId: path.tenantId as TenantId, accountId: path.accountId as AccountId };
    const deviceId = path.deviceId as DeviceId;
    const act = { action: 'device.revoke', tenantId: of.tenantId, kind: 'device', target: deviceId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.revocations.byAdmin(of, deviceId, tx));
    return outcome.kind === 'revoked' ? { listVersion: outcome.listVersion } : outcome;
  }
}

const DAY = 86_400_000;

function deviceOf({ entry, tombstone }: KnownEntry, seenDay: number | undefined): z.infer<typeof DeviceBody> {
  return {
    deviceId: entry.deviceId,
    addedOn: dateOf(entry.addedOnDay),
    mayLink: entry.mayLink,
    active: tombstone === undefined,
    reason: tombstone ?? null,
    lastSeenOn: seenDay === undefined ? null : dateOf(seenDay),
  };
}

/** Days since the epoch -> a UTC date. */
function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
