import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from '../conformance/client/device.js';
import { settled, textOf, timeUntil } from '../conformance/client/look.js';
import { NoPoll, Poll } from '../conformance/client/poll.js';
import type { Stream } from '../conformance/client/stream.js';
import { decode, type Envelope, type Name } from '../conformance/client/wire.js';
import type { Ledger } from './ledger.js';
import { connected, incarnationOf } from './line.js';
import type { Random } from './random.js';
import { trickle } from './trickle.js';

const LOOK_EVERY = 12;
/** A connection on which nothing comes is given up now and then, as phones do. */
const LEAVES_WITHIN: readonly [number, number] = [4_000, 20_000];
const DIES_ONCE_IN = 60;
const MISBEHAVES_FOR = 8_000;

/** deaf: takes everything and acks nothing. trickles: takes a byte a second from its socket. */
export type Mode = 'streams' | 'polls' | 'deaf' | 'trickles';

export interface ReaderParts {
  readonly mailbox: string;
  readonly device: Device;
  readonly ledger: Ledger;
  readonly random: Random;
  /** Numbers of the gateways that it connects to. */
  readonly nodes: readonly number[];
  readonly mode: Mode;
}

/** Keeps what it is given and acks it; loses a batch and its connection now and then before it has kept it, as an app does that is killed. */
export class Reader {
  private readonly over = new AbortController();
  private connections = 0;
  private misbehaves = false;
  private done: Promise<void> | undefined;

  constructor(private readonly parts: ReaderParts) {}

  start(): void {
    this.behave({ well: false });
    this.done = this.parts.mode === 'polls' ? this.poll() : this.read();
  }

  /** Reads as it should from here on, or in its own way again. */
  behave({ well }: { readonly well: boolean }): void {
    this.misbehaves = !well && ['deaf', 'trickles'].includes(this.parts.mode);
  }

  async finish(): Promise<void> {
    this.over.abort();
    await this.done;
  }

  private isOver(): boolean {
    return this.over.signal.aborted;
  }

  private isMisbehaving(): boolean {
    return this.misbehaves && !this.isOver();
  }

  private async read(): Promise<void> {
    const { device, random, nodes, mode } = this.parts;
    while (!this.isOver()) {
      const node = random.pick(nodes);
      if (mode === 'trickles' && this.misbehaves) {
        const ends = Date.now() + MISBEHAVES_FOR;
        const tried = await settled(trickle(device, node, () => this.isMisbehaving() && Date.now() < ends));
        if (tried instanceof Error) device.forgetToken();
        await sleep(random.between(50, 300));
        continue;
      }
      const stream = await connected(device.account, node, device);
      if (stream === undefined) {
        await sleep(random.between(50, 300));
        continue;
      }
      this.connections += 1;
      if (this.misbehaves) await this.ackNothing(stream);
      else await this.listen(stream);
      stream.cut();
    }
  }

  private async ackNothing(stream: Stream): Promise<void> {
    const ends = Date.now() + MISBEHAVES_FOR;
    while (this.isMisbehaving() && stream.isOpen && Date.now() < ends) await sleep(LOOK_EVERY);
  }

  private async listen(stream: Stream): Promise<void> {
    const { random, mailbox, ledger } = this.parts;
    const leaves = Date.now() + random.between(...LEAVES_WITHIN);
    let incarnation: string | undefined;
    for (let seen = 0, gaps = 0; stream.isOpen && !this.misbehaves;) {
      incarnation ??= incarnationOf(stream, { client: mailbox, ledger });
      const [mail, stated] = [stream.mail.slice(seen), stream.gaps.slice(gaps)];
      if (mail.length > 0 && random.between(1, DIES_ONCE_IN) === 1) return;
      for (const { from, to } of stated) ledger.gap(mailbox, from, to);
      this.keep(mail, incarnation);
      seen += mail.length;
      gaps += stated.length;
      if (mail.length > 0) ack(stream, mail, random.pick(['each', 'through']));
      if (mail.length === 0 && (this.isOver() || Date.now() > leaves)) break;
      await sleep(LOOK_EVERY);
    }
    // The acks said last are looked at before the line is cut.
    if (stream.isOpen) await Promise.race([settled(stream.settled()), sleep(3_000)]);
  }

  private keep(mail: readonly Envelope[], incarnation: string | undefined): void {
    const { mailbox, ledger } = this.parts;
    const heard = { mailbox, connection: this.connections, ...(incarnation === undefined ? {} : { incarnation }) };
    for (const envelope of mail) {
      const { sequence, id } = envelope;
      const name = textOf(envelope).trimEnd();
      ledger.deliver({ ...heard, name, at: Date.now(), sequence, id: id.toString('hex') });
    }
  }

  private async poll(): Promise<void> {
    const { device, random } = this.parts;
    let incarnation: Buffer | undefined;
    while (!this.isOver()) {
      this.connections += 1;
      const left = await settled(this.pollOn(new Poll(device), incarnation));
      if (left instanceof Error) {
        // A restored server: the cursor means nothing any more (D26). Everything else: the stream is taken back.
        if (left instanceof NoPoll && left.code === 'reset') incarnation = undefined;
        else device.forgetToken();
        await sleep(random.between(100, 400));
      } else incarnation = left;
    }
  }

  /** One stream, until it has ended, or is given up; answers the incarnation that it was told. */
  private async pollOn(poll: Poll, known: Buffer | undefined): Promise<Buffer | undefined> {
    const { random, ledger, mailbox } = this.parts;
    const leaves = Date.now() + random.between(...LEAVES_WITHIN);
    let incarnation = known;
    for (let mail = 1; Date.now() < leaves && (!this.isOver() || mail > 0);) {
      const page = await poll.next({ wait: 1, ...(incarnation === undefined ? {} : { incarnation }) });
      const told = page.incarnation.toString('hex');
      if (told !== incarnation?.toString('hex')) {
        if (incarnation !== undefined)
          ledger.report('rule', `${mailbox} polled under an older incarnation and was not reset`, Date.now());
        ledger.hear(mailbox, told, Date.now());
      }
      incarnation = page.incarnation;
      mail = page.envelopes.length;
      for (const { from, to } of page.gaps) ledger.gap(mailbox, from, to);
      if (mail > 0 && random.between(1, DIES_ONCE_IN) === 1) break;
      this.keep(page.envelopes, told);
      if (mail > 0) await this.ackPage(poll, page.envelopes);
    }
    return incarnation;
  }

  private async ackPage(poll: Poll, envelopes: readonly Envelope[]): Promise<void> {
    const { status, code, bytes } = await poll.ack(...envelopes);
    if (status !== 200) throw new NoPoll(status, code);
    const { refused } = decode<{ readonly refused: readonly Name[] }>('SettlementAnswer', bytes);
    if (refused.length > 0)
      this.parts.ledger.report(
        'rule',
        `${refused.length} right acks of ${this.parts.mailbox} were refused`,
        Date.now(),
      );
  }
}

function ack(stream: Stream, mail: readonly Envelope[], how: 'each' | 'through'): void {
  if (!stream.isOpen) return;
  if (how === 'each') stream.ack(...mail);
  else stream.ackThrough(mail.at(-1)!);
}

/** Whether nothing is owed any more within the patience. */
export async function nothingOwed(ledger: Ledger, patience: number): Promise<boolean> {
  return (await timeUntil(() => ledger.owed().length === 0, patience, 100)) !== undefined;
}
