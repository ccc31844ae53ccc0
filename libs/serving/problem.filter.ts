import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../platform/log.js';
import { postgresTrouble } from '../platform/postgres.js';
import { problem } from '../protocol/problems.js';
import { RefusedRequest, renderProblem, type Refusal } from './refusal.js';
import type { RouteTable } from './route-table.js';

/** Everything that was thrown, as a problem. Only what nobody expected is logged, once, with the id that the client is told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly log: Logger,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = refusalOf(thrown) ?? this.refusalOfStatus(thrown, request, reply);
    if (refusal === undefined)
      this.log.error({ err: thrown, requestId: request.id, route: request.routeOptions.url }, 'a fault');
    else if (postgresTrouble(thrown) !== undefined)
      this.log.warn({ err: thrown, requestId: request.id }, 'the database cannot take it');
    const rendered = renderProblem(
      refusal ?? problem('internal', 'the log knows more under this instance'),
      refusal === undefined ? request.id : undefined,
    );
    if (reply.sent) return;
    void reply.status(rendered.status).headers(rendered.headers).serializer(JSON.stringify).send(rendered.body);
  }

  /** Fastify's own errors, which Nest hands over by their status alone, and the routes that nobody has. */
  private refusalOfStatus(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Refusal | undefined {
    switch (statusOf(thrown)) {
      case 400:
        return problem('malformed', thrown instanceof Error ? thrown.message : 'the request cannot be read');
      // A path that leads out of the folder of the documentation's files.
      case 403:
      case 404:
        return this.notFound(request, reply);
      case 413:
        return problem('too_large', 'the body exceeds the bound of its content type');
      case 414:
        return problem('malformed', 'a part of the path is too long');
      case 415:
        return problem('unsupported_media', 'see the document at /openapi.json for what is accepted');
      case 503:
        return problem('unavailable', 'this node is going away', { retryAfterMs: 1000 });
      default:
        return undefined;
    }
  }

  private notFound(request: FastifyRequest, reply: FastifyReply): Refusal {
    const methods = this.routes.methodsOf(request.url.split('?')[0] ?? '');
    if (methods.length === 0) return problem('not_found', 'there is no such resource');
    reply.header('allow', methods.join(', '));
    return problem('method_not_allowed', `this resource knows ${methods.join(', ')}`);
  }
}

function refusalOf(thrown: unknown): Refusal | undefined {
  if (thrown instanceof RefusedRequest) return thrown.refusal;
  return postgresTrouble(thrown) !== undefined
    ? problem('not_stored', 'try again later', { retryAfterMs: 1000 })
    : undefined;
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = thrown instanceof Error && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
