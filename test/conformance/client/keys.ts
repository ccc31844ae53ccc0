import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { KEMKeyPair, PrivateKey } from '@signalapp/libsignal-client';
import { uuidBytes } from './wire.js';

/** Keys and signed bytes, after `docs/protocol/rest.md` and not after the code that checks them. All integers are big-endian. */

export interface DeviceKeys {
  readonly identity: PrivateKey;
  /** Ed25519 public key, 32 bytes. */
  readonly authKey: Buffer;
  readonly authPrivateKey: KeyObject;
}

export interface Entry {
  readonly deviceId: string;
  readonly identityKey: Buffer;
  readonly mayLink: boolean;
  /** A device id; undefined: the account key. */
  readonly addedBy: string | undefined;
  readonly statement: Buffer;
}

export interface List {
  readonly tenantId: string;
  readonly accountId: string;
  readonly version: number;
  readonly accountKey: Buffer;
  readonly previousHash: Buffer;
  readonly entries: readonly Entry[];
}

export interface Registration {
  readonly deviceId: string;
  readonly keys: DeviceKeys;
  readonly registrationId: number;
  /** How many one-time keys of each kind; their ids begin at `firstId`. */
  readonly oneTime: number;
  readonly firstId?: number;
}

const EPOCH = 1;
const ADDED_ON_DAY = 20_000;

export function newDeviceKeys(): DeviceKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const authKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { identity: PrivateKey.generate(), authKey, authPrivateKey: privateKey };
}

export function publicKeyOf(key: PrivateKey): Buffer {
  return Buffer.from(key.getPublicKey().serialize());
}

export function signed(key: PrivateKey, bytes: Buffer): Buffer {
  return Buffer.from(key.sign(new Uint8Array(bytes)));
}

/** `statement = epoch:4  auth_key:32  signature:64`: the device agrees to stand in this account's list. */
export function statement(
  of: Pick<List, 'tenantId' | 'accountId' | 'accountKey'>,
  id: string,
  keys: DeviceKeys,
): Buffer {
  const agreed = Buffer.concat([
    Buffer.from('sotto/device/1\0'),
    uuidBytes(of.tenantId),
    uuidBytes(of.accountId),
    of.accountKey,
    uuidBytes(id),
    publicKeyOf(keys.identity),
    keys.authKey,
  ]);
  return Buffer.concat([uint(EPOCH, 4), keys.authKey, signed(keys.identity, agreed)]);
}

export function listBytes(list: List): Buffer {
  const sorted = list.entries.toSorted((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  return Buffer.concat([
    Buffer.from('sotto/device-list/1\0'),
    uuidBytes(list.tenantId),
    uuidBytes(list.accountId),
    uint(EPOCH, 4),
    uint(list.version, 4),
    list.accountKey,
    list.previousHash,
    uint(sorted.length, 2),
    ...sorted.flatMap((entry) => [
      uuidBytes(entry.deviceId),
      entry.identityKey,
      uint(entry.mayLink ? 1 : 0, 1),
      entry.addedBy === undefined ? Buffer.alloc(16) : uuidBytes(entry.addedBy),
      uint(ADDED_ON_DAY, 4),
      entry.statement,
    ]),
  ]);
}

export function sha256(bytes: Uint8Array | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A `DeviceRegistration`, as an object for the wire. */
export function registration({ deviceId, keys, registrationId, oneTime, firstId = 1 }: Registration) {
  const announced = Buffer.concat([
    Buffer.from('sotto/registration/1\0'),
    uuidBytes(deviceId),
    uint(registrationId & 0xffff, 2),
  ]);
  return {
    deviceId: uuidBytes(deviceId),
    registrationId,
    registrationSignature: signed(keys.identity, announced),
    identityKey: publicKeyOf(keys.identity),
    authKey: keys.authKey,
    signedPrekey: signedPrekey(keys, 1),
    lastResort: kyberPrekey(keys, 1),
    ...oneTimeKeys(keys, firstId, oneTime),
  };
}

export function oneTimeKeys(keys: DeviceKeys, firstId: number, count: number) {
  const ids = Array.from({ length: count }, (_, index) => firstId + index);
  return {
    oneTime: ids.map((id) => ({ id, publicKey: publicKeyOf(PrivateKey.generate()) })),
    // The last-resort key has id 1, and ids of Kyber keys are one space.
    kyber: ids.map((id) => kyberPrekey(keys, id + 1)),
  };
}

export function signedPrekey(keys: DeviceKeys, id: number) {
  const publicKey = publicKeyOf(PrivateKey.generate());
  return { id, publicKey, signature: signed(keys.identity, publicKey) };
}

export function kyberPrekey(keys: DeviceKeys, id: number) {
  const publicKey = Buffer.from(KEMKeyPair.generate().getPublicKey().serialize());
  return { id, publicKey, signature: signed(keys.identity, publicKey) };
}

/** A compact JWS, EdDSA. */
export function jws(key: KeyObject, header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'EdDSA', ...header })}.${part(claims)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** A DPoP proof (RFC 9449) for one request. */
export function proof(
  keys: DeviceKeys,
  of: { readonly method: string; readonly url: string; readonly token?: string },
) {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: keys.authKey.toString('base64url') };
  return jws(
    keys.authPrivateKey,
    { typ: 'dpop+jwt', jwk },
    {
      htm: of.method,
      htu: of.url,
      jti: randomBytes(16).toString('base64url'),
      iat: Math.floor(Date.now() / 1000),
      ...(of.token === undefined ? {} : { ath: sha256(of.token).toString('base64url') }),
    },
  );
}

/** UUIDv7 (RFC 9562), 16 bytes. */
export function newKey(at = Date.now()): Buffer {
  const key = randomBytes(16);
  key.writeUIntBE(at, 0, 6);
  key[6] = ((key[6] ?? 0) & 0x0f) | 0x70;
  key[8] = ((key[8] ?? 0) & 0x3f) | 0x80;
  return key;
}

function uint(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}
