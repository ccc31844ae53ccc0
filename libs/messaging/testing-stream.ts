import type { MailboxNo } from '../mailbox/guards.js';
import type { Envelope } from '../protocol/frames.js';
import type { Ack } from '../protocol/mail.js';
import type { ListVersion, Sequence } from '../protocol/ids.js';
import { Stream, type StreamEnd, type StreamEvent } from './stream.js';

export const MAILBOX = 5 as MailboxNo;
export const LIST_VERSION = 4 as ListVersion;
export const EPOCH = 7;

export function idOf(sequence: number): Buffer {
  const id = Buffer.alloc(8, 0xa5);
  id.writeUInt32BE(sequence, 4);
  return id;
}

export function envelope(sequence: number, bytes = 10): Envelope {
  return {
    sequence: sequence as Sequence,
    id: idOf(sequence),
    acceptedAt: 1,
    registrationId: 1,
    kind: 2,
    control: false,
    senderAccount: Buffer.alloc(16),
    senderDevice: Buffer.alloc(16),
    content: Buffer.alloc(bytes),
  };
}

export function run(from: number, to: number, bytes = 10): Envelope[] {
  return Array.from({ length: to - from + 1 }, (_, index) => envelope(from + index, bytes));
}

export function ack(sequence: number, more: Partial<Ack> = {}): Ack {
  return { sequence: sequence as Sequence, id: idOf(sequence), cumulative: false, ...more };
}

/** A stream's one reader: everything that the stream has asked for and given so far. */
export class Reader {
  hungry = 0;
  readonly given: number[] = [];
  empty = 0;
  ended: StreamEnd | undefined;
  readonly stream = new Stream(MAILBOX, () => (this.hungry += 1));
  private readonly arrived: StreamEvent[] = [];
  private waiting: Promise<void> | undefined;

  begin(head: number, ackedThrough = 0): this {
    this.stream.begin({ epoch: EPOCH, head, ackedThrough, listVersion: LIST_VERSION, gapMark: 0 });
    return this;
  }

  offer(base: number, envelopes: readonly Envelope[], epoch = EPOCH): void {
    this.stream.offer({ epoch, base, head: base + envelopes.length, envelopes });
  }

  /** The next event; undefined while there is none. It is taken by a later call then. */
  async pull(): Promise<StreamEvent | undefined> {
    this.waiting ??= this.stream.next().then((event) => {
      this.waiting = undefined;
      if (event === undefined) this.ended = this.stream.ended;
      else this.arrived.push(event);
    });
    await turn();
    const event = this.arrived.shift();
    this.note(event);
    return event;
  }

  async pullAll(): Promise<void> {
    while ((await this.pull()) !== undefined);
  }

  /** As the drain does: the table's answer, and the window moves. */
  settle(...acks: readonly Ack[]): void {
    for (const range of this.stream.ranges(acks)) this.stream.settle(range);
  }

  private note(event: StreamEvent | undefined): void {
    if (event?.kind === 'queue-empty') this.empty += 1;
    else if (event?.kind === 'envelopes') this.given.push(...event.envelopes.map((each) => each.sequence));
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
