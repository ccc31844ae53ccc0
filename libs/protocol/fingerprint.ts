import { toBase32 } from './base32.js';
import { concatBytes, domain } from './bytes.js';
import { uuidToBytes, type DeviceId } from './ids.js';

const FINGERPRINT_DOMAIN = domain('sotto/device-fingerprint/1');
const BYTES = 15;

/**
 * What people compare of a new device, on its screen, on the old device's and on the admin's (IDENTITY "Linking").
 *
 *     fingerprint = base32( first 15 bytes of SHA-256("sotto/device-fingerprint/1\0" device:16 identity_key:33) ), 24 letters in groups of four
 *
 * 120 bits, so that nobody finds another key for it; letters as in a recovery code.
 */
export function deviceFingerprint(
  { deviceId, identityKey }: { readonly deviceId: DeviceId; readonly identityKey: Uint8Array },
  sha256: (bytes: Uint8Array) => Uint8Array,
): string {
  const hash = sha256(concatBytes(FINGERPRINT_DOMAIN, uuidToBytes(deviceId), identityKey));
  return toBase32(hash.subarray(0, BYTES)).match(/.{4}/g)?.join('-') ?? '';
}
