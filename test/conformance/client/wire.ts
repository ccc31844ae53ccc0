import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';

/**
 * The messages of `sotto.v1`, read from the published `sotto.proto` while the kit runs: no code generated for the server is used, so a fault
 * in that code cannot hide itself here. The shapes below say what the clauses look at; names are the proto's in camel case.
 */
const { root } = protobuf.parse(readFileSync(publishedContract(), 'utf8'));
// Now, and not when first used: where the SDK runs in the same process (chaos), its generated code takes Long away from protobufjs.
root.resolveAll();

export const DURABLE = 0;
export const EPHEMERAL = 1;
export const COMPLETE = 0;
export const SELECTED = 1;
export const MESSAGE = 2;

export interface OutgoingEnvelope {
  readonly deviceId: Buffer;
  readonly registrationId: number;
  readonly kind: number;
  readonly control: boolean;
  readonly content: Buffer;
}

export interface Recipient {
  readonly accountId: Buffer;
  readonly listVersion: number;
  readonly coverage: number;
  readonly envelopes: readonly OutgoingEnvelope[];
}

export interface SendRequest {
  readonly idempotencyKey: Buffer;
  readonly class: number;
  readonly urgent: boolean;
  readonly bundles: boolean;
  readonly clientTimestamp: number;
  readonly recipients: readonly Recipient[];
}

export interface Envelope {
  readonly sequence: number;
  readonly id: Buffer;
  readonly acceptedAt: number;
  readonly registrationId: number;
  readonly kind: number;
  readonly control: boolean;
  readonly senderAccount: Buffer;
  readonly senderDevice: Buffer;
  readonly content: Buffer;
}

/** What an ack and a nack name. */
export type Name = Pick<Envelope, 'sequence' | 'id'>;

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly id: Buffer;
  readonly reason: number;
}

export const AGE = 1;
export const STOCK = 2;

export interface SetAside {
  readonly envelopes: readonly { readonly envelope: Envelope; readonly reason: number }[];
}

export interface Stock {
  readonly oneTime: number;
  readonly kyber: number;
  readonly low: boolean;
}

export interface Ready {
  readonly incarnation: Buffer;
  readonly serverTime: number;
  readonly head: number;
  readonly stock: Stock | null;
  readonly listVersion: number;
  readonly maxUnacked: number;
}

export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly retryAfterMs: number;
  readonly serverTime: number;
}

export interface Bundle {
  readonly deviceId: Buffer;
  readonly registrationId: number;
  readonly identityKey: Buffer;
  readonly signedPrekey: { readonly id: number; readonly publicKey: Buffer } | null;
  readonly kyber: { readonly id: number; readonly publicKey: Buffer; readonly signature: Buffer } | null;
  readonly oneTime: { readonly id: number; readonly publicKey: Buffer } | null;
}

export interface Bundles {
  readonly accountId: Buffer;
  readonly listVersion: number;
  readonly bundles: readonly Bundle[];
}

export interface Mismatch {
  readonly mismatched: readonly {
    readonly accountId: Buffer;
    readonly listVersion: number;
    readonly missing: readonly Buffer[];
    readonly extra: readonly Buffer[];
    readonly stale: readonly Buffer[];
  }[];
  readonly unknown: readonly Buffer[];
  readonly closed: readonly Buffer[];
  readonly bundles: readonly Bundles[];
}

export interface SendAnswer {
  readonly id: number;
  readonly outcome?: 'accepted' | 'mismatch' | 'problem';
  readonly accepted?: { readonly acceptedAt: number };
  readonly mismatch?: Mismatch;
  readonly problem?: Problem;
}

export interface Notice {
  readonly notice?: 'prekeysLow' | 'devicesChanged';
  readonly prekeysLow?: Stock;
  readonly devicesChanged?: { readonly listVersion: number };
}

export interface Link {
  readonly session: Buffer;
  readonly step?: string;
}

/** One page of the long-poll. */
export interface MailboxPage {
  readonly stream: number;
  readonly incarnation: Buffer;
  readonly head: number;
  readonly gaps: readonly Gap[];
  readonly envelopes: readonly Envelope[];
  readonly caughtUp: boolean;
}

interface ServerFrames {
  readonly ready: Ready;
  readonly deliveries: { readonly envelopes: readonly Envelope[] };
  readonly queueEmpty: object;
  readonly answer: SendAnswer;
  readonly ackRefused: Name;
  readonly notice: Notice;
  readonly link: Link;
  readonly problem: Problem;
  readonly gap: Gap;
  readonly ephemeral: Envelope;
  readonly unknown: object;
}

export type FrameKind = keyof ServerFrames;
export type Frame<Kind extends FrameKind = FrameKind> = {
  [Each in Kind]: { readonly kind: Each; readonly body: ServerFrames[Each] };
}[Kind];

export function encode(message: string, value: object): Buffer {
  const type = root.lookupType(message);
  return Buffer.from(type.encode(type.fromObject(value)).finish());
}

export function decode<Shape>(message: string, bytes: Uint8Array): Shape {
  const type = root.lookupType(message);
  return type.toObject(type.decode(bytes), { longs: Number, defaults: true, arrays: true, oneofs: true }) as Shape;
}

export function decodeFrame(bytes: Uint8Array): Frame {
  const frame = decode<Record<string, unknown>>('ServerFrame', bytes);
  const kind = (frame['frame'] ?? 'unknown') as FrameKind;
  return { kind, body: frame[kind] ?? {} } as Frame;
}

/** Whether the published contract has this message, or this field of it. */
export function published(message: string, field?: string): boolean {
  const found = root.lookup(message, protobuf.Type);
  if (!(found instanceof protobuf.Type)) return false;
  return field === undefined || field in found.fields;
}

export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function publishedContract(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const file = join(folder, 'libs/protocol/sotto.proto');
    if (existsSync(file)) return file;
  }
  throw new Error('libs/protocol/sotto.proto is not above this file');
}
