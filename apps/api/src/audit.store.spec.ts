import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Audit } from '../../../libs/audit/audit.js';
import { ServiceTokens } from '../../../libs/auth/service-tokens.js';
import { DeviceWorld } from '../../../libs/devices/testing.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { testDatabase, type TestDatabase } from '../../../libs/platform/testing/database.js';
import { SCOPES, type AuditRow, type Scope } from '../../../libs/protocol/bodies.js';
import type { TenantId } from '../../../libs/protocol/ids.js';
import { testDevice } from '../../../libs/signal/testing.js';
import type { HttpApp } from '../../../libs/serving/http-app.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import type { z } from 'zod';
import { apiOver } from './testing/api.js';

const DAY = 86_400_000;
const DRY_RUN = 'POST /v1/admin/tenants/{tenantId}/imports/dry-run';
type Row = z.infer<typeof AuditRow>;

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: object | string | undefined;
  readonly token?: string;
  readonly reason?: string;
}

describe('the audit', () => {
  let database: TestDatabase;
  let http: HttpApp;
  let people: DeviceWorld;
  let token: string;
  let tenantId: TenantId;
  let enrolled = 0;

  beforeAll(async () => {
    database = await testDatabase();
    http = await apiOver(database.db);
    people = await DeviceWorld.create(database.db);
    tenantId = people.tenantId;
    token = await tokenWith(SCOPES);
  });

  afterAll(async () => {
    await http.app.close();
    await database.drop();
  });

  async function tokenWith(scopes: readonly Scope[], bound?: TenantId): Promise<string> {
    return (await http.app.get(ServiceTokens).create({ name: 'spec', lifeMs: DAY, scopes, tenantId: bound })).token;
  }

  async function ask({ method, path, body, token: by = token, reason }: Ask) {
    const answer = await http.app.inject({
      method: method as 'GET',
      url: path,
      headers: {
        authorization: `Bearer ${by}`,
        ...(reason === undefined ? {} : { 'sotto-reason': reason }),
        ...(typeof body === 'string' ? { 'content-type': 'text/csv' } : {}),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json<Record<string, unknown>>() };
  }

  async function rows(): Promise<readonly Row[]> {
    const { body } = await ask({ method: 'GET', path: '/v1/admin/audit?limit=500' });
    return body['rows'] as Row[];
  }

  async function made(path: string, id: string, body: object = {}): Promise<string> {
    const answer = await ask({ method: 'POST', path, body });
    return String(answer.body[id]);
  }

  const at = () => `/v1/admin/tenants/${tenantId}`;

  /** For every route that changes something: a request that succeeds. A route that is not here fails the test. */
  const examples: Record<string, () => Promise<{ readonly path: string; readonly body?: object | string }>> = {
    'POST /v1/admin/tenants': () => Promise.resolve({ path: '/v1/admin/tenants', body: { name: 'made' } }),
    'PUT /v1/admin/tenants/{tenantId}/policy': () =>
      Promise.resolve({ path: `${at()}/policy`, body: { devicesPerAccount: 7 } }),
    'POST /v1/admin/tenants/{tenantId}/accounts': () => Promise.resolve({ path: `${at()}/accounts`, body: {} }),
    'DELETE /v1/admin/tenants/{tenantId}/accounts/{accountId}/devices/{deviceId}': async () => {
      const { account, phone } = await people.person(`revoked ${String((enrolled += 1))}`);
      return { path: `${at()}/accounts/${account.accountId}/devices/${phone.deviceId}` };
    },
    'POST /v1/admin/tenants/{tenantId}/invitations': () => Promise.resolve({ path: `${at()}/invitations`, body: {} }),
    'DELETE /v1/admin/tenants/{tenantId}/invitations/{invitationId}': async () => ({
      path: `${at()}/invitations/${await made(`${at()}/invitations`, 'invitationId')}`,
    }),
    'POST /v1/admin/tokens': () =>
      Promise.resolve({ path: '/v1/admin/tokens', body: { name: 'made', scopes: ['accounts'] } }),
    'DELETE /v1/admin/tokens/{tokenId}': async () => ({
      path: `/v1/admin/tokens/${await made('/v1/admin/tokens', 'tokenId', { name: 'x', scopes: ['accounts'] })}`,
    }),
    'PUT /v1/admin/tenants/{tenantId}/accounts/{accountId}/suspension': async () => ({
      path: `${at()}/accounts/${await account()}/suspension`,
    }),
    'DELETE /v1/admin/tenants/{tenantId}/accounts/{accountId}/suspension': async () => {
      const path = `${at()}/accounts/${await account()}/suspension`;
      await ask({ method: 'PUT', path });
      return { path };
    },
    'DELETE /v1/admin/tenants/{tenantId}/accounts/{accountId}': async () => ({
      path: `${at()}/accounts/${await account()}`,
    }),
    'POST /v1/admin/tenants/{tenantId}/accounts/{accountId}/reset': async () => ({
      path: `${at()}/accounts/${await account()}/reset`,
      body: {},
    }),
    'POST /v1/admin/tenants/{tenantId}/pending-devices/{deviceId}/approve': async () => ({
      path: `${at()}/pending-devices/${await waiting()}/approve`,
    }),
    'POST /v1/admin/tenants/{tenantId}/pending-devices/{deviceId}/deny': async () => ({
      path: `${at()}/pending-devices/${await waiting()}/deny`,
    }),
    'POST /v1/admin/tenants/{tenantId}/imports': () =>
      Promise.resolve({ path: `${at()}/imports`, body: 'name\nAda\nBen\n' }),
  };

  /** A device that an admin is asked about. */
  async function waiting(): Promise<string> {
    const person = await people.person(`person ${String((enrolled += 1))}`);
    const device = testDevice(`device ${String(enrolled)}`);
    await people.tenants.setPolicy(tenantId, { linking: 'user+admin' });
    await people.hold(person, device);
    // The people's clock stands still, the server's does not.
    await database.db.commit('update pending_device set expires_at = $1', [8_000_000_000_000]);
    return device.deviceId;
  }

  async function account(): Promise<string> {
    return (await people.person(`person ${String((enrolled += 1))}`)).account.accountId;
  }

  async function changes(): Promise<readonly { readonly name: string; readonly method: string }[]> {
    const answer = await http.app.inject({ method: 'GET', url: '/openapi.json' });
    const { paths } = answer.json<{ paths: Record<string, Record<string, unknown>> }>();
    return Object.entries(paths)
      .filter(([path]) => path.startsWith('/v1/admin/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })))
      .filter(({ method }) => method !== 'GET')
      .map(({ path, method }) => ({ name: `${method} ${path}`, method }))
      .filter(({ name }) => name !== DRY_RUN);
  }

  async function example(name: string) {
    const make = examples[name];
    if (make === undefined) throw new Error(`${name} changes something: give an example of it, and leave an audit row`);
    return make();
  }

  it('has one row of every change that a route of the document makes, with its reason', async () => {
    const all = await changes();
    expect(all.map(({ name }) => name).sort()).toEqual(Object.keys(examples).sort());
    for (const { name, method } of all) {
      const request = await example(name);
      const before = (await rows())[0]?.no ?? 0;
      const answer = await ask({ method, ...request, reason: encodeURIComponent(`wegen ${name} – ja`) });
      expect([name, answer.status < 300]).toEqual([name, true]);
      const news = (await rows()).filter(({ no }) => no > before);
      expect([name, news.length]).toEqual([name, 1]);
      expect(news[0]).toMatchObject({ outcome: 'done', reason: `wegen ${name} – ja` });
      expect([name, news[0]?.targetId]).toEqual([name, expect.any(String)]);
    }
    expect(new Set((await rows()).map(({ action }) => action)).size).toBe(all.length);
  });

  it('and the change are one commit: without the row nothing is changed', async () => {
    for (const { name, method } of await changes()) {
      const request = await example(name);
      await database.db.commit('alter table audit rename to audit_away');
      const before = await stateOf();
      const answer = await ask({ method, ...request });
      const after = await stateOf();
      await database.db.commit('alter table audit_away rename to audit');
      expect([name, answer.status >= 500, after]).toEqual([name, true, before]);
    }
  });

  async function stateOf(): Promise<unknown> {
    const state: unknown[] = [];
    for (const table of [
      'tenant',
      'account',
      'invitation',
      'service_token',
      'tombstone',
      'control',
      'outbox',
      'mailbox',
    ])
      state.push(await database.db.query(`select * from ${table} order by 1`));
    return state;
  }

  it('names the tenant whose token was revoked, whoever revoked it', async () => {
    const tokens = http.app.get(ServiceTokens);
    const good = async (bound?: TenantId) =>
      (await tokens.create({ name: 'spec', lifeMs: DAY, scopes: ['accounts'], tenantId: bound })).serviceToken.id;
    const bound = await tokenWith(['tokens'], tenantId);
    const acts = [
      { id: await good(tenantId), by: token, tenantId, outcome: 'done' },
      { id: await good(tenantId), by: bound, tenantId, outcome: 'done' },
      { id: await good(), by: token, tenantId: null, outcome: 'done' },
      { id: await good(), by: bound, tenantId, outcome: 'not_found' },
      { id: systemIds.uuid(), by: token, tenantId: null, outcome: 'not_found' },
    ];
    for (const { id, by, ...row } of acts) {
      await ask({ method: 'DELETE', path: `/v1/admin/tokens/${id}`, token: by });
      expect((await rows())[0]).toMatchObject({ action: 'token.revoke', targetId: id, ...row });
    }
  });

  it('has a row of what was refused, and nothing of it is stored', async () => {
    const absent = systemIds.uuid();
    await ask({ method: 'DELETE', path: `${at()}/invitations/${absent}` });
    expect((await rows())[0]).toMatchObject({
      action: 'invitation.revoke',
      tenantId,
      targetId: absent,
      outcome: 'not_found',
      reason: null,
    });
  });

  it('has nothing of a dry run, which changes nothing', async () => {
    const before = [await rows(), await stateOf()];
    const answer = await ask({ method: 'POST', path: `${at()}/imports/dry-run`, body: 'name\nAda\n' });
    expect(answer).toEqual({ status: 200, body: { people: 1, faults: [] } });
    expect([await rows(), await stateOf()]).toEqual(before);
  });

  it('takes no update, no delete and no truncate', async () => {
    expect((await rows()).length).toBeGreaterThan(0);
    for (const change of ["update audit set reason = 'x'", 'delete from audit', 'truncate audit'])
      await expect(database.db.commit(change)).rejects.toThrow('insert-only');
  });

  it('shows a bound token its own tenant, and no one without the scope', async () => {
    const other = (await http.app.get(Tenants).create('other')).id;
    await ask({ method: 'POST', path: `/v1/admin/tenants/${other}/accounts`, body: {} });
    const bound = await tokenWith(['audit:read'], other);
    const seen = await ask({ method: 'GET', path: '/v1/admin/audit', token: bound });
    expect(seen.body['rows']).toMatchObject([{ tenantId: other, action: 'account.create' }]);
    const path = `/v1/admin/audit?tenantId=${tenantId}`;
    expect(await ask({ method: 'GET', path, token: bound })).toMatchObject({ status: 404 });
    const scopeless = await tokenWith(SCOPES.filter((scope) => scope !== 'audit:read'));
    expect(await ask({ method: 'GET', path, token: scopeless })).toMatchObject({ status: 403 });
  });

  it('is read in pages, newest first', async () => {
    const all = await rows();
    const seen: Row[] = [];
    for (let next: number | null | undefined; next !== null;) {
      const before = next === undefined ? '' : `&before=${String(next)}`;
      const page = await ask({ method: 'GET', path: `/v1/admin/audit?limit=4${before}` });
      seen.push(...(page.body['rows'] as Row[]));
      next = page.body['next'] as number | null;
    }
    expect(seen).toEqual(all);
    expect(all.map(({ no }) => no)).toEqual(all.map(({ no }) => no).toSorted((left, right) => right - left));
    // A page that ends with the oldest row promises no further one.
    const whole = await ask({ method: 'GET', path: `/v1/admin/audit?limit=${String(all.length)}` });
    expect(whole.body).toEqual({ rows: all, next: null });
  });

  it.each(['', '%', '%00', 'a%0Ab', 'a'.repeat(301)])(
    'refuses the reason %j before anything happens',
    async (reason) => {
      const before = await rows();
      const answer = await ask({ method: 'POST', path: '/v1/admin/tenants', body: { name: 'x' }, reason });
      expect(answer).toMatchObject({ status: 400, body: { code: 'malformed' } });
      expect(await rows()).toEqual(before);
    },
  );

  it('runs the work again after a deadlock and writes one row', async () => {
    let runs = 0;
    const act = { action: 'account.create', tenantId, kind: 'account', target: systemIds.uuid() } as const;
    await http.app.get(Audit).record({ tokenId: systemIds.uuid(), reason: undefined }, act, () => {
      runs += 1;
      if (runs === 1) throw Object.assign(new Error('deadlock'), { code: '40P01' });
      return Promise.resolve({ kind: 'made' });
    });
    expect(runs).toBe(2);
    expect((await rows()).filter(({ targetId }) => targetId === act.target)).toHaveLength(1);
  });
});

describe('a service token', () => {
  it('has the day of its last use, written once a day', async () => {
    const database = await testDatabase();
    let now = 20_000 * DAY + 5;
    const tokens = new ServiceTokens(database.db, { now: () => now }, systemIds);
    const { token } = await tokens.create({ name: 'spec', lifeMs: 9 * DAY, scopes: ['policy'] });
    const used = async () => (await tokens.list(undefined))[0]?.lastUsedDay;
    const version = async () => database.db.query('select xmin::text as version from service_token');
    expect(await used()).toBeUndefined();
    await tokens.verify(token);
    expect(await used()).toBe(20_000);
    const written = await version();
    now += DAY / 2;
    await tokens.verify(token);
    expect(await version()).toEqual(written);
    now += DAY;
    await tokens.verify(`${token.slice(0, -8)}AAAAAAAA`);
    expect(await used()).toBe(20_000);
    await tokens.verify(token);
    expect(await used()).toBe(20_001);
    await database.drop();
  });
});
