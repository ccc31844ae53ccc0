import {
  IdentityChange,
  IdentityKeyStore,
  KyberPreKeyRecord,
  KyberPreKeyStore,
  PreKeyRecord,
  PreKeyStore,
  PrivateKey,
  PublicKey,
  SessionRecord,
  SessionStore,
  SignedPreKeyRecord,
  SignedPreKeyStore,
  type Direction,
  type ProtocolAddress,
} from '@signalapp/libsignal-client';
import {
  loadKyber,
  loadOneTime,
  loadSession,
  loadSigned,
  removeKyber,
  removeOneTime,
  saveKyberUse,
  saveSession,
  wasKyberUsed,
  type KyberUse,
} from './store/keys.store.js';
import type { Self } from './store/self.store.js';
import type { Reader, Tx } from './store/store.js';
import type { TrustGate } from './trust.js';

/**
 * What libsignal changes during one unit of work. Reads see the changes, the database does not, until `apply` writes them in the
 * transaction that also holds the message: libsignal's calls are asynchronous, SQLCipher's transactions are not.
 */
export class RatchetBuffer {
  private readonly sessions = new Map<string, Uint8Array<ArrayBuffer>>();
  private readonly usedOneTime = new Set<number>();
  private readonly usedKyber: KyberUse[] = [];
  /** Why a store said no: libsignal passes only that it did. */
  refusal: string | undefined;

  constructor(readonly reader: Reader) {}

  session(name: string): SessionRecord | null {
    const bytes = this.sessions.get(name) ?? loadSession(this.reader, name);
    return bytes === undefined ? null : SessionRecord.deserialize(bytes);
  }

  putSession(name: string, record: SessionRecord): void {
    this.sessions.set(name, record.serialize());
  }

  useOneTime(id: number): void {
    this.usedOneTime.add(id);
  }

  /** Throws when the three were used together before: the same first message again, or a bundle handed out twice. */
  useKyber(use: KyberUse): void {
    if (wasKyberUsed(this.reader, use)) this.refuse('keys_used_before');
    this.usedKyber.push(use);
  }

  refuse(reason: string): never {
    this.refusal = reason;
    throw new Error(reason);
  }

  apply(tx: Tx): void {
    for (const [name, record] of this.sessions) saveSession(tx, name, record);
    for (const id of this.usedOneTime) removeOneTime(tx, id);
    for (const use of this.usedKyber) {
      saveKyberUse(tx, use);
      removeKyber(tx, use.kyberId);
    }
  }
}

export class BufferedSessions extends SessionStore {
  constructor(private readonly buffer: RatchetBuffer) {
    super();
  }

  saveSession(address: ProtocolAddress, record: SessionRecord): Promise<void> {
    this.buffer.putSession(address.name(), record);
    return Promise.resolve();
  }

  getSession(address: ProtocolAddress): Promise<SessionRecord | null> {
    return Promise.resolve(this.buffer.session(address.name()));
  }

  getExistingSessions(addresses: ProtocolAddress[]): Promise<SessionRecord[]> {
    return Promise.resolve(
      addresses.map((address) => this.buffer.session(address.name()) ?? this.buffer.refuse('no_session')),
    );
  }
}

/** Answers from the gate only; what libsignal wants to remember about identities is not trust and is not kept. */
export class GatedIdentities extends IdentityKeyStore {
  constructor(
    private readonly self: Self,
    private readonly gate: TrustGate,
  ) {
    super();
  }

  getIdentityKey(): Promise<PrivateKey> {
    return Promise.resolve(PrivateKey.deserialize(this.self.identity.privateKey));
  }

  getLocalRegistrationId(): Promise<number> {
    return Promise.resolve(this.self.registrationId);
  }

  saveIdentity(): Promise<IdentityChange> {
    return Promise.resolve(IdentityChange.NewOrUnchanged);
  }

  isTrustedIdentity(address: ProtocolAddress, key: PublicKey, direction: Direction): Promise<boolean> {
    return Promise.resolve(this.gate.isTrusted(address.name(), key.serialize(), direction));
  }

  getIdentity(address: ProtocolAddress): Promise<PublicKey | null> {
    const key = this.gate.identity(address.name());
    return Promise.resolve(key === undefined ? null : PublicKey.deserialize(key));
  }
}

export class BufferedOneTime extends PreKeyStore {
  constructor(private readonly buffer: RatchetBuffer) {
    super();
  }

  savePreKey(): Promise<void> {
    return Promise.reject(new Error('prekeys are made in prekeys.ts'));
  }

  getPreKey(id: number): Promise<PreKeyRecord> {
    return Promise.resolve().then(() =>
      PreKeyRecord.deserialize(loadOneTime(this.buffer.reader, id) ?? this.buffer.refuse('prekey_unknown')),
    );
  }

  removePreKey(id: number): Promise<void> {
    this.buffer.useOneTime(id);
    return Promise.resolve();
  }
}

export class BufferedSigned extends SignedPreKeyStore {
  constructor(private readonly buffer: RatchetBuffer) {
    super();
  }

  saveSignedPreKey(): Promise<void> {
    return Promise.reject(new Error('prekeys are made in prekeys.ts'));
  }

  getSignedPreKey(id: number): Promise<SignedPreKeyRecord> {
    return Promise.resolve().then(() =>
      SignedPreKeyRecord.deserialize(loadSigned(this.buffer.reader, id) ?? this.buffer.refuse('prekey_unknown')),
    );
  }
}

export class BufferedKyber extends KyberPreKeyStore {
  constructor(private readonly buffer: RatchetBuffer) {
    super();
  }

  saveKyberPreKey(): Promise<void> {
    return Promise.reject(new Error('prekeys are made in prekeys.ts'));
  }

  getKyberPreKey(id: number): Promise<KyberPreKeyRecord> {
    return Promise.resolve().then(() =>
      KyberPreKeyRecord.deserialize(loadKyber(this.buffer.reader, id)?.record ?? this.buffer.refuse('prekey_unknown')),
    );
  }

  markKyberPreKeyUsed(kyberId: number, signedId: number, baseKey: PublicKey): Promise<void> {
    return Promise.resolve().then(() => {
      this.buffer.useKyber({ kyberId, signedId, baseKey: baseKey.serialize() });
    });
  }
}
