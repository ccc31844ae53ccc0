import { chainFromWire, chainToWire, signedListFromWire, signedListToWire, type DeviceChain } from './chain-wire.js';
import type { SignedList } from './device-chain.js';
import { sotto } from './generated/sotto.js';
import { uuidFromBytes, uuidToBytes, type AccountId, type DeviceId, type ListVersion, type TenantId } from './ids.js';
import { decodeWire, encodeWire } from './wire.js';

/** The four messages of linking, sealed between the two devices; the relay never sees them (IDENTITY "Linking"). */
export interface LinkHello {
  readonly deviceId: DeviceId;
  readonly identityKey: Uint8Array;
  readonly authKey: Uint8Array;
  readonly platform: string;
  readonly name: string;
}

export interface LinkAccount {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly accountKey: Uint8Array;
  readonly chain: DeviceChain;
}

export type LinkDone =
  | { readonly kind: 'linked'; readonly list: SignedList; readonly listVersion: ListVersion }
  /** Until an admin has approved the device, at the latest until then (milliseconds since the epoch). */
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'refused'; readonly reason: string };

const NONE = new Uint8Array();

export function encodeLinkHello(hello: LinkHello): Uint8Array {
  return encodeWire(sotto.v1.LinkHello, { ...hello, deviceId: uuidToBytes(hello.deviceId) });
}

export function decodeLinkHello(bytes: Uint8Array): LinkHello | undefined {
  const wire = decodeWire(sotto.v1.LinkHello, bytes);
  const deviceId = uuidFromBytes<DeviceId>(wire?.deviceId ?? NONE);
  if (wire === undefined || deviceId === undefined) return undefined;
  return { deviceId, identityKey: wire.identityKey, authKey: wire.authKey, platform: wire.platform, name: wire.name };
}

export function encodeLinkAccount(account: LinkAccount): Uint8Array {
  return encodeWire(sotto.v1.LinkAccount, {
    tenantId: uuidToBytes(account.tenantId),
    accountId: uuidToBytes(account.accountId),
    accountKey: account.accountKey,
    chain: chainToWire(account.chain),
  });
}

export function decodeLinkAccount(bytes: Uint8Array): LinkAccount | undefined {
  const wire = decodeWire(sotto.v1.LinkAccount, bytes);
  const tenantId = uuidFromBytes<TenantId>(wire?.tenantId ?? NONE);
  const accountId = uuidFromBytes<AccountId>(wire?.accountId ?? NONE);
  const chain = wire?.chain ? chainFromWire(wire.chain) : undefined;
  if (wire === undefined || tenantId === undefined || accountId === undefined || chain === undefined) return undefined;
  return { tenantId, accountId, accountKey: wire.accountKey, chain };
}

export function encodeLinkStatement(signature: Uint8Array): Uint8Array {
  return encodeWire(sotto.v1.LinkStatement, { signature });
}

export function decodeLinkStatement(bytes: Uint8Array): Uint8Array | undefined {
  return decodeWire(sotto.v1.LinkStatement, bytes)?.signature;
}

export function encodeLinkDone(done: LinkDone): Uint8Array {
  return encodeWire(sotto.v1.LinkDone, doneToWire(done));
}

function doneToWire(done: LinkDone): sotto.v1.LinkDone.$Properties {
  switch (done.kind) {
    case 'linked':
      return { list: signedListToWire(done.list), listVersion: done.listVersion };
    case 'waiting':
      return { waitingUntil: done.until };
    case 'refused':
      return { refused: done.reason };
  }
}

export function decodeLinkDone(bytes: Uint8Array): LinkDone | undefined {
  const wire = decodeWire(sotto.v1.LinkDone, bytes);
  if (typeof wire?.refused === 'string') return { kind: 'refused', reason: wire.refused };
  if (typeof wire?.waitingUntil === 'number') return { kind: 'waiting', until: wire.waitingUntil };
  const list = wire?.list ? signedListFromWire(wire.list) : undefined;
  return wire === undefined || list === undefined
    ? undefined
    : { kind: 'linked', list, listVersion: wire.listVersion as ListVersion };
}
