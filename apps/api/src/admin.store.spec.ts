import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TenantId } from '../../../libs/protocol/ids.js';
import { SCOPES, type Scope } from '../../../libs/protocol/bodies.js';
import { ServiceTokens } from '../../../libs/auth/service-tokens.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { testDatabase, type TestDatabase } from '../../../libs/platform/testing/database.js';
import type { HttpApp } from '../../../libs/serving/http-app.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import { apiOver } from './testing/api.js';

const DAY = 86_400_000;

describe('admin routes', () => {
  let database: TestDatabase;
  let http: HttpApp;
  let mine: TenantId;
  let foreign: TenantId;
  let bound: string;

  beforeAll(async () => {
    database = await testDatabase();
    http = await apiOver(database.db);
    mine = (await http.app.get(Tenants).create('mine')).id;
    foreign = (await http.app.get(Tenants).create('foreign')).id;
    bound = await tokenWith({ scopes: SCOPES, tenantId: mine });
  });

  afterAll(async () => {
    await http.app.close();
    await database.drop();
  });

  async function tokenWith(wanted: {
    readonly scopes: readonly Scope[];
    readonly tenantId?: TenantId;
  }): Promise<string> {
    return (await http.app.get(ServiceTokens).create({ name: 'spec', lifeMs: DAY, ...wanted })).token;
  }

  async function ask(
    token: string,
    {
      method,
      path,
      body,
    }: { readonly method: string; readonly path: string; readonly body?: object | string | undefined },
  ) {
    const answer = await http.app.inject({
      method: method as 'GET',
      url: path,
      headers: {
        authorization: `Bearer ${token}`,
        ...(typeof body === 'string' ? { 'content-type': 'text/csv' } : {}),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : answer.json<Record<string, unknown>>() };
  }

  /** Every admin route that names a tenant, with a body that would do, from what the server registered. */
  function routesOf(tenantId: TenantId) {
    const id = systemIds.uuid();
    return http.routes
      .all()
      .filter(({ path }) => path.includes(':tenantId'))
      .map(({ method, path }) => ({
        method,
        path: path.replace(':tenantId', tenantId).replaceAll(/:[a-zA-Z]+/g, id),
        body: path.includes('/imports') ? 'name' : method === 'POST' || method === 'PUT' ? {} : undefined,
      }));
  }

  it('hide a foreign tenant: every answer is that for a tenant that does not exist', async () => {
    const absent = systemIds.uuid<TenantId>();
    expect(routesOf(foreign).length).toBeGreaterThan(10);
    for (const [index, route] of routesOf(foreign).entries()) {
      const answer = await ask(bound, route);
      expect([route.method, route.path, answer.status]).toEqual([route.method, route.path, 404]);
      expect(answer).toEqual(await ask(bound, routesOf(absent)[index]!));
    }
  });

  it('keep of a policy what was set, so that the rest follows the defaults of a later release', async () => {
    const able = await tokenWith({ scopes: ['policy'] });
    const path = `/v1/admin/tenants/${mine}/policy`;
    const answer = await ask(able, { method: 'PUT', path, body: { devicesPerAccount: 3 } });
    expect(answer).toMatchObject({ status: 200, body: { devicesPerAccount: 3, invitationDays: 7 } });
    const stored = await database.db.query<{ policy: object }>('select policy from tenant where id = $1', [mine]);
    expect(stored).toEqual([{ policy: { devicesPerAccount: 3 } }]);
  });

  it('need their scope, all of them', async () => {
    const scopeless = await tokenWith({ scopes: ['audit:read'] });
    const routes = [
      ...routesOf(mine),
      { method: 'GET', path: '/v1/admin/tenants' },
      { method: 'GET', path: '/v1/admin/tokens' },
    ];
    for (const route of routes)
      expect(await ask(scopeless, route)).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  });

  it('list a bound token its own tenant and its own tokens only', async () => {
    await tokenWith({ scopes: ['accounts'], tenantId: foreign });
    const tenants = await ask(bound, { method: 'GET', path: '/v1/admin/tenants' });
    expect(tenants.body).toMatchObject({ tenants: [{ tenantId: mine }], next: null });
    const { body } = await ask(bound, { method: 'GET', path: '/v1/admin/tokens' });
    expect(new Set((body?.['tokens'] as { tenantId: string }[]).map(({ tenantId }) => tenantId))).toEqual(
      new Set([mine]),
    );
  });

  it.each<[string, object, number]>([
    ['another tenant', { tenantId: 'foreign' }, 404],
    ['the installation', {}, 403],
    ['its own tenant', { tenantId: 'mine' }, 201],
  ])('let a bound token make one for %s: no more than it has', async (_, wanted, status) => {
    const ids: Record<string, TenantId> = { mine, foreign };
    const tenantId = 'tenantId' in wanted ? { tenantId: ids[String(wanted.tenantId)] } : {};
    const answer = await ask(bound, {
      method: 'POST',
      path: '/v1/admin/tokens',
      body: { name: 'x', scopes: ['accounts'], ...tenantId },
    });
    expect(answer.status).toBe(status);
  });

  it('let no token make one with a scope that it lacks', async () => {
    const token = await tokenWith({ scopes: ['tokens'] });
    const answer = await ask(token, {
      method: 'POST',
      path: '/v1/admin/tokens',
      body: { name: 'x', scopes: ['tokens', 'policy'] },
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'scope_missing' } });
  });

  it('make an account, invite for it, and show both in pages', async () => {
    const at = `/v1/admin/tenants/${mine}`;
    const made = await ask(bound, { method: 'POST', path: `${at}/accounts`, body: {} });
    expect(made).toMatchObject({ status: 201, body: { enrolled: false, listVersion: 0, activeDevices: 0 } });
    const accountId = made.body?.['accountId'];
    const invited = await ask(bound, { method: 'POST', path: `${at}/invitations`, body: { accountId } });
    expect(invited).toMatchObject({
      status: 201,
      body: { accountId, uses: 1, used: 0, code: expect.stringMatching(/^inv_/) },
    });
    const another = await ask(bound, { method: 'POST', path: `${at}/invitations`, body: { accountId } });
    const [first, last] = [invited.body?.['invitationId'], another.body?.['invitationId']];
    const { body } = await ask(bound, { method: 'GET', path: `${at}/invitations?limit=1` });
    expect(body).toMatchObject({ invitations: [{ accountId, invitationId: first }], next: first });
    expect(JSON.stringify(body)).not.toContain('code');
    const rest = await ask(bound, { method: 'GET', path: `${at}/invitations?limit=1&after=${String(first)}` });
    expect(rest.body).toMatchObject({ invitations: [{ invitationId: last }], next: null });
    expect(await ask(bound, { method: 'GET', path: `${at}/accounts/${String(accountId)}/devices` })).toEqual({
      status: 200,
      body: { devices: [] },
    });
  });
});
