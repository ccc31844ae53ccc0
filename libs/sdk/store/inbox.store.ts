import type { AccountId, DeviceId, IdempotencyKey } from '../../protocol/ids.js';
import { int, text, type Reader, type Row, type Tx } from './store.js';

/** A message that was decrypted and is kept until the application has taken it. */
export interface Incoming {
  readonly no: number;
  readonly messageId: IdempotencyKey;
  readonly senderAccount: AccountId;
  readonly senderDevice: DeviceId;
  /** Whom it was written to: the own account, or, in a copy of what another own device sent, the other person. */
  readonly recipient: AccountId;
  readonly body: string;
  readonly sentAt: number;
  readonly acceptedAt: number;
}

/** False when this message of this device is here already: it is not shown twice. */
export function insertIncoming(tx: Tx, message: Omit<Incoming, 'no'>, now: number): boolean {
  const inserted = tx.run(
    `insert or ignore into inbox (message_id, sender_account, sender_device, recipient_account, body, sent_at, accepted_at, received_at)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
    message.messageId,
    message.senderAccount,
    message.senderDevice,
    message.recipient,
    message.body,
    message.sentAt,
    message.acceptedAt,
    now,
  );
  return inserted === 1;
}

export function firstUnread(reader: Reader): Incoming | undefined {
  const row = reader.get('select * from inbox where body is not null order by no limit 1');
  return row === undefined ? undefined : incomingOf(row);
}

export function countUnread(reader: Reader): number {
  return int(reader.get('select count(*) as n from inbox where body is not null') ?? {}, 'n');
}

function incomingOf(row: Row): Incoming {
  return {
    no: int(row, 'no'),
    messageId: text(row, 'message_id'),
    senderAccount: text(row, 'sender_account'),
    senderDevice: text(row, 'sender_device'),
    recipient: text(row, 'recipient_account'),
    body: text(row, 'body'),
    sentAt: int(row, 'sent_at'),
    acceptedAt: int(row, 'accepted_at'),
  };
}

/** The application has it: the words go, the fact that they came stays. */
export function takeIncoming(tx: Tx, no: number): void {
  tx.run('update inbox set body = null where no = ?', no);
}

export function wasSeen(reader: Reader, envelopeId: Uint8Array): boolean {
  return reader.get('select at from seen where envelope_id = ?', envelopeId) !== undefined;
}

export function saveSeen(tx: Tx, envelopeId: Uint8Array, now: number): void {
  tx.run('insert or ignore into seen (envelope_id, at) values (?, ?)', envelopeId, now);
  tx.run('delete from undecryptable where envelope_id = ?', envelopeId);
}

/** Forgets what can no longer come again: the server keeps mail for 30 days. */
export function pruneInbox(tx: Tx, before: number): void {
  tx.run('delete from seen where at < ?', before);
  tx.run('delete from inbox where body is null and received_at < ?', before);
  tx.run('delete from undecryptable where at < ?', before);
}

export interface Undecryptable {
  readonly envelopeId: Uint8Array;
  readonly sequence: number;
  readonly senderAccount: AccountId | undefined;
  readonly senderDevice: DeviceId | undefined;
  readonly reason: string;
}

export function saveUndecryptable(tx: Tx, envelope: Undecryptable, now: number): void {
  tx.run(
    `insert into undecryptable (envelope_id, sequence, sender_account, sender_device, reason, at, times) values (?, ?, ?, ?, ?, ?, 1)
     on conflict (envelope_id) do update set reason = excluded.reason, at = excluded.at, times = times + 1`,
    envelope.envelopeId,
    envelope.sequence,
    envelope.senderAccount ?? null,
    envelope.senderDevice ?? null,
    envelope.reason,
    now,
  );
}
