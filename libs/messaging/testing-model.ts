import { setTimeout as sleep } from 'node:timers/promises';
import { Expiry } from '../mailbox/expiry.js';
import { Gaps } from '../mailbox/gaps.js';
import { Mailbox } from '../mailbox/mailbox.js';
import { Refusals } from '../mailbox/refusals.js';
import { Metrics } from '../platform/metrics.js';
import { LIMITS } from '../protocol/limits.js';
import type { Ack, GapReason } from '../protocol/mail.js';
import type { Sequence } from '../protocol/ids.js';
import { MessagingEvents } from './events.js';
import { LongPolls } from './polls.js';
import { MessagingWorld, told, type StreamReader, type Box, type TestNode } from './testing.js';

/** What became of one number: each is in exactly one of these (D9). A gap that was acked is over. */
export type Fate = 'waiting' | 'acked' | 'aside' | 'over' | GapReason;

export interface Letter {
  readonly bytes: number;
  id: Uint8Array;
  fate: Fate;
  isOld: boolean;
  /** Epochs of the streams that refused it. */
  readonly refusedBy: Set<number>;
}

/** What is known of a stream: only what its device could know, and what stood there when it was taken. */
export interface ModelStream {
  readonly epoch: number;
  readonly node: number;
  readonly headAtStart: number;
  /** Numbers that were settled before it began. */
  readonly settledBefore: ReadonlySet<number>;
  /** A socket; a long-poll has none. */
  readonly reader: StreamReader | undefined;
  /** Settled by an ack or nack on this stream. */
  readonly settled: Set<number>;
  headAtEnd: number;
  /** Closed by its device; nobody has taken the mailbox since. */
  isGone: boolean;
}

/** The table, as it stands. */
export interface Truth {
  readonly head: number;
  readonly epoch: number;
  readonly waiting: ReadonlyMap<number, Uint8Array>;
  readonly aside: ReadonlySet<number>;
  readonly gaps: readonly {
    readonly lo: number;
    readonly hi: number;
    readonly reason: number;
    readonly id: Uint8Array;
  }[];
}

export type Open = 'open' | 'suspended' | 'revoked';

/** One mailbox, as plain as it can be thought: a list of letters and who holds it. */
export class MailboxModel {
  readonly letters: Letter[] = [];
  readonly streams: ModelStream[] = [];
  state: Open = 'open';
  /** Of the stream that holds it. */
  epoch = 0;

  get head(): number {
    return this.letters.length;
  }

  letter(sequence: number): Letter {
    const letter = this.letters[sequence - 1];
    if (letter === undefined) throw new Error(`there is no number ${String(sequence)}`);
    return letter;
  }

  numbers(...fates: readonly Fate[]): number[] {
    return this.letters.flatMap(({ fate }, index) => (fates.includes(fate) ? [index + 1] : []));
  }

  /** The stream that may read and ack now. */
  get current(): ModelStream | undefined {
    const last = this.streams.at(-1);
    return this.state === 'open' && last?.epoch === this.epoch && !last.isGone ? last : undefined;
  }

  /** Waiting, and not refused on this stream. */
  due(stream: ModelStream): number[] {
    return this.numbers('waiting').filter((sequence) => !this.letter(sequence).refusedBy.has(stream.epoch));
  }
}

/** Pages arrive late, so that acks, nacks, rings and newer connections come while they are read. */
class LatePages extends Mailbox {
  override async pages(...wanted: Parameters<Mailbox['pages']>): ReturnType<Mailbox['pages']> {
    const pages = await super.pages(...wanted);
    await sleep(5);
    return pages;
  }
}

/** The real classes of two nodes, the second slow in reading, and one mailbox for each run. */
export class ModelWorld {
  readonly mailbox: Mailbox;
  readonly gaps: Gaps;
  readonly refusals: Refusals;
  readonly expiry: Expiry;

  private constructor(
    readonly world: MessagingWorld,
    readonly nodes: readonly { readonly node: TestNode; readonly polls: LongPolls }[],
    readonly alice: Box,
  ) {
    this.mailbox = new Mailbox(world.db);
    this.gaps = new Gaps(world.db);
    this.refusals = new Refusals(world.db);
    this.expiry = new Expiry(world.db);
  }

  static async create(): Promise<ModelWorld> {
    const world = await MessagingWorld.create();
    const nodes = [];
    for (const no of [1, 2]) {
      const node = await world.node(no, undefined, no === 2 ? new LatePages(world.db) : undefined);
      const { db, log } = world;
      const polls = new LongPolls({
        mailbox: new Mailbox(db),
        gaps: new Gaps(db),
        refusals: new Refusals(db),
        doorbell: node.doorbell,
        events: new MessagingEvents(new Metrics()),
        log,
      });
      polls.start(no);
      nodes.push({ node, polls });
    }
    return new ModelWorld(world, nodes, await world.box());
  }

  async drop(): Promise<void> {
    for (const { polls } of this.nodes) polls.stop();
    await this.world.drop();
  }

  async run(): Promise<MailboxUnderTest> {
    return new MailboxUnderTest(this, await this.world.box());
  }
}

/** The mailbox of one device, with everything that a run does to it. */
export class MailboxUnderTest {
  constructor(
    readonly of: ModelWorld,
    readonly box: Box,
  ) {}

  get device() {
    const [device] = this.box.devices;
    if (device === undefined) throw new Error('the box has no device');
    return device;
  }

  get no() {
    return this.device.mailboxNo;
  }

  on(node: number) {
    const found = this.of.nodes[node];
    if (found === undefined) throw new Error('there is no such node');
    return found;
  }

  /** Of so many bytes; over a node that may not be the one that holds the stream, so that no ring arrives. */
  async send(node: number, bytes: number): Promise<string> {
    const { world, alice } = this.of;
    const [from] = alice.devices;
    if (from === undefined) throw new Error('the sender has no device');
    const outcome = await this.on(node).node.sender.send(from.caller, world.request('m'.repeat(bytes), [this.box]));
    return told(outcome);
  }

  /** The stream looks at its row, as it does every two seconds. */
  look(node: number): void {
    this.on(node).node.drain.hear([{ kind: 'taken', mailbox: this.no }]);
  }

  async truth(): Promise<Truth> {
    const { db } = this.of.world;
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
    const [row] = await db.query<{
      head: number;
      epoch: number;
      waiting: [number, string][] | null;
      aside: number[] | null;
      gaps: [number, number, number, string][] | null;
    }>(
      `select m.head, m.epoch,
         (select json_agg(json_build_array(seq, encode(int8send(id), 'hex')) order by seq) from envelope where mailbox = m.no) as waiting,
         (select json_agg(seq) from set_aside where mailbox = m.no) as aside,
         (select json_agg(json_build_array(lo, hi, reason, encode(int8send(id), 'hex')) order by lo) from gap where mailbox = m.no) as gaps
       from mailbox m where m.no = $1`,
      [this.no],
    );
    if (row === undefined) throw new Error('the mailbox row is gone');
    return {
      head: row.head,
      epoch: row.epoch,
      waiting: new Map((row.waiting ?? []).map(([sequence, id]) => [sequence, bytes(id)])),
      aside: new Set(row.aside),
      gaps: (row.gaps ?? []).map(([lo, hi, reason, id]) => ({ lo, hi, reason, id: bytes(id) })),
    };
  }

  /** Everything up to this number has become a day older. */
  async age(through: number): Promise<void> {
    for (const table of ['envelope', 'set_aside'])
      await this.of.world.db.commit(`update ${table} set at = 1000 where mailbox = $1 and seq <= $2`, [
        this.no,
        through,
      ]);
  }
}

export function ackOf(sequence: number, id: Uint8Array, more: Pick<Ack, 'cumulative'>): Ack {
  return { sequence: sequence as Sequence, id, ...more };
}

/** What a device has in hand: given on this stream, and neither acked nor refused there. */
export function inHand(stream: ModelStream): readonly number[] {
  return (stream.reader?.given ?? []).map(({ sequence }) => sequence).filter((each) => !stream.settled.has(each));
}

/** Why a socket may be given nothing more: its window is full (D21). */
export function isFull(model: MailboxModel, stream: ModelStream, next: number): boolean {
  const held = inHand(stream);
  const bytes = held.reduce((sum, sequence) => sum + model.letter(sequence).bytes, 0);
  return held.length >= LIMITS.unackedEnvelopes || bytes + model.letter(next).bytes > LIMITS.unackedBytes;
}

/** Whether the pair named something. */
export async function acknowledge(real: MailboxUnderTest, stream: ModelStream, ack: Ack): Promise<boolean> {
  const { node, polls } = real.on(stream.node);
  if (stream.reader !== undefined) return (await node.drain.acknowledge(stream.reader.stream, [ack])).length === 0;
  const settled = await polls.settle(real.no, { stream: stream.epoch, acks: [ack], nacks: [] });
  return settled.kind === 'settled' && settled.refused.length === 0;
}

/** The current one, or one that is over. */
export const streamFor = (model: MailboxModel, stale: boolean): ModelStream | undefined =>
  stale ? model.streams.findLast((stream) => stream !== model.current && !stream.isGone) : model.current;

/** Gaps that a cumulative ack passed over: they are told until acked, and an ack settles whole ones. */
export function settleGaps(model: MailboxModel, through: number, truth: Truth): void {
  for (const sequence of model.numbers('age', 'stock', 'poison'))
    if (sequence <= through && !truth.gaps.some(({ lo, hi }) => sequence >= lo && sequence <= hi))
      model.letter(sequence).fate = 'over';
}

export function begin(model: MailboxModel, of: Pick<ModelStream, 'epoch' | 'node' | 'reader'>): void {
  model.epoch = of.epoch;
  model.streams.push({
    ...of,
    headAtStart: model.head,
    settledBefore: new Set(model.numbers('acked', 'aside', 'over', 'age', 'stock', 'poison')),
    settled: new Set(),
    headAtEnd: Infinity,
    isGone: false,
  });
}

/** From now on nothing is read or acked under the epoch that was current. */
export function end(model: MailboxModel): void {
  for (const stream of model.streams) stream.headAtEnd = Math.min(stream.headAtEnd, model.head);
}
