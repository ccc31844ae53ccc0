import type { SignedList } from './device-chain.js';
import { TOMBSTONE_REASONS, type Tombstone, type TombstoneReason } from './device-list.js';
import { sotto } from './generated/sotto.js';
import { uuidFromBytes, uuidToBytes, type AccountId, type DeviceId, type ListVersion } from './ids.js';
import { LIMITS } from './limits.js';
import { registrationFromWire, registrationToWire, type DeviceRegistration } from './prekeys.js';
import { BOUNDS } from './wire-bounds.js';
import { decodeWire, encodeWire } from './wire.js';

/** An account's lists in order and its tombstones, as the server serves them. */
export interface DeviceChain {
  readonly accountId: AccountId;
  readonly listVersion: ListVersion;
  readonly lists: readonly SignedList[];
  readonly tombstones: readonly Tombstone[];
  /** Later lists follow; absent: there are none. */
  readonly more?: true;
}

/** The body of `POST /v1/enrolments`. */
export interface Enrolment {
  readonly code: string;
  readonly list: SignedList;
  readonly registration: DeviceRegistration;
}

type WireList = sotto.v1.SignedList.$Properties;
type WireChain = sotto.v1.DeviceChain.$Properties;
const NONE = new Uint8Array();

export function encodeSignedList(list: SignedList): Uint8Array {
  return encodeWire(sotto.v1.SignedList, signedListToWire(list));
}

export function decodeSignedList(bytes: Uint8Array): SignedList | undefined {
  const wire = decodeWire(sotto.v1.SignedList, bytes, BOUNDS.SignedList);
  return wire === undefined ? undefined : signedListFromWire(wire);
}

export function encodeDeviceChain(chain: DeviceChain): Uint8Array {
  return encodeWire(sotto.v1.DeviceChain, chainToWire(chain));
}

export function decodeDeviceChain(bytes: Uint8Array): DeviceChain | undefined {
  const wire = decodeWire(sotto.v1.DeviceChain, bytes);
  return wire === undefined ? undefined : chainFromWire(wire);
}

/** As a device offers it after a restore: at most as many lists as an answer holds. */
export function decodeOfferedHistory(bytes: Uint8Array): DeviceChain | undefined {
  const wire = decodeWire(sotto.v1.DeviceChain, bytes, BOUNDS.DeviceChain);
  return wire === undefined || wire.lists.length > LIMITS.listsInAnswer ? undefined : chainFromWire(wire);
}

export function encodeEnrolment(enrolment: Enrolment): Uint8Array {
  return encodeWire(sotto.v1.Enrolment, {
    code: enrolment.code,
    list: signedListToWire(enrolment.list),
    registration: registrationToWire(enrolment.registration),
  });
}

export function decodeEnrolment(bytes: Uint8Array): Enrolment | undefined {
  const wire = decodeWire(sotto.v1.Enrolment, bytes, BOUNDS.Enrolment);
  const list = wire?.list ? signedListFromWire(wire.list) : undefined;
  const registration = wire?.registration ? registrationFromWire(wire.registration) : undefined;
  if (wire === undefined || list === undefined || registration === undefined) return undefined;
  return { code: wire.code, list, registration };
}

export function signedListToWire(list: SignedList): WireList {
  return {
    list: list.bytes,
    signature: list.signature,
    signer: list.signer === 'account-key' ? NONE : uuidToBytes(list.signer),
    ...(list.rotationSignature === undefined ? {} : { rotationSignature: list.rotationSignature }),
  };
}

export function signedListFromWire(wire: WireList): SignedList | undefined {
  const signer = (wire.signer ?? NONE).length === 0 ? 'account-key' : uuidFromBytes<DeviceId>(wire.signer ?? NONE);
  if (signer === undefined) return undefined;
  const list: SignedList = { bytes: wire.list ?? NONE, signature: wire.signature ?? NONE, signer };
  const rotationSignature = wire.rotationSignature ?? NONE;
  return rotationSignature.length === 0 ? list : { ...list, rotationSignature };
}

export function chainToWire(chain: DeviceChain): WireChain {
  return {
    accountId: uuidToBytes(chain.accountId),
    listVersion: chain.listVersion,
    lists: chain.lists.map(signedListToWire),
    tombstones: chain.tombstones.map((stone) => ({
      deviceId: uuidToBytes(stone.deviceId),
      day: stone.day,
      reason: TOMBSTONE_REASONS[stone.reason],
    })),
    ...(chain.more === true ? { more: true } : {}),
  };
}

export function chainFromWire(wire: WireChain): DeviceChain | undefined {
  const accountId = uuidFromBytes<AccountId>(wire.accountId ?? NONE);
  const lists = allOf(wire.lists ?? [], signedListFromWire);
  const tombstones = allOf(wire.tombstones ?? [], tombstoneFromWire);
  if (accountId === undefined || lists === undefined || tombstones === undefined) return undefined;
  const chain = { accountId, listVersion: (wire.listVersion ?? 0) as ListVersion, lists, tombstones };
  return wire.more === true ? { ...chain, more: true } : chain;
}

function tombstoneFromWire(wire: sotto.v1.Tombstone.$Properties): Tombstone | undefined {
  const deviceId = uuidFromBytes<DeviceId>(wire.deviceId ?? NONE);
  const reason = reasonOf(wire.reason ?? 0);
  return deviceId === undefined || reason === undefined ? undefined : { deviceId, day: wire.day ?? 0, reason };
}

export function reasonOf(code: number): TombstoneReason | undefined {
  return (Object.keys(TOMBSTONE_REASONS) as TombstoneReason[]).find((name) => TOMBSTONE_REASONS[name] === code);
}

function allOf<From, To>(from: readonly From[], convert: (item: From) => To | undefined): To[] | undefined {
  const to: To[] = [];
  for (const item of from) {
    const converted = convert(item);
    if (converted === undefined) return undefined;
    to.push(converted);
  }
  return to;
}
