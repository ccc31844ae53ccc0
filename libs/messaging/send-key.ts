import { hash } from 'node:crypto';
import { writeUuid, type DeviceId, type IdempotencyKey } from '../protocol/ids.js';
import type { SendRequest } from '../protocol/send-request.js';

/**
 * The key as it is stored: the 48 time bits of the client's UUIDv7, and 74 bits of SHA-256(sending device, client's key) in place of the random
 * ones. So it is scoped to the device (D5), still sorts by time into partitions, and tells nothing of who sent.
 */
export function storedKey(deviceId: DeviceId, key: IdempotencyKey): Buffer {
  writeUuid(deviceId, scope, 0);
  writeUuid(key, scope, 16);
  const stored = sha256(scope).subarray(0, 16);
  stored.set(scope.subarray(16, 22));
  stored[6] = 0x70 | ((stored[6] ?? 0) & 0x0f);
  stored[8] = 0x80 | ((stored[8] ?? 0) & 0x3f);
  return stored;
}

/** Written anew for each key. */
const scope = Buffer.alloc(32);

/**
 * SHA-256 over the decoded fields, `bundles` excluded (D5): equal for equal meaning, whatever the encoding was. The layout is kept from release
 * to release, because a key is looked up for a day. Written into one buffer: a hash that is fed piece by piece costs twice as much.
 */
export function digestOf(request: SendRequest): Buffer {
  const bytes = new Bytes(lengthOf(request));
  bytes.number(request.class === 'durable' ? 0 : 1);
  bytes.number(request.urgent ? 1 : 0);
  bytes.number(request.clientTimestamp);
  for (const recipient of request.recipients) {
    bytes.id(recipient.accountId);
    bytes.number(recipient.listVersion);
    bytes.number(recipient.coverage === 'complete' ? 0 : 1);
    bytes.number(recipient.envelopes.length);
    for (const envelope of recipient.envelopes) {
      bytes.id(envelope.deviceId);
      bytes.number(envelope.registrationId);
      bytes.number(envelope.kind);
      bytes.number(envelope.control ? 1 : 0);
      bytes.number(envelope.content.length);
      bytes.content(envelope.content);
    }
  }
  return sha256(bytes.written);
}

/** As a text of bytes: memory of its own for 32 of them, which the other way of asking brings, costs as much as the hash. */
function sha256(bytes: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'binary');
}

const NUMBER = 8;
/** As text. */
const ID = 36;

function lengthOf({ recipients }: SendRequest): number {
  let length = 3 * NUMBER;
  for (const { envelopes } of recipients) {
    length += ID + 3 * NUMBER;
    for (const { content } of envelopes) length += ID + 4 * NUMBER + content.length;
  }
  return length;
}

class Bytes {
  readonly written: Buffer;
  private at = 0;

  constructor(length: number) {
    this.written = Buffer.allocUnsafe(length);
  }

  number(value: number): void {
    this.at = this.written.writeDoubleBE(value, this.at);
  }

  id(text: string): void {
    this.at += this.written.write(text, this.at, 'latin1');
  }

  content(bytes: Uint8Array): void {
    this.written.set(bytes, this.at);
    this.at += bytes.length;
  }
}
