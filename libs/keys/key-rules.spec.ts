import { describe, expect, it } from '@jest/globals';
import type { DeviceRegistration, PrekeyUpload, SignedPrekey } from '../protocol/prekeys.js';
import { ecPrekey, kyberPrekey, registrationOf, signedPrekey, testDevice, testKey } from '../signal/testing.js';
import { checkRegistration, checkUpload } from './key-rules.js';

const phone = testDevice('phone');
const good = registrationOf(phone);
const kyber = kyberPrekey(phone.identity, 9);
const signed = signedPrekey(phone.identity, 9);

function verdict(change: Partial<DeviceRegistration> & { readonly upload?: Partial<PrekeyUpload> }): string {
  const { upload, ...rest } = change;
  const registration = { ...good, ...rest, prekeys: { ...good.prekeys, ...upload } as DeviceRegistration['prekeys'] };
  const checked = checkRegistration(registration);
  return checked.kind === 'problem' ? checked.code : 'checked';
}

const flipped = (key: SignedPrekey): SignedPrekey => ({
  ...key,
  signature: key.signature.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
});

describe('checkRegistration', () => {
  it('accepts what a client makes, with and without one-time keys', () => {
    expect(verdict({})).toBe('checked');
    expect(verdict({ upload: { oneTime: [], kyber: [] } })).toBe('checked');
  });

  it.each<[string, Partial<DeviceRegistration>]>([
    ['an identity key of zeros', { identityKey: new Uint8Array(33) }],
    ['another identity key', { identityKey: testKey('other').publicKey }],
    ['a short auth key', { authKey: new Uint8Array(31) }],
    [
      'a registration signature of another id',
      { registrationSignature: registrationOf(phone, { registrationId: 2 }).registrationSignature },
    ],
    [
      'a registration signature of another device',
      { registrationSignature: registrationOf(testDevice('other')).registrationSignature },
    ],
    ['no registration signature', { registrationSignature: new Uint8Array() }],
  ])('refuses %s', (_, change) => {
    expect(verdict(change)).toBe('invalid_keys');
  });

  it.each<[string, Partial<PrekeyUpload>]>([
    ['a signed prekey with a bad signature', { signedPrekey: flipped(signed) }],
    ['a signed prekey signed by another device', { signedPrekey: signedPrekey(testKey('other'), 1) }],
    ['a signed prekey of id 0', { signedPrekey: { ...signed, id: 0 } }],
    ['a signed prekey of zeros', { signedPrekey: { ...signed, publicKey: new Uint8Array(33) } }],
    ['a last-resort key with a bad signature', { lastResort: flipped(kyber) }],
    ['a last-resort key that does not parse', { lastResort: { ...signed, publicKey: new Uint8Array(1569) } }],
    ['a Curve25519 key in place of a Kyber key', { kyber: [signed] }],
    ['a Kyber key with a bad signature', { kyber: [kyber, flipped(kyberPrekey(phone.identity, 10))] }],
    ['a Kyber id beyond 24 bits', { kyber: [{ ...kyber, id: 0x1_00_00_00 }] }],
    ['a one-time key of a wrong size', { oneTime: [{ id: 1, publicKey: new Uint8Array(32) }] }],
    ['a one-time id of 0', { oneTime: [ecPrekey(0)] }],
    ['a one-time id twice', { oneTime: [ecPrekey(7), ecPrekey(7)] }],
    [
      'a one-time key under two ids',
      {
        oneTime: [
          { ...ecPrekey(7), publicKey: signed.publicKey },
          { id: 8, publicKey: signed.publicKey },
        ],
      },
    ],
    ['a Kyber id twice', { kyber: [kyber, { ...kyberPrekey(phone.identity, 9) }] }],
    ['a Kyber key under two ids', { kyber: [kyber, { ...kyber, id: 10 }] }],
    ['101 one-time keys', { oneTime: Array.from({ length: 101 }, (_, index) => ecPrekey(index + 1)) }],
    ['101 Kyber keys', { kyber: Array.from({ length: 101 }, (_, index) => ({ ...kyber, id: index + 1 })) }],
  ])('refuses %s', (_, upload) => {
    expect(verdict({ upload })).toBe('invalid_keys');
  });

  it('accepts the highest ids', () => {
    expect(verdict({ upload: { oneTime: [ecPrekey(0xff_ff_ff)], kyber: [{ ...kyber, id: 0xff_ff_ff }] } })).toBe(
      'checked',
    );
  });
});

describe('checkUpload', () => {
  it('may leave out everything', () => {
    const nothing = { signedPrekey: undefined, lastResort: undefined, oneTime: [], kyber: [] };
    expect(checkUpload(phone.identity.publicKey, nothing)).toBeUndefined();
  });
});
