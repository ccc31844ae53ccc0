import {
  KEMKeyPair,
  KyberPreKeyRecord,
  PreKeyRecord,
  PrivateKey,
  SignedPreKeyRecord,
} from '@signalapp/libsignal-client';
import { registrationBytes } from '../protocol/device-list.js';
import type { RegistrationId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type {
  DeviceRegistration,
  OneTimePrekey,
  PrekeyStock,
  PrekeyUpload,
  SignedPrekey,
} from '../protocol/prekeys.js';
import { sign } from './crypto.js';
import { sottoError } from './errors.js';
import type { Host } from './host.js';
import type { Rest } from './rest.js';
import {
  prunePrekeys,
  saveKyber,
  saveOneTime,
  saveSigned,
  settleRotation,
  signedSince,
  takePrekeyIds,
} from './store/keys.store.js';
import { loadSelf, resetDue, settleRegistration, settleReset, wasRegistration, type Self } from './store/self.store.js';
import type { Reader, Store, Tx } from './store/store.js';

const DAY = 24 * 60 * 60 * 1000;
/** Signed and last-resort keys: replaced after a week, kept for 37 days after that, because mail waits for 30 (IDENTITY "Keys"). */
const ROTATE_AFTER = 7 * DAY;
const KEEP_REPLACED = 37 * DAY;

type FullUpload = DeviceRegistration['prekeys'];

/** Makes keys and stores the private halves in the same transaction; the public halves go to the server afterwards. */
export function makePrekeys(
  tx: Tx,
  want: {
    readonly identityPrivate: Uint8Array<ArrayBuffer>;
    readonly oneTime: number;
    readonly kyber: number;
    readonly rotate: boolean;
    readonly now: number;
  },
): PrekeyUpload {
  const identity = PrivateKey.deserialize(want.identityPrivate);
  const oneTime = takePrekeyIds(tx, Math.max(want.oneTime, 0)).map((id) => makeOneTime(tx, id));
  const kyberOf = (lastResort: boolean) => (id: number) => makeKyber(tx, id, { identity, lastResort, now: want.now });
  const kyber = takePrekeyIds(tx, Math.max(want.kyber, 0)).map(kyberOf(false));
  const signedPrekey = takePrekeyIds(tx, Number(want.rotate)).map((id) =>
    makeSigned(tx, id, { identity, now: want.now }),
  )[0];
  const lastResort = takePrekeyIds(tx, Number(want.rotate)).map(kyberOf(true))[0];
  return { signedPrekey, lastResort, oneTime, kyber };
}

/** Everything the server must hold of this device under its present registration id. */
export function makeRegistration(tx: Tx, self: Self, now: number): DeviceRegistration {
  const made = makePrekeys(tx, {
    identityPrivate: self.identity.privateKey,
    oneTime: LIMITS.oneTimePrekeys,
    kyber: LIMITS.oneTimePrekeys,
    rotate: true,
    now,
  });
  return {
    deviceId: self.deviceId,
    registrationId: self.registrationId,
    registrationSignature: sign(self.identity.privateKey, registrationBytes(self.deviceId, self.registrationId)),
    identityKey: self.identity.publicKey,
    authKey: self.auth.publicKey,
    prekeys: made as FullUpload,
  };
}

export function settleUpload(tx: Tx, upload: PrekeyUpload, now: number): void {
  const { signedPrekey, lastResort } = upload;
  if (signedPrekey !== undefined && lastResort !== undefined)
    settleRotation(tx, { signedId: signedPrekey.id, lastResortId: lastResort.id }, now);
}

/** A registration id from 1 to 16,383 that this device never had. */
export function newRegistrationId(host: Host, reader: Reader | undefined): RegistrationId {
  for (;;) {
    const [high = 0, low = 0] = host.random(2);
    const id = ((high << 8) | low) & 0x3fff;
    if (id >= 1 && id <= 16_383 && (reader === undefined || !wasRegistration(reader, id))) return id as RegistrationId;
  }
}

/**
 * Keeps the server stocked: refill when it says that stock is low, rotation when the signed prekey is older than a week, and the whole
 * registration anew after the sessions were given up. Private halves are on disk before a public half leaves; one that never
 * arrived is only a key that nobody uses.
 */
export class PrekeyKeeper {
  private running: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly rest: Rest,
    private readonly now: () => number,
  ) {}

  /** Does what is due; calls that come while one runs share it. Throws as REST does. */
  keep(stock: PrekeyStock): Promise<void> {
    this.running ??= this.due(stock).finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Tells the server the new registration id, if one was taken. */
  async register(): Promise<void> {
    const self = loadSelf(this.store);
    if (self?.registrationDue !== true) return;
    const registration = this.store.transact((tx) => makeRegistration(tx, self, this.now()));
    await this.rest.register(registration);
    this.store.transact((tx) => {
      settleUpload(tx, registration.prekeys, this.now());
      settleRegistration(tx);
      settleReset(tx);
    });
  }

  /**
   * The server's database was restored: it may know an earlier registration id of this device, and then mail would be encrypted to keys
   * that are gone. The present one is offered again; a server that knows it says so, and nothing changes.
   * True: it did not, and has all keys now.
   */
  async reoffer(): Promise<boolean> {
    const self = loadSelf(this.store);
    if (self === undefined || self.registrationDue || !resetDue(this.store)) return false;
    const registration = this.store.transact((tx) => makeRegistration(tx, self, this.now()));
    const isKnown = await this.rest.register(registration).then(
      () => false,
      (error: unknown) => {
        if (sottoError(error)?.code === 'registration_reused') return true;
        throw error;
      },
    );
    this.store.transact((tx) => {
      if (!isKnown) settleUpload(tx, registration.prekeys, this.now());
      settleReset(tx);
    });
    return !isKnown;
  }

  private async due(stock: PrekeyStock): Promise<void> {
    const self = loadSelf(this.store);
    const since = signedSince(this.store) ?? 0;
    const rotate = this.now() - since >= ROTATE_AFTER;
    if (self === undefined || (!stock.low && !rotate)) return;
    const upload = this.store.transact((tx) =>
      makePrekeys(tx, {
        identityPrivate: self.identity.privateKey,
        oneTime: stock.low ? LIMITS.oneTimePrekeys - stock.oneTime : 0,
        kyber: stock.low ? LIMITS.oneTimePrekeys - stock.kyber : 0,
        rotate,
        now: this.now(),
      }),
    );
    await this.rest.uploadKeys(upload);
    this.store.transact((tx) => {
      settleUpload(tx, upload, this.now());
      prunePrekeys(tx, this.now() - KEEP_REPLACED);
    });
  }
}

function makeOneTime(tx: Tx, id: number): OneTimePrekey {
  const key = PrivateKey.generate();
  const publicKey = key.getPublicKey();
  saveOneTime(tx, id, PreKeyRecord.new(id, publicKey, key).serialize());
  return { id, publicKey: publicKey.serialize() };
}

function makeSigned(
  tx: Tx,
  id: number,
  { identity, now }: { readonly identity: PrivateKey; readonly now: number },
): SignedPrekey {
  const key = PrivateKey.generate();
  const publicKey = key.getPublicKey().serialize();
  const signature = identity.sign(publicKey);
  const record = SignedPreKeyRecord.new(id, now, key.getPublicKey(), key, signature).serialize();
  saveSigned(tx, { id, record, createdAt: now, uploaded: false });
  return { id, publicKey, signature };
}

function makeKyber(
  tx: Tx,
  id: number,
  { identity, lastResort, now }: { readonly identity: PrivateKey; readonly lastResort: boolean; readonly now: number },
): SignedPrekey {
  const pair = KEMKeyPair.generate();
  const publicKey = pair.getPublicKey().serialize();
  const signature = identity.sign(publicKey);
  saveKyber(tx, {
    id,
    record: KyberPreKeyRecord.new(id, now, pair, signature).serialize(),
    createdAt: now,
    uploaded: false,
    lastResort,
  });
  return { id, publicKey, signature };
}
