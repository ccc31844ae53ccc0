import { createHash, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { systemIds } from '../platform/ids.js';
import { toBase64url } from '../protocol/bytes.js';
import { rawPublicKey } from './ed25519.js';

/** A DPoP proof; `claims` and `header` replace what an honest one says. */
export async function testProof(
  key: KeyObject,
  of: {
    readonly method: string;
    readonly url: string;
    readonly now: number;
    readonly accessToken?: string;
    readonly claims?: object;
    readonly header?: object;
  },
): Promise<string> {
  const ath =
    of.accessToken === undefined ? {} : { ath: createHash('sha256').update(of.accessToken).digest('base64url') };
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(rawPublicKey(key)) };
  return new SignJWT({
    htm: of.method,
    htu: of.url,
    iat: Math.floor(of.now / 1000),
    jti: toBase64url(systemIds.bytes(16)),
    ...ath,
    ...of.claims,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'dpop+jwt', jwk, ...of.header })
    .sign(key);
}

/** What buys a token: an assertion that is good for a minute from `now`, in milliseconds. */
export async function testAssertion(
  key: KeyObject,
  of: { readonly deviceId: string; readonly issuer: string; readonly n: number; readonly now: number },
): Promise<string> {
  const iat = Math.floor(of.now / 1000);
  return new SignJWT({ n: of.n })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'sotto-assertion+jwt' })
    .setIssuer(of.deviceId)
    .setSubject(of.deviceId)
    .setAudience(of.issuer)
    .setIssuedAt(iat)
    .setExpirationTime(iat + 60)
    .sign(key);
}
