import { equalBytes } from '../protocol/bytes.js';
import { verifyNextList, type SignedList } from '../protocol/device-chain.js';
import { decodeDeviceList, statementBytes } from '../protocol/device-list.js';
import { deviceFingerprint } from '../protocol/fingerprint.js';
import { decodeServerFrame, encodeClientFrame } from '../protocol/frames.js';
import type { AccountId, ListVersion, TenantId } from '../protocol/ids.js';
import type { LinkStep } from '../protocol/link-frames.js';
import {
  decodeLinkAccount,
  decodeLinkDone,
  encodeLinkHello,
  encodeLinkStatement,
  type LinkDone,
} from '../protocol/link-messages.js';
import { LIMITS } from '../protocol/limits.js';
import { formatLinkText } from '../protocol/link-text.js';
import { chainCrypto, sha256, sign } from './crypto.js';
import { newDevice } from './enrol.js';
import { refusedBy, SottoError, sottoError } from './errors.js';
import { SocketRefused, type Host, type Socket } from './host.js';
import { judgeChain } from './judge-chain.js';
import { openLink, sealLink, type LinkSecret } from './link-seal.js';
import { awaitLink, settleRefused } from './link-settle.js';
import { LinkSteps } from './link-steps.js';
import { makeRegistration, settleUpload } from './prekeys.js';
import { serverInfo } from './rest.js';
import { saveAccount, type HeldAccount } from './store/accounts.store.js';
import { saveDeviceName } from './store/confirmed.store.js';
import { insertSelf, linkingUntil, saveLinkingUntil, settleLinking, type Self } from './store/self.store.js';
import type { Store } from './store/store.js';

/** The account that the old device has shown and proved with its whole chain; the person compares it before `finish`. */
export interface ShownAccount {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly accountKey: Uint8Array;
  readonly devices: number;
}

export interface OpenLinkOptions {
  readonly host: Host;
  /** URL of the API. */
  readonly server: string;
  /** Shown on the old device: what this is, for example `linux`, and what the person calls it. */
  readonly platform: string;
  readonly name: string;
}

export interface FinishOptions {
  /** An admin is asked now, until then (milliseconds since the epoch); the fingerprint is what they compare. */
  readonly onWaiting?: ((waiting: { readonly until: number; readonly fingerprint: string }) => void) | undefined;
  /** Ends the waiting with `link_waiting`; the store is kept, and opening it goes on. */
  readonly signal?: AbortSignal | undefined;
}

const NEVER = new AbortController().signal;

type Proved = ShownAccount & { readonly held: HeldAccount };

/**
 * The new side of linking. States: opened (the text can be shown) -> account (claimed, hello sent, chain verified) -> finish (statement,
 * registration, list n+1) -> over. Only `finish` writes.
 */
export class NewLink {
  private proved: Proved | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly steps: LinkSteps,
    private readonly link: LinkSecret,
    private readonly device: ReturnType<typeof newDevice>,
    private readonly options: OpenLinkOptions & { readonly issuer: string; readonly gateway: string },
    /** To show as text or QR code; good once, until then (milliseconds since the epoch, by the server's clock). */
    readonly expiresAt: number,
  ) {}

  static async open(options: OpenLinkOptions): Promise<NewLink> {
    const { host, server } = options;
    const info = await serverInfo({ host, server });
    const steps = new LinkSteps();
    const session = Promise.withResolvers<Uint8Array>();
    session.promise.catch(() => undefined);
    const socket = await openSocket(host, info.gateway, {
      onMessage: (bytes) => {
        const frame = decodeServerFrame(bytes);
        if (frame?.kind === 'problem') steps.fail(refusedBy(frame.problem));
        if (frame?.kind !== 'link') return;
        session.resolve(frame.link.session);
        steps.push(frame.link);
      },
      onClose: (code, reason) => {
        steps.fail(new SottoError('link_ended', { detail: `${String(code)} ${reason}` }));
      },
    });
    const { expiresAt } = await steps.expect('opened');
    const link = { session: await session.promise, secret: host.random(32) };
    return new NewLink(socket, steps, link, newDevice(host), { ...options, ...info }, expiresAt);
  }

  /** The link text: show it only on this device; whoever reads it can answer it. */
  get text(): string {
    return formatLinkText({
      server: this.options.server,
      session: this.link.session,
      secret: this.link.secret,
      expiresAt: this.expiresAt,
    });
  }

  /** Waits until an old device has claimed the session, and verifies what it shows. Throws the `link_*` errors. */
  async account(): Promise<ShownAccount> {
    if (this.proved !== undefined) return this.proved;
    this.proved = await this.orCancel(() => this.meet());
    return this.proved;
  }

  private async meet(): Promise<Proved> {
    await this.steps.expect('claimed');
    const { device, options } = this;
    this.sealed(
      'hello',
      encodeLinkHello({
        deviceId: device.deviceId,
        identityKey: device.identity.publicKey,
        authKey: device.auth.publicKey,
        platform: options.platform,
        name: options.name,
      }),
    );
    return this.prove(await this.fromOld('account'));
  }

  /**
   * After the person has said yes. What is needed to be this device is on disk before its statement goes out: from then on the old device may
   * have it listed at any moment, whatever happens to this one. Without the old device's last word the server is asked (`awaitLink`).
   */
  async finish(store: Store, { onWaiting, signal }: FinishOptions = {}): Promise<void> {
    const { proved } = this;
    if (proved === undefined) throw new TypeError('account() comes first');
    const self: Self = {
      ...this.device,
      ...this.place(),
      tenantId: proved.tenantId,
      accountId: proved.accountId,
      accountKey: new Uint8Array(proved.accountKey),
      accountPrivate: undefined,
    };
    try {
      await this.register(store, self, proved);
      const done = await this.fromDone();
      if (done.kind === 'linked') {
        this.settle(store, this.accept(proved, done));
        return;
      }
      onWaiting?.({ until: done.until, fingerprint: this.fingerprint });
    } catch (error) {
      const failure = sottoError(error);
      if (failure === undefined || linkingUntil(store) === undefined) throw error;
      this.cancel();
      // The old device says no only when it is certain; anything else leaves open what it has done.
      if (failure.code === 'link_refused') await settleRefused(store, this.options.host, failure);
      else await awaitLink(store, this.options.host, { failure, signal: signal ?? NEVER });
      return;
    } finally {
      this.socket.close();
    }
    await awaitLink(store, this.options.host, { signal: signal ?? NEVER });
  }

  /** Of this device's identity key: the same stands on the old device and, where an admin is asked, on theirs. */
  get fingerprint(): string {
    const { deviceId, identity } = this.device;
    return deviceFingerprint({ deviceId, identityKey: identity.publicKey }, sha256);
  }

  private settle(store: Store, held: HeldAccount): void {
    store.transact((tx) => {
      settleLinking(tx);
      saveAccount(tx, held);
    });
  }

  /** A side that gives up leaves, so that the other does not wait for it. */
  private async orCancel<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.cancel();
      throw error;
    }
  }

  /** Ends the session; nothing was stored. */
  cancel(): void {
    this.socket.close();
  }

  private async register(store: Store, self: Self, { held }: Proved): Promise<void> {
    const { host, name } = this.options;
    const registration = store.transact((tx) => {
      insertSelf(tx, self);
      saveDeviceName(tx, self.deviceId, name);
      const made = makeRegistration(tx, self, host.now());
      settleUpload(tx, made.prekeys, host.now());
      return made;
    });
    this.say({ step: 'register', registration });
    const { approvalUntil } = await this.steps.expect('registered');
    store.transact((tx) => {
      saveAccount(tx, held);
      saveLinkingUntil(tx, approvalUntil ?? host.now() + LIMITS.linkSessionLife);
    });
    const statement = statementBytes({ ...self, identityKey: self.identity.publicKey, authKey: self.auth.publicKey });
    this.sealed('statement', encodeLinkStatement(sign(self.identity.privateKey, statement)));
  }

  private async fromDone(): Promise<Exclude<LinkDone, { readonly kind: 'refused' }>> {
    const done = decodeLinkDone(await this.fromOld('done'));
    if (done === undefined) throw new SottoError('link_not_authentic', { detail: 'done' });
    if (done.kind === 'refused') throw new SottoError('link_refused', { detail: done.reason });
    return done;
  }

  private place(): Pick<Self, 'server' | 'issuer' | 'gateway'> {
    const { server, issuer, gateway } = this.options;
    return { server, issuer, gateway };
  }

  /** The chain of the shown account, verified from list 1 and bound to the account key that came sealed. */
  private prove(message: Uint8Array): Proved {
    const shown = decodeLinkAccount(message);
    if (shown === undefined) throw new SottoError('link_not_authentic', { detail: 'account' });
    const { tenantId, accountId, accountKey, chain } = shown;
    const verdict = judgeChain({ accountId, tenantId, chain, held: undefined, pin: undefined, ownersOf: () => [] });
    if (verdict.kind === 'refused') throw new SottoError('link_wrong_account', { detail: verdict.code });
    const held: HeldAccount = { ...verdict.account, trust: 'address' };
    if (!equalBytes(held.last.list.accountKey, accountKey))
      throw new SottoError('link_wrong_account', { detail: 'account key' });
    const removed = new Set(held.tombstones.map(({ deviceId }) => deviceId));
    const devices = held.last.list.entries.filter(({ deviceId }) => !removed.has(deviceId)).length;
    return { tenantId, accountId, accountKey, devices, held };
  }

  /**
   * List n+1 must follow the proved chain and name this device. When other lists came in between, the chain up to the proved one is kept
   * and the client verifies the rest at its first connection; the sealed answer of the old device says that there is more.
   */
  private accept(
    proved: Proved,
    { list, listVersion }: { readonly list: SignedList; readonly listVersion: ListVersion },
  ): HeldAccount {
    const { held } = proved;
    const next = decodeDeviceList(list.bytes);
    const entry = next?.entries.find(({ deviceId }) => deviceId === this.device.deviceId);
    if (next === undefined || entry === undefined || !equalBytes(entry.identityKey, this.device.identity.publicKey)) {
      throw new SottoError('link_wrong_account', { detail: 'the list does not name this device' });
    }
    if (next.version > held.last.list.version + 1 || listVersion !== held.listVersion + 1)
      return { ...held, wanted: listVersion };
    const tombstoned = new Set(held.tombstones.map(({ deviceId }) => deviceId));
    const context = { tenantId: proved.tenantId, accountId: proved.accountId, tombstoned };
    const verdict = verifyNextList({ previous: held.last, signed: list, context, crypto: chainCrypto });
    if (verdict.kind === 'invalid') throw new SottoError('link_wrong_account', { detail: verdict.fault });
    return { ...held, last: verdict.next, listVersion, wanted: listVersion };
  }

  private async fromOld(step: 'account' | 'done'): Promise<Uint8Array> {
    const { sealed } = await this.steps.expect('sealed');
    try {
      return openLink(this.link, { direction: 'old-to-new', step, sealed });
    } catch (error) {
      this.refusedIn(sealed);
      throw error;
    }
  }

  /** A refusal may come in place of any message; it is sealed as the last one. */
  private refusedIn(sealed: Uint8Array): void {
    let done: ReturnType<typeof decodeLinkDone>;
    try {
      done = decodeLinkDone(openLink(this.link, { direction: 'old-to-new', step: 'done', sealed }));
    } catch {
      return;
    }
    if (done?.kind === 'refused') throw new SottoError('link_refused', { detail: done.reason });
  }

  private sealed(step: 'hello' | 'statement', message: Uint8Array): void {
    this.say({ step: 'sealed', sealed: sealLink(this.link, { direction: 'new-to-old', step, message }) });
  }

  private say(step: LinkStep): void {
    this.socket.send(encodeClientFrame({ kind: 'link', link: { session: this.link.session, ...step } }));
  }
}

function openSocket(
  host: Host,
  gateway: string,
  listener: {
    readonly onMessage: (bytes: Uint8Array) => void;
    readonly onClose: (code: number, reason: string) => void;
  },
): Promise<Socket> {
  return host
    .openSocket(`${gateway.replace(/\/+$/, '')}/v1/link`, {
      protocol: 'sotto.v1',
      headers: {},
      onPing: () => undefined,
      ...listener,
    })
    .catch((cause: unknown) => {
      throw cause instanceof SocketRefused ? new SottoError('unreachable', { detail: gateway, cause }) : cause;
    });
}
