import type { IncomingHttpHeaders } from 'node:http';
import { Body, Controller, Headers, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Tokens } from '../../../libs/auth/tokens.js';
import { TokenGrant, TokenGranted } from '../../../libs/protocol/bodies.js';
import type { Problem } from '../../../libs/protocol/problems.js';
import { proofOf } from '../../../libs/serving/bearer.js';
import { ISSUER } from '../../../libs/serving/caller.guard.js';
import { Answers, TakesForm } from '../../../libs/serving/answers.js';

@ApiTags('device: tokens')
@Controller('v1/token')
export class TokenController {
  constructor(
    private readonly tokens: Tokens,
    @Inject(ISSUER) private readonly issuer: string,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'An access token for an assertion (RFC 7523), bound to the auth key by a DPoP proof (RFC 9449)',
    description: 'Each counter `n` of a device buys one token, which lives ten minutes.',
  })
  @TakesForm()
  @Answers(200, TokenGranted, {
    description: 'Granted',
    problems: [
      'assertion_invalid',
      'assertion_replayed',
      'proof_invalid',
      'clock_skew',
      'limited',
      'account_suspended',
    ],
  })
  async grant(
    @Body({ schema: TokenGrant }) body: z.infer<typeof TokenGrant>,
    @Headers() headers: IncomingHttpHeaders,
  ): Promise<z.infer<typeof TokenGranted> | Problem> {
    const proof = proofOf(headers);
    const outcome = await this.tokens.grant(
      body.assertion,
      proof === undefined ? undefined : { proof, method: 'POST', url: `${this.issuer}/v1/token` },
    );
    if (outcome.kind === 'problem') return outcome;
    return { access_token: outcome.accessToken, token_type: outcome.tokenType, expires_in: outcome.expiresInSeconds };
  }
}
