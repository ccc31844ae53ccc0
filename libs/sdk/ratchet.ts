import {
  CiphertextMessageType,
  ErrorCode,
  KEMPublicKey,
  PreKeyBundle,
  PreKeySignalMessage,
  processPreKeyBundle,
  ProtocolAddress,
  PublicKey,
  signalDecrypt,
  signalDecryptPreKey,
  signalEncrypt,
  SignalMessage,
} from '@signalapp/libsignal-client';
import { equalBytes } from '../protocol/bytes.js';
import { registrationBytes } from '../protocol/device-list.js';
import { isRegistrationId, type RegistrationId } from '../protocol/ids.js';
import type { PrekeyBundle } from '../protocol/prekeys.js';
import { ENVELOPE_KINDS, type EnvelopeKind } from '../protocol/send-request.js';
import { plain, verify } from './crypto.js';
import { SottoError } from './errors.js';
import {
  BufferedKyber,
  BufferedOneTime,
  BufferedSessions,
  BufferedSigned,
  GatedIdentities,
  RatchetBuffer,
} from './ratchet-stores.js';
import { Serial } from './serial.js';
import { sessionNames } from './store/keys.store.js';
import { loadSelf } from './store/self.store.js';
import type { Store, Tx } from './store/store.js';
import type { TrustedDevice, TrustGate } from './trust.js';

/** Every device is number 1 of its own name: the libsignal address is (device UUID, 1). */
const DEVICE_NUMBER = 1;
/** As a number: libsignal's `type()` is not typed as its enum. */
const PREKEY_MESSAGE: number = CiphertextMessageType.PreKey;
const DUPLICATED: number = ErrorCode.DuplicatedMessage;

export interface Sealed {
  readonly kind: EnvelopeKind;
  readonly registrationId: RegistrationId;
  readonly content: Uint8Array<ArrayBuffer>;
}

/** `repeated`: it was decrypted before. `refused`: nothing was consumed; the reason is for logs and people. */
export type Opened =
  | { readonly kind: 'plaintext'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The only file that calls libsignal's encrypt, decrypt and bundle processing. It accepts devices that the gate has passed, nothing else.
 *
 * Invariants: one unit of work at a time in a client, because two concurrent encryptions to one address reuse a message key; a unit's
 * changes reach the disk in its one `commit`, together with what the caller adds, or not at all.
 */
export class Ratchet {
  private readonly turns = new Serial();

  constructor(
    private readonly store: Store,
    private readonly gate: TrustGate,
    private readonly now: () => number,
  ) {}

  /** Nothing that `job` did is kept unless it called `commit`. */
  work<Result>(job: (unit: RatchetUnit) => Promise<Result>): Promise<Result> {
    return this.turns.run('ratchet', () => job(new RatchetUnit(this.store, this.gate, new Date(this.now()))));
  }
}

export class RatchetUnit {
  private readonly buffer: RatchetBuffer;
  private readonly sessions: BufferedSessions;
  private readonly identities: GatedIdentities;
  private readonly local: ProtocolAddress;
  private open = true;

  constructor(
    private readonly store: Store,
    gate: TrustGate,
    private readonly at: Date,
  ) {
    const self = loadSelf(store);
    if (self === undefined) throw new TypeError('the store belongs to no device');
    this.buffer = new RatchetBuffer(store);
    this.sessions = new BufferedSessions(this.buffer);
    this.identities = new GatedIdentities(self, gate);
    this.local = ProtocolAddress.new(self.deviceId, DEVICE_NUMBER);
  }

  /** Writes all that the unit has changed, and what `also` adds, in one transaction. The unit ends with it. */
  commit<Result>(also: (tx: Tx) => Result): Result {
    if (!this.open) throw new TypeError('a unit of work commits once');
    this.open = false;
    return this.store.transact((tx) => {
      this.buffer.apply(tx);
      return also(tx);
    });
  }

  hasSession(device: TrustedDevice): boolean {
    const session = this.buffer.session(device.deviceId);
    return session?.hasCurrentState(this.at) === true && isRegistrationId(session.remoteRegistrationId());
  }

  /** Puts the current session away: the next message needs a bundle; late mail for it still opens. */
  archive(device: TrustedDevice): void {
    this.archiveNamed(device.deviceId);
  }

  /** After the store was restored or copied: no ratchet of before may encrypt again. */
  archiveAll(): void {
    for (const name of sessionNames(this.store)) this.archiveNamed(name);
  }

  private archiveNamed(name: string): void {
    const session = this.buffer.session(name);
    if (session === null) return;
    session.archiveCurrentState();
    this.buffer.putSession(name, session);
  }

  /** A session from a bundle. Throws `bundle_invalid` unless the device of the verified list signed every part of it. */
  async begin(device: TrustedDevice, bundle: PrekeyBundle): Promise<void> {
    const registered = verify(
      device.identityKey,
      registrationBytes(device.deviceId, bundle.registrationId),
      bundle.registrationSignature,
    );
    if (bundle.deviceId !== device.deviceId || !equalBytes(bundle.identityKey, device.identityKey) || !registered) {
      throw new SottoError('bundle_invalid', { detail: device.deviceId });
    }
    try {
      const { sessions, identities } = this;
      await processPreKeyBundle(toLibsignal(bundle), addressOf(device), this.local, sessions, identities, this.at);
    } catch (cause) {
      throw new SottoError('bundle_invalid', { detail: device.deviceId, cause });
    }
  }

  /** `plaintext` is padded already. Needs a session. */
  async encrypt(device: TrustedDevice, plaintext: Uint8Array): Promise<Sealed> {
    const message = await signalEncrypt(
      plain(plaintext),
      addressOf(device),
      this.local,
      this.sessions,
      this.identities,
      this.at,
    );
    const registrationId = this.buffer.session(device.deviceId)?.remoteRegistrationId() ?? 0;
    if (!isRegistrationId(registrationId)) throw new TypeError('a session without a registration id');
    const first = message.type() === PREKEY_MESSAGE;
    return {
      kind: first ? ENVELOPE_KINDS.prekey : ENVELOPE_KINDS.message,
      registrationId,
      content: message.serialize(),
    };
  }

  async decrypt(
    sender: TrustedDevice,
    { kind, content }: Pick<Sealed, 'kind'> & { readonly content: Uint8Array },
  ): Promise<Opened> {
    try {
      if (kind === ENVELOPE_KINDS.plaintext) return { kind: 'refused', reason: 'not_encrypted' };
      const bytes =
        kind === ENVELOPE_KINDS.prekey
          ? await this.decryptFirst(sender, content)
          : await this.decryptLater(sender, content);
      return { kind: 'plaintext', bytes };
    } catch (error) {
      const code = libsignalCode(error);
      if (code === DUPLICATED) return { kind: 'repeated' };
      return {
        kind: 'refused',
        reason: this.buffer.refusal ?? (code === undefined ? messageOf(error) : (ErrorCode[code] ?? 'libsignal')),
      };
    }
  }

  private decryptFirst(sender: TrustedDevice, content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return signalDecryptPreKey(
      PreKeySignalMessage.deserialize(plain(content)),
      addressOf(sender),
      this.local,
      this.sessions,
      this.identities,
      new BufferedOneTime(this.buffer),
      new BufferedSigned(this.buffer),
      new BufferedKyber(this.buffer),
    );
  }

  private decryptLater(sender: TrustedDevice, content: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return signalDecrypt(
      SignalMessage.deserialize(plain(content)),
      addressOf(sender),
      this.local,
      this.sessions,
      this.identities,
    );
  }
}

function addressOf(device: TrustedDevice): ProtocolAddress {
  return ProtocolAddress.new(device.deviceId, DEVICE_NUMBER);
}

/** By its shape: the native part makes errors of the first class that was registered in the process, which need not be this module's. */
function libsignalCode(error: unknown): number | undefined {
  const shaped = typeof error === 'object' && error !== null && 'operation' in error && 'code' in error;
  return shaped && typeof error.code === 'number' ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

function toLibsignal(bundle: PrekeyBundle): PreKeyBundle {
  return PreKeyBundle.new(
    bundle.registrationId,
    DEVICE_NUMBER,
    bundle.oneTime?.id ?? null,
    bundle.oneTime === undefined ? null : PublicKey.deserialize(plain(bundle.oneTime.publicKey)),
    bundle.signedPrekey.id,
    PublicKey.deserialize(plain(bundle.signedPrekey.publicKey)),
    plain(bundle.signedPrekey.signature),
    PublicKey.deserialize(plain(bundle.identityKey)),
    bundle.kyber.id,
    KEMPublicKey.deserialize(plain(bundle.kyber.publicKey)),
    plain(bundle.kyber.signature),
  );
}
