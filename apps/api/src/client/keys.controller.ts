import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Bundles } from '../../../../libs/devices/bundles.js';
import { Registrations } from '../../../../libs/devices/registration.js';
import { Prekeys } from '../../../../libs/keys/prekeys.js';
import { Db } from '../../../../libs/platform/postgres.js';
import { BundleRequest, idParam, Stock } from '../../../../libs/protocol/bodies.js';
import type { AccountId, Caller, DeviceId } from '../../../../libs/protocol/ids.js';
import {
  decodeDeviceRegistration,
  decodePrekeyUpload,
  encodePrekeyBundles,
} from '../../../../libs/protocol/prekeys.js';
import { problem, type Problem } from '../../../../libs/protocol/problems.js';
import { Answers, AnswersProtobuf, ProtobufBody, TakesJson, TakesProtobuf } from '../../../../libs/serving/answers.js';
import { ForDevices, TheCaller } from '../../../../libs/serving/caller.guard.js';

@ApiTags('keys')
@Controller('v1')
export class KeysController {
  constructor(
    private readonly db: Db,
    private readonly prekeys: Prekeys,
    private readonly registrations: Registrations,
    private readonly bundles: Bundles,
  ) {}

  @Get('keys')
  @ApiOperation({ summary: 'How many one-time keys of the calling device wait for a taker' })
  @ForDevices()
  @Answers(200, Stock, { description: 'The stock' })
  async stock(@TheCaller() caller: Caller): Promise<z.infer<typeof Stock>> {
    return this.prekeys.stock(this.db, caller.deviceId);
  }

  @Post('keys')
  @ApiOperation({
    summary: 'Refill and rotate prekeys',
    description:
      'All of it is stored, or nothing. Ids of one-time keys rise from upload to upload; the same upload may be repeated while its keys are in stock.',
  })
  @ForDevices()
  @TakesProtobuf('sotto.v1.PrekeyUpload')
  @Answers(200, Stock, { description: 'The stock with them', problems: ['not_allowed', 'invalid_keys'] })
  async upload(
    @TheCaller() caller: Caller,
    @ProtobufBody() body: Uint8Array,
  ): Promise<z.infer<typeof Stock> | Problem> {
    const upload = decodePrekeyUpload(body);
    if (upload === undefined) return problem('malformed', 'the body is not a PrekeyUpload of sotto.v1');
    return this.prekeys.upload(caller, upload);
  }

  @Put('keys/registration')
  @ApiOperation({
    summary: 'Begin anew after losing sessions',
    description: 'Another registration id, never one that this device had, and new prekeys in place of all old ones.',
  })
  @ForDevices()
  @TakesProtobuf('sotto.v1.DeviceRegistration')
  @Answers(200, Stock, {
    description: 'The stock under the new id',
    problems: ['not_allowed', 'not_found', 'invalid_keys', 'registration_reused'],
  })
  async reregister(
    @TheCaller() caller: Caller,
    @ProtobufBody() body: Uint8Array,
  ): Promise<z.infer<typeof Stock> | Problem> {
    const registration = decodeDeviceRegistration(body);
    if (registration === undefined)
      return problem('malformed', 'the body is not a complete DeviceRegistration of sotto.v1');
    return this.registrations.change(caller, registration);
  }

  @Post('accounts/:accountId/bundles')
  @ApiOperation({
    summary: "Take prekey bundles of an account's devices",
    description:
      'One for each active device, or for those named; never for the calling device. Limited for each pair of accounts.',
  })
  @ForDevices()
  @TakesJson()
  @AnswersProtobuf(200, 'sotto.v1.PrekeyBundles', {
    description: 'The bundles',
    problems: ['not_found', 'limited', 'unavailable'],
  })
  async take(
    @TheCaller() caller: Caller,
    @Param('accountId', { schema: idParam }) accountId: AccountId,
    @Body({ schema: BundleRequest }) { devices }: z.infer<typeof BundleRequest>,
  ): Promise<Uint8Array | Problem> {
    const outcome = await this.bundles.fetch(caller, accountId, devices as readonly DeviceId[] | undefined);
    return outcome.kind === 'problem' ? outcome : encodePrekeyBundles(outcome);
  }
}
