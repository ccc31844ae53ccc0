import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { problem } from '../protocol/problems.js';
import type { ShownProof } from '../auth/proof.js';
import { RefusedRequest } from './refusal.js';

/** A proof is some 400 bytes; what is longer is none. */
const MAX_PROOF = 2048;
const DEVICE = /^(Bearer|DPoP) +([A-Za-z0-9._~+/-]+=*)$/i;
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** RFC 6750, header only: tokens in a query or body are not looked at. */
export function bearerOf(request: FastifyRequest): string {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new RefusedRequest(problem('unauthenticated', 'send `Authorization: Bearer <token>`'));
  return token;
}

/** A device's access token, and the proof when the scheme is DPoP (RFC 9449 section 7.1). More than one proof is none. */
export function accessTokenOf(
  headers: IncomingHttpHeaders,
  asked: { readonly method: string; readonly url: string },
): { readonly token: string; readonly proof: ShownProof | undefined } | undefined {
  const [, scheme, token] = DEVICE.exec(headers.authorization ?? '') ?? [];
  if (scheme === undefined || token === undefined) return undefined;
  return { token, proof: scheme.toLowerCase() === 'dpop' ? { proof: proofOf(headers) ?? '', ...asked } : undefined };
}

/** Undefined when none came; what is no single proof is an empty one, which nothing accepts. */
export function proofOf(headers: IncomingHttpHeaders): string | undefined {
  const { dpop } = headers;
  if (dpop === undefined) return undefined;
  return typeof dpop === 'string' && dpop.length <= MAX_PROOF ? dpop : '';
}
