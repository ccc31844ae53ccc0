import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { problem } from '../protocol/problems.js';
import { BODY_TYPE } from './answers.js';
import { JSON_TYPE } from './body-parsers.js';
import { RefusedRequest } from './refusal.js';

/** A body comes in the one content type of its route: a form is not JSON, and protobuf is not either. */
export class BodyTypeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.body === undefined || request.body === null) return true;
    const wanted = (Reflect.getMetadata(BODY_TYPE, context.getHandler()) as string | undefined) ?? JSON_TYPE;
    const given = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (given !== wanted) throw new RefusedRequest(problem('unsupported_media', `the body is ${wanted}`));
    return true;
  }
}
