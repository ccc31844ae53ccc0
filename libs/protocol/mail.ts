import type { sotto } from './generated/sotto.js';
import type { Sequence } from './ids.js';
import { LIMITS } from './limits.js';
import { problem, type Problem } from './problems.js';

/** Why mail was removed without an ack (D19). */
export type GapReason = 'age' | 'stock' | 'poison';

/** Numbers of a mailbox, both ends included, that will not come; acked by `to` and `id`. */
export interface Gap {
  readonly from: Sequence;
  readonly to: Sequence;
  /** 8 random bytes. */
  readonly id: Uint8Array;
  readonly reason: GapReason;
}

/** Why a device refuses an envelope (D20). */
export type NackReason = 'unspecified' | 'undecryptable' | 'untrusted' | 'invalid';

export interface Nack {
  readonly sequence: Sequence;
  /** 8 random bytes, from the envelope. */
  readonly id: Uint8Array;
  readonly reason: NackReason;
}

export interface Ack {
  readonly sequence: Sequence;
  /** 8 random bytes, from the envelope or the gap. */
  readonly id: Uint8Array;
  /** This one and all before it. */
  readonly cumulative: boolean;
}

/** As numbers: on the wire, and in the table. */
export const GAP_REASONS = { age: 1, stock: 2, poison: 3 } as const satisfies Record<GapReason, number>;
export const NACK_REASONS = { unspecified: 0, undecryptable: 1, untrusted: 2, invalid: 3 } as const satisfies Record<
  NackReason,
  number
>;

const NONE = new Uint8Array();

export function gapReasonOf(number: number): GapReason {
  return nameOf(GAP_REASONS, number) ?? 'age';
}

/** A reason of a later version is as good as none. */
export function nackReasonOf(number: number): NackReason {
  return nameOf(NACK_REASONS, number) ?? 'unspecified';
}

export function gapToWire({ from, to, id, reason }: Gap): sotto.v1.Gap.$Properties {
  return { from, to, id, reason: GAP_REASONS[reason] };
}

export function gapFromWire(wire: sotto.v1.Gap.$Properties): Gap {
  return {
    from: (wire.from ?? 0) as Sequence,
    to: (wire.to ?? 0) as Sequence,
    id: wire.id ?? NONE,
    reason: gapReasonOf(wire.reason ?? 0),
  };
}

export function nackToWire({ sequence, id, reason }: Nack): sotto.v1.Nack.$Properties {
  return { sequence, id, reason: NACK_REASONS[reason] };
}

export function nackFromWire({ sequence, id, reason }: sotto.v1.Nack.$Properties): Nack | Problem {
  if (!isSequence(sequence) || id?.length !== 8)
    return problem('malformed', 'a nack names a sequence and the 8 bytes of an id');
  return { sequence, id, reason: nackReasonOf(reason ?? 0) };
}

export function acksFromWire(wire: readonly sotto.v1.Ack.$Properties[]): readonly Ack[] | Problem {
  if (wire.length > LIMITS.acksInFrame)
    return problem('malformed', `at most ${String(LIMITS.acksInFrame)} acks at once`);
  const acks: Ack[] = [];
  for (const { sequence, id, cumulative } of wire) {
    if (!isSequence(sequence) || id?.length !== 8)
      return problem('malformed', 'an ack names a sequence and the 8 bytes of an id');
    acks.push({ sequence, id, cumulative: cumulative ?? false });
  }
  return acks;
}

function isSequence(value: number | null | undefined): value is Sequence {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, number: number): Name | undefined {
  return (Object.keys(table) as Name[]).find((name) => table[name] === number);
}
