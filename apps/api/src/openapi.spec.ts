import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpApp } from '../../../libs/serving/http-app.js';
import type { Route } from '../../../libs/serving/route-table.js';
import { unconnectedApi } from './testing/api.js';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
  readonly security?: readonly object[];
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe('the OpenAPI document', () => {
  let http: HttpApp;
  let document: Document;
  let routes: readonly Route[];

  beforeAll(async () => {
    http = await unconnectedApi();
    const answer = await http.app.inject({ method: 'GET', url: '/openapi.json' });
    document = answer.json<Document>();
    routes = http.routes.all().filter(({ path }) => !path.startsWith('/docs') && path !== '/openapi.json');
  });

  afterAll(() => http.app.close());

  function operations(): [Route, Operation][] {
    return routes.map((route) => {
      const path = route.path.replaceAll(/:([^/]+)/g, '{$1}');
      return [route, document.paths[path]?.[route.method.toLowerCase()] as Operation];
    });
  }

  it('is of version 3.1', () => {
    expect(document.openapi).toBe('3.1.0');
  });

  it('has every route that the server has, and no other', () => {
    expect(routes.length).toBeGreaterThan(20);
    const undocumented = operations().filter(([, operation]) => (operation as Operation | undefined) === undefined);
    expect(undocumented.map(([route]) => route)).toEqual([]);
    const documented = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(documented).toHaveLength(routes.length);
  });

  it('has every parameter of every path, with a schema', () => {
    for (const [route, operation] of operations()) {
      const wanted = [...route.path.matchAll(/:([^/]+)/g)].map(([, name]) => name);
      const given = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect([route.path, given.map(({ name }) => name)]).toEqual([route.path, wanted]);
      for (const { schema } of given) expect(Object.keys(schema ?? {}).length).toBeGreaterThan(1);
    }
  });

  it('has the query of every list', () => {
    const lists = operations().filter(
      ([{ method, path }]) =>
        method === 'GET' && /^\/v1\/admin\/tenants(\/:tenantId\/(accounts|invitations))?$/.test(path),
    );
    expect(lists).toHaveLength(3);
    for (const [, operation] of lists) {
      const query = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'query')
        .map(({ name }) => name);
      expect(query).toEqual(['after', 'limit']);
    }
    const chain = document.paths['/v1/accounts/{accountId}/devices']?.['get'];
    expect(chain?.parameters?.map(({ name }) => name)).toContain('from');
  });

  it('has a body for every POST and PUT, and names the message of those that are protobuf', () => {
    for (const [route, operation] of operations()) {
      if ((route.method !== 'POST' && route.method !== 'PUT') || /\/(suspension|approve|deny)$/.test(route.path))
        continue;
      const content = Object.entries(operation.requestBody?.content ?? {});
      expect([route.path, content.length]).toEqual([route.path, 1]);
      const [type, { schema }] = content[0]!;
      if (type === 'application/x-protobuf')
        expect(schema).toMatchObject({ 'x-protobuf-message': expect.stringMatching(/^sotto\.v1\./) });
      else expect(Object.keys(schema).length).toBeGreaterThan(0);
    }
  });

  it('says for every v1 route who may call it and what it refuses', () => {
    for (const [{ path }, operation] of operations()) {
      if (!path.startsWith('/v1/')) continue;
      const problems = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
      expect(problems.map(([status]) => status)).toContain('500');
      for (const [, { content }] of problems) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
      if (path.startsWith('/v1/admin/')) expect(operation.security).toEqual([{ admin: [] }]);
    }
  });

  it('has an answer with a schema for every route that answers with a body', () => {
    for (const [{ method, path }, { responses }] of operations()) {
      const [status, answer] = Object.entries(responses).find(([each]) => each.startsWith('2')) ?? [];
      if (status === '204') continue;
      expect([method, path, Object.keys(answer?.content ?? {}).length]).toEqual([method, path, 1]);
    }
  });

  it('refers to nothing that it does not hold', () => {
    const dangling = refsIn(document).filter((ref) => at(document, ref) === undefined);
    expect(dangling).toEqual([]);
  });

  it('is readable as a page that loads nothing from elsewhere', async () => {
    const page = await http.app.inject({ method: 'GET', url: '/docs' });
    expect(page.statusCode).toBe(200);
    expect(
      [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].filter(([, url]) => /^(https?:)?\/\//.test(url!)),
    ).toEqual([]);
    for (const [, url] of page.body.matchAll(/<script src="\.([^"]+)"/g)) {
      expect((await http.app.inject({ method: 'GET', url: url! })).statusCode).toBe(200);
    }
    expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  });
});

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '$ref' ? [String(inner)] : refsIn(inner)));
}

function at(document: unknown, ref: string): unknown {
  if (!ref.startsWith('#/')) return undefined;
  return ref
    .slice(2)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document);
}
