import { describe, expect, it } from '@jest/globals';
import { isKyberKey, isPublicKey, sha256, verify } from './signal.js';
import { kyberPrekey, sign, testKey } from './testing.js';

const key = testKey('signer');
const message = new TextEncoder().encode('a message');
const signature = sign(key, message);

function changed(bytes: Uint8Array, at: number, bits: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ bits : byte));
}

describe('verify', () => {
  it('accepts the signature of the key over the message', () => {
    expect(verify(key.publicKey, message, signature)).toBe(true);
  });

  it.each([
    ['another message', key.publicKey, sha256(message), signature],
    ['another key', testKey('other').publicKey, message, signature],
    ['a changed signature', key.publicKey, message, changed(signature, 3, 1)],
    ['a short signature', key.publicKey, message, signature.subarray(1)],
    ['no signature', key.publicKey, message, new Uint8Array()],
    ['a key without type byte', key.publicKey.subarray(1), message, signature],
    ['no key', new Uint8Array(), message, signature],
    ['the same key spelled with its top bit', changed(key.publicKey, 32, 0x80), message, signature],
  ])('refuses %s', (_, publicKey, bytes, over) => {
    expect(verify(publicKey, bytes, over)).toBe(false);
  });
});

describe('isPublicKey', () => {
  const point = (hex: string) => Uint8Array.from([5, ...Buffer.from(hex, 'hex')]);

  it('accepts a key that libsignal made', () => {
    expect(isPublicKey(key.publicKey)).toBe(true);
  });

  it.each([
    ['zero', '00'.repeat(32)],
    ['a point of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['the field prime', `ed${'ff'.repeat(30)}7f`],
    ['more than the field prime', `ee${'ff'.repeat(30)}7f`],
  ])('refuses %s', (_, hex) => {
    expect(isPublicKey(point(hex))).toBe(false);
  });

  it('refuses another type', () => {
    expect(isPublicKey(changed(key.publicKey, 0, 2))).toBe(false);
  });
});

describe('isKyberKey', () => {
  const kyber = kyberPrekey(key, 1).publicKey;

  it('accepts what libsignal made and nothing that is shorter, longer or of another type', () => {
    expect(isKyberKey(kyber)).toBe(true);
    expect(isKyberKey(kyber.subarray(1))).toBe(false);
    expect(isKyberKey(Uint8Array.from([...kyber, 0]))).toBe(false);
    expect(isKyberKey(changed(kyber, 0, 0xff))).toBe(false);
  });
});
