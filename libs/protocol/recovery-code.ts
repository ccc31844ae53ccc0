import { fromBase32, toBase32 } from './base32.js';
import { concatBytes, domain, equalBytes } from './bytes.js';

/**
 * The private half of an account key as people keep it (IDENTITY "Keys"): shown once, typed in after a loss.
 *
 *     code     = base32( key:32 checksum:3 ), 56 letters in groups of four
 *     checksum = first 3 bytes of SHA-256("sotto/recovery/1\0" key)
 *     base32   = Crockford's letters: no I, L, O, U; reading takes small letters, and I, L for 1, O for 0
 */
const RECOVERY_DOMAIN = domain('sotto/recovery/1');
const KEY_BYTES = 32;
const CHECK_BYTES = 3;
const CODE_LETTERS = ((KEY_BYTES + CHECK_BYTES) * 8) / 5;

type Sha256 = (bytes: Uint8Array) => Uint8Array;

export function formatRecoveryCode(accountPrivate: Uint8Array, sha256: Sha256): string {
  if (accountPrivate.length !== KEY_BYTES) throw new RangeError('an account key has 32 bytes');
  const letters = toBase32(concatBytes(accountPrivate, checksum(accountPrivate, sha256)));
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

/** Undefined for what was mistyped; spaces and dashes do not matter. */
export function parseRecoveryCode(text: string, sha256: Sha256): Uint8Array | undefined {
  const letters = text.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll(/[IL]/g, '1').replaceAll('O', '0');
  const bytes = letters.length === CODE_LETTERS ? fromBase32(letters) : undefined;
  if (bytes === undefined) return undefined;
  const key = bytes.slice(0, KEY_BYTES);
  return equalBytes(checksum(key, sha256), bytes.subarray(KEY_BYTES)) ? key : undefined;
}

function checksum(key: Uint8Array, sha256: Sha256): Uint8Array {
  return sha256(concatBytes(RECOVERY_DOMAIN, key)).subarray(0, CHECK_BYTES);
}
