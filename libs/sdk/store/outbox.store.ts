import type { AccountId, IdempotencyKey } from '../../protocol/ids.js';
import type { SottoErrorCode } from '../errors.js';
import { KEY_CHANGES } from './accounts.store.js';
import { blob, int, optionalBlob, text, type Reader, type Row, type Tx } from './store.js';

/** A message on its way out. `request` holds the encoded bytes as soon as it has been encrypted. */
export interface Outgoing {
  readonly no: number;
  readonly messageId: IdempotencyKey;
  readonly recipient: AccountId;
  readonly body: string;
  readonly sentAt: number;
  readonly request: Uint8Array<ArrayBuffer> | undefined;
}

export function insertOutgoing(tx: Tx, message: Omit<Outgoing, 'no' | 'request'>): number {
  tx.run(
    'insert into outbox (message_id, recipient, body, sent_at) values (?, ?, ?, ?)',
    message.messageId,
    message.recipient,
    message.body,
    message.sentAt,
  );
  return int(tx.get('select last_insert_rowid() as no') ?? {}, 'no');
}

export function firstOutgoing(reader: Reader, recipient: AccountId): Outgoing | undefined {
  const row = reader.get('select * from outbox where recipient = ? and failed is null order by no limit 1', recipient);
  return row === undefined ? undefined : outgoingOf(row);
}

function outgoingOf(row: Row): Outgoing {
  return {
    no: int(row, 'no'),
    messageId: text(row, 'message_id'),
    recipient: text(row, 'recipient'),
    body: text(row, 'body'),
    sentAt: int(row, 'sent_at'),
    request: optionalBlob(row, 'request'),
  };
}

export function waitingRecipients(reader: Reader): readonly AccountId[] {
  return reader
    .all('select distinct recipient from outbox where failed is null')
    .map((row) => text<AccountId>(row, 'recipient'));
}

const HELD = `select 1 from account a where a.account_id = outbox.recipient and a.halted in (${KEY_CHANGES.map((code) => `'${code}'`).join(', ')})`;

/** Without those that are held back until the person accepts another account key. */
export function countOutgoing(reader: Reader): number {
  return int(reader.get(`select count(*) as n from outbox where failed is null and not exists (${HELD})`) ?? {}, 'n');
}

/** What waits for the person: the recipient's account key changed. Oldest first. */
export function heldOutgoing(reader: Reader): readonly FailedMessage[] {
  return reader
    .all(
      `select outbox.*, halted from outbox join account on account_id = recipient
          where failed is null and exists (${HELD}) order by no`,
    )
    .map((row) => {
      const { messageId, recipient, body } = outgoingOf(row);
      return { messageId, recipient, text: body, code: text<SottoErrorCode>(row, 'halted') };
    });
}

export function outgoingTo(reader: Reader, recipient: AccountId): readonly number[] {
  return reader
    .all('select no from outbox where recipient = ? and failed is null', recipient)
    .map((row) => int(row, 'no'));
}

export function saveRequest(tx: Tx, no: number, request: Uint8Array): void {
  tx.run('update outbox set request = ? where no = ?', request, no);
}

/** A new id, before the message has been out under the old one. */
export function rekeyOutgoing(tx: Tx, no: number, messageId: IdempotencyKey): void {
  tx.run('update outbox set message_id = ?, request = null where no = ?', messageId, no);
}

export function removeOutgoing(tx: Tx, no: number): void {
  tx.run('delete from outbox where no = ?', no);
}

export function failOutgoing(tx: Tx, no: number, code: string): void {
  tx.run('update outbox set failed = ?, request = null where no = ?', code, no);
}

/** A message that cannot be sent, and the error code that says why. */
export interface FailedMessage {
  readonly messageId: IdempotencyKey;
  readonly recipient: AccountId;
  readonly text: string;
  readonly code: SottoErrorCode;
}

/** Oldest first. */
export function failedOutgoing(reader: Reader): readonly FailedMessage[] {
  return reader.all('select * from outbox where failed is not null order by no').map((row) => {
    const { messageId, recipient, body } = outgoingOf(row);
    return { messageId, recipient, text: body, code: text<SottoErrorCode>(row, 'failed') };
  });
}

export function requestOf(reader: Reader, no: number): Uint8Array | undefined {
  const row = reader.get('select request from outbox where no = ? and request is not null', no);
  return row === undefined ? undefined : blob(row, 'request');
}
