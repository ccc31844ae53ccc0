import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeviceWorld } from '../../../libs/devices/testing.js';
import { Invitations } from '../../../libs/directory/invitations.js';
import { testDatabase, type TestDatabase } from '../../../libs/platform/testing/database.js';
import type { HttpApp } from '../../../libs/serving/http-app.js';
import { apiOver } from './testing/api.js';

describe('failures of a network', () => {
  let database: TestDatabase;
  let world: DeviceWorld;
  let http: HttpApp;

  beforeAll(async () => {
    database = await testDatabase();
    world = await DeviceWorld.create(database.db);
    http = await apiOver(database.db, 3);
  });
  afterAll(async () => {
    await http.app.close();
    await database.drop();
  });

  async function answers(count: number, asked: object, remoteAddress: string): Promise<readonly number[]> {
    const statuses = [];
    for (let each = 0; each < count; each += 1)
      statuses.push((await http.app.inject({ ...asked, remoteAddress })).statusCode);
    return statuses;
  }
  const lookUp = (code: string) => ({ method: 'POST', url: '/v1/invitations/lookup', payload: { code } });
  const enrol = {
    method: 'POST',
    url: '/v1/enrolments',
    headers: { 'content-type': 'application/x-protobuf' },
    payload: Buffer.from([1]),
  };

  it('end the guessing of invitations before the next guess is judged, for this network alone', async () => {
    expect(await answers(5, lookUp('inv_guess'), '203.0.113.1')).toEqual([404, 404, 404, 429, 429]);
    const made = await http.app.get(Invitations).create(world.tenantId, { uses: 1, expiresInHours: 1 });
    const code = made.kind === 'created' ? made.code : '';
    const refused = await http.app.inject({ ...lookUp(code), method: 'POST', remoteAddress: '203.0.113.200' });
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await answers(5, lookUp(code), '203.0.114.1')).toEqual([200, 200, 200, 200, 200]);
  });

  it('count wrong tokens of devices and of admins, and not the missing ones or what is malformed', async () => {
    const wrong = { method: 'GET', url: '/v1/keys', headers: { authorization: 'Bearer x.y.z' } };
    const admin = { method: 'GET', url: '/v1/admin/tenants', headers: { authorization: 'Bearer sotto_wrong' } };
    expect(await answers(6, { method: 'GET', url: '/v1/keys' }, '198.51.100.1')).toEqual(Array(6).fill(401));
    expect(await answers(6, enrol, '198.51.100.1')).toEqual(Array(6).fill(400));
    expect(await answers(2, wrong, '198.51.100.1')).toEqual([401, 401]);
    expect(await answers(3, admin, '198.51.100.1')).toEqual([401, 429, 429]);
  });

  it('do not follow from headers that no trusted proxy has written', async () => {
    const asked = (at: number) => ({
      ...lookUp('inv_guess'),
      headers: { 'x-forwarded-for': `192.0.${String(at)}.1`, forwarded: `for=192.0.${String(at)}.1` },
    });
    const statuses = [];
    for (let at = 0; at < 5; at += 1) statuses.push(...(await answers(1, asked(at), '2001:470::1')));
    expect(statuses).toEqual([404, 404, 404, 429, 429]);
  });
});
