import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Tokens } from '../../../libs/auth/tokens.js';
import { TokenGrant, TokenGranted } from '../../../libs/protocol/bodies.js';
import type { Problem } from '../../../libs/protocol/problems.js';
import { Answers, TakesForm } from '../../../libs/serving/answers.js';

@ApiTags('device: tokens')
@Controller('v1/token')
export class TokenController {
  constructor(private readonly tokens: Tokens) {}

  @Post()
  @ApiOperation({
    summary: 'An access token for an assertion (RFC 7523)',
    description: 'Each counter `n` of a device buys one token, which lives ten minutes.',
  })
  @TakesForm()
  @Answers(200, TokenGranted, {
    description: 'Granted',
    problems: ['assertion_invalid', 'assertion_replayed', 'clock_skew', 'account_suspended'],
  })
  async grant(
    @Body({ schema: TokenGrant }) body: z.infer<typeof TokenGrant>,
  ): Promise<z.infer<typeof TokenGranted> | Problem> {
    const outcome = await this.tokens.grant(body.assertion);
    if (outcome.kind === 'problem') return outcome;
    return { access_token: outcome.accessToken, token_type: 'Bearer', expires_in: outcome.expiresInSeconds };
  }
}
