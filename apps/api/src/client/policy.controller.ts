import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { PendingDevices } from '../../../../libs/devices/pending.js';
import { ClientPolicy, idParam, PendingState } from '../../../../libs/protocol/bodies.js';
import type { Caller, DeviceId } from '../../../../libs/protocol/ids.js';
import { problem, type Problem } from '../../../../libs/protocol/problems.js';
import { Answers } from '../../../../libs/serving/answers.js';
import { ForDevices, TheCaller } from '../../../../libs/serving/caller.guard.js';
import { Tenants } from '../../../../libs/tenancy/tenants.js';

/** What a client asks of the tenant that it is in, or is coming into. */
@ApiTags('devices')
@Controller('v1')
export class PolicyController {
  constructor(
    private readonly tenants: Tenants,
    private readonly pending: PendingDevices,
  ) {}

  @Get('policy')
  @ApiOperation({ summary: 'What the tenant asks of its clients', description: 'A client never loosens by it.' })
  @ForDevices()
  @Answers(200, ClientPolicy, { description: 'The policy' })
  async policy(@TheCaller() caller: Caller): Promise<z.infer<typeof ClientPolicy>> {
    const { trust, linking } = await this.tenants.policy(caller.tenantId);
    const demo = (await this.tenants.find(caller.tenantId))?.demo === true;
    return { trust, linking, demo };
  }

  @Get('pending-devices/:deviceId')
  @ApiOperation({
    summary: 'How far the linking of a new device is',
    description:
      'For the new device, which has no token yet. Its id is 122 random bits that only its person, their admins and this server know.',
  })
  @Answers(200, PendingState, { description: 'It waits for the list that names it', problems: ['not_found'] })
  async state(@Param('deviceId', { schema: idParam }) deviceId: DeviceId): Promise<PendingState | Problem> {
    return (await this.pending.state(deviceId)) ?? problem('not_found', 'linked, expired, or never begun');
  }
}
