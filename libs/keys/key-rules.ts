import type { Brand } from '../protocol/brand.js';
import { AUTH_KEY_BYTES, registrationBytes } from '../protocol/device-list.js';
import { LIMITS } from '../protocol/limits.js';
import type { DeviceRegistration, OneTimePrekey, PrekeyUpload, SignedPrekey } from '../protocol/prekeys.js';
import { problem, type Problem } from '../protocol/problems.js';
import { isKyberKey, isPublicKey, verify } from '../signal/signal.js';

/** Every rule of D16 that needs no table has held. */
export type CheckedRegistration = Brand<DeviceRegistration, 'CheckedRegistration'>;

/** Costs about 15 ms with full stock (a signature for each Kyber key): call it before taking a lock. */
export function checkRegistration(
  registration: DeviceRegistration,
): { readonly kind: 'checked'; readonly registration: CheckedRegistration } | Problem {
  const { deviceId, registrationId, registrationSignature, identityKey, authKey, prekeys } = registration;
  if (!isPublicKey(identityKey)) return invalid('identity_key is not a Curve25519 key');
  if (authKey.length !== AUTH_KEY_BYTES) return invalid('auth_key does not have the 32 bytes of an Ed25519 key');
  if (!verify(identityKey, registrationBytes(deviceId, registrationId), registrationSignature)) {
    return invalid('registration_signature does not hold');
  }
  return checkUpload(identityKey, prekeys) ?? { kind: 'checked', registration: registration as CheckedRegistration };
}

/** Undefined when every key, id, signature and count is as it must be; else the first fault. */
export function checkUpload(identityKey: Uint8Array, upload: PrekeyUpload): Problem | undefined {
  const { signedPrekey, lastResort, oneTime, kyber } = upload;
  const countFault = countOf('one_time', oneTime) ?? countOf('kyber', kyber);
  if (countFault !== undefined) return countFault;
  if (signedPrekey !== undefined) {
    const fault = ecFault('signed_prekey', signedPrekey) ?? signatureFault('signed_prekey', signedPrekey, identityKey);
    if (fault !== undefined) return fault;
  }
  for (const key of oneTime) {
    const fault = ecFault('one_time', key);
    if (fault !== undefined) return fault;
  }
  const kyberKeys = lastResort === undefined ? kyber : [lastResort, ...kyber];
  for (const key of kyberKeys) {
    const fault = kyberFault(key) ?? signatureFault('kyber', key, identityKey);
    if (fault !== undefined) return fault;
  }
  return repeated('one_time', oneTime) ?? repeated('kyber', kyber);
}

function countOf(name: string, keys: readonly unknown[]): Problem | undefined {
  return keys.length > LIMITS.oneTimePrekeys
    ? invalid(`${name} holds more than ${String(LIMITS.oneTimePrekeys)} keys`)
    : undefined;
}

function ecFault(name: string, key: OneTimePrekey): Problem | undefined {
  return (
    idFault(name, key) ??
    (isPublicKey(key.publicKey) ? undefined : invalid(`${name} ${String(key.id)} is not a Curve25519 key`))
  );
}

function kyberFault(key: OneTimePrekey): Problem | undefined {
  return (
    idFault('kyber', key) ??
    (isKyberKey(key.publicKey) ? undefined : invalid(`kyber ${String(key.id)} is not a Kyber-1024 key`))
  );
}

function idFault(name: string, { id }: OneTimePrekey): Problem | undefined {
  const fits = Number.isInteger(id) && id >= 1 && id <= LIMITS.prekeyId;
  return fits ? undefined : invalid(`an id in ${name} is not within 1 to ${String(LIMITS.prekeyId)}`);
}

function signatureFault(name: string, key: SignedPrekey, identityKey: Uint8Array): Problem | undefined {
  return verify(identityKey, key.publicKey, key.signature)
    ? undefined
    : invalid(`the signature of ${name} ${String(key.id)} does not hold`);
}

/** A key under two ids would be handed out twice. */
function repeated(name: string, keys: readonly OneTimePrekey[]): Problem | undefined {
  const ids = new Set(keys.map(({ id }) => id));
  const values = new Set(keys.map(({ publicKey }) => Buffer.from(publicKey).toString('base64')));
  return ids.size === keys.length && values.size === keys.length
    ? undefined
    : invalid(`${name} repeats an id or a key`);
}

export function invalid(detail: string): Problem {
  return problem('invalid_keys', detail);
}
