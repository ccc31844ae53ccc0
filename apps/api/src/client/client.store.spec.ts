import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testAssertion } from '../../../../libs/auth/testing.js';
import { DeviceWorld, withDevice } from '../../../../libs/devices/testing.js';
import { systemIds } from '../../../../libs/platform/ids.js';
import { Installation } from '../../../../libs/platform/installation.js';
import { Limiter } from '../../../../libs/platform/limiter.js';
import { createLogger } from '../../../../libs/platform/log.js';
import { Metrics } from '../../../../libs/platform/metrics.js';
import { MasterKey } from '../../../../libs/platform/secrets.js';
import { testDatabase, type TestDatabase } from '../../../../libs/platform/testing/database.js';
import { decodeDeviceChain, encodeEnrolment, encodeSignedList } from '../../../../libs/protocol/chain-wire.js';
import { encodeDeviceList } from '../../../../libs/protocol/device-list.js';
import {
  decodePrekeyBundles,
  encodeDeviceRegistration,
  encodePrekeyUpload,
} from '../../../../libs/protocol/prekeys.js';
import { coreProviders } from '../../../../libs/serving/core.js';
import { Health } from '../../../../libs/serving/health.js';
import { dropOutdated } from '../../../../libs/serving/restored.js';
import { createHttpApp, type HttpApp } from '../../../../libs/serving/http-app.js';
import {
  ecPrekey,
  firstList,
  nextList,
  registrationOf,
  signList,
  testAccount,
  testDevice,
  testId,
  type TestDevice,
} from '../../../../libs/signal/testing.js';
import { apiControllers, apiProviders } from '../api.module.js';

const ISSUER = 'http://127.0.0.1';
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

let database: TestDatabase;
let world: DeviceWorld;
let http: HttpApp;

beforeAll(async () => {
  database = await testDatabase();
  world = await DeviceWorld.create(database.db);
  await world.tenants.setPolicy(world.tenantId, { tokens: 'bearer' });
  const masterKey = new MasterKey(new Uint8Array(32));
  const parts = { clock: world.clock, ids: systemIds, log: createLogger({ level: 'silent', app: 'api' }) };
  const platform = {
    ...parts,
    db: database.db,
    redis: undefined,
    installation: new Installation(database.db, { ...parts, onRestored: dropOutdated }),
    metrics: new Metrics(),
    masterKey,
    limiter: new Limiter(world.clock),
  };
  const about = { issuer: ISSUER, gatewayUrl: 'ws://127.0.0.1', version: '0.0.0', failedAuthPerMinute: 1_000 };
  const providers = [...coreProviders(platform, about), ...apiProviders(about)];
  const health = new Health([]);
  http = await createHttpApp({ controllers: apiControllers, providers }, { ...platform, health, version: '0.0.0' });
});
afterAll(async () => {
  await http.app.close();
  await database.drop();
});

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly payload?: Buffer | object;
}

async function ask({ payload, ...asked }: Asked) {
  const answer = await http.app.inject({ ...asked, ...(payload === undefined ? {} : { payload }) });
  return {
    status: answer.statusCode,
    raw: answer.rawPayload,
    type: answer.headers['content-type'],
    json: () => answer.json<Record<string, unknown>>(),
  };
}

/** The bearer of a fresh access token. */
async function bearerOf({ deviceId, authPrivateKey }: TestDevice): Promise<{ readonly authorization: string }> {
  const assertion = await testAssertion(authPrivateKey, { deviceId, issuer: ISSUER, n: 1, now: world.clock.now() });
  const form = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const granted = await ask({ method: 'POST', url: '/v1/token', headers, payload: Buffer.from(form) });
  return { authorization: `Bearer ${String(granted.json()['access_token'])}` };
}

describe('the routes of a device', () => {
  it('enrol, link, take bundles, refill, begin anew and revoke', async () => {
    const account = testAccount('routes', world.tenantId);
    const [phone, laptop] = [testDevice('routes phone'), testDevice('routes laptop')];
    const list = firstList(account, phone);
    const code = await world.invite();
    const lookup = await ask({ method: 'POST', url: '/v1/invitations/lookup', payload: { code } });
    expect([lookup.status, lookup.json()]).toEqual([
      200,
      expect.objectContaining({ tenantId: world.tenantId, accountId: null }),
    ]);
    const enrolment = { code, list: signList(list, account), registration: registrationOf(phone) };
    const enrolled = await ask({
      method: 'POST',
      url: '/v1/enrolments',
      headers: PROTOBUF,
      payload: Buffer.from(encodeEnrolment(enrolment)),
    });
    const { tenantId, accountId } = account;
    expect([enrolled.status, enrolled.json()]).toEqual([
      201,
      { tenantId, accountId, deviceId: phone.deviceId, listVersion: 1 },
    ]);

    const bearer = await bearerOf(phone);
    const person = { account, phone, list, caller: { tenantId, accountId, deviceId: phone.deviceId } };
    await world.hold(person, laptop);
    const two = withDevice(person, laptop);
    const post = async (signed: ReturnType<typeof signList>) =>
      ask({
        method: 'POST',
        url: '/v1/devices/lists',
        headers: { ...PROTOBUF, ...bearer },
        payload: Buffer.from(encodeSignedList(signed)),
      });
    const stored = await post(signList(two, phone));
    expect([stored.status, stored.json()]).toEqual([201, { listVersion: 2 }]);

    const late = await post(signList(nextList(list, list.entries), phone));
    expect([late.status, late.json()['code']]).toEqual([409, 'list_conflict']);
    const winner = decodeDeviceChain(Buffer.from(String(late.json()['winner']), 'base64url'));
    expect(winner?.lists.map(({ bytes }) => Buffer.from(bytes))).toEqual([Buffer.from(encodeDeviceList(two))]);

    const chain = await ask({ method: 'GET', url: `/v1/accounts/${accountId}/devices?from=2`, headers: bearer });
    expect([chain.status, chain.type]).toEqual([200, 'application/x-protobuf']);
    expect(decodeDeviceChain(chain.raw)).toMatchObject({
      accountId,
      listVersion: 2,
      lists: [{ signer: phone.deviceId }],
    });

    const bundles = await ask({
      method: 'POST',
      url: `/v1/accounts/${accountId}/bundles`,
      headers: bearer,
      payload: {},
    });
    expect([bundles.status, bundles.type]).toEqual([200, 'application/x-protobuf']);
    expect(decodePrekeyBundles(bundles.raw)?.bundles).toMatchObject([
      { deviceId: laptop.deviceId, oneTime: { id: 1 } },
    ]);

    const laptopBearer = await bearerOf(laptop);
    const refill = { signedPrekey: undefined, lastResort: undefined, oneTime: [ecPrekey(3)], kyber: [] };
    const filled = await ask({
      method: 'POST',
      url: '/v1/keys',
      headers: { ...PROTOBUF, ...laptopBearer },
      payload: Buffer.from(encodePrekeyUpload(refill)),
    });
    expect([filled.status, filled.json()]).toEqual([200, { oneTime: 2, kyber: 1, low: true }]);
    const anew = Buffer.from(encodeDeviceRegistration(registrationOf(laptop, { registrationId: 2, keys: 5 })));
    const changed = await ask({
      method: 'PUT',
      url: '/v1/keys/registration',
      headers: { ...PROTOBUF, ...laptopBearer },
      payload: anew,
    });
    expect([changed.status, changed.json()]).toEqual([200, { oneTime: 5, kyber: 5, low: true }]);
    const stock = await ask({ method: 'GET', url: '/v1/keys', headers: laptopBearer });
    expect(stock.json()).toEqual({ oneTime: 5, kyber: 5, low: true });

    const revoked = await ask({ method: 'DELETE', url: `/v1/devices/${laptop.deviceId}`, headers: bearer });
    expect([revoked.status, revoked.json()]).toEqual([200, { listVersion: 3 }]);
  });

  it('refuse bytes that are no message, and know no other tenant', async () => {
    const person = await world.person('strange');
    const elsewhere = await DeviceWorld.create(database.db);
    const foreign = await elsewhere.person('foreign');
    const bearer = await bearerOf(person.phone);
    const junk = { headers: { ...PROTOBUF, ...bearer }, payload: Buffer.from([0xff, 0xff]) };
    for (const asked of [
      { method: 'POST', url: '/v1/enrolments', ...junk },
      { method: 'POST', url: '/v1/devices/lists', ...junk },
      { method: 'POST', url: '/v1/keys', ...junk },
      { method: 'PUT', url: '/v1/keys/registration', ...junk },
    ] as const) {
      const answer = await ask(asked);
      expect([asked.url, answer.status, answer.json()['code']]).toEqual([asked.url, 400, 'malformed']);
    }
    for (const accountId of [foreign.account.accountId, testId('nobody')]) {
      const chain = await ask({ method: 'GET', url: `/v1/accounts/${accountId}/devices`, headers: bearer });
      const bundles = await ask({
        method: 'POST',
        url: `/v1/accounts/${accountId}/bundles`,
        headers: bearer,
        payload: {},
      });
      expect([chain.json()['code'], bundles.json()['code']]).toEqual(['not_found', 'not_found']);
    }
    const revoked = await ask({ method: 'DELETE', url: `/v1/devices/${foreign.phone.deviceId}`, headers: bearer });
    expect([revoked.status, revoked.json()['code']]).toEqual([404, 'not_found']);
  });
});
