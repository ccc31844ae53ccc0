import type { AppendItem } from '../mailbox/mailbox.js';
import type { MailboxNo } from '../mailbox/guards.js';
import { encodeServerFrame } from '../protocol/frames.js';
import { uuidToBytes, type Caller, type Sequence } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { Clock } from '../platform/clock.js';
import type { Doorbell } from '../realtime/doorbell.js';
import type { NodeLink } from '../realtime/node-link.js';
import type { Drain } from './drain.js';

/** First byte on the node link; linking messages are JSON and begin with another. */
export const EPHEMERAL = 1;

const HEADER = 1 + 8 + 8;
const NONE = new Uint8Array();

/** Where it goes: a mailbox whose stream this node holds, or held last. */
export type EphemeralItem = Omit<AppendItem, 'id'> & { readonly node: number | null };

/**
 * Envelopes for sockets that are there now (D6): straight to the streams of this node, over the node link to those of others. Never in a table,
 * log or Redis; whatever cannot be written at once, or comes ten seconds late, is dropped, and nobody is told.
 */
export class Ephemerals {
  constructor(
    private readonly drain: Drain,
    private readonly doorbell: Doorbell,
    private readonly clock: Clock,
    /** Absent where there is only one process. */
    private readonly link?: NodeLink,
  ) {}

  /** The time that the envelopes carry. */
  send(caller: Caller, items: readonly EphemeralItem[]): number {
    const acceptedAt = this.clock.now();
    const [senderAccount, senderDevice] = [uuidToBytes(caller.accountId), uuidToBytes(caller.deviceId)];
    for (const { mailbox, node, registrationId, kind, control, content } of items) {
      if (node === null) continue;
      const about = { sequence: 0 as Sequence, id: NONE, acceptedAt, registrationId, kind, control };
      const envelope = { ...about, senderAccount, senderDevice, content };
      const frame = encodeServerFrame({ kind: 'ephemeral', envelope });
      if (this.doorbell.isOwn(node)) this.drain.pass(mailbox, { kind: 'ephemeral', frame, acceptedAt });
      else void this.link?.send(node, relayed(mailbox, acceptedAt, frame));
    }
    return acceptedAt;
  }

  /** From another node. */
  hear(message: Uint8Array): void {
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
    if (bytes.length <= HEADER) return;
    const mailbox = Number(bytes.readBigInt64BE(1)) as MailboxNo;
    const acceptedAt = Number(bytes.readBigInt64BE(9));
    if (this.clock.now() - acceptedAt > LIMITS.ephemeralLife) return;
    this.drain.pass(mailbox, { kind: 'ephemeral', frame: bytes.subarray(HEADER), acceptedAt });
  }
}

function relayed(mailbox: MailboxNo, acceptedAt: number, frame: Uint8Array): Uint8Array {
  const message = Buffer.alloc(HEADER + frame.length);
  message[0] = EPHEMERAL;
  message.writeBigInt64BE(BigInt(mailbox), 1);
  message.writeBigInt64BE(BigInt(acceptedAt), 9);
  message.set(frame, HEADER);
  return message;
}
