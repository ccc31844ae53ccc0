import type { Brand } from './brand.js';

/** Ids are canonical lower-case UUID strings (RFC 9562); on the wire and in signed bytes they are their 16 bytes. */
export type TenantId = Brand<string, 'TenantId'>;
export type AccountId = Brand<string, 'AccountId'>;
export type DeviceId = Brand<string, 'DeviceId'>;
/** A UUIDv7 chosen by the sending device, one for each durable send (D5). */
export type IdempotencyKey = Brand<string, 'IdempotencyKey'>;

/** Position of an envelope in its mailbox: 1, 2, 3… without holes (D9). */
export type Sequence = Brand<number, 'Sequence'>;
/** The server's counter of changes to an account's active devices; never restarts. Not the signed `version` of a list. */
export type ListVersion = Brand<number, 'ListVersion'>;
/** 1 to 16,383; changes whenever a device loses its sessions, never used twice by one device (D18). */
export type RegistrationId = Brand<number, 'RegistrationId'>;

/** Who is calling, as far as the porch has proved it. */
export interface Caller {
  readonly tenantId: TenantId;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** True for a canonical lower-case UUID other than the nil one. */
export function isUuid(text: string): boolean {
  return UUID.test(text) && text !== NIL;
}

/** 16 bytes -> canonical UUID text. Undefined when the length is wrong or all bytes are zero. */
export function uuidFromBytes<Id extends Brand<string, string>>(bytes: Uint8Array): Id | undefined {
  if (bytes.length !== 16) return undefined;
  let text = '';
  for (let index = 0; index < 16; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += HEX[bytes[index] ?? 0] ?? '';
  }
  return text === NIL ? undefined : (text as Id);
}

/** Canonical UUID text -> its 16 bytes. The text must have passed `isUuid`. */
export function uuidToBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let at = 0;
  for (let index = 0; index < 36; index += 2) {
    if (id.charCodeAt(index) === 45) index += 1;
    bytes[at] = (nibble(id.charCodeAt(index)) << 4) | nibble(id.charCodeAt(index + 1));
    at += 1;
  }
  return bytes;
}

function nibble(code: number): number {
  return code <= 57 ? code - 48 : code - 87;
}

/** Milliseconds since the epoch held in a UUIDv7 (RFC 9562, section 5.7); undefined for any other version. */
export function uuid7Time(id: IdempotencyKey): number | undefined {
  if (id[14] !== '7') return undefined;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

export function isRegistrationId(value: number): value is RegistrationId {
  return Number.isInteger(value) && value >= 1 && value <= 16_383;
}
