import { finished } from 'node:stream';
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
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Control } from '../auth/control.js';
import { Gate } from '../auth/gate.js';
import type { ShownProof } from '../auth/proof.js';
import { Tokens } from '../auth/tokens.js';
import type { Caller, DeviceId } from '../protocol/ids.js';
import { problem, type ProblemCode } from '../protocol/problems.js';
import { Problems } from './answers.js';
import { accessTokenOf } from './bearer.js';
import { networkOfRequest } from './network.js';
import { RefusedRequest } from './refusal.js';

/** Public URL of the API, which proofs name. */
export const ISSUER = Symbol('issuer');

const REQUESTS_UNDER_WAY = 64;
const FAILURES: ReadonlySet<ProblemCode> = new Set(['unauthenticated', 'proof_invalid']);

const callers = new WeakMap<FastifyRequest, Caller>();

/** A device's access token, verified from memory; refused within two seconds of the device's revocation (D17). */
@Injectable()
export class CallerGuard implements CanActivate {
  private readonly underWay = new Map<DeviceId, number>();

  constructor(
    private readonly tokens: Tokens,
    private readonly control: Control,
    private readonly gate: Gate,
    @Inject(ISSUER) private readonly issuer: string,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const verdict = await this.tokens.verify(...this.shownBy(request));
    if (verdict.kind === 'problem')
      throw new RefusedRequest(
        FAILURES.has(verdict.code) ? await this.gate.failedAs(verdict, networkOfRequest(request)) : verdict,
      );
    if (this.control.isRevoked(verdict.caller.deviceId)) {
      throw new RefusedRequest(problem('unauthenticated', 'the device was revoked'));
    }
    if (this.control.isSuspended(verdict.caller.deviceId)) {
      throw new RefusedRequest(problem('account_suspended', 'until the suspension is lifted'));
    }
    await this.count(verdict.caller, context.switchToHttp().getResponse<FastifyReply>());
    callers.set(request, verdict.caller);
    return true;
  }

  /** Requests of a device are limited in time, and bounded while they wait for their answers, so that they leave room for others (D21). */
  private async count(caller: Caller, reply: FastifyReply): Promise<void> {
    const { deviceId } = caller;
    const before = this.underWay.get(deviceId) ?? 0;
    if (before >= REQUESTS_UNDER_WAY)
      throw new RefusedRequest(problem('limited', 'wait for the answers to earlier requests', { retryAfterMs: 1_000 }));
    this.underWay.set(deviceId, before + 1);
    const leave = (): void => {
      const left = (this.underWay.get(deviceId) ?? 1) - 1;
      if (left === 0) this.underWay.delete(deviceId);
      else this.underWay.set(deviceId, left);
    };
    finished(reply.raw, leave);
    const counted = await this.gate.request(caller);
    if (counted.kind === 'problem') throw new RefusedRequest(counted);
    finished(reply.raw, () => {
      if (reply.statusCode === 429) void counted.giveBack();
    });
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
