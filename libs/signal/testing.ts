import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { KEMKeyPair, PrivateKey } from '@signalapp/libsignal-client';
import type { SignedList } from '../protocol/device-chain.js';
import {
  encodeDeviceList,
  NO_HASH,
  registrationBytes,
  statementBytes,
  type DeviceEntry,
  type DeviceList,
  type DeviceStatement,
} from '../protocol/device-list.js';
import type { AccountId, DeviceId, RegistrationId, TenantId } from '../protocol/ids.js';
import type { DeviceRegistration, OneTimePrekey, SignedPrekey } from '../protocol/prekeys.js';
import { sha256 } from './signal.js';

/** Real keys and signatures for specs: what a client's SDK does, without its store. Names in, always the same private keys out. */

export interface TestKey {
  readonly privateKey: PrivateKey;
  readonly publicKey: Uint8Array;
}

export interface TestAccount {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly key: TestKey;
}

export interface TestDevice {
  readonly deviceId: DeviceId;
  readonly identity: TestKey;
  /** Ed25519, raw 32 bytes. */
  readonly authKey: Uint8Array;
  readonly authPrivateKey: KeyObject;
}

export function testKey(name: string): TestKey {
  const privateKey = PrivateKey.deserialize(digest(`key ${name}`));
  return { privateKey, publicKey: new Uint8Array(privateKey.getPublicKey().serialize()) };
}

export function testId<Id extends string>(name: string): Id {
  const hex = Buffer.from(digest(`id ${name}`)).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Id;
}

export function testAccount(name: string, tenantId: TenantId = testId('tenant')): TestAccount {
  return { tenantId, accountId: testId(`account ${name}`), key: testKey(`account ${name}`) };
}

export function testDevice(name: string): TestDevice {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const authKey = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  return {
    deviceId: testId(`device ${name}`),
    identity: testKey(`device ${name}`),
    authKey,
    authPrivateKey: privateKey,
  };
}

export function sign(key: TestKey, message: Uint8Array): Uint8Array {
  return new Uint8Array(key.privateKey.sign(message as Uint8Array<ArrayBuffer>));
}

export function signStatement(account: TestAccount, device: TestDevice, epoch = 1): DeviceStatement {
  const { tenantId, accountId } = account;
  const { deviceId, authKey } = device;
  const bytes = statementBytes({
    tenantId,
    accountId,
    accountKey: account.key.publicKey,
    deviceId,
    identityKey: device.identity.publicKey,
    authKey,
  });
  return { epoch, authKey, signature: sign(device.identity, bytes) };
}

export function listEntry(account: TestAccount, device: TestDevice, more: Partial<DeviceEntry> = {}): DeviceEntry {
  return {
    deviceId: device.deviceId,
    identityKey: device.identity.publicKey,
    mayLink: false,
    addedBy: 'account-key',
    addedOnDay: 20_000,
    statement: signStatement(account, device),
    ...more,
  };
}

export function firstList(account: TestAccount, device: TestDevice, more: Partial<DeviceList> = {}): DeviceList {
  return {
    tenantId: account.tenantId,
    accountId: account.accountId,
    epoch: 1,
    version: 1,
    accountKey: account.key.publicKey,
    previousHash: NO_HASH,
    entries: [listEntry(account, device, { mayLink: true })],
    ...more,
  };
}

/** The list after `previous`, with these entries. */
export function nextList(
  previous: DeviceList,
  entries: readonly DeviceEntry[],
  more: Partial<DeviceList> = {},
): DeviceList {
  return {
    ...previous,
    version: previous.version + 1,
    previousHash: sha256(encodeDeviceList(previous)),
    entries,
    ...more,
  };
}

/** List 1 of the epoch after that of `previous`, under the account's key of now. */
export function epochList(previous: DeviceList, account: TestAccount, entries: readonly DeviceEntry[]): DeviceList {
  return nextList(previous, entries, { epoch: previous.epoch + 1, version: 1, accountKey: account.key.publicKey });
}

/** Signed by the new account key and by the one before it. */
export function signRotation(list: DeviceList, account: TestAccount, before: TestAccount): SignedList {
  const signed = signList(list, account);
  return { ...signed, rotationSignature: sign(before.key, signed.bytes) };
}

export function signList(list: DeviceList, signer: TestAccount | TestDevice): SignedList {
  const bytes = encodeDeviceList(list);
  if ('key' in signer) return { bytes, signature: sign(signer.key, bytes), signer: 'account-key' };
  return { bytes, signature: sign(signer.identity, bytes), signer: signer.deviceId };
}

export function ecPrekey(id: number): OneTimePrekey {
  return { id, publicKey: new Uint8Array(PrivateKey.generate().getPublicKey().serialize()) };
}

export function signedPrekey(identity: TestKey, id: number): SignedPrekey {
  const { publicKey } = ecPrekey(id);
  return { id, publicKey, signature: sign(identity, publicKey) };
}

export function kyberPrekey(identity: TestKey, id: number): SignedPrekey {
  const publicKey = new Uint8Array(KEMKeyPair.generate().getPublicKey().serialize());
  return { id, publicKey, signature: sign(identity, publicKey) };
}

export interface RegistrationChoice {
  readonly registrationId?: number;
  /** One-time keys of each kind. */
  readonly keys?: number;
  readonly firstId?: number;
}

export function registrationOf(
  device: TestDevice,
  { registrationId = 1, keys = 2, firstId = 1 }: RegistrationChoice = {},
): DeviceRegistration {
  const ids = Array.from({ length: keys }, (_, index) => firstId + index);
  const { deviceId, identity, authKey } = device;
  return {
    deviceId,
    registrationId: registrationId as RegistrationId,
    registrationSignature: sign(identity, registrationBytes(deviceId, registrationId as RegistrationId)),
    identityKey: identity.publicKey,
    authKey,
    prekeys: {
      signedPrekey: signedPrekey(identity, 1),
      lastResort: kyberPrekey(identity, 1),
      oneTime: ids.map(ecPrekey),
      kyber: ids.map((id) => kyberPrekey(identity, id)),
    },
  };
}

function digest(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest());
}
