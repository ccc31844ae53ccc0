import type { FastifyRequest } from 'fastify';
import { problem } from '../protocol/problems.js';
import { RefusedRequest } from './refusal.js';

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** RFC 6750, header only: tokens in a query or body are not looked at. */
export function bearerOf(request: FastifyRequest): string {
  const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new RefusedRequest(problem('unauthenticated', 'send `Authorization: Bearer <token>`'));
  return token;
}
