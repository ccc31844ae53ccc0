import { createHmac, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
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
import { testProof } from './testing.js';
import { Tokens } from './tokens.js';

const ISSUER = 'https://chat.example';
const KEYS = { method: 'GET', url: `${ISSUER}/v1/keys` };
const GRANT = { method: 'POST', url: `${ISSUER}/v1/token` };
const clock = new FakeClock();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

type Json = Record<string, unknown>;
/** How somebody without the private key could have signed it; `verifier`: the public key that the honest one verifies by. */
type Forgery = readonly [string, string, (input: string, verifier: KeyObject) => string];

const base64url = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const mac =
  (bits: 256 | 512, secret: (verifier: KeyObject) => Buffer | string) => (input: string, verifier: KeyObject) =>
    createHmac(`sha${bits}`, secret(verifier)).update(input).digest('base64url');
const raw = (verifier: KeyObject): Buffer => Buffer.from(verifier.export({ format: 'jwk' }).x ?? '', 'base64url');

const FORGERIES: readonly Forgery[] = [
  ['none without a signature', 'none', () => ''],
  ['None in other letters', 'None', () => ''],
  ['HS256 with the raw public key', 'HS256', mac(256, raw)],
  ['HS256 with its PEM', 'HS256', mac(256, (key) => key.export({ format: 'pem', type: 'spki' }))],
  ['HS256 with its DER', 'HS256', mac(256, (key) => key.export({ format: 'der', type: 'spki' }))],
  ['HS512 with the raw public key', 'HS512', mac(512, raw)],
  ['HS256 with an empty secret', 'HS256', mac(256, () => '')],
  [
    'ES256',
    'ES256',
    (input) =>
      sign('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  ],
  ['RS256', 'RS256', (input) => sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')],
  ['EdDSA with another key', 'EdDSA', (input) => sign(null, Buffer.from(input), stranger).toString('base64url')],
  ['EdDSA in other letters', 'eddsa', (input) => sign(null, Buffer.from(input), stranger).toString('base64url')],
];
const stranger = ed25519PrivateKey(systemIds.bytes(32));
const TYPES = ['sotto-assertion+jwt', 'at+jwt', 'dpop+jwt', 'JWT', undefined];

describe('assertion, access token and proof', () => {
  let database: TestDatabase;
  let keys: SigningKeys;
  let tokens: Tokens;
  const caller: Caller = {
    tenantId: systemIds.uuid<TenantId>(),
    accountId: systemIds.uuid<AccountId>(),
    deviceId: systemIds.uuid<DeviceId>(),
  };
  const auth = ed25519PrivateKey(systemIds.bytes(32));
  let n = 0;

  beforeAll(async () => {
    database = await testDatabase();
    const credentials = new Credentials(database.db);
    await database.db.transact((tx) => credentials.save(tx, { caller, authKey: rawPublicKey(auth) }));
    keys = new SigningKeys(database.db, { masterKey: new MasterKey(systemIds.bytes(32)), clock, ids: systemIds });
    const tenants = { policy: () => Promise.resolve(Policy.parse({})) };
    tokens = new Tokens({
      credentials,
      keys,
      clock,
      issuer: ISSUER,
      tenants,
      seen: new SeenProofs(clock),
      installation: { notBefore: 0 },
    });
  });
  afterAll(() => database.drop());

  const honest = (header: Json, claims: Json, by: KeyObject): string => {
    const input = `${base64url(header)}.${base64url(claims)}`;
    return `${input}.${sign(null, Buffer.from(input), by).toString('base64url')}`;
  };
  const forged = (compact: string, [, alg, signed]: Forgery, verifier: KeyObject): string => {
    const [head = '', body = ''] = compact.split('.');
    const header = { ...(JSON.parse(Buffer.from(head, 'base64url').toString()) as Json), alg };
    const input = `${base64url(header)}.${body}`;
    return `${input}.${signed(input, verifier)}`;
  };
  const assertion = (typ: string | undefined = 'sotto-assertion+jwt') => {
    const iat = Math.floor(clock.now() / 1000);
    const { deviceId } = caller;
    const claims = { iss: deviceId, sub: deviceId, aud: ISSUER, iat, exp: iat + 60, n: (n += 1) };
    return honest({ alg: 'EdDSA', typ }, claims, auth);
  };
  const proof = (of: { readonly method: string; readonly url: string; readonly accessToken?: string }, header = {}) =>
    testProof(auth, { ...of, now: clock.now(), header });
  const grant = async (given = assertion()) => tokens.grant(given, { ...GRANT, proof: await proof(GRANT) });
  const token = async () => {
    const granted = await grant();
    if (granted.kind !== 'granted') throw new Error(granted.code);
    return granted.accessToken;
  };
  const verify = async (accessToken: string) =>
    tokens.verify(accessToken, { ...KEYS, proof: await proof({ ...KEYS, accessToken }) });

  it('are good as an honest device and server sign them', async () => {
    expect(await verify(await token())).toEqual({ kind: 'caller', caller });
  });

  it.each(FORGERIES)('an assertion is refused under %s', async (...forgery) => {
    expect(await grant(forged(assertion(), forgery, createPublicKey(auth)))).toMatchObject({
      code: 'assertion_invalid',
    });
  });

  it.each(FORGERIES)('an access token is refused under %s', async (...forgery) => {
    const good = await token();
    const verifier = await keys.publicKey(decodeProtectedHeader(good).kid ?? '');
    expect(await verify(forged(good, forgery, verifier!))).toMatchObject({ code: 'unauthenticated' });
  });

  it.each(FORGERIES)('a proof is refused under %s, for a token and for a grant', async (...forgery) => {
    const accessToken = await token();
    const bad = forged(await proof({ ...KEYS, accessToken }), forgery, createPublicKey(auth));
    expect(await tokens.verify(accessToken, { ...KEYS, proof: bad })).toMatchObject({ code: 'proof_invalid' });
    const atGrant = forged(await proof(GRANT), forgery, createPublicKey(auth));
    expect(await tokens.grant(assertion(), { ...GRANT, proof: atGrant })).toMatchObject({ code: 'proof_invalid' });
  });

  it('none is taken for another, whatever type it says, though its signature is right', async () => {
    const accessToken = await token();
    const [head = '', body = ''] = accessToken.split('.');
    const signer = await keys.current();
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Json;
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Json;
    expect(await verify(honest(header, claims, signer.privateKey))).toMatchObject({ kind: 'caller' });
    for (const typ of TYPES) {
      if (typ !== 'sotto-assertion+jwt')
        expect(await grant(assertion(typ ?? ''))).toMatchObject({ code: 'assertion_invalid' });
      if (typ !== 'at+jwt')
        expect(await verify(honest({ ...header, typ }, claims, signer.privateKey))).toMatchObject({
          code: 'unauthenticated',
        });
      if (typ !== 'dpop+jwt') {
        const shown = { ...KEYS, proof: await proof({ ...KEYS, accessToken }, { typ }) };
        expect(await tokens.verify(accessToken, shown)).toMatchObject({ code: 'proof_invalid' });
      }
    }
    expect(await grant(accessToken)).toMatchObject({ code: 'assertion_invalid' });
    expect(await verify(assertion())).toMatchObject({ code: 'unauthenticated' });
    expect(await tokens.verify(accessToken, { ...KEYS, proof: assertion() })).toMatchObject({ code: 'proof_invalid' });
    expect(await grant(await proof(GRANT))).toMatchObject({ code: 'assertion_invalid' });
  });

  it('a proof brings no key of another kind, and no private one', async () => {
    const accessToken = await token();
    const { x } = createPublicKey(auth).export({ format: 'jwk' });
    const jwks = [
      ec.publicKey.export({ format: 'jwk' }),
      rsa.publicKey.export({ format: 'jwk' }),
      { kty: 'oct', k: x },
      { kty: 'OKP', crv: 'X25519', x },
      auth.export({ format: 'jwk' }),
      undefined,
      'x',
    ];
    for (const jwk of jwks) {
      const input = JSON.parse(
        Buffer.from((await proof({ ...KEYS, accessToken })).split('.')[1] ?? '', 'base64url').toString(),
      ) as Json;
      const bad = honest({ alg: 'EdDSA', typ: 'dpop+jwt', jwk }, input, auth);
      expect(await tokens.verify(accessToken, { ...KEYS, proof: bad })).toMatchObject({ code: 'proof_invalid' });
    }
  });
});
