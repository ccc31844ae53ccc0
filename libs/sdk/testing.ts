import { decodeJwt } from 'jose';
import { equalBytes } from '../protocol/bytes.js';
import { decodeEnrolment, decodeSignedList, encodeDeviceChain, type DeviceChain } from '../protocol/chain-wire.js';
import { decodeDeviceList } from '../protocol/device-list.js';
import { decodeClientFrame, encodeServerFrame, type Envelope, type SendOutcome } from '../protocol/frames.js';
import type { Ack, Nack } from '../protocol/mail.js';
import {
  uuidToBytes,
  type AccountId,
  type DeviceId,
  type ListVersion,
  type Sequence,
  type TenantId,
} from '../protocol/ids.js';
import {
  decodePrekeyUpload,
  encodePrekeyBundles,
  type DeviceRegistration,
  type PrekeyBundle,
} from '../protocol/prekeys.js';
import { problem } from '../protocol/problems.js';
import type { Recipient, SendRequest } from '../protocol/send-request.js';
import {
  newId,
  nodeHost,
  type Host,
  type HttpAnswer,
  type HttpRequest,
  type Socket,
  type SocketOptions,
} from './host.js';
import { plain, sha256 } from './crypto.js';
import { bringBack, reregister, type FakeAccount, type FakeDevice } from './testing-rows.js';
import { FakeRelay, ok, okJson, refusal, type FakeStream } from './testing-relay.js';

const URL_BASE = 'http://fake.test';
const PREFIX = 'DPoP token:';

/**
 * A server in memory behind a `Host`, for the rules of the SDK alone: it keeps lists, keys and mail and checks device lists as D3 says,
 * but no signature, so that tests can make it lie. The real server is met in the stories.
 */
export class FakeServer {
  readonly tenantId = newId<TenantId>(nodeHost);
  readonly accounts = new Map<AccountId, FakeAccount>();
  readonly devices = new Map<DeviceId, FakeDevice>();
  readonly accepted = new Map<string, SendRequest>();
  readonly warnings: string[] = [];
  /** Added to the clock of this server; clients keep the true one. */
  skew = 0;
  /** Swallows the next so many answers to sends and cuts the connection, after having stored them. */
  loseAnswers = 0;
  readonly nacks: Nack[] = [];
  readonly histories: DeviceChain[] = [];
  /** Runs before a history is taken; what it returns is answered in its place. */
  onHistory: () => Promise<HttpAnswer | undefined> = () => Promise.resolve(undefined);
  readonly acks: Ack[] = [];
  /** Answers every send, as long as it is set. */
  refusing: SendOutcome | undefined;
  incarnation = new Uint8Array(8);
  online = true;
  /** Where sockets are served, and nowhere else. */
  gateway = 'ws://fake.test';
  /** The policy. */
  trust: 'first-use' | 'address' | 'verified' = 'first-use';
  demo = false;
  /** Changes a chain on its way out. */
  lie: (chain: DeviceChain) => DeviceChain = (chain) => chain;
  readonly relay = new FakeRelay();

  readonly host: Host = {
    ...nodeHost,
    delay: (ms, signal) => nodeHost.delay(ms > 60_000 ? ms : Math.min(ms, 5), signal),
    warn: (line) => void this.warnings.push(line),
    fetch: (url, request) => (this.online ? this.answer(url, request) : Promise.reject(new Error('offline'))),
    openSocket: (url, options) =>
      this.online && url.startsWith(`${this.gateway}/`)
        ? Promise.resolve(this.socket(url, options))
        : Promise.reject(new Error('offline')),
  };

  get url(): string {
    return URL_BASE;
  }

  now(): number {
    return nodeHost.now() + this.skew;
  }

  cut(deviceId: DeviceId, code = 1006): void {
    this.devices.get(deviceId)?.stream?.end(code);
  }

  revoke(accountId: AccountId, deviceId: DeviceId): void {
    const account = this.accounts.get(accountId);
    if (account === undefined) return;
    account.tombstones.push({ deviceId, day: 1, reason: 'owner' });
    account.listVersion = (account.listVersion + 1) as ListVersion;
    this.cut(deviceId, 4403);
    this.tell(account);
  }

  chain(accountId: AccountId, from = { epoch: 1, version: 1 }): DeviceChain | undefined {
    const account = this.accounts.get(accountId);
    if (account === undefined) return undefined;
    const lists = account.lists.filter(({ bytes }) => {
      const { epoch, version } = decodeDeviceList(bytes) ?? { epoch: 0, version: 0 };
      return epoch > from.epoch || (epoch === from.epoch && version >= from.version);
    });
    return this.lie({ accountId, listVersion: account.listVersion, lists, tombstones: [...account.tombstones] });
  }

  tell({ accountId, listVersion }: FakeAccount): void {
    const frame = { kind: 'devices-changed', listVersion } as const;
    for (const deviceId of this.active(accountId)) this.devices.get(deviceId)?.stream?.say(frame);
  }

  private active(accountId: AccountId): readonly DeviceId[] {
    const account = this.accounts.get(accountId);
    const entries = decodeDeviceList(account?.lists.at(-1)?.bytes ?? new Uint8Array())?.entries ?? [];
    return entries
      .map(({ deviceId }) => deviceId)
      .filter((id) => account?.tombstones.every((stone) => stone.deviceId !== id) === true);
  }

  private accountOf(deviceId: DeviceId): FakeAccount | undefined {
    return [...this.accounts.values()].find(({ accountId }) => this.active(accountId).includes(deviceId));
  }

  private addDevice(registration: DeviceRegistration): void {
    const { oneTime, kyber } = registration.prekeys;
    this.devices.set(registration.deviceId, {
      registration,
      oneTime: [...oneTime],
      kyber: [...kyber],
      counter: 0,
      sequence: 0,
      mail: [],
      stream: undefined,
    });
  }

  // ── REST ──

  private async answer(url: string, request: HttpRequest): Promise<HttpAnswer> {
    await Promise.resolve();
    const { pathname, searchParams } = new URL(url);
    const body =
      typeof request.body === 'string' ? new TextEncoder().encode(request.body) : (request.body ?? new Uint8Array());
    const token = request.headers['authorization']?.slice(PREFIX.length) as DeviceId | undefined;
    const route = `${request.method} ${pathname.replace(/[0-9a-f-]{36}/, ':id')}`;
    const id = /[0-9a-f-]{36}/.exec(pathname)?.[0] ?? '';
    switch (route) {
      case 'GET /v1/server':
        return okJson({ issuer: URL_BASE, gateway: this.gateway, version: '0', serverTime: this.now() });
      case 'POST /v1/invitations/lookup':
        return okJson({ tenantId: this.tenantId, tenantName: 'fake', accountId: null, expiresAt: 0, demo: this.demo });
      case 'POST /v1/enrolments':
        return this.enrol(body);
      case 'POST /v1/token':
        return this.grant(new URLSearchParams(new TextDecoder().decode(body)).get('assertion') ?? '');
      case 'GET /v1/accounts/:id/devices': {
        const chain = this.chain(id as AccountId, {
          epoch: Number(searchParams.get('epoch')),
          version: Number(searchParams.get('from')),
        });
        return chain === undefined ? refusal(problem('not_found', 'no such account')) : ok(encodeDeviceChain(chain));
      }
      case 'GET /v1/policy':
        return okJson({ trust: this.trust, linking: 'user', demo: this.demo });
      case 'GET /v1/pending-devices/:id':
        return this.relay.stateOf(id as DeviceId);
      case 'POST /v1/accounts/:id/bundles':
        return this.bundles(
          id as AccountId,
          (JSON.parse(new TextDecoder().decode(body)) as { devices: DeviceId[] }).devices,
        );
      case 'POST /v1/devices/lists':
        return this.storeList(body);
      case 'POST /v1/devices/history':
        return (await this.onHistory()) ?? bringBack(body, this.accounts, this.histories);
      case 'DELETE /v1/devices/:id':
        this.revoke(this.accountOf(token as DeviceId)?.accountId as AccountId, id as DeviceId);
        return okJson({ listVersion: 0 });
      case 'POST /v1/keys':
        return this.upload(token as DeviceId, body);
      case 'PUT /v1/keys/registration':
        return reregister(this.devices.get(token as DeviceId), body);
      default:
        return refusal(problem('not_found', route));
    }
  }

  private enrol(body: Uint8Array): HttpAnswer {
    const enrolment = decodeEnrolment(body);
    const list = decodeDeviceList(enrolment?.list.bytes ?? new Uint8Array());
    if (enrolment === undefined || list === undefined) return refusal(problem('malformed', 'enrolment'));
    if (enrolment.code !== 'code') return refusal(problem('invitation_invalid', 'unknown'));
    const { accountId } = list;
    this.accounts.set(accountId, { accountId, lists: [enrolment.list], tombstones: [], listVersion: 1 as ListVersion });
    this.addDevice(enrolment.registration);
    return okJson({ tenantId: this.tenantId, accountId, deviceId: enrolment.registration.deviceId, listVersion: 1 });
  }

  private grant(assertion: string): HttpAnswer {
    const { sub, n, iat } = decodeJwt<{ n: number }>(assertion);
    const device = this.devices.get(sub as DeviceId);
    if (device === undefined || this.accountOf(sub as DeviceId) === undefined)
      return refusal(problem('assertion_invalid', 'unknown device'));
    if (Math.abs((iat ?? 0) * 1000 - this.now()) > 120_000)
      return refusal(problem('clock_skew', 'off', { serverTime: this.now() }));
    if (n <= device.counter) return refusal(problem('assertion_replayed', 'again'));
    device.counter = n;
    return okJson({ access_token: `token:${String(sub)}`, token_type: 'DPoP', expires_in: 600 });
  }

  private bundles(accountId: AccountId, wanted: readonly DeviceId[]): HttpAnswer {
    const bundles = this.active(accountId)
      .filter((id) => wanted.includes(id))
      .map((id) => this.take(id));
    return ok(
      encodePrekeyBundles({
        accountId,
        listVersion: this.accounts.get(accountId)?.listVersion ?? (0 as ListVersion),
        bundles,
      }),
    );
  }

  take(deviceId: DeviceId): PrekeyBundle {
    const device = this.devices.get(deviceId);
    if (device === undefined) throw new TypeError('no such device');
    const { prekeys, authKey: _authKey, ...registration } = device.registration;
    return {
      ...registration,
      signedPrekey: prekeys.signedPrekey,
      kyber: device.kyber.shift() ?? prekeys.lastResort,
      oneTime: device.oneTime.shift(),
    };
  }

  private storeList(body: Uint8Array): HttpAnswer {
    const signed = decodeSignedList(body);
    const list = decodeDeviceList(signed?.bytes ?? new Uint8Array());
    const account = list === undefined ? undefined : this.accounts.get(list.accountId);
    if (signed === undefined || list === undefined || account === undefined)
      return refusal(problem('invalid_list', 'no list'));
    const last = account.lists.at(-1);
    if (last !== undefined && !equalBytes(list.previousHash, sha256(last.bytes)))
      return refusal(problem('list_conflict', 'another list was first'));
    account.lists.push(signed);
    account.listVersion = (account.listVersion + 1) as ListVersion;
    for (const registration of this.relay.activated()) this.addDevice(registration);
    this.tell(account);
    return okJson({ listVersion: account.listVersion });
  }

  private upload(deviceId: DeviceId, body: Uint8Array): HttpAnswer {
    const upload = decodePrekeyUpload(body);
    const device = this.devices.get(deviceId);
    if (upload === undefined || device === undefined) return refusal(problem('malformed', 'upload'));
    device.oneTime.push(...upload.oneTime);
    device.kyber.push(...upload.kyber);
    const { signedPrekey, lastResort } = upload;
    if (signedPrekey !== undefined && lastResort !== undefined) {
      device.registration = {
        ...device.registration,
        prekeys: { ...device.registration.prekeys, signedPrekey, lastResort },
      };
    }
    return okJson({ oneTime: device.oneTime.length, kyber: device.kyber.length, low: false });
  }

  // ── WebSocket ──

  private socket(url: string, options: SocketOptions): Socket {
    let open = true;
    const deviceId = (options.headers['authorization'] ?? '').slice(PREFIX.length) as DeviceId;
    const later = (work: () => void): void => {
      setImmediate(() => {
        if (open) work();
      });
    };
    const stream: FakeStream = {
      deviceId,
      say: (frame) => {
        later(() => {
          options.onMessage(plain(encodeServerFrame(frame)));
        });
      },
      end: (code) => {
        later(() => {
          open = false;
          this.relay.left(stream);
          options.onClose(code, '');
        });
      },
    };
    const close = (): void => {
      stream.end(1000);
    };
    const send = (frame: Uint8Array): void => {
      later(() => {
        this.hear(stream, frame);
      });
    };
    if (url.endsWith('/v1/link')) this.relay.open(stream, this.now() + 120_000);
    else this.attach(stream);
    return { send, close, terminate: close, pause: () => undefined, resume: () => undefined };
  }

  private attach(stream: FakeStream): void {
    const device = this.devices.get(stream.deviceId);
    const account = this.accountOf(stream.deviceId);
    if (device === undefined || account === undefined) {
      stream.end(4403);
      return;
    }
    device.stream = stream;
    const stock = { oneTime: device.oneTime.length, kyber: device.kyber.length, low: device.oneTime.length < 20 };
    stream.say({
      kind: 'ready',
      ready: {
        incarnation: this.incarnation,
        serverTime: this.now(),
        head: device.sequence,
        stock,
        listVersion: account.listVersion,
        maxUnacked: 256,
      },
    });
    if (device.mail.length > 0) stream.say({ kind: 'deliveries', envelopes: [...device.mail] });
    stream.say({ kind: 'queue-empty' });
  }

  private hear(stream: FakeStream, bytes_: Uint8Array): void {
    const frame = decodeClientFrame(bytes_);
    if (frame.kind === 'send') {
      const outcome = this.refusing ?? this.accept(stream.deviceId, frame.request);
      if (this.loseAnswers > 0) {
        this.loseAnswers -= 1;
        stream.end(1006);
      } else stream.say({ kind: 'answer', id: frame.id, outcome });
    } else if (frame.kind === 'acks') this.acked(stream.deviceId, frame.acks);
    else if (frame.kind === 'nack') this.nacks.push(frame.nack);
    else if (frame.kind === 'link') this.relay.hear(stream, frame.link);
    else throw new TypeError(`the client sent ${frame.kind}`);
  }

  private acked(deviceId: DeviceId, acks: readonly Ack[]): void {
    this.acks.push(...acks);
    const device = this.devices.get(deviceId);
    if (device !== undefined)
      device.mail = device.mail.filter(({ sequence }) => !acks.some((ack) => ack.sequence === sequence));
  }

  private accept(sender: DeviceId, request: SendRequest): SendOutcome {
    if (this.accepted.has(request.idempotencyKey)) return { kind: 'accepted', acceptedAt: this.now() };
    const mismatched = request.recipients.flatMap((recipient) => this.mismatch(recipient, sender));
    if (mismatched.length > 0) return { kind: 'mismatch', mismatched, unknown: [], closed: [], bundles: [] };
    this.accepted.set(request.idempotencyKey, request);
    for (const recipient of request.recipients) this.deliver(sender, recipient);
    return { kind: 'accepted', acceptedAt: this.now() };
  }

  private mismatch({ accountId, envelopes, listVersion }: Recipient, sender: DeviceId) {
    const active = this.active(accountId).filter((id) => id !== sender);
    const named = envelopes.map(({ deviceId }) => deviceId);
    const current = this.accounts.get(accountId)?.listVersion ?? (0 as ListVersion);
    const missing = active.filter((id) => !named.includes(id));
    const extra = named.filter((id) => !active.includes(id));
    const stale = envelopes
      .filter((each) => this.devices.get(each.deviceId)?.registration.registrationId !== each.registrationId)
      .map(({ deviceId }) => deviceId);
    const wrong = missing.length + extra.length + stale.length > 0 || listVersion !== current;
    return wrong ? [{ accountId, listVersion: current, missing, extra, stale }] : [];
  }

  private deliver(sender: DeviceId, { envelopes }: Recipient): void {
    const senderAccount = uuidToBytes(this.accountOf(sender)?.accountId ?? '');
    for (const { deviceId, registrationId, kind, control, content } of envelopes)
      this.put(deviceId, { registrationId, kind, control, senderAccount, senderDevice: uuidToBytes(sender), content });
  }

  put(deviceId: DeviceId, envelope: Omit<Envelope, 'sequence' | 'id' | 'acceptedAt'>): void {
    const device = this.devices.get(deviceId);
    if (device === undefined) throw new TypeError('no such device');
    const sequence = (device.sequence += 1) as Sequence;
    const stored: Envelope = { ...envelope, sequence, id: nodeHost.random(8), acceptedAt: this.now() };
    device.mail.push(stored);
    device.stream?.say({ kind: 'deliveries', envelopes: [stored] });
  }
}
