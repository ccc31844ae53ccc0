import {
  IdentityChange,
  IdentityKeyStore,
  KEMKeyPair,
  KyberPreKeyRecord,
  KyberPreKeyStore,
  PreKeyRecord,
  PreKeySignalMessage,
  PreKeyStore,
  PrivateKey,
  ProtocolAddress,
  SessionStore,
  signalDecryptPreKey,
  SignedPreKeyRecord,
  SignedPreKeyStore,
  type PublicKey,
  type SessionRecord,
} from '@signalapp/libsignal-client';
import { decodeContent } from '../../libs/protocol/content.js';
import { registrationBytes } from '../../libs/protocol/device-list.js';
import type { DeviceId, RegistrationId } from '../../libs/protocol/ids.js';
import type { DeviceRegistration, PrekeyBundle } from '../../libs/protocol/prekeys.js';
import { ENVELOPE_KINDS } from '../../libs/protocol/send-request.js';
import { sign, type TestDevice } from '../../libs/signal/testing.js';
import type { Letter } from './evil.js';

const ID = 7_777;
const REGISTRATION = 7_777 as RegistrationId;

/** A device of an attacker with a full set of real keys: whatever is encrypted to them it really opens. */
export class Eavesdropper {
  private readonly signed = PrivateKey.generate();
  private readonly oneTime = PrivateKey.generate();
  private readonly kyber = KEMKeyPair.generate();

  constructor(readonly keys: TestDevice) {}

  /** Its own keys, signed as they should be, under a device id that need not be its own. */
  bundle(deviceId: DeviceId = this.keys.deviceId): PrekeyBundle {
    const { identity } = this.keys;
    const [publicKey, kyber] = [this.signed.getPublicKey().serialize(), this.kyber.getPublicKey().serialize()];
    return {
      deviceId,
      registrationId: REGISTRATION,
      registrationSignature: sign(identity, registrationBytes(deviceId, REGISTRATION)),
      identityKey: identity.publicKey,
      signedPrekey: { id: ID, publicKey, signature: sign(identity, publicKey) },
      kyber: { id: ID, publicKey: kyber, signature: sign(identity, kyber) },
      oneTime: { id: ID, publicKey: this.oneTime.getPublicKey().serialize() },
    };
  }

  registration(): DeviceRegistration {
    const { identityKey, registrationSignature, signedPrekey, kyber, oneTime } = this.bundle();
    const prekeys = { signedPrekey, lastResort: kyber, oneTime: oneTime === undefined ? [] : [oneTime], kyber: [] };
    const { deviceId, authKey } = this.keys;
    return { deviceId, registrationId: REGISTRATION, registrationSignature, identityKey, authKey, prekeys };
  }

  /** The text, or undefined when these keys do not open it. */
  async open({ kind, content, from, deviceId }: Letter): Promise<string | undefined> {
    if (kind !== ENVELOPE_KINDS.prekey || from === undefined) return undefined;
    const sessions = new Sessions();
    try {
      const opened = await signalDecryptPreKey(
        PreKeySignalMessage.deserialize(new Uint8Array(content)),
        ProtocolAddress.new(from, 1),
        ProtocolAddress.new(deviceId, 1),
        sessions,
        new Identities(this.keys.identity.privateKey),
        new OneTime(this.oneTime),
        new Signed(this.signed, this.keys.identity.privateKey),
        new Kyber(this.kyber, this.keys.identity.privateKey),
      );
      const body = decodeContent(opened)?.body;
      return body?.text;
    } catch {
      return undefined;
    }
  }
}

class Sessions extends SessionStore {
  private readonly held = new Map<string, SessionRecord>();

  saveSession(address: ProtocolAddress, record: SessionRecord): Promise<void> {
    this.held.set(address.name(), record);
    return Promise.resolve();
  }

  getSession(address: ProtocolAddress): Promise<SessionRecord | null> {
    return Promise.resolve(this.held.get(address.name()) ?? null);
  }

  getExistingSessions(): Promise<SessionRecord[]> {
    return Promise.resolve([...this.held.values()]);
  }
}

class Identities extends IdentityKeyStore {
  constructor(private readonly key: PrivateKey) {
    super();
  }

  getIdentityKey(): Promise<PrivateKey> {
    return Promise.resolve(this.key);
  }

  getLocalRegistrationId(): Promise<number> {
    return Promise.resolve(REGISTRATION);
  }

  saveIdentity(): Promise<IdentityChange> {
    return Promise.resolve(IdentityChange.NewOrUnchanged);
  }

  isTrustedIdentity(): Promise<boolean> {
    return Promise.resolve(true);
  }

  getIdentity(): Promise<PublicKey | null> {
    return Promise.resolve(null);
  }
}

class OneTime extends PreKeyStore {
  constructor(private readonly key: PrivateKey) {
    super();
  }

  savePreKey(): Promise<void> {
    return Promise.resolve();
  }

  getPreKey(id: number): Promise<PreKeyRecord> {
    return Promise.resolve(PreKeyRecord.new(id, this.key.getPublicKey(), this.key));
  }

  removePreKey(): Promise<void> {
    return Promise.resolve();
  }
}

class Signed extends SignedPreKeyStore {
  constructor(
    private readonly key: PrivateKey,
    private readonly identity: PrivateKey,
  ) {
    super();
  }

  saveSignedPreKey(): Promise<void> {
    return Promise.resolve();
  }

  getSignedPreKey(id: number): Promise<SignedPreKeyRecord> {
    const publicKey = this.key.getPublicKey();
    const signature = this.identity.sign(publicKey.serialize());
    return Promise.resolve(SignedPreKeyRecord.new(id, 0, publicKey, this.key, signature));
  }
}

class Kyber extends KyberPreKeyStore {
  constructor(
    private readonly key: KEMKeyPair,
    private readonly identity: PrivateKey,
  ) {
    super();
  }

  saveKyberPreKey(): Promise<void> {
    return Promise.resolve();
  }

  getKyberPreKey(id: number): Promise<KyberPreKeyRecord> {
    const signature = this.identity.sign(this.key.getPublicKey().serialize());
    return Promise.resolve(KyberPreKeyRecord.new(id, 0, this.key, signature));
  }

  markKyberPreKeyUsed(): Promise<void> {
    return Promise.resolve();
  }
}
