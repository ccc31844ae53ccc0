import { encodeDeliveries } from './deliveries.js';
import { sotto } from './generated/sotto.js';
import { uuidFromBytes, uuidToBytes, type AccountId, type DeviceId, type ListVersion, type Sequence } from './ids.js';
import { linkFromWire, linkToWire, type LinkFrame } from './link-frames.js';
import {
  acksFromWire,
  gapFromWire,
  gapToWire,
  nackFromWire,
  nackToWire,
  type Ack,
  type Gap,
  type Nack,
} from './mail.js';
import { bundlesFromWire, bundlesToWire, type PrekeyBundles, type PrekeyStock } from './prekeys.js';
import { problem, PROBLEMS, type Problem, type ProblemCode } from './problems.js';
import { sendRequestFromWire, sendRequestToWire, type EnvelopeKind, type SendRequest } from './send-request.js';
import { BOUNDS } from './wire-bounds.js';
import { decodeWire, encodeWire } from './wire.js';

/** What a client may say in one binary message; `id` correlates a send with its answer on this connection. */
export type ClientFrame =
  | { readonly kind: 'send'; readonly id: number; readonly request: SendRequest }
  | { readonly kind: 'acks'; readonly acks: readonly Ack[] }
  | { readonly kind: 'nack'; readonly nack: Nack }
  | { readonly kind: 'link'; readonly link: LinkFrame };

/** What a server reads: the above, or why not. A refused send is answered by its id; `malformed` closes the connection. */
export type ReceivedFrame =
  | ClientFrame
  | { readonly kind: 'refused-send'; readonly id: number; readonly problem: Problem }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'malformed'; readonly detail: string };

/** An envelope as its own device sees it. Field names are the wire's, so a page is encoded without copying it. */
export interface Envelope {
  readonly sequence: Sequence;
  readonly id: Uint8Array;
  readonly acceptedAt: number;
  /** The registration id it was encrypted for: stale ones are recognised without decrypting (D18). */
  readonly registrationId: number;
  readonly kind: EnvelopeKind;
  readonly control: boolean;
  /** 16 bytes each; empty when sealed. */
  readonly senderAccount: Uint8Array;
  readonly senderDevice: Uint8Array;
  readonly content: Uint8Array;
}

export interface Ready {
  /** 8 bytes; a cursor is (incarnation, sequence). */
  readonly incarnation: Uint8Array;
  readonly serverTime: number;
  /** Last sequence at connect time, 0 for an empty mailbox. */
  readonly head: number;
  readonly stock: PrekeyStock;
  readonly listVersion: ListVersion;
  readonly maxUnacked: number;
}

export type SendOutcome = { readonly kind: 'accepted'; readonly acceptedAt: number } | Mismatch | Problem;

/** Nothing was stored; everything that is wrong at once (D3). */
export interface Mismatch {
  readonly kind: 'mismatch';
  readonly mismatched: readonly MismatchedAccount[];
  readonly unknown: readonly AccountId[];
  readonly closed: readonly AccountId[];
  readonly bundles: readonly PrekeyBundles[];
}

export interface MismatchedAccount {
  readonly accountId: AccountId;
  readonly listVersion: ListVersion;
  readonly missing: readonly DeviceId[];
  readonly extra: readonly DeviceId[];
  readonly stale: readonly DeviceId[];
}

export type ServerFrame =
  | { readonly kind: 'ready'; readonly ready: Ready }
  | { readonly kind: 'deliveries'; readonly envelopes: readonly Envelope[] }
  | { readonly kind: 'gap'; readonly gap: Gap }
  /** To the sockets that are there now; without sequence and id, and never acked (D6). */
  | { readonly kind: 'ephemeral'; readonly envelope: Envelope }
  | { readonly kind: 'queue-empty' }
  | { readonly kind: 'answer'; readonly id: number; readonly outcome: SendOutcome }
  | { readonly kind: 'ack-refused'; readonly sequence: Sequence; readonly id: Uint8Array }
  | { readonly kind: 'prekeys-low'; readonly stock: PrekeyStock }
  | { readonly kind: 'devices-changed'; readonly listVersion: ListVersion }
  | { readonly kind: 'link'; readonly link: LinkFrame }
  | { readonly kind: 'problem'; readonly problem: Problem };

const NONE = new Uint8Array();
const { ClientFrame: WireClient, ServerFrame: WireServer } = sotto.v1;

export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  switch (frame.kind) {
    case 'send':
      return encodeWire(WireClient, { send: { id: frame.id, request: sendRequestToWire(frame.request) } });
    case 'acks':
      return encodeWire(WireClient, { acks: { acks: [...frame.acks] } });
    case 'nack':
      return encodeWire(WireClient, { nack: nackToWire(frame.nack) });
    case 'link':
      return encodeWire(WireClient, { link: linkToWire(frame.link) });
  }
}

export function decodeClientFrame(bytes: Uint8Array): ReceivedFrame {
  const wire = decodeWire(WireClient, bytes, BOUNDS.ClientFrame);
  if (wire === undefined) return { kind: 'malformed', detail: 'not a ClientFrame of sotto.v1' };
  if (wire.send) return sendFromWire(wire.send);
  if (wire.acks) {
    const acks = acksFromWire(wire.acks.acks ?? []);
    if ('code' in acks) return { kind: 'refused', problem: acks };
    return acks.length === 0 ? refused('a frame of acks carries at least one') : { kind: 'acks', acks };
  }
  if (wire.nack) {
    const nack = nackFromWire(wire.nack);
    return 'code' in nack ? { kind: 'refused', problem: nack } : { kind: 'nack', nack };
  }
  if (wire.link) {
    const link = linkFromWire(wire.link);
    return link === undefined ? refused('the link frame is not complete') : { kind: 'link', link };
  }
  return refused('this server does not know the frame');
}

function sendFromWire(wire: sotto.v1.Send.$Properties): ReceivedFrame {
  const id = wire.id ?? 0;
  const request = wire.request ? sendRequestFromWire(wire.request) : problem('malformed', 'the request is missing');
  return 'code' in request ? { kind: 'refused-send', id, problem: request } : { kind: 'send', id, request };
}

function refused(detail: string): ReceivedFrame {
  return { kind: 'refused', problem: problem('malformed', detail) };
}

export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  return frame.kind === 'deliveries' ? encodeDeliveries(frame.envelopes) : encodeWire(WireServer, serverToWire(frame));
}

function serverToWire(frame: Exclude<ServerFrame, { readonly kind: 'deliveries' }>): sotto.v1.ServerFrame.$Properties {
  switch (frame.kind) {
    case 'ready':
      return { ready: { ...frame.ready, stock: { ...frame.ready.stock } } };
    case 'gap':
      return { gap: gapToWire(frame.gap) };
    case 'ephemeral':
      return { ephemeral: frame.envelope };
    case 'queue-empty':
      return { queueEmpty: {} };
    case 'answer':
      return { answer: answerToWire(frame.id, frame.outcome) };
    case 'ack-refused':
      return { ackRefused: { sequence: frame.sequence, id: frame.id } };
    case 'prekeys-low':
      return { notice: { prekeysLow: { ...frame.stock } } };
    case 'devices-changed':
      return { notice: { devicesChanged: { listVersion: frame.listVersion } } };
    case 'link':
      return { link: linkToWire(frame.link) };
    case 'problem':
      return { problem: problemToWire(frame.problem) };
  }
}

function answerToWire(id: number, outcome: SendOutcome): sotto.v1.SendAnswer.$Properties {
  switch (outcome.kind) {
    case 'accepted':
      return { id, accepted: { acceptedAt: outcome.acceptedAt } };
    case 'mismatch':
      return { id, mismatch: mismatchToWire(outcome) };
    case 'problem':
      return { id, problem: problemToWire(outcome) };
  }
}

/** The body of a 409 `device_list_mismatch` of `POST /v1/messages`, and the outcome in an answer frame. */
export function encodeMismatch(mismatch: Mismatch): Uint8Array {
  return encodeWire(sotto.v1.Mismatch, mismatchToWire(mismatch));
}

function mismatchToWire(mismatch: Mismatch): sotto.v1.Mismatch.$Properties {
  return {
    mismatched: mismatch.mismatched.map((account) => ({
      accountId: uuidToBytes(account.accountId),
      listVersion: account.listVersion,
      missing: account.missing.map(uuidToBytes),
      extra: account.extra.map(uuidToBytes),
      stale: account.stale.map(uuidToBytes),
    })),
    unknown: mismatch.unknown.map(uuidToBytes),
    closed: mismatch.closed.map(uuidToBytes),
    bundles: mismatch.bundles.map(bundlesToWire),
  };
}

function problemToWire(from: Problem): sotto.v1.Problem.$Properties {
  return {
    code: from.code,
    detail: from.detail,
    ...(from.retryAfterMs === undefined ? {} : { retryAfterMs: from.retryAfterMs }),
    ...(from.serverTime === undefined ? {} : { serverTime: from.serverTime }),
  };
}

/** Undefined for what this version does not know (it is ignored) and for bytes that are no ServerFrame. */
export function decodeServerFrame(bytes: Uint8Array): ServerFrame | undefined {
  const wire = decodeWire(WireServer, bytes);
  if (wire === undefined) return undefined;
  if (wire.deliveries)
    return { kind: 'deliveries', envelopes: (wire.deliveries.envelopes ?? []).map(envelopeFromWire) };
  if (wire.answer) return answerFromWire(wire.answer);
  if (wire.gap) return { kind: 'gap', gap: gapFromWire(wire.gap) };
  if (wire.ephemeral) return { kind: 'ephemeral', envelope: envelopeFromWire(wire.ephemeral) };
  if (wire.ready) return { kind: 'ready', ready: readyFromWire(wire.ready) };
  if (wire.queueEmpty) return { kind: 'queue-empty' };
  if (wire.ackRefused)
    return {
      kind: 'ack-refused',
      sequence: (wire.ackRefused.sequence ?? 0) as Sequence,
      id: wire.ackRefused.id ?? NONE,
    };
  if (wire.notice?.prekeysLow) return { kind: 'prekeys-low', stock: stockFromWire(wire.notice.prekeysLow) };
  if (wire.notice?.devicesChanged)
    return { kind: 'devices-changed', listVersion: (wire.notice.devicesChanged.listVersion ?? 0) as ListVersion };
  if (wire.problem) return { kind: 'problem', problem: problemFromWire(wire.problem) };
  const link = wire.link ? linkFromWire(wire.link) : undefined;
  return link === undefined ? undefined : { kind: 'link', link };
}

export function envelopeFromWire(wire: sotto.v1.Envelope.$Properties): Envelope {
  return {
    sequence: (wire.sequence ?? 0) as Sequence,
    id: wire.id ?? NONE,
    acceptedAt: wire.acceptedAt ?? 0,
    registrationId: wire.registrationId ?? 0,
    kind: (wire.kind ?? 0) as EnvelopeKind,
    control: wire.control ?? false,
    senderAccount: wire.senderAccount ?? NONE,
    senderDevice: wire.senderDevice ?? NONE,
    content: wire.content ?? NONE,
  };
}

function readyFromWire(wire: sotto.v1.Ready.$Properties): Ready {
  return {
    incarnation: wire.incarnation ?? NONE,
    serverTime: wire.serverTime ?? 0,
    head: wire.head ?? 0,
    stock: stockFromWire(wire.stock ?? {}),
    listVersion: (wire.listVersion ?? 0) as ListVersion,
    maxUnacked: wire.maxUnacked ?? 0,
  };
}

export function stockFromWire(wire: sotto.v1.PrekeyStock.$Properties): PrekeyStock {
  return { oneTime: wire.oneTime ?? 0, kyber: wire.kyber ?? 0, low: wire.low ?? false };
}

function answerFromWire(wire: sotto.v1.SendAnswer.$Properties): ServerFrame | undefined {
  const id = wire.id ?? 0;
  if (wire.accepted)
    return { kind: 'answer', id, outcome: { kind: 'accepted', acceptedAt: wire.accepted.acceptedAt ?? 0 } };
  if (wire.problem) return { kind: 'answer', id, outcome: problemFromWire(wire.problem) };
  return wire.mismatch ? { kind: 'answer', id, outcome: mismatchFromWire(wire.mismatch) } : undefined;
}

function mismatchFromWire(wire: sotto.v1.Mismatch.$Properties): Mismatch {
  return {
    kind: 'mismatch',
    mismatched: (wire.mismatched ?? []).flatMap((account) => {
      const accountId = uuidFromBytes<AccountId>(account.accountId ?? NONE);
      if (accountId === undefined) return [];
      const [missing, extra, stale] = [
        idsOf<DeviceId>(account.missing),
        idsOf<DeviceId>(account.extra),
        idsOf<DeviceId>(account.stale),
      ];
      return [{ accountId, listVersion: (account.listVersion ?? 0) as ListVersion, missing, extra, stale }];
    }),
    unknown: idsOf<AccountId>(wire.unknown),
    closed: idsOf<AccountId>(wire.closed),
    bundles: (wire.bundles ?? []).map(bundlesFromWire).filter((bundles) => bundles !== undefined),
  };
}

function idsOf<Id extends AccountId | DeviceId>(from: readonly Uint8Array[] | null | undefined): Id[] {
  return (from ?? []).map((bytes) => uuidFromBytes<Id>(bytes)).filter((id) => id !== undefined);
}

function problemFromWire(wire: sotto.v1.Problem.$Properties): Problem {
  const code = wire.code ?? '';
  return problem(Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : 'internal', wire.detail ?? code, {
    ...(wire.retryAfterMs ? { retryAfterMs: wire.retryAfterMs } : {}),
    ...(wire.serverTime ? { serverTime: wire.serverTime } : {}),
  });
}
