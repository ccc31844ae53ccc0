import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpApp } from '../../../libs/serving/http-app.js';
import { unconnectedApi } from './testing/api.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const SERVICE_TOKEN = `sat_${Buffer.alloc(48, 7).toString('base64url')}`;

describe('the porch', () => {
  let http: HttpApp;

  beforeAll(async () => {
    http = await unconnectedApi();
  });

  afterAll(() => http.app.close());

  async function problemOf(request: {
    method: 'GET' | 'POST' | 'PUT' | 'DELETE';
    url: string;
    headers?: Record<string, string>;
    payload?: string | Buffer;
  }) {
    const answer = await http.app.inject(request);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      ...answer.json<{ code: string; instance?: string }>(),
    };
  }

  const lookup = { method: 'POST', url: '/v1/invitations/lookup' } as const;

  it.each([
    ['a body that is no JSON', { ...lookup, headers: JSON_TYPE, payload: '{' }, 400, 'malformed'],
    ['no body', lookup, 400, 'malformed'],
    ['an unknown field', { ...lookup, headers: JSON_TYPE, payload: '{"code":"x","more":1}' }, 400, 'malformed'],
    [
      'a prototype in disguise',
      { ...lookup, headers: JSON_TYPE, payload: '{"code":"x","__proto__":{}}' },
      400,
      'malformed',
    ],
    [
      'JSON nested 17 deep',
      { ...lookup, headers: JSON_TYPE, payload: '['.repeat(17) + ']'.repeat(17) },
      400,
      'malformed',
    ],
    [
      'JSON over 64 KiB',
      { ...lookup, headers: JSON_TYPE, payload: JSON.stringify({ code: 'x'.repeat(65_536) }) },
      413,
      'too_large',
    ],
    [
      'another content type',
      { ...lookup, headers: { 'content-type': 'text/plain' }, payload: 'x' },
      415,
      'unsupported_media',
    ],
    [
      'a form for JSON',
      { ...lookup, headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'code=x' },
      415,
      'unsupported_media',
    ],
    [
      'protobuf for JSON',
      { ...lookup, headers: { 'content-type': 'application/x-protobuf' }, payload: Buffer.from([1]) },
      415,
      'unsupported_media',
    ],
    [
      'JSON for a form',
      { method: 'POST', url: '/v1/token', headers: JSON_TYPE, payload: '{}' },
      415,
      'unsupported_media',
    ],
    [
      'JSON for protobuf',
      { method: 'POST', url: '/v1/enrolments', headers: JSON_TYPE, payload: '{}' },
      415,
      'unsupported_media',
    ],
    [
      'protobuf over 1 MiB',
      {
        method: 'POST',
        url: '/v1/enrolments',
        headers: { 'content-type': 'application/x-protobuf' },
        payload: Buffer.alloc(1_048_577),
      },
      413,
      'too_large',
    ],
    ['a path that nobody has', { method: 'GET', url: '/v1/nothing' }, 404, 'not_found'],
    ['a method that the path has not', { method: 'PUT', url: '/v1/server' }, 405, 'method_not_allowed'],
    ['a URL that cannot be decoded', { method: 'GET', url: '/v1/%zz' }, 400, 'malformed'],
    ['no token', { method: 'GET', url: '/v1/admin/tenants' }, 401, 'unauthenticated'],
    [
      'a token in the query',
      { method: 'GET', url: `/v1/admin/tenants?access_token=${SERVICE_TOKEN}` },
      401,
      'unauthenticated',
    ],
    [
      'a token that is none',
      { method: 'GET', url: '/v1/keys', headers: { authorization: 'Bearer a.b.c' } },
      401,
      'unauthenticated',
    ],
    ['no device token', { method: 'GET', url: '/v1/keys' }, 401, 'unauthenticated'],
  ] as const)('refuses %s', async (_, request, status, code) => {
    expect(await problemOf(request as never)).toMatchObject({ status, code });
  });

  // Over a socket: what injects a request tidies its path up first.
  it.each(['/docs/../../package.json', '/docs/%2e%2e/%2e%2e/package.json'])(
    'knows nothing outside of the documentation (%s)',
    async (path) => {
      if (!http.app.getHttpServer().listening) await http.app.listen(0, '127.0.0.1');
      const asked = get({ port: new URL(await http.app.getUrl()).port, host: '127.0.0.1', path, agent: false });
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      const body = (await answer.toArray()) as Buffer[];
      expect(JSON.parse(Buffer.concat(body).toString())).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  it('says which methods a path has', async () => {
    expect((await problemOf({ method: 'DELETE', url: '/v1/admin/tenants' })).headers.allow).toBe('POST, GET');
  });

  it('answers 503 with the time to come back while the database is away', async () => {
    const answer = await problemOf({
      method: 'GET',
      url: '/v1/admin/tenants',
      headers: { authorization: `Bearer ${SERVICE_TOKEN}` },
    });
    expect(answer).toMatchObject({ status: 503, code: 'not_stored' });
    expect(answer.headers['retry-after']).toBe('1');
  });

  it('forbids to keep answers and to guess types', async () => {
    const { headers } = await http.app.inject({ method: 'GET', url: '/v1/server' });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
});
