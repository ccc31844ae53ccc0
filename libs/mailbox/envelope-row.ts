import type { Envelope } from '../protocol/frames.js';
import type { Sequence } from '../protocol/ids.js';
import type { EnvelopeKind } from '../protocol/send-request.js';

/** Added to the kind in the table. */
export const CONTROL = 8;

/** An envelope as it is stored. */
export interface StoredEnvelope {
  readonly seq: number;
  readonly id: Uint8Array;
  readonly at: number;
  readonly registration: number;
  readonly kind: number;
  /** Account and device; null when sealed. */
  readonly sender: Uint8Array | null;
  readonly content: Uint8Array;
}

const NONE = new Uint8Array();

export function envelopeOf({ seq, id, at, registration, kind, sender, content }: StoredEnvelope): Envelope {
  return {
    sequence: seq as Sequence,
    id,
    acceptedAt: at,
    registrationId: registration,
    kind: (kind & ~CONTROL) as EnvelopeKind,
    control: (kind & CONTROL) !== 0,
    senderAccount: sender?.subarray(0, 16) ?? NONE,
    senderDevice: sender?.subarray(16, 32) ?? NONE,
    content,
  };
}

export function int8(bytes: Buffer): number {
  return bytes.readInt32BE(0) * 4_294_967_296 + bytes.readUInt32BE(4);
}
