import { sotto } from './generated/sotto.js';
import {
  isRegistrationId,
  uuidFromBytes,
  uuidToBytes,
  type AccountId,
  type DeviceId,
  type IdempotencyKey,
  type ListVersion,
  type RegistrationId,
} from './ids.js';
import { LIMITS } from './limits.js';
import { problem, type Problem } from './problems.js';
import { BOUNDS } from './wire-bounds.js';
import { decodeWire, encodeWire } from './wire.js';

/** Everything that belongs together in one send (DELIVERY "Sending"). Times are milliseconds since the epoch. */
export interface SendRequest {
  readonly idempotencyKey: IdempotencyKey;
  readonly class: 'durable' | 'ephemeral';
  readonly urgent: boolean;
  /** After a mismatch: bring bundles of missing and stale devices along. */
  readonly bundles: boolean;
  /** 0 means the server's. */
  readonly clientTimestamp: number;
  readonly recipients: readonly Recipient[];
}

export interface Recipient {
  readonly accountId: AccountId;
  readonly listVersion: ListVersion;
  readonly coverage: 'complete' | 'selected';
  readonly envelopes: readonly OutgoingEnvelope[];
}

export interface OutgoingEnvelope {
  readonly deviceId: DeviceId;
  readonly registrationId: RegistrationId;
  readonly kind: EnvelopeKind;
  readonly control: boolean;
  readonly content: Uint8Array;
}

export const ENVELOPE_KINDS = { prekey: 1, message: 2, plaintext: 3 } as const;
/** The number on the wire and in the table. */
export type EnvelopeKind = (typeof ENVELOPE_KINDS)[keyof typeof ENVELOPE_KINDS];

const Wire = sotto.v1.SendRequest;
type WireRequest = sotto.v1.SendRequest.$Properties;
type WireRecipient = sotto.v1.Recipient.$Properties;
type WireEnvelope = sotto.v1.OutgoingEnvelope.$Properties;

export function encodeSendRequest(request: SendRequest): Uint8Array {
  return encodeWire(Wire, sendRequestToWire(request));
}

/** The body of `POST /v1/messages`. */
export function decodeSendRequest(bytes: Uint8Array): SendRequest | Problem {
  if (bytes.length > LIMITS.frameBytes)
    return problem('too_large', `a request holds at most ${String(LIMITS.frameBytes)} bytes`);
  const wire = decodeWire(Wire, bytes, BOUNDS.SendRequest);
  return wire === undefined ? malformed('the body is not a SendRequest of sotto.v1') : sendRequestFromWire(wire);
}

export function sendRequestToWire(request: SendRequest): WireRequest {
  return {
    idempotencyKey: uuidToBytes(request.idempotencyKey),
    class: request.class === 'durable' ? 0 : 1,
    urgent: request.urgent,
    bundles: request.bundles,
    clientTimestamp: request.clientTimestamp,
    recipients: request.recipients.map((recipient) => ({
      accountId: uuidToBytes(recipient.accountId),
      listVersion: recipient.listVersion,
      coverage: recipient.coverage === 'complete' ? 0 : 1,
      envelopes: recipient.envelopes.map((envelope) => ({ ...envelope, deviceId: uuidToBytes(envelope.deviceId) })),
    })),
  };
}

/** Shape and size rules of D3 and D7, in this order; what needs a clock or the database is decided later. */
export function sendRequestFromWire(wire: WireRequest): SendRequest | Problem {
  const request = shapedFromWire(wire);
  return 'code' in request ? request : (sizeFault(request) ?? request);
}

function shapedFromWire(wire: WireRequest): SendRequest | Problem {
  const key = uuidFromBytes<IdempotencyKey>(wire.idempotencyKey ?? NONE);
  if (key?.[14] !== '7') return malformed('idempotency_key is not a UUIDv7');
  if (wire.class !== 0 && wire.class !== 1) return malformed('class is neither DURABLE nor EPHEMERAL');
  const clientTimestamp = wire.clientTimestamp ?? 0;
  if (!Number.isSafeInteger(clientTimestamp))
    return malformed('client_timestamp is not in milliseconds since the epoch');
  const from = wire.recipients ?? [];
  if (from.length === 0) return malformed('recipients is empty');
  const recipients: Recipient[] = [];
  const accounts = new Set<AccountId>();
  for (const each of from) {
    const recipient = recipientFromWire(each);
    if ('code' in recipient) return recipient;
    if (accounts.has(recipient.accountId)) return malformed(`account ${recipient.accountId} is named twice`);
    accounts.add(recipient.accountId);
    recipients.push(recipient);
  }
  return {
    idempotencyKey: key,
    class: wire.class === 0 ? 'durable' : 'ephemeral',
    urgent: wire.urgent ?? false,
    bundles: wire.bundles ?? false,
    clientTimestamp,
    recipients,
  };
}

function sizeFault({ recipients }: SendRequest): Problem | undefined {
  let count = 0;
  let longest = 0;
  for (const { envelopes } of recipients) {
    count += envelopes.length;
    for (const { content } of envelopes) longest = Math.max(longest, content.length);
  }
  if (count > LIMITS.requestEnvelopes)
    return problem('too_large', `a request holds at most ${String(LIMITS.requestEnvelopes)} envelopes`);
  if (longest > LIMITS.envelopeBytes)
    return problem('too_large', `an envelope holds at most ${String(LIMITS.envelopeBytes)} bytes`);
  return undefined;
}

const NONE = new Uint8Array();

function recipientFromWire(wire: WireRecipient): Recipient | Problem {
  const accountId = uuidFromBytes<AccountId>(wire.accountId ?? NONE);
  if (accountId === undefined) return malformed('account_id is not the 16 bytes of a UUID');
  if (wire.coverage !== 0 && wire.coverage !== 1) return malformed('coverage is neither COMPLETE nor SELECTED');
  const selected = wire.coverage === 1;
  const from = wire.envelopes ?? [];
  if (from.length === 0) return malformed(`account ${accountId} is named without an envelope`);
  const envelopes: OutgoingEnvelope[] = [];
  const devices = new Set<DeviceId>();
  for (const each of from) {
    const envelope = envelopeFromWire(each);
    if ('code' in envelope) return envelope;
    if (devices.has(envelope.deviceId)) return malformed(`device ${envelope.deviceId} is named twice`);
    if (selected && !envelope.control) return malformed('SELECTED coverage is for control envelopes only');
    devices.add(envelope.deviceId);
    envelopes.push(envelope);
  }
  return {
    accountId,
    listVersion: (wire.listVersion ?? 0) as ListVersion,
    coverage: selected ? 'selected' : 'complete',
    envelopes,
  };
}

function envelopeFromWire(wire: WireEnvelope): OutgoingEnvelope | Problem {
  const deviceId = uuidFromBytes<DeviceId>(wire.deviceId ?? NONE);
  if (deviceId === undefined) return malformed('device_id is not the 16 bytes of a UUID');
  const registrationId = wire.registrationId ?? 0;
  if (!isRegistrationId(registrationId)) return malformed('registration_id is not within 1 to 16,383');
  const { kind } = wire;
  if (kind !== 1 && kind !== 2 && kind !== 3) return malformed('kind is not PREKEY, MESSAGE or PLAINTEXT');
  const content = wire.content ?? NONE;
  if (content.length === 0) return malformed('content is empty');
  return { deviceId, registrationId, kind, control: wire.control ?? false, content };
}

function malformed(detail: string): Problem {
  return problem('malformed', detail);
}
