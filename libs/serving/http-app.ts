import {
  Module,
  StandardSchemaSerializerInterceptor,
  StandardSchemaValidationPipe,
  type DynamicModule,
  type Provider,
  type Type,
} from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Logger as NestLogger } from 'nestjs-pino';
import type { Ids } from '../platform/ids.js';
import type { Logger } from '../platform/log.js';
import type { Metrics } from '../platform/metrics.js';
import type { Brand } from '../protocol/brand.js';
import { problem } from '../protocol/problems.js';
import { addBodyParsers } from './body-parsers.js';
import { BodyTypeGuard } from './body-type.guard.js';
import { Health } from './health.js';
import { HealthController } from './health.controller.js';
import { Proxies, watchNetworks } from './network.js';
import { MetricsController } from './metrics.controller.js';
import { describeApi, serveDocs } from './openapi.js';
import { OutcomeInterceptor } from './outcome.interceptor.js';
import { ProblemFilter } from './problem.filter.js';
import { RefusedRequest, renderProblem } from './refusal.js';
import { requestLog, watchRequests } from './request-log.js';
import { RouteTable } from './route-table.js';

export interface HttpParts {
  readonly ids: Ids;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly version: string;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly trustedProxies?: readonly string[];
  /** Before Nest looks for gateways: the place of a WebSocket adapter. */
  readonly beforeInit?: (app: NestFastifyApplication) => void;
}

/** What the app adds: its controllers, and the providers of all libs that it uses, in one flat container. */
export interface Inside {
  readonly controllers: readonly Type[];
  readonly providers: readonly Provider[];
}

export interface HttpApp {
  readonly app: NestFastifyApplication;
  readonly document: OpenAPIObject;
  readonly routes: RouteTable;
}

@Module({})
class ServingModule {}

/**
 * One HTTP server over the given controllers, with everything that all routes share: bodies, validation, problems, log, metrics, health,
 * documentation. It does not listen yet.
 */
export async function createHttpApp(inside: Inside, parts: HttpParts): Promise<HttpApp> {
  const routes = new RouteTable();
  const adapter = new FastifyAdapter({
    genReqId: () => parts.ids.uuid<Brand<string, 'RequestId'>>(),
    requestIdHeader: false,
    // A body that comes drop by drop is cut.
    requestTimeout: 30_000,
    frameworkErrors: refuseUrl,
    ...(parts.tls === undefined ? {} : { https: { cert: parts.tls.cert, key: parts.tls.key } }),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  routes.watch(fastify);
  addBodyParsers(fastify);
  watchRequests(fastify, parts.metrics);
  watchNetworks(fastify, new Proxies(parts.trustedProxies ?? []));
  addHeaders(fastify);
  // Nest declares the type of its options as a class, and means an object.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  const app = await NestFactory.create<NestFastifyApplication>(rootModule(inside, parts), adapter, {
    bodyParser: false,
    logger: false,
  });
  app.useGlobalFilters(new ProblemFilter(routes, parts.log));
  app.useGlobalGuards(new BodyTypeGuard());
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: refuseIssues }));
  // The outcome is looked at first, so that a problem never meets the schema of the answer.
  app.useGlobalInterceptors(new StandardSchemaSerializerInterceptor(app.get(Reflector)), new OutcomeInterceptor());
  const document = describeApi(app, parts.version);
  serveDocs(app, document);
  parts.beforeInit?.(app);
  await app.init();
  // Not earlier: Nest would list every route at each start.
  app.useLogger(app.get(NestLogger));
  await fastify.ready();
  return { app, document, routes };
}

/** What the router refuses before any hook: a malformed URL, a parameter that is too long. */
function refuseUrl(_error: unknown, _request: unknown, reply: FastifyReply): void {
  const { status, headers, body } = renderProblem(problem('malformed', 'the URL cannot be read'));
  void reply.status(status).headers(headers).serializer(JSON.stringify).send(body);
}

function rootModule({ controllers, providers }: Inside, parts: HttpParts): DynamicModule {
  return {
    module: ServingModule,
    imports: [requestLog(parts.log)],
    controllers: [HealthController, MetricsController, ...controllers],
    providers: [{ provide: Health, useValue: parts.health }, ...providers],
  };
}

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const SHOWN_ISSUES = 10;

function refuseIssues(issues: readonly Issue[]): RefusedRequest {
  const lines = issues.slice(0, SHOWN_ISSUES).map(({ message, path = [] }) => {
    const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  return new RefusedRequest(problem('malformed', lines.join('; ')));
}

const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

function addHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    if (request.routeOptions.url?.startsWith('/docs') === true) reply.header('content-security-policy', DOCS_POLICY);
    done();
  });
}
