import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { fromBase64url, toBase64url } from '../protocol/bytes.js';

/** PKCS #8 around a raw Ed25519 seed (RFC 8410 section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** 32 raw bytes -> a verifying key; undefined when they are no point of the curve. */
export function ed25519PublicKey(raw: Uint8Array): KeyObject | undefined {
  if (raw.length !== 32) return undefined;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: toBase64url(raw) }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** 32 random bytes -> the signing key that they are the seed of. */
export function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

export function rawPublicKey(key: KeyObject): Uint8Array {
  const raw = fromBase64url(createPublicKey(key).export({ format: 'jwk' }).x ?? '');
  if (raw === undefined) throw new Error('not an Ed25519 key');
  return raw;
}
