import { Fingerprint, PublicKey } from '@signalapp/libsignal-client';
import { uuidToBytes, type AccountId } from '../protocol/ids.js';
import { plain } from './crypto.js';

const VERSION = 2;
const ITERATIONS = 5200;

/** One side of a comparison: whose account key, 33 bytes. */
export interface FingerprintSide {
  readonly accountId: AccountId;
  readonly accountKey: Uint8Array;
}

/** `text`: 60 digits, the same on both sides. `scannable`: for a QR code. */
export interface SafetyNumber {
  readonly text: string;
  readonly scannable: Uint8Array;
}

/** libsignal Fingerprint, version 2, 5,200 iterations, over account keys and raw UUID bytes (IDENTITY "First contact"). */
export function safetyNumber(own: FingerprintSide, theirs: FingerprintSide): SafetyNumber {
  const fingerprint = fingerprintOf(own, theirs);
  return {
    text: fingerprint.displayableFingerprint().toString(),
    scannable: fingerprint.scannableFingerprint().toBuffer(),
  };
}

function fingerprintOf(own: FingerprintSide, theirs: FingerprintSide): Fingerprint {
  return Fingerprint.new(
    ITERATIONS,
    VERSION,
    plain(uuidToBytes(own.accountId)),
    PublicKey.deserialize(plain(own.accountKey)),
    plain(uuidToBytes(theirs.accountId)),
    PublicKey.deserialize(plain(theirs.accountKey)),
  );
}
