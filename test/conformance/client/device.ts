import type { Account } from './account.js';
import { jws, newKey, oneTimeKeys, proof, registration, type DeviceKeys } from './keys.js';
import { ask, FORM, JSON_TYPE, patiently, PROTOBUF, type Answer, type Asked } from './rest.js';
import { Stream } from './stream.js';
import {
  COMPLETE,
  decode,
  DURABLE,
  encode,
  MESSAGE,
  SELECTED,
  uuidBytes,
  type Bundles,
  type Mismatch,
  type Recipient,
  type SendRequest,
} from './wire.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** One installation with real keys and no ratchet: ciphertext is whatever bytes a clause puts there. */
export class Device {
  registrationId = 1;
  private counter = 0;
  private bound: Promise<string> | undefined;

  constructor(
    readonly account: Account,
    readonly id: string,
    readonly keys: DeviceKeys,
  ) {}

  get bytes(): Buffer {
    return uuidBytes(this.id);
  }

  /** The access token, bound to the auth key; bought when first needed. */
  async token(): Promise<string> {
    this.bound ??= this.grant().then(({ json, status }) => {
      if (status !== 200) throw new Error(`no token: ${status} ${JSON.stringify(json)}`);
      return json['access_token'] as string;
    });
    return this.bound;
  }

  forgetToken(): void {
    this.bound = undefined;
  }

  /** Asks for a token. */
  async grant(): Promise<Answer> {
    return patiently(async () => this.askForToken());
  }

  /** With the next counter. */
  private async askForToken(): Promise<Answer> {
    const { api, issuer } = this.account.tenant.place;
    this.counter += 1;
    const now = Math.floor(Date.now() / 1000);
    const assertion = jws(
      this.keys.authPrivateKey,
      { typ: 'sotto-assertion+jwt' },
      { iss: this.id, sub: this.id, aud: issuer, iat: now, exp: now + 60, n: this.counter },
    );
    const dpop = proof(this.keys, { method: 'POST', url: `${issuer}/v1/token` });
    const body = new URLSearchParams({ grant_type: GRANT, assertion }).toString();
    return ask(api, { method: 'POST', path: '/v1/token', type: FORM, body, headers: { dpop } });
  }

  async ask(asked: Asked): Promise<Answer> {
    const { api, issuer } = this.account.tenant.place;
    const url = issuer + (asked.path.split('?')[0] ?? '');
    return ask(api, { ...asked, headers: { ...(await this.credentials(asked.method, url)), ...asked.headers } });
  }

  /** A stream on the gateway with this index; `ready` has not been read yet. */
  async connect(node = 0, options: { readonly autoPong?: boolean } = {}): Promise<Stream> {
    const { url, headers } = await this.upgrade(node);
    const stream = await Stream.open(url, headers, options);
    this.account.tenant.remember(stream);
    return stream;
  }

  /** What asks this gateway for a stream. */
  async upgrade(node = 0): Promise<{ readonly url: string; readonly headers: Record<string, string> }> {
    const { gateways, gateway } = this.account.tenant.place;
    const proved = `${gateway.replace(/^ws/, 'http')}/v1/stream`;
    return { url: `${gateways[node] ?? ''}/v1/stream`, headers: await this.credentials('GET', proved) };
  }

  /** A stream after `queue-empty`, when nothing waits. */
  async listen(node = 0): Promise<Stream> {
    const stream = await this.connect(node);
    await stream.next('queueEmpty');
    return stream;
  }

  /** The send over REST. */
  async post(request: SendRequest): Promise<Answer> {
    return this.postBytes(encode('SendRequest', request));
  }

  async postBytes(body: Uint8Array): Promise<Answer> {
    return this.ask({ method: 'POST', path: '/v1/messages', type: PROTOBUF, body });
  }

  /** To all devices of these accounts and the own others, as the kit knows them now. */
  letter(to: readonly Account[], text: string | Buffer, more: Partial<SendRequest> = {}): SendRequest {
    const accounts = to.includes(this.account) ? to : [...to, this.account];
    const all = accounts.map((account) => this.cover(account, text));
    return this.request(
      all.filter(({ envelopes }) => envelopes.length > 0),
      more,
    );
  }

  request(recipients: readonly Recipient[], more: Partial<SendRequest> = {}): SendRequest {
    const rest = { class: DURABLE, urgent: false, bundles: false, clientTimestamp: 0 };
    return { idempotencyKey: newKey(), ...rest, recipients, ...more };
  }

  /** All devices of one account but this one. */
  cover(account: Account, text: string | Buffer): Recipient {
    const envelopes = account.devices.filter((device) => device !== this).map((device) => device.envelope(text));
    return { accountId: uuidBytes(account.id), listVersion: account.listVersion, coverage: COMPLETE, envelopes };
  }

  /** Particular devices of one account: control envelopes. */
  select(account: Account, devices: readonly Device[], text: string | Buffer): Recipient {
    const envelopes = devices.map((device) => ({ ...device.envelope(text), control: true }));
    return { accountId: uuidBytes(account.id), listVersion: account.listVersion, coverage: SELECTED, envelopes };
  }

  /** For this device. */
  envelope(text: string | Buffer) {
    const { bytes: deviceId, registrationId } = this;
    return { deviceId, registrationId, kind: MESSAGE, control: false, content: Buffer.from(text) };
  }

  async fetchBundles(account: Account): Promise<Answer & { readonly bundles: Bundles['bundles'] }> {
    const answer = await patiently(async () => this.askForBundles(account));
    const bundles = answer.status === 200 ? decode<Bundles>('PrekeyBundles', answer.bytes).bundles : [];
    return { ...answer, bundles };
  }

  /** Once, whatever the answer is. */
  async askForBundles(account: Account): Promise<Answer> {
    return this.ask({ method: 'POST', path: `/v1/accounts/${account.id}/bundles`, type: JSON_TYPE, body: '{}' });
  }

  async upload(body: object): Promise<Answer> {
    return this.ask({ method: 'POST', path: '/v1/keys', type: PROTOBUF, body: encode('PrekeyUpload', body) });
  }

  async refill(firstId: number, count: number): Promise<Answer> {
    return this.upload(oneTimeKeys(this.keys, firstId, count));
  }

  /** New keys under another registration id, as after the loss of its sessions. */
  async reregister(registrationId: number, more: object = {}): Promise<Answer> {
    const { id: deviceId, keys } = this;
    const body = encode('DeviceRegistration', {
      ...registration({ deviceId, keys, registrationId, oneTime: 2 }),
      ...more,
    });
    const answer = await this.ask({ method: 'PUT', path: '/v1/keys/registration', type: PROTOBUF, body });
    if (answer.status === 200) this.registrationId = registrationId;
    return answer;
  }

  private async credentials(method: string, url: string): Promise<Record<string, string>> {
    const token = await this.token();
    return { authorization: `DPoP ${token}`, dpop: proof(this.keys, { method, url, token }) };
  }
}

/** What stands in the mismatch of a REST answer. */
export function mismatchOf(answer: Answer): Mismatch {
  const text = answer.json['mismatch'];
  if (typeof text !== 'string') throw new Error(`no mismatch in ${answer.status} ${JSON.stringify(answer.json)}`);
  return decode<Mismatch>('Mismatch', Buffer.from(text, 'base64url'));
}
