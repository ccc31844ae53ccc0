import { compactVerify, decodeProtectedHeader, SignJWT, type CompactVerifyResult } from 'jose';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import type { Installation } from '../platform/installation.js';
import { toBase64url } from '../protocol/bytes.js';
import { isUuid, type AccountId, type Caller, type DeviceId, type TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import { invalid, readAssertion } from './assertion.js';
import type { Credential, Credentials } from './credentials.js';
import { ed25519PublicKey } from './ed25519.js';
import { proofInvalid, readProof, thumbprint, type Proof, type ShownProof } from './proof.js';
import type { Passed } from './gate.js';
import type { SeenProofs } from './seen-proofs.js';
import type { SigningKeys } from './signing-keys.js';
import type { Tenants } from '../tenancy/tenants.js';

const ACCESS_TOKEN_TYPE = 'at+jwt';
const LIFE_SECONDS = LIMITS.accessTokenLife / 1000;

export interface Granted {
  readonly kind: 'granted';
  readonly accessToken: string;
  readonly tokenType: 'DPoP' | 'Bearer';
  readonly expiresInSeconds: number;
}

/** Told how far a grant has come, for whoever counts it. */
export interface GrantWatch {
  /** A device of this tenant is named; nothing is proved. */
  claimed(tenantId: TenantId): void;
  /** It is that device. A problem refuses the grant before its counter is used. */
  proved(caller: Caller): Promise<Passed | Problem>;
}

/**
 * Access tokens of devices (IDENTITY "Tokens"; RFC 7523, RFC 9068): an assertion under the device's auth key buys ten minutes. A
 * token is verified from memory alone, so a revoked device's tokens are refused by `Control`, not here. With a proof of the auth key
 * (RFC 9449) the token is bound to it and good only with further proofs, whatever the policy becomes; without one it is good only
 * while the tenant's policy is `bearer`.
 */
export class Tokens {
  constructor(
    private readonly parts: {
      readonly credentials: Credentials;
      readonly keys: SigningKeys;
      readonly clock: Clock;
      readonly issuer: string;
      readonly tenants: Pick<Tenants, 'policy'>;
      readonly seen: SeenProofs;
      readonly installation: Pick<Installation, 'notBefore'>;
    },
  ) {}

  async grant(assertion: string, shown?: ShownProof, watch?: GrantWatch): Promise<Granted | Problem> {
    const { credentials, clock, issuer } = this.parts;
    const now = clock.now();
    const read = readAssertion(assertion, { issuer, now });
    if (read.kind === 'problem') return read;
    const credential = await credentials.find(read.deviceId);
    const key = credential === undefined ? undefined : ed25519PublicKey(credential.authKey);
    if (credential !== undefined) watch?.claimed(credential.caller.tenantId);
    if (credential === undefined || key === undefined || (await verified(assertion, key)) === undefined) {
      return notActive();
    }
    if (credential.suspended) return problem('account_suspended', 'no token until the suspension is lifted');
    const bound = await this.binding(credential, shown);
    if (bound.kind === 'problem') return bound;
    const counted = await watch?.proved(credential.caller);
    if (counted?.kind === 'problem') return counted;
    if (!(await credentials.advance(read.deviceId, read.n))) {
      await counted?.giveBack();
      // Revoked at this very moment: that is no copy of its store, of which an honest client would be warned.
      if ((await credentials.find(read.deviceId)) === undefined) return notActive();
      return problem('assertion_replayed', `a counter of ${String(read.n)} or more was used before`);
    }
    const accessToken = await this.issue(credential.caller, now, bound.jkt);
    const tokenType = bound.jkt === undefined ? 'Bearer' : 'DPoP';
    return { kind: 'granted', accessToken, tokenType, expiresInSeconds: LIFE_SECONDS };
  }

  /** `shown`: the proof that came with a token of the scheme DPoP; absent for the scheme Bearer. */
  async verify(
    accessToken: string,
    shown?: ShownProof,
  ): Promise<{ readonly kind: 'caller'; readonly caller: Caller } | Problem> {
    const kid = keyIdOf(accessToken);
    const key = kid === undefined ? undefined : await this.parts.keys.publicKey(kid);
    const token = key === undefined ? undefined : await verified(accessToken, key);
    const claims = token === undefined ? undefined : claimsOf(token.payload);
    if (claims === undefined || claims.iss !== this.parts.issuer)
      return problem('unauthenticated', 'the access token is not valid');
    if (claims.exp * 1000 <= this.parts.clock.now()) return problem('token_expired', 'get a new one');
    // A restored database does not know what happened to the devices of these tokens (D26).
    if (claims.iat * 1000 < this.parts.installation.notBefore)
      return problem('token_expired', 'the server was restored since; get a new one');
    const refused = await this.judge(claims, accessToken, shown);
    return refused ?? { kind: 'caller', caller: { tenantId: claims.ten, accountId: claims.acc, deviceId: claims.sub } };
  }

  /** A token is held to what it was granted as; an unbound one also to the policy of now. */
  private async judge(claims: AccessClaims, accessToken: string, shown?: ShownProof): Promise<Problem | undefined> {
    if (claims.jkt === undefined) {
      if (shown !== undefined) return proofInvalid('the token is not bound to a key: its scheme is Bearer');
      return (await this.wantsProof(claims.ten)) ? proofInvalid(`the tenant's policy wants bound tokens`) : undefined;
    }
    if (shown === undefined) return proofInvalid('the token is bound to a key: its scheme is DPoP, with a proof');
    const proof = await readProof(shown, { now: this.parts.clock.now(), accessToken });
    if (proof.kind === 'problem') return proof;
    if (proof.jkt !== claims.jkt) return proofInvalid('the token is bound to another key');
    return this.takeOnce(proof);
  }

  private async binding(
    { authKey, caller }: Credential,
    shown: ShownProof | undefined,
  ): Promise<{ readonly kind: 'binding'; readonly jkt: string | undefined } | Problem> {
    if (shown === undefined) {
      if (await this.wantsProof(caller.tenantId)) return proofInvalid(`the tenant's policy wants a DPoP proof`);
      return { kind: 'binding', jkt: undefined };
    }
    const proof = await readProof(shown, { now: this.parts.clock.now() });
    if (proof.kind === 'problem') return proof;
    if (proof.jkt !== thumbprint(toBase64url(authKey)))
      return proofInvalid('the key is not the auth key of the device');
    return this.takeOnce(proof) ?? { kind: 'binding', jkt: proof.jkt };
  }

  private takeOnce(proof: Proof): Problem | undefined {
    const taken = this.parts.seen.take(proof);
    if (taken === 'replayed') return proofInvalid('the proof was used before');
    return taken === 'full' ? problem('limited', 'too many proofs', { retryAfterMs: LIMITS.assertionSkew }) : undefined;
  }

  private async wantsProof(tenantId: TenantId): Promise<boolean> {
    return (await this.parts.tenants.policy(tenantId)).tokens === 'dpop';
  }

  private async issue(caller: Caller, now: number, jkt: string | undefined): Promise<string> {
    const { kid, privateKey } = await this.parts.keys.current();
    const seconds = Math.floor(now / 1000);
    return new SignJWT({ acc: caller.accountId, ten: caller.tenantId, ...(jkt === undefined ? {} : { cnf: { jkt } }) })
      .setProtectedHeader({ alg: 'EdDSA', typ: ACCESS_TOKEN_TYPE, kid })
      .setIssuer(this.parts.issuer)
      .setSubject(caller.deviceId)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFE_SECONDS)
      .sign(privateKey);
  }
}

function notActive(): Problem {
  return invalid('the device is not active, or the signature is not by its auth key');
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
  readonly iat: number;
  /** Of the key the token is bound to. */
  readonly jkt: string | undefined;
}

function claimsOf(payload: Uint8Array): AccessClaims | undefined {
  const claims = JSON.parse(new TextDecoder().decode(payload)) as Partial<AccessClaims> & { cnf?: { jkt?: string } };
  const { iss, sub, acc, ten, exp, iat, cnf } = claims;
  if (iss === undefined || sub === undefined || acc === undefined || ten === undefined) return undefined;
  if (exp === undefined || iat === undefined) return undefined;
  return isUuid(sub) && isUuid(acc) && isUuid(ten) ? { iss, sub, acc, ten, exp, iat, jkt: cnf?.jkt } : undefined;
}
