import { describe, expect, it } from '@jest/globals';
import { sotto } from './generated/sotto.js';
import { decodeDeviceRegistration, decodePrekeyBundles, decodePrekeyUpload } from './prekeys.js';
import { encodeWire } from './wire.js';

const key = { id: 1, publicKey: new Uint8Array(33), signature: new Uint8Array(64) };
const deviceId = new Uint8Array(16).fill(1);
const registration: sotto.v1.DeviceRegistration.$Properties = {
  deviceId,
  registrationId: 1,
  signedPrekey: key,
  lastResort: key,
};

const decodeRegistration = (change: sotto.v1.DeviceRegistration.$Properties) =>
  decodeDeviceRegistration(encodeWire(sotto.v1.DeviceRegistration, { ...registration, ...change }));

describe('device registration', () => {
  it('may come without one-time keys', () => {
    expect(decodeRegistration({})?.prekeys).toMatchObject({ oneTime: [], kyber: [] });
  });

  it.each<[string, sotto.v1.DeviceRegistration.$Properties]>([
    ['a device id', { deviceId: new Uint8Array(17) }],
    ['a registration id', { registrationId: 0 }],
    ['a registration id below 16,384', { registrationId: 16_384 }],
    ['a signed prekey', { signedPrekey: null }],
    ['a last-resort key', { lastResort: null }],
  ])('needs %s', (_, change) => {
    expect(decodeRegistration(change)).toBeUndefined();
  });
});

describe('prekey bundles', () => {
  const bundle = { deviceId, registrationId: 1, signedPrekey: key, kyber: key };
  const decode = (...bundles: sotto.v1.PrekeyBundle.$Properties[]) =>
    decodePrekeyBundles(encodeWire(sotto.v1.PrekeyBundles, { accountId: deviceId, listVersion: 1, bundles }));

  it('may lack a one-time key', () => {
    expect(
      decode(bundle, { ...bundle, oneTime: { id: 2, publicKey: key.publicKey } })?.bundles.map(
        ({ oneTime }) => oneTime?.id,
      ),
    ).toEqual([undefined, 2]);
  });

  it('are refused whole when one is incomplete', () => {
    expect(decode(bundle, { ...bundle, kyber: null })).toBeUndefined();
  });
});

describe('prekey upload', () => {
  it('may hold nothing', () => {
    expect(decodePrekeyUpload(new Uint8Array())).toEqual({
      signedPrekey: undefined,
      lastResort: undefined,
      oneTime: [],
      kyber: [],
    });
  });

  it('is undefined for other bytes', () => {
    expect(decodePrekeyUpload(Uint8Array.of(0xff))).toBeUndefined();
  });
});
