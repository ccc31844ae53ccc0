import { createHash } from 'node:crypto';
import { KEMPublicKey, PublicKey } from '@signalapp/libsignal-client';
import type { ChainCrypto } from '../protocol/device-chain.js';
import { KEY_BYTES, SIGNATURE_BYTES } from '../protocol/device-list.js';

/** The server's only door to libsignal. Nothing here throws on hostile input: what does not parse is simply not valid. */

const KYBER_KEY_BYTES = 1569;
const DJB_TYPE = 5;

/** 2^255 - 19, little-endian from the second byte of a serialised key. */
const FIELD = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 0xed : index === 31 ? 0x7f : 0xff));

/** The canonical points of small order on Curve25519 (RFC 7748, section 6.1): a key agreement with one of them is known to everybody. */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/**
 * A Curve25519 key in libsignal's serialisation, in its one canonical form: libsignal reads 32 bytes modulo 2^255 - 19 and ignores the
 * top bit, so without this the same identity key could stand in two accounts under two spellings.
 */
export function isPublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== KEY_BYTES || bytes[0] !== DJB_TYPE || !isBelowField(bytes)) return false;
  return !SMALL_ORDER.has(Buffer.from(bytes.subarray(1)).toString('hex'));
}

function isBelowField(key: Uint8Array): boolean {
  for (let index = 31; index >= 0; index -= 1) {
    const difference = (key[index + 1] ?? 0) - (FIELD[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** A Kyber-1024 public key that libsignal accepts. */
export function isKyberKey(bytes: Uint8Array): boolean {
  if (bytes.length !== KYBER_KEY_BYTES) return false;
  try {
    KEMPublicKey.deserialize(own(bytes));
    return true;
  } catch {
    return false;
  }
}

/** XEdDSA over Curve25519. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES || !isPublicKey(publicKey)) return false;
  try {
    return PublicKey.deserialize(own(publicKey)).verify(own(message), own(signature));
  } catch {
    return false;
  }
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export const chainCrypto: ChainCrypto = { sha256, verify };

/** libsignal's types want an ArrayBuffer that is not shared; bytes from sockets and PostgreSQL never are. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
