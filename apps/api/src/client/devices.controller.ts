import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Gate } from '../../../../libs/auth/gate.js';
import { DeviceChains } from '../../../../libs/devices/chains.js';
import { Histories } from '../../../../libs/devices/history.js';
import { Revocations } from '../../../../libs/devices/revocation.js';
import { DeviceLists } from '../../../../libs/devices/store-list.js';
import { Accounts } from '../../../../libs/directory/accounts.js';
import { Db } from '../../../../libs/platform/postgres.js';
import { ChainQuery, idParam, ListStored } from '../../../../libs/protocol/bodies.js';
import { decodeOfferedHistory, decodeSignedList, encodeDeviceChain } from '../../../../libs/protocol/chain-wire.js';
import type { AccountId, Caller, DeviceId } from '../../../../libs/protocol/ids.js';
import { problem, type Problem } from '../../../../libs/protocol/problems.js';
import { Answers, AnswersProtobuf, ProtobufBody, TakesProtobuf } from '../../../../libs/serving/answers.js';
import { ForDevices, TheCaller } from '../../../../libs/serving/caller.guard.js';
import type { Refusal } from '../../../../libs/serving/refusal.js';

@ApiTags('devices')
@Controller('v1')
export class DevicesController {
  constructor(
    private readonly db: Db,
    private readonly accounts: Accounts,
    private readonly chains: DeviceChains,
    private readonly lists: DeviceLists,
    private readonly revocations: Revocations,
    private readonly histories: Histories,
    private readonly gate: Gate,
  ) {}

  @Get('accounts/:accountId/devices')
  @ApiOperation({
    summary: "An account's device lists and tombstones",
    description:
      'Signed bytes as they came, in order; verify the whole chain before you encrypt. With `more`, ask again from the list after the last one.',
  })
  @ForDevices()
  @AnswersProtobuf(200, 'sotto.v1.DeviceChain', { description: 'The chain', problems: ['not_found'] })
  async read(
    @TheCaller() caller: Caller,
    @Param('accountId', { schema: idParam }) accountId: AccountId,
    @Query({ schema: ChainQuery }) { epoch, from }: z.infer<typeof ChainQuery>,
  ): Promise<Uint8Array | Problem> {
    const account = (await this.accounts.find(this.db, caller.tenantId, [accountId])).get(accountId);
    if (account === undefined) return problem('not_found', 'there is no such account');
    return encodeDeviceChain(await this.chains.read(this.db, account, { epoch, version: from }));
  }

  @Post('devices/lists')
  @ApiOperation({
    summary: "Store the own account's next device list",
    description:
      'Activates the pending devices that it names. `list_conflict` carries the list that was first: verify it and sign anew.',
  })
  @ForDevices()
  @TakesProtobuf('sotto.v1.SignedList')
  @Answers(201, ListStored, {
    description: 'Stored, now or before',
    problems: [
      'not_allowed',
      'not_found',
      'list_conflict',
      'invalid_list',
      'identity_known',
      'device_limit',
      'linking_off',
      'approval_pending',
      'approval_denied',
      'limited',
      'unavailable',
    ],
  })
  async store(
    @TheCaller() caller: Caller,
    @ProtobufBody() body: Uint8Array,
  ): Promise<z.infer<typeof ListStored> | Refusal> {
    const signed = decodeSignedList(body);
    if (signed === undefined) return problem('malformed', 'the body is not a SignedList of sotto.v1');
    const counted = await this.gate.list(caller);
    if (counted.kind === 'problem') return counted;
    const outcome = await this.lists.storeList(caller, signed);
    if (outcome.kind !== 'stored') await counted.giveBack();
    if (outcome.kind !== 'conflict') return outcome;
    return { ...problem('list_conflict', 'another list was stored first'), winner: encodeDeviceChain(outcome.winner) };
  }

  @Post('devices/history')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Bring back what a restored server has forgotten',
    description:
      "The own account's lists, at most the last 64, and tombstones, as the device has seen them. What continues the stored ones is stored again, with its day and reason; an older history changes nothing. Only within 90 days of a restore.",
  })
  @ForDevices()
  @TakesProtobuf('sotto.v1.DeviceChain')
  @Answers(200, ListStored, {
    description: 'The server knows at least that',
    problems: ['not_allowed', 'not_found', 'invalid_list', 'identity_known', 'device_limit', 'limited', 'unavailable'],
  })
  async bringBack(
    @TheCaller() caller: Caller,
    @ProtobufBody() body: Uint8Array,
  ): Promise<z.infer<typeof ListStored> | Problem> {
    const history = decodeOfferedHistory(body);
    if (history === undefined) return problem('malformed', 'the body is not a DeviceChain of sotto.v1, or too long');
    const counted = await this.gate.list(caller);
    if (counted.kind === 'problem') return counted;
    const outcome = await this.histories.offer(caller, history);
    if (outcome.kind === 'problem') await counted.giveBack();
    return outcome;
  }

  @Delete('devices/:deviceId')
  @ApiOperation({
    summary: 'Revoke a device of the own account',
    description:
      'A final tombstone, also for the calling device itself. Its sockets close and its tokens are refused within 2 seconds on every node.',
  })
  @ForDevices()
  @Answers(200, ListStored, { description: 'Revoked, now or before', problems: ['not_allowed', 'not_found'] })
  async revoke(
    @TheCaller() caller: Caller,
    @Param('deviceId', { schema: idParam }) deviceId: DeviceId,
  ): Promise<z.infer<typeof ListStored> | Problem> {
    return this.revocations.byOwner(caller, deviceId);
  }
}
