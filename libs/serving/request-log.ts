import type { FastifyInstance } from 'fastify';
import { LoggerModule } from 'nestjs-pino';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../platform/log.js';
import type { Metrics } from '../platform/metrics.js';

/** What Fastify knows of a raw request that the log may say. */
const known = new WeakMap<IncomingMessage, { readonly id: string; readonly route: string }>();

const QUIET = new Set(['/livez', '/readyz', '/metrics']);

/**
 * One line a request: id, method, route template, status, duration. Never a path with ids in it, a header, an address or a body (D24).
 * Probes are left out unless they fail.
 */
export function requestLog(log: Logger) {
  return LoggerModule.forRoot({
    // The default, `{/*splat}`, matches nothing in Fastify's middleware.
    forRoutes: ['*path'],
    pinoHttp: {
      logger: log,
      quietReqLogger: true,
      genReqId: (request) => known.get(request)?.id ?? '',
      customAttributeKeys: { reqId: 'requestId' },
      wrapSerializers: false,
      serializers: { req: () => undefined, res: () => undefined },
      customLogLevel: (request, response) => levelOf(request, response),
      customSuccessMessage: () => 'request',
      customErrorMessage: () => 'request',
      customSuccessObject: (request, response, value) =>
        lineOf(request, response, (value as { responseTime: number }).responseTime),
      customErrorObject: (request, response, _error, value) =>
        lineOf(request, response, (value as { responseTime: number }).responseTime),
    },
  });
}

function levelOf(request: IncomingMessage, response: ServerResponse): 'info' | 'warn' | 'silent' {
  if (response.statusCode >= 500) return 'warn';
  return QUIET.has(known.get(request)?.route ?? '') ? 'silent' : 'info';
}

function lineOf(request: IncomingMessage, response: ServerResponse, milliseconds: number): object {
  const route = known.get(request)?.route ?? 'none';
  return { method: request.method, route, status: response.statusCode, ms: Math.round(milliseconds) };
}

/** Must stand before the log's own middleware: it reads what this remembers. */
export function watchRequests(fastify: FastifyInstance, metrics: Metrics): void {
  const seconds = metrics.histogram({
    name: 'http_request_seconds',
    help: 'Time from the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    known.set(request.raw, { id: request.id, route: request.routeOptions.url ?? 'none' });
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}
