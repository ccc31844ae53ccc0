import { sotto } from './generated/sotto.js';
import {
  isRegistrationId,
  uuidFromBytes,
  uuidToBytes,
  type AccountId,
  type DeviceId,
  type ListVersion,
  type RegistrationId,
} from './ids.js';
import { BOUNDS } from './wire-bounds.js';
import { decodeWire, encodeWire } from './wire.js';

/** Keys as in PQXDH; public halves in libsignal's serialisation, signatures by the device identity key over the public key. */
export interface SignedPrekey {
  readonly id: number;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}

export interface OneTimePrekey {
  readonly id: number;
  readonly publicKey: Uint8Array;
}

export interface PrekeyUpload {
  readonly signedPrekey: SignedPrekey | undefined;
  readonly lastResort: SignedPrekey | undefined;
  readonly oneTime: readonly OneTimePrekey[];
  readonly kyber: readonly SignedPrekey[];
}

/** Everything the server holds of a new device, or of one that lost its sessions and took a new registration id. */
export interface DeviceRegistration {
  readonly deviceId: DeviceId;
  readonly registrationId: RegistrationId;
  readonly registrationSignature: Uint8Array;
  readonly identityKey: Uint8Array;
  readonly authKey: Uint8Array;
  readonly prekeys: PrekeyUpload & { readonly signedPrekey: SignedPrekey; readonly lastResort: SignedPrekey };
}

export interface PrekeyBundle {
  readonly deviceId: DeviceId;
  readonly registrationId: RegistrationId;
  readonly registrationSignature: Uint8Array;
  readonly identityKey: Uint8Array;
  readonly signedPrekey: SignedPrekey;
  /** One-time, or the last-resort key when none is left. */
  readonly kyber: SignedPrekey;
  readonly oneTime: OneTimePrekey | undefined;
}

export interface PrekeyBundles {
  readonly accountId: AccountId;
  readonly listVersion: ListVersion;
  readonly bundles: readonly PrekeyBundle[];
}

export interface PrekeyStock {
  readonly oneTime: number;
  readonly kyber: number;
  /** Time to upload. */
  readonly low: boolean;
}

type WireKey = sotto.v1.SignedPrekey.$Properties;
type WireRegistration = sotto.v1.DeviceRegistration.$Properties;
type WireBundles = sotto.v1.PrekeyBundles.$Properties;
const NONE = new Uint8Array();

export function encodePrekeyUpload(upload: PrekeyUpload): Uint8Array {
  return encodeWire(sotto.v1.PrekeyUpload, uploadToWire(upload));
}

/** Undefined when the bytes are no PrekeyUpload; sizes, ids and signatures are the rules of `libs/keys`. */
export function decodePrekeyUpload(bytes: Uint8Array): PrekeyUpload | undefined {
  const wire = decodeWire(sotto.v1.PrekeyUpload, bytes, BOUNDS.PrekeyUpload);
  return wire === undefined ? undefined : uploadFromWire(wire);
}

export function encodeDeviceRegistration(registration: DeviceRegistration): Uint8Array {
  return encodeWire(sotto.v1.DeviceRegistration, registrationToWire(registration));
}

export function decodeDeviceRegistration(bytes: Uint8Array): DeviceRegistration | undefined {
  const wire = decodeWire(sotto.v1.DeviceRegistration, bytes, BOUNDS.DeviceRegistration);
  return wire === undefined ? undefined : registrationFromWire(wire);
}

export function encodePrekeyBundles(bundles: PrekeyBundles): Uint8Array {
  return encodeWire(sotto.v1.PrekeyBundles, bundlesToWire(bundles));
}

export function decodePrekeyBundles(bytes: Uint8Array): PrekeyBundles | undefined {
  const wire = decodeWire(sotto.v1.PrekeyBundles, bytes);
  return wire === undefined ? undefined : bundlesFromWire(wire);
}

export function registrationToWire(registration: DeviceRegistration): WireRegistration {
  const { prekeys, ...rest } = registration;
  return { ...rest, ...uploadToWire(prekeys), deviceId: uuidToBytes(registration.deviceId) };
}

/** Undefined when an id is not an id or a part that must be there is not. */
export function registrationFromWire(wire: WireRegistration): DeviceRegistration | undefined {
  const deviceId = uuidFromBytes<DeviceId>(wire.deviceId ?? NONE);
  const registrationId = wire.registrationId ?? 0;
  const { signedPrekey, lastResort, oneTime, kyber } = uploadFromWire(wire);
  if (
    deviceId === undefined ||
    !isRegistrationId(registrationId) ||
    signedPrekey === undefined ||
    lastResort === undefined
  )
    return undefined;
  return {
    deviceId,
    registrationId,
    registrationSignature: wire.registrationSignature ?? NONE,
    identityKey: wire.identityKey ?? NONE,
    authKey: wire.authKey ?? NONE,
    prekeys: { signedPrekey, lastResort, oneTime, kyber },
  };
}

export function bundlesToWire(bundles: PrekeyBundles): WireBundles {
  return {
    accountId: uuidToBytes(bundles.accountId),
    listVersion: bundles.listVersion,
    bundles: bundles.bundles.map(({ oneTime, ...bundle }) => ({
      ...bundle,
      deviceId: uuidToBytes(bundle.deviceId),
      ...(oneTime === undefined ? {} : { oneTime }),
    })),
  };
}

export function bundlesFromWire(wire: WireBundles): PrekeyBundles | undefined {
  const accountId = uuidFromBytes<AccountId>(wire.accountId ?? NONE);
  const bundles = (wire.bundles ?? []).map(bundleFromWire).filter((bundle) => bundle !== undefined);
  if (accountId === undefined || bundles.length !== (wire.bundles ?? []).length) return undefined;
  return { accountId, listVersion: (wire.listVersion ?? 0) as ListVersion, bundles };
}

function bundleFromWire(wire: sotto.v1.PrekeyBundle.$Properties): PrekeyBundle | undefined {
  const deviceId = uuidFromBytes<DeviceId>(wire.deviceId ?? NONE);
  const registrationId = wire.registrationId ?? 0;
  const signedPrekey = keyFromWire(wire.signedPrekey);
  const kyber = keyFromWire(wire.kyber);
  if (deviceId === undefined || !isRegistrationId(registrationId) || signedPrekey === undefined || kyber === undefined)
    return undefined;
  return {
    deviceId,
    registrationId,
    registrationSignature: wire.registrationSignature ?? NONE,
    identityKey: wire.identityKey ?? NONE,
    signedPrekey,
    kyber,
    oneTime: wire.oneTime ? oneTimeKey(wire.oneTime) : undefined,
  };
}

function uploadToWire(upload: PrekeyUpload): sotto.v1.PrekeyUpload.$Properties {
  return {
    ...(upload.signedPrekey === undefined ? {} : { signedPrekey: upload.signedPrekey }),
    ...(upload.lastResort === undefined ? {} : { lastResort: upload.lastResort }),
    oneTime: [...upload.oneTime],
    kyber: [...upload.kyber],
  };
}

function uploadFromWire(wire: sotto.v1.PrekeyUpload.$Properties): PrekeyUpload {
  return {
    signedPrekey: keyFromWire(wire.signedPrekey),
    lastResort: keyFromWire(wire.lastResort),
    oneTime: (wire.oneTime ?? []).map(oneTimeKey),
    kyber: (wire.kyber ?? []).map(presentKey),
  };
}

function keyFromWire(wire: WireKey | null | undefined): SignedPrekey | undefined {
  return wire === null || wire === undefined ? undefined : presentKey(wire);
}

function oneTimeKey(wire: sotto.v1.OneTimePrekey.$Properties): OneTimePrekey {
  return { id: wire.id ?? 0, publicKey: wire.publicKey ?? NONE };
}

function presentKey(wire: WireKey): SignedPrekey {
  return { id: wire.id ?? 0, publicKey: wire.publicKey ?? NONE, signature: wire.signature ?? NONE };
}
