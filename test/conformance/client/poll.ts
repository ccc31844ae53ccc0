import type { Device } from './device.js';
import { PROTOBUF, type Answer } from './rest.js';
import { decode, encode, type MailboxPage, type Name } from './wire.js';

/** A poll was answered with something else than a page. */
export class NoPoll extends Error {
  override readonly name = 'NoPoll';

  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`the mailbox was answered with ${status} ${code}`);
  }
}

interface Question {
  /** Seconds. */
  readonly wait: number;
  readonly after: number;
  readonly incarnation?: Buffer;
}

/** The mailbox over REST: the first poll takes the stream, the others carry its id and the cursor. */
export class Poll {
  private stream: number | undefined;
  private cursor = 0;

  constructor(private readonly device: Device) {}

  /** `wait` in seconds. Throws for everything that is not a page. */
  async next({ wait = 0, after = this.cursor, ...more }: Partial<Question> = {}): Promise<MailboxPage> {
    const answer = await this.ask({ wait, after, ...more });
    if (answer.status !== 200) throw new NoPoll(answer.status, answer.code);
    const page = decode<MailboxPage>('MailboxPage', answer.bytes);
    this.stream = page.stream;
    this.cursor = page.envelopes.at(-1)?.sequence ?? after;
    return page;
  }

  async ask({ wait, after, incarnation }: Question): Promise<Answer> {
    const query = new URLSearchParams({ wait: String(wait) });
    if (incarnation !== undefined) query.set('incarnation', incarnation.toString('base64url'));
    if (this.stream !== undefined) {
      query.set('stream', String(this.stream));
      query.set('after', String(after));
    }
    const path = `/v1/mailbox?${query.toString()}`;
    return this.device.ask({ method: 'GET', path, patience: (wait + 20) * 1000 });
  }

  async ack(...names: readonly Name[]): Promise<Answer> {
    return this.settle({ acks: names.map(({ sequence, id }) => ({ sequence, id })) });
  }

  /** A `MailboxSettlement`. */
  async settle(what: object): Promise<Answer> {
    const stream = this.stream === undefined ? {} : { stream: this.stream };
    const body = encode('MailboxSettlement', { ...stream, ...what });
    return this.device.ask({ method: 'POST', path: '/v1/mailbox/settlements', type: PROTOBUF, body });
  }
}
