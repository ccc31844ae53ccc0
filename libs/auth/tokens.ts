import { compactVerify, decodeProtectedHeader, SignJWT, type CompactVerifyResult } from 'jose';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import { isUuid, type AccountId, type Caller, type DeviceId, type TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import { invalid, readAssertion } from './assertion.js';
import type { Credentials } from './credentials.js';
import { ed25519PublicKey } from './ed25519.js';
import type { SigningKeys } from './signing-keys.js';

const ACCESS_TOKEN_TYPE = 'at+jwt';
const LIFE_SECONDS = LIMITS.accessTokenLife / 1000;

export interface Granted {
  readonly kind: 'granted';
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/**
 * Access tokens of devices (IDENTITY "Tokens"; RFC 7523, RFC 9068): an assertion under the device's auth key buys ten minutes. A
 * token is verified from memory alone, so a revoked device's tokens are refused by `Control`, not here.
 */
export class Tokens {
  constructor(
    private readonly parts: {
      readonly credentials: Credentials;
      readonly keys: SigningKeys;
      readonly clock: Clock;
      readonly issuer: string;
    },
  ) {}

  async grant(assertion: string): Promise<Granted | Problem> {
    const { credentials, clock, issuer } = this.parts;
    const now = clock.now();
    const read = readAssertion(assertion, { issuer, now });
    if (read.kind === 'problem') return read;
    const credential = await credentials.find(read.deviceId);
    const key = credential === undefined ? undefined : ed25519PublicKey(credential.authKey);
    if (credential === undefined || key === undefined || (await verified(assertion, key)) === undefined) {
      return invalid('the device is not active, or the signature is not by its auth key');
    }
    if (credential.suspended) return problem('account_suspended', 'no token until the suspension is lifted');
    if (!(await credentials.advance(read.deviceId, read.n))) {
      return problem('assertion_replayed', `a counter of ${String(read.n)} or more was used before`);
    }
    return { kind: 'granted', accessToken: await this.issue(credential.caller, now), expiresInSeconds: LIFE_SECONDS };
  }

  async verify(accessToken: string): Promise<{ readonly kind: 'caller'; readonly caller: Caller } | Problem> {
    const kid = keyIdOf(accessToken);
    const key = kid === undefined ? undefined : await this.parts.keys.publicKey(kid);
    const token = key === undefined ? undefined : await verified(accessToken, key);
    const claims = token === undefined ? undefined : claimsOf(token.payload);
    if (claims === undefined || claims.iss !== this.parts.issuer)
      return problem('unauthenticated', 'the access token is not valid');
    if (claims.exp * 1000 <= this.parts.clock.now()) return problem('token_expired', 'get a new one');
    return { kind: 'caller', caller: { tenantId: claims.ten, accountId: claims.acc, deviceId: claims.sub } };
  }

  private async issue(caller: Caller, now: number): Promise<string> {
    const { kid, privateKey } = await this.parts.keys.current();
    const seconds = Math.floor(now / 1000);
    return new SignJWT({ acc: caller.accountId, ten: caller.tenantId })
      .setProtectedHeader({ alg: 'EdDSA', typ: ACCESS_TOKEN_TYPE, kid })
      .setIssuer(this.parts.issuer)
      .setSubject(caller.deviceId)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFE_SECONDS)
      .sign(privateKey);
  }
}

async function verified(compact: string, key: KeyObject): Promise<CompactVerifyResult | undefined> {
  try {
    return await compactVerify(compact, key, { algorithms: ['EdDSA'] });
  } catch {
    return undefined;
  }
}

function keyIdOf(compact: string): string | undefined {
  try {
    const { alg, typ, kid } = decodeProtectedHeader(compact);
    return alg === 'EdDSA' && typ === ACCESS_TOKEN_TYPE ? kid : undefined;
  } catch {
    return undefined;
  }
}

interface AccessClaims {
  readonly iss: string;
  readonly sub: DeviceId;
  readonly acc: AccountId;
  readonly ten: TenantId;
  readonly exp: number;
}

function claimsOf(payload: Uint8Array): AccessClaims | undefined {
  const claims = JSON.parse(new TextDecoder().decode(payload)) as Partial<AccessClaims>;
  const { iss, sub, acc, ten, exp } = claims;
  if (iss === undefined || sub === undefined || acc === undefined || ten === undefined || exp === undefined)
    return undefined;
  return isUuid(sub) && isUuid(acc) && isUuid(ten) ? { iss, sub, acc, ten, exp } : undefined;
}
