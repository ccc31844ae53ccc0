import { createHash } from 'node:crypto';
import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import { fromBase64url } from '../protocol/bytes.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import { ed25519PublicKey } from './ed25519.js';

const PROOF_TYPE = 'dpop+jwt';
/** A UUID and 96 random bits in any form both fit (RFC 9449 section 4.2). */
const JTI_LENGTH = { least: 16, most: 128 };

/** A proof as a request brought it, and what that request was. */
export interface ShownProof {
  readonly proof: string;
  readonly method: string;
  /** The public address of what was asked for, without query. */
  readonly url: string;
}

/** A proof whose signature and claims hold; whether it was seen before is not yet judged. */
export interface Proof {
  readonly kind: 'proof';
  /** Thumbprint (RFC 7638) of the key that signed it. */
  readonly jkt: string;
  /** A digest of it: what is remembered has one size. */
  readonly jti: string;
  /** Milliseconds; after this it is refused for its age. */
  readonly until: number;
}

/** RFC 9449 section 4.3 with one algorithm. `accessToken`: what the proof must be for; absent at the token endpoint. */
export async function readProof(
  shown: ShownProof,
  against: { readonly now: number; readonly accessToken?: string },
): Promise<Proof | Problem> {
  const parts = decode(shown.proof);
  if (parts === undefined) return proofInvalid('it is not a JWT');
  const { header, claims } = parts;
  if (header.alg !== 'EdDSA' || header.typ !== PROOF_TYPE) return proofInvalid('not an EdDSA dpop+jwt');
  const x = keyOf(header.jwk);
  if (x === undefined || !(await isSigned(shown.proof, x))) return proofInvalid('the signature is not by its jwk');
  if (claims['htm'] !== shown.method) return proofInvalid('htm is not the method of this request');
  if (claims['htu'] !== shown.url) return proofInvalid('htu is not the public address of this request');
  const { iat, jti } = claims;
  if (typeof jti !== 'string' || jti.length < JTI_LENGTH.least || jti.length > JTI_LENGTH.most)
    return proofInvalid('jti is not a string of 16 to 128 characters');
  if (against.accessToken !== undefined && claims['ath'] !== digest(against.accessToken))
    return proofInvalid('ath is not the hash of the access token');
  if (typeof iat !== 'number' || !Number.isSafeInteger(iat)) return proofInvalid('iat is missing');
  if (Math.abs(against.now - iat * 1000) > LIMITS.assertionSkew)
    return problem('clock_skew', 'iat of the proof is more than 120 s off', { serverTime: against.now });
  return { kind: 'proof', jkt: thumbprint(x), jti: digest(jti), until: iat * 1000 + LIMITS.assertionSkew };
}

/** Of a raw Ed25519 key as base64url (RFC 7638, RFC 8037). */
export function thumbprint(x: string): string {
  return digest(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
}

export function proofInvalid(detail: string): Problem {
  return problem('proof_invalid', detail);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** A public Ed25519 key; one that brings its private half is refused (RFC 9449 section 4.3, 7). */
function keyOf(jwk: unknown): string | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  const { kty, crv, x, d } = jwk as Record<string, unknown>;
  return kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && d === undefined ? x : undefined;
}

async function isSigned(compact: string, x: string): Promise<boolean> {
  const raw = fromBase64url(x);
  const key = raw === undefined ? undefined : ed25519PublicKey(raw);
  if (key === undefined) return false;
  try {
    await compactVerify(compact, key, { algorithms: ['EdDSA'] });
    return true;
  } catch {
    return false;
  }
}

function decode(compact: string) {
  try {
    return { header: decodeProtectedHeader(compact), claims: decodeJwt(compact) };
  } catch {
    return undefined;
  }
}
