import { decodeJwt, decodeProtectedHeader } from 'jose';
import { isUuid, type DeviceId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';

const ASSERTION_TYPE = 'sotto-assertion+jwt';

/** What an assertion claims; its signature is not yet checked. */
export interface Assertion {
  readonly kind: 'assertion';
  readonly deviceId: DeviceId;
  /** The device's counter: each value is good for one token. */
  readonly n: number;
}

/**
 * Every rule of IDENTITY "Tokens" that needs neither a key nor the database (RFC 7523 section 3).
 * `now` in milliseconds. Expiry is judged against `iat`, and `iat` against the server's clock, so a clock up to 120 s off works.
 */
export function readAssertion(
  compact: string,
  against: { readonly issuer: string; readonly now: number },
): Assertion | Problem {
  const parts = decode(compact);
  if (parts === undefined) return invalid('it is not a JWT');
  const { header, claims } = parts;
  if (header.alg !== 'EdDSA') return invalid('alg is not EdDSA');
  if (header.typ !== ASSERTION_TYPE) return invalid(`typ is not ${ASSERTION_TYPE}`);
  if (claims.iss === undefined || !isUuid(claims.iss) || claims.sub !== claims.iss)
    return invalid('iss and sub are not the device id');
  if (claims.aud !== against.issuer) return invalid('aud is not the issuer that /v1/server names');
  const { iat, exp } = claims;
  if (!isSeconds(iat) || !isSeconds(exp)) return invalid('iat or exp is missing');
  if (exp <= iat || (exp - iat) * 1000 > LIMITS.assertionLife) return invalid('exp is not within 60 s after iat');
  if (Math.abs(against.now - iat * 1000) > LIMITS.assertionSkew) {
    return problem('clock_skew', 'iat is more than 120 s off', { serverTime: against.now });
  }
  const n: unknown = claims['n'];
  if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 1) return invalid('n is not a counter that starts at 1');
  return { kind: 'assertion', deviceId: claims.iss as DeviceId, n };
}

function decode(compact: string) {
  try {
    return { header: decodeProtectedHeader(compact), claims: decodeJwt(compact) };
  } catch {
    return undefined;
  }
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** One code for all of it: an honest client never sees it, and a forger learns nothing from the detail. */
export function invalid(detail: string): Problem {
  return problem('assertion_invalid', detail);
}
