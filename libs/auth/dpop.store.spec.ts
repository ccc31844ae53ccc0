import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { systemIds } from '../platform/ids.js';
import { MasterKey } from '../platform/secrets.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import { Policy } from '../protocol/bodies.js';
import type { AccountId, Caller, DeviceId, TenantId } from '../protocol/ids.js';
import { Credentials } from './credentials.js';
import { ed25519PrivateKey, rawPublicKey } from './ed25519.js';
import { SeenProofs } from './seen-proofs.js';
import { SigningKeys } from './signing-keys.js';
import { testAssertion, testProof } from './testing.js';
import { Tokens } from './tokens.js';

const ISSUER = 'https://chat.example';
const KEYS = { method: 'GET', url: `${ISSUER}/v1/keys` };
const GRANT = { method: 'POST', url: `${ISSUER}/v1/token` };
const clock = new FakeClock();
const masterKey = new MasterKey(systemIds.bytes(32));
const tenant = { tokens: 'dpop' as 'dpop' | 'bearer' };
const tenants = { policy: () => Promise.resolve(Policy.parse(tenant)) };
let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

function node() {
  const credentials = new Credentials(database.db);
  const keys = new SigningKeys(database.db, { masterKey, clock, ids: systemIds });
  return new Tokens({
    credentials,
    keys,
    clock,
    issuer: ISSUER,
    tenants,
    seen: new SeenProofs(clock),
    installation: { notBefore: 0 },
  });
}

async function device() {
  const caller: Caller = {
    tenantId: systemIds.uuid<TenantId>(),
    accountId: systemIds.uuid<AccountId>(),
    deviceId: systemIds.uuid<DeviceId>(),
  };
  const key = ed25519PrivateKey(systemIds.bytes(32));
  await database.db.transact((tx) => new Credentials(database.db).save(tx, { caller, authKey: rawPublicKey(key) }));
  let n = 0;
  const assertion = async () =>
    testAssertion(key, { deviceId: caller.deviceId, issuer: ISSUER, n: (n += 1), now: clock.now() });
  const grant = async (by = key) =>
    node().grant(await assertion(), { ...GRANT, proof: await testProof(by, { ...GRANT, now: clock.now() }) });
  const bound = async () => {
    const granted = await grant();
    if (granted.kind !== 'granted') throw new Error(granted.code);
    expect(granted.tokenType).toBe('DPoP');
    return granted.accessToken;
  };
  const plain = async () => node().grant(await assertion());
  const show = async (accessToken: string, more: Partial<Parameters<typeof testProof>[1]> = {}, by = key) => ({
    ...KEYS,
    proof: await testProof(by, { ...KEYS, now: clock.now(), accessToken, ...more }),
  });
  return { caller, key, grant, bound, plain, show };
}

describe('a bound token', () => {
  it('is good with a proof for this request, on another node too', async () => {
    const { caller, bound, show } = await device();
    const token = await bound();
    expect(await node().verify(token, await show(token))).toEqual({ kind: 'caller', caller });
  });

  it('is worth nothing without a proof, whatever the policy has become', async () => {
    const { bound } = await device();
    const token = await bound();
    for (const tokens of ['dpop', 'bearer'] as const) {
      tenant.tokens = tokens;
      expect(await node().verify(token)).toMatchObject({ code: 'proof_invalid' });
    }
    tenant.tokens = 'dpop';
  });

  it('is refused with a proof for another address, method, token or key', async () => {
    const { bound, show } = await device();
    const second = await bound();
    // Tokens of one device and second are the same bytes.
    clock.advance(1000);
    const token = await bound();
    expect(token).not.toBe(second);
    const other = ed25519PrivateKey(systemIds.bytes(32));
    for (const shown of [
      await show(token, { url: `${ISSUER}/v1/messages` }),
      await show(token, { url: `${KEYS.url}?a=1` }),
      await show(token, { url: 'https://evil.example/v1/keys' }),
      await show(token, { method: 'POST' }),
      await show(second),
      await show(token, { claims: { ath: undefined } }),
      await show(token, {}, other),
      await show(token, { claims: { jti: 'short' } }),
      await show(token, { claims: { jti: 'x'.repeat(129) } }),
      await show(token, { claims: { iat: undefined } }),
      await show(token, { header: { typ: 'JWT' } }),
      { ...KEYS, proof: '' },
    ])
      expect(await node().verify(token, shown)).toMatchObject({ code: 'proof_invalid' });
  });

  it('is taken with a proof of any library: a UUID is as good a jti as ours', async () => {
    const { bound, show } = await device();
    const token = await bound();
    const shown = await show(token, { claims: { jti: '6f1c1f0e-8f5a-4b57-9a3e-1d2f4c5b6a70' } });
    const [first, again] = [node(), node()];
    expect(await first.verify(token, shown)).toMatchObject({ kind: 'caller' });
    expect(await first.verify(token, shown)).toMatchObject({ code: 'proof_invalid' });
    expect(await again.verify(token, shown)).toMatchObject({ kind: 'caller' });
  });

  it('is refused with a proof under alg none, HS256 or ES256', async () => {
    const { bound, show } = await device();
    const token = await bound();
    const [head = '', body = '', signature = ''] = (await show(token)).proof.split('.');
    const { jwk } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { jwk: { x: string } };
    const under = (alg: string) =>
      Buffer.from(JSON.stringify({ alg, typ: 'dpop+jwt', jwk })).toString('base64url') + `.${body}`;
    const mac = createHmac('sha256', Buffer.from(jwk.x, 'base64url')).update(under('HS256')).digest('base64url');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const es256 = await new SignJWT(JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>)
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: publicKey.export({ format: 'jwk' }) })
      .sign(privateKey);
    for (const proof of [`${under('none')}.`, `${under('none')}.${signature}`, `${under('HS256')}.${mac}`, es256])
      expect(await node().verify(token, { ...KEYS, proof })).toMatchObject({ code: 'proof_invalid' });
  });

  it('is refused when the proof comes again', async () => {
    const { bound, show } = await device();
    const [tokens, token] = [node(), await bound()];
    const shown = await show(token);
    expect(await tokens.verify(token, shown)).toMatchObject({ kind: 'caller' });
    expect(await tokens.verify(token, shown)).toMatchObject({
      code: 'proof_invalid',
      detail: 'the proof was used before',
    });
  });

  it('is refused with a proof more than 120 s old or ahead, which tells the time of the server', async () => {
    const { bound, show } = await device();
    const token = await bound();
    for (const off of [-122_000, 122_000])
      expect(await node().verify(token, await show(token, { now: clock.now() + off }))).toMatchObject({
        code: 'clock_skew',
        serverTime: clock.now(),
      });
    for (const off of [-118_000, 118_000])
      expect(await node().verify(token, await show(token, { now: clock.now() + off }))).toMatchObject({
        kind: 'caller',
      });
  });
});

describe('the token endpoint', () => {
  it('wants a proof by the auth key where the policy is dpop', async () => {
    const { grant, plain } = await device();
    expect(await plain()).toMatchObject({ code: 'proof_invalid' });
    expect(await grant(ed25519PrivateKey(systemIds.bytes(32)))).toMatchObject({ code: 'proof_invalid' });
    expect(await grant()).toMatchObject({ kind: 'granted', tokenType: 'DPoP' });
  });

  it('gives plain tokens where the policy is bearer, which end with that policy and take no proof', async () => {
    const { caller, plain, show, bound } = await device();
    tenant.tokens = 'bearer';
    const granted = await plain();
    if (granted.kind !== 'granted') throw new Error(granted.code);
    expect(granted.tokenType).toBe('Bearer');
    expect(await node().verify(granted.accessToken)).toEqual({ kind: 'caller', caller });
    expect(await node().verify(granted.accessToken, await show(granted.accessToken))).toMatchObject({
      code: 'proof_invalid',
    });
    await bound();
    tenant.tokens = 'dpop';
    expect(await node().verify(granted.accessToken)).toMatchObject({ code: 'proof_invalid' });
  });
});

describe('SeenProofs', () => {
  it('holds no more than its bounds and lets go of what age refuses', () => {
    const seen = new SeenProofs(clock, { perKey: 2, all: 3 });
    const until = clock.now() + 1000;
    const take = (jkt: string, jti: string) => seen.take({ jkt, jti, until: Math.max(until, clock.now() + 1) });
    expect(['1', '2', '3', '1'].map((jti) => take('a', jti))).toEqual(['taken', 'taken', 'full', 'replayed']);
    expect(['1', '2'].map((jti) => take('b', jti))).toEqual(['taken', 'full']);
    clock.advance(20_000);
    expect(take('b', '2')).toBe('taken');
    expect(seen.size).toBe(1);
  });
});
