import type { Envelope } from '../protocol/frames.js';
import type { Sequence } from '../protocol/ids.js';
import type { EnvelopeKind } from '../protocol/send-request.js';

/** Added to the kind in the table. */
export const CONTROL = 8;

/** An envelope as it is read, in binary. */
export interface EnvelopeRow {
  id: Buffer;
  at: Buffer;
  registration: Buffer;
  kind: Buffer;
  sender: Buffer | null;
  content: Buffer;
}

const NONE = new Uint8Array();

export function envelopeOf(row: EnvelopeRow, seq: Buffer): Envelope {
  const kind = row.kind.readInt16BE(0);
  return {
    sequence: int8(seq) as Sequence,
    id: row.id,
    acceptedAt: int8(row.at),
    registrationId: row.registration.readInt16BE(0),
    kind: (kind & ~CONTROL) as EnvelopeKind,
    control: (kind & CONTROL) !== 0,
    senderAccount: row.sender?.subarray(0, 16) ?? NONE,
    senderDevice: row.sender?.subarray(16, 32) ?? NONE,
    content: row.content,
  };
}

export function int8(bytes: Buffer): number {
  return bytes.readInt32BE(0) * 4_294_967_296 + bytes.readUInt32BE(4);
}
