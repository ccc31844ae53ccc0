import type { IncomingHttpHeaders } from 'node:http';
import { Body, Controller, Headers, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Gate, type Network } from '../../../libs/auth/gate.js';
import { Tokens } from '../../../libs/auth/tokens.js';
import { TokenGrant, TokenGranted } from '../../../libs/protocol/bodies.js';
import type { TenantId } from '../../../libs/protocol/ids.js';
import type { Problem, ProblemCode } from '../../../libs/protocol/problems.js';
import { proofOf } from '../../../libs/serving/bearer.js';
import { ISSUER } from '../../../libs/serving/caller.guard.js';
import { Answers, TakesForm } from '../../../libs/serving/answers.js';
import { TheNetwork } from '../../../libs/serving/network.js';

const FAILURES: ReadonlySet<ProblemCode> = new Set(['assertion_invalid', 'proof_invalid']);

@ApiTags('device: tokens')
@Controller('v1/token')
export class TokenController {
  constructor(
    private readonly tokens: Tokens,
    private readonly gate: Gate,
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
    @TheNetwork() from: Network,
  ): Promise<z.infer<typeof TokenGranted> | Problem> {
    const proof = proofOf(headers);
    let tenant: TenantId | undefined;
    const outcome = await this.tokens.grant(
      body.assertion,
      proof === undefined ? undefined : { proof, method: 'POST', url: `${this.issuer}/v1/token` },
      { claimed: (tenantId) => (tenant = tenantId), proved: async (caller) => this.gate.grant(caller) },
    );
    if (outcome.kind === 'problem')
      return FAILURES.has(outcome.code) ? this.gate.failedAs(outcome, from, tenant) : outcome;
    return { access_token: outcome.accessToken, token_type: outcome.tokenType, expires_in: outcome.expiresInSeconds };
  }
}
