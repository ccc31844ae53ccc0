import { Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Sender } from '../../../../libs/messaging/send.js';
import { MessageAccepted } from '../../../../libs/protocol/bodies.js';
import { encodeMismatch } from '../../../../libs/protocol/frames.js';
import type { Caller } from '../../../../libs/protocol/ids.js';
import { problem } from '../../../../libs/protocol/problems.js';
import { decodeSendRequest } from '../../../../libs/protocol/send-request.js';
import { Answers, ProtobufBody, TakesProtobuf } from '../../../../libs/serving/answers.js';
import { ForDevices, TheCaller } from '../../../../libs/serving/caller.guard.js';
import type { Refusal } from '../../../../libs/serving/refusal.js';

@ApiTags('messages')
@Controller('v1/messages')
export class MessagesController {
  constructor(private readonly sender: Sender) {}

  @Post()
  @ApiOperation({
    summary: 'Send',
    description:
      'The same request as in a `Send` frame. Accepted means committed. A `device_list_mismatch` carries a `sotto.v1.Mismatch`.',
  })
  @ForDevices()
  @TakesProtobuf('sotto.v1.SendRequest')
  @Answers(200, MessageAccepted, {
    description: 'Committed, now or before',
    problems: ['not_allowed', 'device_list_mismatch', 'key_reused', 'time_out_of_range', 'limited', 'not_stored'],
  })
  async send(
    @TheCaller() caller: Caller,
    @ProtobufBody() body: Uint8Array,
  ): Promise<z.infer<typeof MessageAccepted> | Refusal> {
    const request = decodeSendRequest(body);
    if ('code' in request) return request;
    const outcome = await this.sender.send(caller, request);
    if (outcome.kind === 'accepted') return { acceptedAt: outcome.acceptedAt };
    if (outcome.kind === 'problem') return outcome;
    return {
      ...problem('device_list_mismatch', 'nothing was stored; see `mismatch`'),
      mismatch: encodeMismatch(outcome),
    };
  }
}
