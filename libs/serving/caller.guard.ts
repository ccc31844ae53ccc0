import {
  applyDecorators,
  createParamDecorator,
  Inject,
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Control } from '../auth/control.js';
import type { ShownProof } from '../auth/proof.js';
import { Tokens } from '../auth/tokens.js';
import type { Caller } from '../protocol/ids.js';
import { problem } from '../protocol/problems.js';
import { Problems } from './answers.js';
import { accessTokenOf } from './bearer.js';
import { RefusedRequest } from './refusal.js';

/** Public URL of the API, which proofs name. */
export const ISSUER = Symbol('issuer');

const callers = new WeakMap<FastifyRequest, Caller>();

/** A device's access token, verified from memory; refused within two seconds of the device's revocation (D17). */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly tokens: Tokens,
    private readonly control: Control,
    @Inject(ISSUER) private readonly issuer: string,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const verdict = await this.tokens.verify(...this.shownBy(request));
    if (verdict.kind === 'problem') throw new RefusedRequest(verdict);
    if (this.control.isRevoked(verdict.caller.deviceId)) {
      throw new RefusedRequest(problem('unauthenticated', 'the device was revoked'));
    }
    if (this.control.isSuspended(verdict.caller.deviceId)) {
      throw new RefusedRequest(problem('account_suspended', 'until the suspension is lifted'));
    }
    callers.set(request, verdict.caller);
    return true;
  }

  private shownBy(request: FastifyRequest): [string, ShownProof | undefined] {
    const { origin } = request.headers;
    if (origin !== undefined && origin !== new URL(this.issuer).origin)
      throw new RefusedRequest(problem('not_allowed', 'requests from web pages of other places are not allowed here'));
    const [path = '', query = ''] = request.url.split('?');
    if ([...new URLSearchParams(query).keys()].some((key) => key.toLowerCase().includes('token')))
      throw new RefusedRequest(
        problem('malformed', 'a token goes into the Authorization header, never into the address'),
      );
    const shown = accessTokenOf(request.headers, { method: request.method, url: this.issuer + path });
    if (shown === undefined)
      throw new RefusedRequest(problem('unauthenticated', 'send `Authorization: DPoP <token>` and a proof'));
    return [shown.token, shown.proof];
  }
}

/** This route is for devices; the method takes its caller with `@TheCaller()`. */
export function ForDevices() {
  return applyDecorators(
    UseGuards(CallerGuard),
    ApiBearerAuth('device'),
    Problems([
      'unauthenticated',
      'token_expired',
      'proof_invalid',
      'clock_skew',
      'limited',
      'account_suspended',
      'not_allowed',
    ]),
  );
}

export const TheCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = callers.get(context.switchToHttp().getRequest<FastifyRequest>());
  if (caller === undefined) throw new Error('a route without @ForDevices() asked for its caller');
  return caller;
});
