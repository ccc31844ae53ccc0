import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Gate, type Network } from '../../../../libs/auth/gate.js';
import { Enrolments } from '../../../../libs/devices/enrolment.js';
import { Invitations } from '../../../../libs/directory/invitations.js';
import { Enrolled, InvitationFound, InvitationLookup } from '../../../../libs/protocol/bodies.js';
import { toBase64url } from '../../../../libs/protocol/bytes.js';
import { decodeEnrolment } from '../../../../libs/protocol/chain-wire.js';
import type { TenantId } from '../../../../libs/protocol/ids.js';
import { problem, PROBLEMS, type Problem } from '../../../../libs/protocol/problems.js';
import { Answers, ProtobufBody, TakesJson, TakesProtobuf } from '../../../../libs/serving/answers.js';
import { TheNetwork } from '../../../../libs/serving/network.js';

@ApiTags('enrolment')
@Controller('v1')
export class EnrolmentController {
  constructor(
    private readonly invitations: Invitations,
    private readonly enrolments: Enrolments,
    private readonly gate: Gate,
  ) {}

  @Post('invitations/lookup')
  @ApiOperation({ summary: 'What an invitation is for', description: 'Uses nothing up.' })
  @TakesJson()
  @Answers(200, InvitationFound, {
    description: 'The invitation can be used',
    problems: ['invitation_invalid', 'limited', 'unavailable'],
  })
  async lookup(
    @Body({ schema: InvitationLookup }) { code }: z.infer<typeof InvitationLookup>,
    @TheNetwork() from: Network,
  ): Promise<z.infer<typeof InvitationFound> | Problem> {
    const held = await this.gate.enter(from);
    if (held !== undefined) return held;
    const found = await this.invitations.lookup(code);
    if (found.kind === 'problem') {
      await this.gate.failed(from);
      return found;
    }
    const { tenantId, accountId, expiresAt } = found.invitation;
    const body = { tenantId, tenantName: found.tenantName, accountId: accountId ?? null, expiresAt, demo: found.demo };
    const before = await this.enrolments.before(found.invitation);
    if (before?.latest === undefined) return body;
    const { list, hash } = before.latest;
    return {
      ...body,
      reset: { epoch: list.epoch + 1, previousHash: toBase64url(hash), listVersion: before.listVersion },
    };
  }

  @Post('enrolments')
  @ApiOperation({
    summary: "Enrol an account's first device",
    description: 'Invitation, list 1, device statement and prekeys at once: all of it is stored, or nothing.',
  })
  @TakesProtobuf('sotto.v1.Enrolment')
  @Answers(201, Enrolled, {
    description: 'Enrolled',
    problems: [
      'invitation_invalid',
      'invalid_list',
      'invalid_keys',
      'identity_known',
      'already_enrolled',
      'conflict',
      'not_found',
      'limited',
      'unavailable',
    ],
  })
  async enrol(@ProtobufBody() body: Uint8Array, @TheNetwork() from: Network) {
    const enrolment = decodeEnrolment(body);
    if (enrolment === undefined) return problem('malformed', 'the body is not a complete Enrolment of sotto.v1');
    const held = await this.gate.enter(from);
    if (held !== undefined) return held;
    let tenant: TenantId | undefined;
    const outcome = await this.enrolments.enrol(enrolment, async (tenantId) => {
      tenant = tenantId;
      return this.gate.enter(from, tenantId);
    });
    if (outcome.kind === 'problem' && PROBLEMS[outcome.code].retry !== 'later') await this.gate.failed(from, tenant);
    return outcome;
  }
}
