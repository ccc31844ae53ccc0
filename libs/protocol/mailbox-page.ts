import { envelopeFromWire, stockFromWire, type Envelope } from './frames.js';
import { sotto } from './generated/sotto.js';
import type { ListVersion, Sequence } from './ids.js';
import { LIMITS, MOST_INT4 } from './limits.js';
import {
  acksFromWire,
  gapFromWire,
  gapToWire,
  nackFromWire,
  NACK_REASONS,
  nackReasonOf,
  nackToWire,
  type Ack,
  type Gap,
  type Nack,
  type NackReason,
} from './mail.js';
import type { PrekeyStock } from './prekeys.js';
import { problem, type Problem } from './problems.js';
import { BOUNDS } from './wire-bounds.js';
import { decodeWire, encodeWire } from './wire.js';

/** Answer of a long-poll (D10): what a socket would have been given, and what its `ready` would have said. */
export interface MailboxPage {
  /** Carried by the next polls and by settlements. */
  readonly stream: number;
  /** 8 bytes; a cursor is (incarnation, sequence). */
  readonly incarnation: Uint8Array;
  readonly head: number;
  readonly gaps: readonly Gap[];
  readonly envelopes: readonly Envelope[];
  /** All that stood there when the stream was taken is settled (D13). */
  readonly caughtUp: boolean;
  readonly stock: PrekeyStock;
  readonly listVersion: ListVersion;
  readonly serverTime: number;
}

export interface MailboxSettlement {
  readonly stream: number;
  readonly acks: readonly Ack[];
  readonly nacks: readonly Nack[];
}

/** An envelope that three streams refused, and why the third did (D20). */
export interface SetAsideEnvelope {
  readonly envelope: Envelope;
  readonly reason: NackReason;
}

const NONE = new Uint8Array();
const { MailboxPage: WirePage, MailboxSettlement: WireSettlement, SettlementAnswer, SetAside } = sotto.v1;

export function encodeMailboxPage(page: MailboxPage): Uint8Array {
  return encodeWire(WirePage, {
    ...page,
    gaps: page.gaps.map(gapToWire),
    envelopes: page.envelopes as Envelope[],
    stock: { ...page.stock },
  });
}

/** Undefined for bytes that are no MailboxPage. */
export function decodeMailboxPage(bytes: Uint8Array): MailboxPage | undefined {
  const wire = decodeWire(WirePage, bytes);
  if (wire === undefined) return undefined;
  return {
    stream: wire.stream,
    incarnation: wire.incarnation,
    head: wire.head,
    gaps: wire.gaps.map(gapFromWire),
    envelopes: wire.envelopes.map(envelopeFromWire),
    caughtUp: wire.caughtUp,
    stock: stockFromWire(wire.stock ?? {}),
    listVersion: wire.listVersion as ListVersion,
    serverTime: wire.serverTime,
  };
}

export function encodeMailboxSettlement({ stream, acks, nacks }: MailboxSettlement): Uint8Array {
  return encodeWire(WireSettlement, { stream, acks: [...acks], nacks: nacks.map(nackToWire) });
}

export function decodeMailboxSettlement(bytes: Uint8Array): MailboxSettlement | Problem {
  const wire = decodeWire(WireSettlement, bytes, BOUNDS.MailboxSettlement);
  if (wire === undefined) return problem('malformed', 'the body is not a MailboxSettlement of sotto.v1');
  if (wire.stream > MOST_INT4) return problem('malformed', 'stream: there is no such number');
  const acks = acksFromWire(wire.acks);
  if ('code' in acks) return acks;
  const from = wire.nacks;
  if (from.length > LIMITS.acksInFrame)
    return problem('malformed', `at most ${String(LIMITS.acksInFrame)} nacks at once`);
  const nacks: Nack[] = [];
  for (const each of from) {
    const nack = nackFromWire(each);
    if ('code' in nack) return nack;
    nacks.push(nack);
  }
  return { stream: wire.stream, acks, nacks };
}

/** Pairs that name nothing of the mailbox. */
export type Refused = Pick<Ack, 'sequence' | 'id'>;

export function encodeSettlementAnswer(refused: readonly Refused[]): Uint8Array {
  return encodeWire(SettlementAnswer, { refused: refused.map(({ sequence, id }) => ({ sequence, id })) });
}

/** Undefined for bytes that are no SettlementAnswer. */
export function decodeSettlementAnswer(bytes: Uint8Array): readonly Refused[] | undefined {
  const wire = decodeWire(SettlementAnswer, bytes);
  return wire?.refused.map(({ sequence, id }) => ({ sequence: (sequence ?? 0) as Sequence, id: id ?? NONE }));
}

export function encodeSetAside(envelopes: readonly SetAsideEnvelope[]): Uint8Array {
  return encodeWire(SetAside, {
    envelopes: envelopes.map(({ envelope, reason }) => ({ envelope, reason: NACK_REASONS[reason] })),
  });
}

/** Undefined for bytes that are no SetAside. */
export function decodeSetAside(bytes: Uint8Array): readonly SetAsideEnvelope[] | undefined {
  const wire = decodeWire(SetAside, bytes);
  return wire?.envelopes.map(({ envelope, reason }) => ({
    envelope: envelopeFromWire(envelope ?? {}),
    reason: nackReasonOf(reason ?? 0),
  }));
}
