import { sotto } from './generated/sotto.js';
import { uuidFromBytes, uuidToBytes, type AccountId, type IdempotencyKey, type ListVersion } from './ids.js';
import { pad, unpad } from './padding.js';
import { decodeWire, encodeWire } from './wire.js';

/** What one account's devices were to the sender when it encrypted (IDENTITY "Consistency"). */
export interface AccountState {
  readonly epoch: number;
  readonly listVersion: ListVersion;
  /** `accountStateHash` of the list bytes and tombstones. */
  readonly hash: Uint8Array;
}

/** The plaintext inside every envelope. */
export interface Content {
  readonly sender: AccountState;
  readonly recipient: AccountState;
  /** The idempotency key of the send: the same on every device's copy. */
  readonly messageId: IdempotencyKey;
  readonly sentAt: number;
  readonly body: ContentBody;
}

export type ContentBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'sent'; readonly recipient: AccountId; readonly text: string };

const NONE = new Uint8Array();

/** Encoded and padded, ready to encrypt; undefined when too large for an envelope. */
export function encodeContent(content: Content): Uint8Array | undefined {
  const { body } = content;
  return pad(
    encodeWire(sotto.v1.Content, {
      sender: { ...content.sender },
      recipient: { ...content.recipient },
      messageId: uuidToBytes(content.messageId),
      sentAt: content.sentAt,
      ...(body.kind === 'text'
        ? { text: { text: body.text } }
        : { sent: { recipientAccount: uuidToBytes(body.recipient), text: { text: body.text } } }),
    }),
  );
}

/** Undefined for bytes that no honest client sends, and for a body this version does not know. */
export function decodeContent(padded: Uint8Array): Content | undefined {
  const bytes = unpad(padded);
  const wire = bytes === undefined ? undefined : decodeWire(sotto.v1.Content, bytes);
  const messageId = uuidFromBytes<IdempotencyKey>(wire?.messageId ?? NONE);
  const sender = stateFromWire(wire?.sender);
  const recipient = stateFromWire(wire?.recipient);
  const body = wire === undefined ? undefined : bodyFromWire(wire);
  if (
    wire === undefined ||
    messageId === undefined ||
    sender === undefined ||
    recipient === undefined ||
    body === undefined
  )
    return undefined;
  return { sender, recipient, messageId, sentAt: wire.sentAt, body };
}

function bodyFromWire(wire: sotto.v1.Content): ContentBody | undefined {
  if (wire.text) return { kind: 'text', text: wire.text.text ?? '' };
  const recipient = uuidFromBytes<AccountId>(wire.sent?.recipientAccount ?? NONE);
  return recipient === undefined ? undefined : { kind: 'sent', recipient, text: wire.sent?.text?.text ?? '' };
}

function stateFromWire(wire: sotto.v1.AccountState.$Properties | null | undefined): AccountState | undefined {
  if (!wire || (wire.hash ?? NONE).length !== 32) return undefined;
  return { epoch: wire.epoch ?? 0, listVersion: (wire.listVersion ?? 0) as ListVersion, hash: wire.hash ?? NONE };
}
