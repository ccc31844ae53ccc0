import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../audit/audit.js';
import { AuditReason } from '../protocol/bodies.js';
import { problem } from '../protocol/problems.js';
import { adminOf } from './admin.guard.js';
import { RefusedRequest } from './refusal.js';

const REASON = 'sotto-reason';

/** This route changes something: it leaves an audit row, and takes a reason for it. */
export function Audited() {
  return applyDecorators(
    ApiHeader({
      name: 'Sotto-Reason',
      required: false,
      description: 'Why, for the audit: UTF-8, percent-encoded, at most 300 characters',
      schema: { type: 'string' },
    }),
  );
}

/** Who acts and why, of a route with `@ForAdmins()`. */
export const TheActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { tokenId } = adminOf(request);
  const header = request.headers[REASON];
  return { tokenId, reason: header === undefined ? undefined : readReason(String(header)) };
});

function readReason(header: string): string {
  const parsed = AuditReason.safeParse(decoded(header));
  if (parsed.success) return parsed.data;
  throw new RefusedRequest(
    problem('malformed', 'Sotto-Reason: percent-encoded text of 1 to 300 characters without control characters'),
  );
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
