import { testAssertion, testProof } from '../../libs/auth/testing.js';
import { encodeDeviceRegistration } from '../../libs/protocol/prekeys.js';
import { newKey, nodeHost } from '../../libs/sdk/host.js';
import type { RegistrationId } from '../../libs/protocol/ids.js';
import { encodeSendRequest, type Recipient, type SendRequest } from '../../libs/protocol/send-request.js';
import { registrationOf, type TestDevice } from '../../libs/signal/testing.js';
import { ask, FORM, PROTOBUF, type Answer, type Asked } from './ask.js';
import type { Place } from './installation.js';
import { Line } from './line.js';
import type { RawPerson } from './raw-person.js';

interface About {
  readonly issuer: string;
  readonly gateway: string;
}

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * A device with real keys and no ratchet: it says over REST and frames whatever a story makes it say, and takes opaque bytes for
 * ciphertext. Its tokens are bound to its auth key, and each request and upgrade brings a proof, as the SDK's do.
 */
export class RawDevice {
  registrationId = 1 as RegistrationId;
  private counter = 0;
  private token: string | undefined;
  private about: About | undefined;
  private readonly lines: Line[] = [];

  constructor(
    readonly person: RawPerson,
    readonly keys: TestDevice,
    private readonly place: Place,
  ) {}

  get id() {
    return this.keys.deviceId;
  }

  /** The bound token it was first given. */
  async accessToken(): Promise<string> {
    this.token ??= await this.freshToken();
    return this.token;
  }

  /** The next request asks for another one. */
  forgetToken(): void {
    this.token = undefined;
  }

  async freshToken(): Promise<string> {
    const { json } = await this.grant();
    if (json?.['access_token'] === undefined) throw new Error(`no token: ${JSON.stringify(json)}`);
    return json['access_token'] as string;
  }

  /** Asks for a token with the next counter; `headers` in place of the proof that an honest device brings. */
  async grant(headers?: Readonly<Record<string, string>>): Promise<Answer> {
    const body = new URLSearchParams({ grant_type: GRANT, assertion: await this.assertion() }).toString();
    const shown = headers ?? { dpop: await this.tokenProof() };
    return ask(this.place.api, { method: 'POST', path: '/v1/token', type: FORM, body, headers: shown });
  }

  /** For one request of a token. */
  async tokenProof(): Promise<string> {
    return this.proof({ method: 'POST', url: `${(await this.server()).issuer}/v1/token` });
  }

  /** With the next counter, good for a minute. */
  async assertion(): Promise<string> {
    this.counter += 1;
    const { issuer } = await this.server();
    const of = { deviceId: this.id, issuer, n: this.counter, now: Date.now() };
    return testAssertion(this.keys.authPrivateKey, of);
  }

  /** By its auth key; `claims` and `header` replace what an honest one says. */
  async proof(of: Omit<Parameters<typeof testProof>[1], 'now'>): Promise<string> {
    return testProof(this.keys.authPrivateKey, { ...of, now: Date.now() });
  }

  /** Its token and a proof for one request to the API. */
  async credentials({ method, path }: Pick<Asked, 'method' | 'path'>): Promise<Readonly<Record<string, string>>> {
    const url = (await this.server()).issuer + (path.split('?')[0] ?? '');
    return this.shown({ method, url });
  }

  /** Its token and a proof for one upgrade, on whichever gateway. */
  async upgrade(): Promise<Readonly<Record<string, string>>> {
    return this.shown({ method: 'GET', url: `${(await this.server()).gateway.replace(/^ws/, 'http')}/v1/stream` });
  }

  async ask(asked: Omit<Asked, 'token'>): Promise<Answer> {
    return ask(this.place.api, { ...asked, headers: { ...(await this.credentials(asked)), ...asked.headers } });
  }

  /** Over REST. */
  async post(request: SendRequest): Promise<Answer> {
    return this.ask({ method: 'POST', path: '/v1/messages', type: PROTOBUF, body: encodeSendRequest(request) });
  }

  /** A stream on the gateway with this index, counted round; `ready` has not been read yet. */
  async connect(gateway = 0): Promise<Line> {
    const { gateways } = this.place;
    const line = await Line.open(`${gateways[gateway % gateways.length] ?? ''}/v1/stream`, await this.upgrade());
    this.lines.push(line);
    await line.begun();
    return line;
  }

  /** To all devices of these people and the own others, as the world knows them now. */
  letter(to: readonly RawPerson[], text: string, more: Partial<SendRequest> = {}): SendRequest {
    const people = to.includes(this.person) ? to : [...to, this.person];
    const recipients = people.map((person) => this.cover(person, text)).filter(({ envelopes }) => envelopes.length > 0);
    return {
      idempotencyKey: newKey(nodeHost, Date.now()),
      class: 'durable',
      urgent: false,
      bundles: false,
      clientTimestamp: 0,
      recipients,
      ...more,
    };
  }

  cover(person: RawPerson, text: string): Recipient {
    const devices = person.devices.filter((device) => device !== this);
    return {
      accountId: person.accountId,
      listVersion: person.listVersion,
      coverage: 'complete',
      envelopes: devices.map(({ id, registrationId }) => ({
        deviceId: id,
        registrationId,
        kind: 2,
        control: false,
        content: Buffer.from(text),
      })),
    };
  }

  /** New keys under another registration id, as after the loss of its sessions. */
  async reregister(registrationId: number): Promise<Answer> {
    const registration = registrationOf(this.keys, { registrationId });
    this.registrationId = registrationId as RegistrationId;
    return this.ask({
      method: 'PUT',
      path: '/v1/keys/registration',
      type: PROTOBUF,
      body: encodeDeviceRegistration(registration),
    });
  }

  private async shown(of: {
    readonly method: string;
    readonly url: string;
  }): Promise<Readonly<Record<string, string>>> {
    const accessToken = await this.accessToken();
    return { authorization: `DPoP ${accessToken}`, dpop: await this.proof({ ...of, accessToken }) };
  }

  private async server(): Promise<About> {
    this.about ??= (await ask(this.place.api, { method: 'GET', path: '/v1/server' })).json as unknown as About;
    return this.about;
  }

  async close(): Promise<void> {
    await Promise.all(this.lines.filter((line) => line.isOpen).map(async (line) => line.close()));
  }
}

export function textOf({ content }: { readonly content: Uint8Array }): string {
  return Buffer.from(content).toString();
}
