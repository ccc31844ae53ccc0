import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Audit, type Actor } from '../../../../libs/audit/audit.js';
import { PendingDevices, type ListedPending } from '../../../../libs/devices/pending.js';
import {
  idParam,
  PageQuery,
  PendingDevice,
  PendingDevices as PendingDevicesBody,
  PendingPath,
} from '../../../../libs/protocol/bodies.js';
import { deviceFingerprint } from '../../../../libs/protocol/fingerprint.js';
import type { DeviceId, TenantId } from '../../../../libs/protocol/ids.js';
import type { Problem } from '../../../../libs/protocol/problems.js';
import { ForAdmins } from '../../../../libs/serving/admin.guard.js';
import { Answers } from '../../../../libs/serving/answers.js';
import { Audited, TheActor } from '../../../../libs/serving/audited.js';
import { sha256 } from '../../../../libs/signal/signal.js';

type Body = z.infer<typeof PendingDevice>;

/** Whoever may invite people may let their devices in: approval adds nothing that the person has not signed. */
@ApiTags('admin: pending devices')
@Controller('v1/admin/tenants/:tenantId/pending-devices')
export class PendingDevicesController {
  constructor(
    private readonly pending: PendingDevices,
    private readonly audit: Audit,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Devices that are being linked',
    description: 'Where the policy is `user+admin`, those in the state `waiting` want a word of an admin.',
  })
  @ForAdmins('invitations')
  @Answers(200, PendingDevicesBody, { description: 'A page' })
  async list(
    @Param('tenantId', { schema: idParam }) tenantId: TenantId,
    @Query({ schema: PageQuery }) { after, limit }: z.infer<typeof PageQuery>,
  ): Promise<z.infer<typeof PendingDevicesBody>> {
    const devices = await this.pending.list(tenantId, { after: after as DeviceId | undefined, limit });
    return {
      devices: devices.map(bodyOf),
      next: devices.length < limit ? null : (devices.at(-1)?.deviceId ?? null),
    };
  }

  @Post(':deviceId/approve')
  @ApiOperation({
    summary: 'Approve a device',
    description:
      'Compare its fingerprint with the person first: it stands on both of their devices. The person’s old device then stores the list that adds it.',
  })
  @ForAdmins('invitations')
  @Audited()
  @Answers(200, PendingDevice, { description: 'Approved, now or before', problems: ['conflict'] })
  async approve(@TheActor() by: Actor, @Param({ schema: PendingPath }) path: z.infer<typeof PendingPath>) {
    return this.decide(by, path, 'approved');
  }

  @Post(':deviceId/deny')
  @ApiOperation({ summary: 'Deny a device', description: 'Final for this attempt; both devices are told.' })
  @ForAdmins('invitations')
  @Audited()
  @Answers(200, PendingDevice, { description: 'Denied, now or before', problems: ['conflict'] })
  async deny(@TheActor() by: Actor, @Param({ schema: PendingPath }) path: z.infer<typeof PendingPath>) {
    return this.decide(by, path, 'denied');
  }

  private async decide(
    by: Actor,
    path: z.infer<typeof PendingPath>,
    decision: 'approved' | 'denied',
  ): Promise<Body | Problem> {
    const of = { tenantId: path.tenantId as TenantId, deviceId: path.deviceId as DeviceId };
    const action = decision === 'approved' ? 'device.approve' : 'device.deny';
    const act = { action, tenantId: of.tenantId, kind: 'device', target: of.deviceId } as const;
    const outcome = await this.audit.record(by, act, (tx) => this.pending.decide(tx, of, decision));
    return outcome.kind === 'decided' ? bodyOf(outcome.device) : outcome;
  }
}

function bodyOf(device: ListedPending): Body {
  const { accountId, deviceId, heldBy, approval, createdAt, expiresAt } = device;
  const fingerprint = deviceFingerprint(device, sha256);
  return { accountId, deviceId, addedBy: heldBy, fingerprint, state: approval, createdAt, expiresAt };
}
