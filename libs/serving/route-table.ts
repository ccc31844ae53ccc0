import type { FastifyInstance } from 'fastify';

export interface Route {
  readonly method: string;
  /** As registered, for example `/v1/devices/:deviceId`. */
  readonly path: string;
}

/** What Fastify was told to serve: tells 405 from 404, and holds the OpenAPI document complete. */
export class RouteTable {
  private readonly routes: (Route & { readonly pattern: RegExp })[] = [];

  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat())
        if (each !== 'HEAD') this.routes.push({ method: each, path: url, pattern: patternOf(url) });
    });
  }

  all(): readonly Route[] {
    return this.routes;
  }

  /** Methods of the routes that a URL path would match. */
  methodsOf(path: string): readonly string[] {
    return [
      ...new Set(
        this.routes
          .filter(({ path: own, pattern }) => !own.includes('*') && pattern.test(path))
          .map(({ method }) => method),
      ),
    ];
  }
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/:[^/]+/g, '[^/]+')}$`);
}
