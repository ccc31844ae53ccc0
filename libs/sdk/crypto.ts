import { createHash, generateKeyPairSync } from 'node:crypto';
import { PrivateKey, PublicKey } from '@signalapp/libsignal-client';
import type { ChainCrypto } from '../protocol/device-chain.js';

/** What libsignal and SQLCipher ask for: bytes that do not lie in shared memory. Ours never do; the compiler cannot know. */
export function plain(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** XEdDSA over Curve25519, keys in libsignal's 33 bytes. False for anything malformed. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return PublicKey.deserialize(plain(publicKey)).verify(plain(message), plain(signature));
  } catch {
    return false;
  }
}

export const chainCrypto: ChainCrypto = { sha256, verify };

export interface KeyPair {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly privateKey: Uint8Array<ArrayBuffer>;
}

export function newKeyPair(): KeyPair {
  const key = PrivateKey.generate();
  return { publicKey: key.getPublicKey().serialize(), privateKey: key.serialize() };
}

/** Undefined for bytes that are no private key. */
export function keyPairOf(privateKey: Uint8Array): KeyPair | undefined {
  try {
    const key = PrivateKey.deserialize(plain(privateKey));
    return { publicKey: key.getPublicKey().serialize(), privateKey: key.serialize() };
  } catch {
    return undefined;
  }
}

export function sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  return PrivateKey.deserialize(plain(privateKey)).sign(plain(message));
}

/** Ed25519: 32 bytes public key and 32 bytes seed. */
export function newAuthKeyPair(): KeyPair {
  const { x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return {
    publicKey: new Uint8Array(Buffer.from(x ?? '', 'base64url')),
    privateKey: new Uint8Array(Buffer.from(d ?? '', 'base64url')),
  };
}
