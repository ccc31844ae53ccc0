import type { AccountId } from '../../../libs/protocol/ids.js';
import type { SottoClient } from '../../../libs/sdk/client.js';
import type { ReceivedMessage } from '../../../libs/sdk/inbox.js';
import { Trouble } from './trouble.js';

export interface Receipt {
  readonly message: ReceivedMessage;
  /** By `performance.now()`: decrypted, stored and handed over. */
  readonly at: number;
}

export interface Sent {
  /** By `performance.now()`. */
  readonly at: number;
  readonly acceptedAfterMs: number;
}

const PATIENCE_MS = 20_000;

/** One device of a person in a played conversation: everything it receives is kept, in order, and can be waited for. */
export class Participant {
  readonly received: Receipt[] = [];
  private readonly reading = new AbortController();
  private readonly done: Promise<void>;
  private waiting: (() => void)[] = [];
  private closed: Promise<void> | undefined;

  constructor(
    readonly person: string,
    readonly device: string,
    readonly client: SottoClient,
  ) {
    this.done = this.read();
  }

  get label(): string {
    return `${this.person}/${this.device}`;
  }

  get accountId(): AccountId {
    return this.client.me.accountId;
  }

  /** Resolves when the server has committed it. */
  async send(to: AccountId, text: string): Promise<Sent> {
    const at = performance.now();
    await this.client.send(to, text).accepted;
    return { at, acceptedAfterMs: performance.now() - at };
  }

  async waitFor(text: string): Promise<Receipt> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const receipt = this.received.find(({ message }) => message.text === text);
      if (receipt !== undefined) return receipt;
      const left = deadline - performance.now();
      if (left <= 0) {
        throw new Trouble(`${this.label} did not get "${text}" within 20 s.`, 'Look into the log of the server.');
      }
      await this.nextReceipt(left);
    }
  }

  /** Idempotent. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    this.reading.abort();
    await this.done;
    await this.client.close();
  }

  private async read(): Promise<void> {
    for await (const message of this.client.messages(this.reading.signal)) {
      this.received.push({ message, at: performance.now() });
      const woken = this.waiting;
      this.waiting = [];
      for (const wake of woken) wake();
    }
  }

  private nextReceipt(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs).unref();
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
