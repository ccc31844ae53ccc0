import { createHash, hash } from 'node:crypto';
import { uuidToBytes, type DeviceId, type IdempotencyKey } from '../protocol/ids.js';
import type { SendRequest } from '../protocol/send-request.js';

/**
 * The key as it is stored: the 48 time bits of the client's UUIDv7, and 74 bits of SHA-256(sending device, client's key) in place of the random
 * ones. So it is scoped to the device (D5), still sorts by time into partitions, and tells nothing of who sent.
 */
export function storedKey(deviceId: DeviceId, key: IdempotencyKey): Buffer {
  const client = uuidToBytes(key);
  const stored = hash('sha256', Buffer.concat([uuidToBytes(deviceId), client]), 'buffer').subarray(0, 16);
  stored.set(client.subarray(0, 6));
  stored[6] = 0x70 | ((stored[6] ?? 0) & 0x0f);
  stored[8] = 0x80 | ((stored[8] ?? 0) & 0x3f);
  return stored;
}

/** SHA-256 over the decoded fields, `bundles` excluded (D5): equal for equal meaning, whatever the encoding was. */
export function digestOf(request: SendRequest): Buffer {
  const digest = createHash('sha256');
  const numbers = Buffer.alloc(8);
  const number = (value: number): void => {
    numbers.writeDoubleBE(value);
    digest.update(numbers);
  };
  number(request.class === 'durable' ? 0 : 1);
  number(request.urgent ? 1 : 0);
  number(request.clientTimestamp);
  for (const recipient of request.recipients) {
    digest.update(recipient.accountId);
    number(recipient.listVersion);
    number(recipient.coverage === 'complete' ? 0 : 1);
    number(recipient.envelopes.length);
    for (const envelope of recipient.envelopes) {
      digest.update(envelope.deviceId);
      number(envelope.registrationId);
      number(envelope.kind);
      number(envelope.control ? 1 : 0);
      number(envelope.content.length);
      digest.update(envelope.content);
    }
  }
  return digest.digest();
}
