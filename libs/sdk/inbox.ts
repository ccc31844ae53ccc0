import type { Content } from '../protocol/content.js';
import type { AccountId, DeviceId, IdempotencyKey } from '../protocol/ids.js';
import { Bell } from './events.js';
import { trustIn, type Trust } from './store/accounts.store.js';
import { countUnread, firstUnread, insertIncoming, takeIncoming, type Incoming } from './store/inbox.store.js';
import type { Store, Tx } from './store/store.js';
import type { TrustedDevice } from './trust.js';

/** A message as the application sees it. Times are milliseconds since the epoch. */
export interface ReceivedMessage {
  /** The same on every device that got a copy. */
  readonly messageId: IdempotencyKey;
  /** Who wrote it, proved by the ratchet and the verified list. */
  readonly sender: { readonly accountId: AccountId; readonly deviceId: DeviceId };
  /** The person on the other side: the sender, or, of an own message, whom it went to. */
  readonly conversation: AccountId;
  /** Written on another device of the own account. */
  readonly own: boolean;
  readonly text: string;
  /** By the sender's clock. */
  readonly sentAt: number;
  /** By the server's. */
  readonly acceptedAt: number;
  /** How the account key of the conversation came here. */
  readonly trust: Trust;
}

/** Messages on disk that the application has not taken. Beyond this the receiver stops reading, and the mail waits at the server. */
const UNREAD_LIMIT = 1_000;

/**
 * Between receiver and application. A message is committed before it is acked and kept until the application has taken it: a crash in
 * between shows it again at the next start, and nothing is shown twice otherwise. One consumer at a time.
 */
export class Inbox {
  private unread: number;
  private consumed = false;
  private readonly arrived = new Bell();

  constructor(
    private readonly store: Store,
    private readonly own: AccountId,
    private readonly onTaken: () => void,
  ) {
    this.unread = countUnread(store);
  }

  get full(): boolean {
    return this.unread >= UNREAD_LIMIT;
  }

  /** Inside the transaction that advances the ratchet. False for a copy that is here already. */
  put(
    tx: Tx,
    from: { readonly sender: TrustedDevice; readonly content: Content; readonly acceptedAt: number },
    now: number,
  ): boolean {
    const { sender, content, acceptedAt } = from;
    const { body, messageId, sentAt } = content;
    const recipient = body.kind === 'sent' ? body.recipient : this.own;
    return insertIncoming(
      tx,
      {
        messageId,
        senderAccount: sender.accountId,
        senderDevice: sender.deviceId,
        recipient,
        body: body.text,
        sentAt,
        acceptedAt,
      },
      now,
    );
  }

  /** After the commit of a `put` that was true. */
  announce(): void {
    this.unread += 1;
    this.arrived.ring();
  }

  /** A message counts as taken when the consumer asks for the next one or leaves the loop. Ends with the signal. */
  async *messages(signal: AbortSignal): AsyncGenerator<ReceivedMessage, void, undefined> {
    if (this.consumed) throw new TypeError('messages() has a consumer already');
    this.consumed = true;
    try {
      while (!signal.aborted) {
        const arrival = this.arrived.wait(signal);
        const next = firstUnread(this.store);
        if (next === undefined) {
          await arrival;
          continue;
        }
        try {
          yield this.shown(next);
        } finally {
          this.take(next.no);
        }
      }
    } finally {
      this.consumed = false;
    }
  }

  private take(no: number): void {
    this.store.transact((tx) => {
      takeIncoming(tx, no);
    });
    this.unread -= 1;
    this.onTaken();
  }

  private shown(incoming: Incoming): ReceivedMessage {
    const own = incoming.senderAccount === this.own;
    const conversation = own ? incoming.recipient : incoming.senderAccount;
    return {
      messageId: incoming.messageId,
      sender: { accountId: incoming.senderAccount, deviceId: incoming.senderDevice },
      conversation,
      own,
      text: incoming.body,
      sentAt: incoming.sentAt,
      acceptedAt: incoming.acceptedAt,
      trust: trustIn(this.store, conversation) ?? 'first-use',
    };
  }
}
