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

/** Where the two digits of each byte stand in the text. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const DIGITS = Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Of the text that is being made: a text that grows piece by piece is a tree of pieces, at twice the cost. */
const characters = Array.from(NIL, (character) => character.charCodeAt(0));

/** True for a canonical lower-case UUID other than the nil one. */
export function isUuid(text: string): boolean {
  return UUID.test(text) && text !== NIL;
}

/** 16 bytes -> canonical UUID text. Undefined when the length is wrong or all bytes are zero. */
export function uuidFromBytes<Id extends Brand<string, string>>(bytes: Uint8Array): Id | undefined {
  if (bytes.length !== 16) return undefined;
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[index] ?? 0;
    const at = PLACES[index] ?? 0;
    characters[at] = DIGITS[byte >> 4] ?? 0;
    characters[at + 1] = DIGITS[byte & 15] ?? 0;
  }
  const text = String.fromCharCode(...characters);
  return text === NIL ? undefined : (text as Id);
}

/** Canonical UUID text -> its 16 bytes. The text must have passed `isUuid`. */
export function uuidToBytes(id: string): Uint8Array {
  const bytes = new Uint8Array(16);
  writeUuid(id, bytes, 0);
  return bytes;
}

/** The same into a place among other bytes. */
export function writeUuid(id: string, into: Uint8Array, at: number): void {
  for (let index = 0; index < 16; index += 1) {
    const place = PLACES[index] ?? 0;
    into[at + index] = (nibble(id.charCodeAt(place)) << 4) | nibble(id.charCodeAt(place + 1));
  }
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
