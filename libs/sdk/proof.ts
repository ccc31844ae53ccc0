import { importJWK, SignJWT } from 'jose';
import { toBase64url } from '../protocol/bytes.js';
import { sha256 } from './crypto.js';
import type { Host } from './host.js';
import type { Self } from './store/self.store.js';

/** A DPoP proof (RFC 9449) under the device's auth key, for one request. `url`: the public address, without query. */
export async function makeProof(
  { publicKey, privateKey }: Self['auth'],
  of: {
    readonly method: string;
    readonly url: string;
    readonly accessToken?: string;
    readonly now: number;
    readonly host: Host;
  },
): Promise<string> {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey) };
  const key = await importJWK({ ...jwk, d: toBase64url(privateKey) }, 'EdDSA');
  const { accessToken } = of;
  const ath = accessToken === undefined ? {} : { ath: toBase64url(sha256(new TextEncoder().encode(accessToken))) };
  return new SignJWT({ htm: of.method, htu: of.url, ...ath })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'dpop+jwt', jwk })
    .setJti(toBase64url(of.host.random(16)))
    .setIssuedAt(Math.floor(of.now / 1000))
    .sign(key);
}
