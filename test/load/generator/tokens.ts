import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { testProof } from '../../../libs/auth/testing.js';
import { FORM } from '../../world/ask.js';
import type { Player } from '../people.js';
import { post, type HttpRequest } from './http.js';
import { inParallel } from './wire.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** They live ten minutes. */
const OLD_MS = 6 * 60_000;
const AT_ONCE = 16;

/** Access tokens of all players, each bound to its device's auth key; every use brings a proof, as the SDK's do. */
export class Tokens {
  /** By auth key, as the keys are: a device may be given another one, and be played again. */
  private readonly held = new Map<string, { readonly token: string; readonly at: number }>();
  private readonly keys = new Map<string, KeyObject>();
  /** A device's counter must rise from grant to grant, also over several generators. */
  private counter = Date.now() * 1_000;

  constructor(
    private readonly api: string,
    private readonly gatewayUrl: string,
  ) {}

  /** So that none of these asks for one within the next minutes. */
  async renew(players: readonly Player[]): Promise<void> {
    const now = performance.now();
    const needy = players.filter(({ authKey }) => now - (this.held.get(authKey)?.at ?? -Infinity) > OLD_MS);
    await inParallel(needy, AT_ONCE, async (player) => {
      const { status, body } = await post(await this.grantRequest(player));
      if (status !== 200) throw new Error(`a token was refused with ${String(status)}: ${body.toString()}`);
      const { access_token: token } = JSON.parse(body.toString()) as { readonly access_token: string };
      this.held.set(player.authKey, { token, at: performance.now() });
    });
  }

  /** Good for a minute. */
  async grantRequest(player: Player): Promise<HttpRequest> {
    const url = `${this.api}/v1/token`;
    const key = this.keyOf(player);
    const body = new URLSearchParams({ grant_type: GRANT, assertion: await this.assertion(player) }).toString();
    return {
      url,
      body,
      headers: { 'content-type': FORM, dpop: await testProof(key, { method: 'POST', url, now: Date.now() }) },
    };
  }

  async upgradeHeaders(player: Player): Promise<Record<string, string>> {
    return this.headers(player, { method: 'GET', url: `${this.gatewayUrl.replace(/^ws/, 'http')}/v1/stream` });
  }

  async headers(
    player: Player,
    of: { readonly method: string; readonly url: string },
  ): Promise<Record<string, string>> {
    const accessToken = this.held.get(player.authKey)?.token;
    if (accessToken === undefined) throw new Error('this player has no token');
    const dpop = await testProof(this.keyOf(player), { ...of, now: Date.now(), accessToken });
    return { authorization: `DPoP ${accessToken}`, dpop };
  }

  private async assertion(player: Player): Promise<string> {
    this.counter += 1;
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ n: this.counter })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'sotto-assertion+jwt' })
      .setIssuer(player.deviceId)
      .setSubject(player.deviceId)
      .setAudience(this.api)
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .sign(this.keyOf(player));
  }

  private keyOf({ authKey }: Player): KeyObject {
    const key =
      this.keys.get(authKey) ?? createPrivateKey({ key: Buffer.from(authKey, 'base64'), format: 'der', type: 'pkcs8' });
    this.keys.set(authKey, key);
    return key;
  }
}
