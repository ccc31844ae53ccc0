import { Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Prekeys } from '../../../../libs/keys/prekeys.js';
import { Guards, type MailboxNo } from '../../../../libs/mailbox/guards.js';
import { Refusals } from '../../../../libs/mailbox/refusals.js';
import { LongPolls } from '../../../../libs/messaging/polls.js';
import type { Clock } from '../../../../libs/platform/clock.js';
import { Installation } from '../../../../libs/platform/installation.js';
import { CLOCK } from '../../../../libs/platform/platform.module.js';
import { Db } from '../../../../libs/platform/postgres.js';
import { PollQuery, SetAsideQuery } from '../../../../libs/protocol/bodies.js';
import type { Caller } from '../../../../libs/protocol/ids.js';
import {
  decodeMailboxSettlement,
  encodeMailboxPage,
  encodeSetAside,
  encodeSettlementAnswer,
} from '../../../../libs/protocol/mailbox-page.js';
import { problem, type Problem } from '../../../../libs/protocol/problems.js';
import { AnswersProtobuf, ProtobufBody, TakesProtobuf, TheSignal } from '../../../../libs/serving/answers.js';
import { ForDevices, TheCaller } from '../../../../libs/serving/caller.guard.js';

@ApiTags('mailbox')
@Controller('v1/mailbox')
export class MailboxController {
  constructor(
    private readonly db: Db,
    private readonly guards: Guards,
    private readonly prekeys: Prekeys,
    private readonly polls: LongPolls,
    private readonly refusals: Refusals,
    private readonly installation: Installation,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Receive without a socket',
    description:
      'The first poll takes the stream, as a connection does, and answers its id; further polls carry it. It ends 60 s after its last poll. Answers as soon as there is something, else after `wait` seconds with nothing.',
  })
  @ForDevices()
  @AnswersProtobuf(200, 'sotto.v1.MailboxPage', {
    description: 'What there is',
    problems: ['not_allowed', 'stream_over', 'reset'],
  })
  async poll(
    @TheCaller() caller: Caller,
    @Query({ schema: PollQuery }) query: z.infer<typeof PollQuery>,
    @TheSignal() signal: AbortSignal,
  ): Promise<Uint8Array | Problem> {
    const { incarnation } = this.installation;
    if (query.incarnation !== undefined && query.incarnation !== Buffer.from(incarnation).toString('base64url'))
      return problem(
        'reset',
        'the database is another one than before: forget the cursor, and begin with a new stream',
      );
    const mailbox = await this.mailboxOf(caller);
    if (mailbox === undefined) return GONE;
    const wanted = { stream: query.stream, after: query.after, wait: query.wait * 1_000 };
    const polled = await this.polls.poll(mailbox, wanted, signal);
    if (polled.kind === 'closed') return GONE;
    if (polled.kind === 'over') return OVER;
    const stock = await this.prekeys.stock(this.db, caller.deviceId);
    return encodeMailboxPage({ ...polled, incarnation, stock, serverTime: this.clock.now() });
  }

  @Post('settlements')
  @ApiOperation({
    summary: 'Ack and nack what was polled',
    description:
      'A cumulative ack leaves out what this stream has refused. What names nothing is told and removes nothing.',
  })
  @ForDevices()
  @TakesProtobuf('sotto.v1.MailboxSettlement')
  @AnswersProtobuf(200, 'sotto.v1.SettlementAnswer', {
    description: 'Which pairs name nothing',
    problems: ['not_allowed', 'stream_over'],
  })
  async settle(@TheCaller() caller: Caller, @ProtobufBody() body: Uint8Array): Promise<Uint8Array | Problem> {
    const settlement = decodeMailboxSettlement(body);
    if ('code' in settlement) return settlement;
    const mailbox = await this.mailboxOf(caller);
    if (mailbox === undefined) return GONE;
    const outcome = await this.polls.settle(mailbox, settlement);
    if (outcome.kind === 'settled') return encodeSettlementAnswer(outcome.refused);
    return outcome.kind === 'over' ? OVER : GONE;
  }

  @Get('set-aside')
  @ApiOperation({
    summary: 'Envelopes that three streams have refused',
    description: 'Oldest first; they stay until their age, which leaves a gap `poison`.',
  })
  @ForDevices()
  @AnswersProtobuf(200, 'sotto.v1.SetAside', { description: 'A page of them', problems: ['not_allowed'] })
  async setAside(
    @TheCaller() caller: Caller,
    @Query({ schema: SetAsideQuery }) query: z.infer<typeof SetAsideQuery>,
  ): Promise<Uint8Array | Problem> {
    const mailbox = await this.mailboxOf(caller);
    return mailbox === undefined ? GONE : encodeSetAside(await this.refusals.setAside(mailbox, query));
  }

  private async mailboxOf(caller: Caller): Promise<MailboxNo | undefined> {
    return (await this.guards.placeOf(this.db, caller.deviceId))?.mailboxNo;
  }
}

const GONE = problem('not_allowed', 'the device has been revoked, or its account is suspended');
const OVER = problem('stream_over', 'the stream has ended or a newer connection took it; poll without `stream`');
