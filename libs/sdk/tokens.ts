import { importJWK, SignJWT } from 'jose';
import { TokenGranted } from '../protocol/bodies.js';
import { toBase64url } from '../protocol/bytes.js';
import { LIMITS } from '../protocol/limits.js';
import type { ServerClock } from './clock.js';
import { refusedBy, SottoError } from './errors.js';
import { call, type RestAddress } from './http.js';
import { makeProof } from './proof.js';
import { loadSelf, takeAssertionCounter, type Self } from './store/self.store.js';
import type { Store } from './store/store.js';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** A token this close to its end is not used for something new. */
const MARGIN = 60_000;
/** Far beyond what a restored store can lag behind, so that one jump is enough. */
const JUMP = 1_000_000;

/**
 * Access tokens by the JWT bearer grant (RFC 7523; IDENTITY "Tokens"). Every assertion carries a counter that is committed before it is
 * used. Every token is bound to the auth key (RFC 9449), whatever the tenant's policy is: one that is not is refused. A wrong clock is mended with the server's time, once; a replayed counter means that the store was restored or copied.
 */
export class Tokens {
  private current: { readonly token: string; readonly until: number } | undefined;
  private asking: Promise<string> | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: ServerClock,
    private readonly address: RestAddress,
    /** Called when the server has seen a later counter than this store: sessions must be given up. */
    private readonly onReplayed: () => Promise<void>,
  ) {}

  get(): Promise<string> {
    if (this.current !== undefined && this.clock.now() < this.current.until - MARGIN)
      return Promise.resolve(this.current.token);
    this.asking ??= this.ask().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  /** What goes with a request: a token that is bound to the auth key, and a proof for this request alone. */
  async credentials(asked: {
    readonly method: string;
    readonly url: string;
  }): Promise<{ readonly token: string; readonly headers: Readonly<Record<string, string>> }> {
    const token = await this.get();
    const proof = await this.proof({ ...asked, accessToken: token });
    return { token, headers: { authorization: `DPoP ${token}`, dpop: proof } };
  }

  /** Of the API, as proofs name it: under its public address, however it was reached. */
  urlOf(path: string): string {
    return this.self().issuer + (path.split('?')[0] ?? '');
  }

  /** The server said what time it is. */
  heal(serverTime: number): void {
    this.clock.heal(serverTime);
  }

  /** The token was refused: the next `get` asks for another. */
  drop(token: string): void {
    if (this.current?.token === token) this.current = undefined;
  }

  private self(): Self {
    const self = loadSelf(this.store);
    if (self === undefined) throw new TypeError('the store belongs to no device');
    return self;
  }

  private proof(of: { readonly method: string; readonly url: string; readonly accessToken?: string }): Promise<string> {
    return makeProof(this.self().auth, { ...of, now: this.clock.now(), host: this.address.host });
  }

  private async ask(): Promise<string> {
    let step = 1;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const answer = await this.grant(step);
      if (typeof answer === 'string') return answer;
      const { problem } = answer;
      if (problem?.code === 'clock_skew' && problem.serverTime !== undefined && attempt === 0)
        this.clock.heal(problem.serverTime);
      else if (problem?.code === 'assertion_replayed' && step === 1) {
        step = JUMP;
        await this.onReplayed();
      } else throw answer;
    }
    throw new SottoError('clock_skew');
  }

  private async grant(step: number): Promise<string | SottoError> {
    const self = this.self();
    const assertion = await this.assertion(
      self,
      this.store.transact((tx) => takeAssertionCounter(tx, step)),
    );
    const answer = await call(this.address, {
      method: 'POST',
      path: '/v1/token',
      body: new URLSearchParams({ grant_type: GRANT_TYPE, assertion }).toString(),
      contentType: 'application/x-www-form-urlencoded',
      credentials: { dpop: await this.proof({ method: 'POST', url: this.urlOf('/v1/token') }) },
    });
    if (answer.kind === 'refused') return refusedBy(answer.problem);
    const granted = TokenGranted.safeParse(answer.json());
    if (!granted.success) throw new SottoError('answer_unreadable');
    if (granted.data.token_type !== 'DPoP') throw new SottoError('token_not_bound');
    this.current = { token: granted.data.access_token, until: this.clock.now() + granted.data.expires_in * 1000 };
    return granted.data.access_token;
  }

  private async assertion(self: Self, n: number): Promise<string> {
    const { publicKey, privateKey } = self.auth;
    const key = await importJWK(
      { kty: 'OKP', crv: 'Ed25519', x: toBase64url(publicKey), d: toBase64url(privateKey) },
      'EdDSA',
    );
    const issuedAt = Math.floor(this.clock.now() / 1000);
    return new SignJWT({ n })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'sotto-assertion+jwt' })
      .setIssuer(self.deviceId)
      .setSubject(self.deviceId)
      .setAudience(self.issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIMITS.assertionLife / 1000)
      .sign(key);
  }
}
