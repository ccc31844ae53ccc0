import { WebSocket } from 'ws';
import {
  decodeFrame,
  encode,
  type Envelope,
  type Frame,
  type FrameKind,
  type Gap,
  type Name,
  type SendAnswer,
  type SendRequest,
} from './wire.js';

/** Long: a machine may be busy with other things. A part that hangs is ended by the runner. */
const PATIENCE = 60_000;
const ACKS_IN_FRAME = 256;

interface Asked {
  readonly resolve: (answer: SendAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export interface End {
  readonly code: number;
  readonly reason: string;
  readonly at: number;
}

/** The upgrade was answered with an ordinary HTTP status. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';

  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`the upgrade was answered with ${status} ${code}`);
  }
}

/** A WebSocket that says what it is told and remembers every frame it hears, with the time; it acks nothing by itself. */
export class Stream {
  readonly heard: (Frame & { readonly at: number })[] = [];
  readonly mail: Envelope[] = [];
  readonly gaps: Gap[] = [];
  private mailTaken = 0;
  private readonly taken = new Set<Frame>();
  private readonly bells = new Set<() => void>();
  /** Answers that nobody has asked for yet, and those that are asked for and have not come. */
  private readonly answers = new Map<number, SendAnswer>();
  private readonly asked = new Map<number, Asked>();
  private ended: End | undefined;
  private lastSend = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      this.hear(decodeFrame(data));
    });
    socket.on('close', (code, reason) => {
      this.ended = { code, reason: reason.toString(), at: Date.now() };
      for (const id of this.asked.keys()) this.giveUp(id);
      this.ring();
    });
    socket.on('error', () => undefined);
  }

  /** Rejects with `UpgradeRefused`, or with what the network says. */
  static async open(
    url: string,
    headers: Readonly<Record<string, string>>,
    { autoPong = true }: { readonly autoPong?: boolean } = {},
  ): Promise<Stream> {
    const options = { headers, autoPong, perMessageDeflate: false, handshakeTimeout: PATIENCE };
    const socket = new WebSocket(url, 'sotto.v1', options);
    const stream = new Stream(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_, answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => {
          reject(new UpgradeRefused(answer.statusCode ?? 0, /"code":"(\w+)"/.exec(body)?.[1] ?? ''));
          socket.terminate();
        });
      });
    });
    return stream;
  }

  /** A `ClientFrame`. */
  say(frame: object): void {
    this.socket.send(encode('ClientFrame', frame));
  }

  /** Bytes as a binary frame, text as a text frame. */
  raw(data: Uint8Array | string): void {
    this.socket.send(data);
  }

  /** Without waiting for the answer; what to ask `answer` for. */
  begin(request: SendRequest): number {
    this.lastSend += 1;
    this.say({ send: { id: this.lastSend, request } });
    return this.lastSend;
  }

  async send(request: SendRequest): Promise<SendAnswer> {
    return this.answer(this.begin(request));
  }

  async answer(id: number): Promise<SendAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.giveUp(id), PATIENCE);
      this.asked.set(id, { resolve, reject, timer });
      const early = this.answers.get(id);
      if (early !== undefined) this.settle(id, early);
      else if (this.ended !== undefined) this.giveUp(id);
    });
  }

  /** The next frame of this kind that nobody has asked for yet. */
  async next<Kind extends FrameKind>(kind: Kind, patience = PATIENCE): Promise<Frame<Kind>['body']> {
    return (await this.find((frame) => frame.kind === kind, `a frame ${kind}`, patience)).body as Frame<Kind>['body'];
  }

  /** The next envelopes, in the order they came. */
  async receive(count: number, patience = PATIENCE): Promise<readonly Envelope[]> {
    const wanted = this.mailTaken + count;
    await this.until(() => this.mail.length >= wanted, `${count} more envelopes (${this.mail.length} came)`, patience);
    this.mailTaken = wanted;
    return this.mail.slice(wanted - count, wanted);
  }

  /**
   * Envelopes until so many have come in all, acked as they come. What came before anybody asked is acked too: a whole window may stand here
   * already, and nothing follows it without an ack.
   */
  async drain(count: number): Promise<readonly Envelope[]> {
    for (let acked = 0; acked < count;) {
      await this.until(() => this.mail.length > acked, `more than ${acked} envelopes`);
      acked = this.mail.length;
      this.ackThrough(this.mail[acked - 1]!);
    }
    return this.mail;
  }

  /**
   * Waits until all that stood there when the stream was taken was told, as mail or in gaps; answers the head of then. It may come with what was
   * sent since. What was acked at the very end of the mailbox, with unacked mail before it, is never told of: nobody may wait for that.
   */
  async upToHead(): Promise<number> {
    const { head } = await this.next('ready');
    const isThere = (): boolean =>
      this.count('queueEmpty') > 0 ||
      (this.mail.at(-1)?.sequence ?? 0) >= head ||
      this.gaps.some(({ to }) => to >= head);
    await this.until(isThere, `everything up to ${head}`);
    return head;
  }

  /** All that stood there when the stream was taken, however many windows, acked as it comes; and what was sent since with the last of it. */
  async drainToHead(): Promise<readonly Envelope[]> {
    const { head } = await this.next('ready');
    const isThere = (): boolean => this.count('queueEmpty') > 0 || (this.mail.at(-1)?.sequence ?? 0) >= head;
    for (let acked = 0; !isThere();) {
      await this.until(() => this.mail.length > acked || isThere(), `everything up to ${head}`);
      acked = this.mail.length;
      if (acked > 0) this.ackThrough(this.mail[acked - 1]!);
    }
    return this.mail;
  }

  count(kind: FrameKind): number {
    return this.heard.filter((frame) => frame.kind === kind).length;
  }

  ack(...names: readonly Name[]): void {
    const acks = names.map(({ sequence, id }) => ({ sequence, id }));
    for (let at = 0; at < acks.length; at += ACKS_IN_FRAME)
      this.say({ acks: { acks: acks.slice(at, at + ACKS_IN_FRAME) } });
  }

  /** This one and all before it. */
  ackThrough({ sequence, id }: Name): void {
    this.say({ acks: { acks: [{ sequence, id, cumulative: true }] } });
  }

  /** A gap is named by its last number and its id. */
  ackGap({ to, id }: Gap): void {
    this.ack({ sequence: to, id });
  }

  /** Settles for this stream what cannot be opened (D20). */
  nack(reason: number, ...names: readonly Name[]): void {
    for (const { sequence, id } of names) this.say({ nack: { sequence, id, reason } });
  }

  /** Resolves when every ack said before has been looked at: one that names nothing comes behind them and is refused. */
  async settled(): Promise<void> {
    const nothing = 2 ** 40 + this.heard.length;
    this.ack({ sequence: nothing, id: Buffer.alloc(8) });
    await this.find((frame) => frame.kind === 'ackRefused' && frame.body.sequence === nothing, 'the refusal of an ack');
  }

  async end(patience = PATIENCE): Promise<End> {
    await this.until(() => this.ended !== undefined, 'the end of the connection', patience);
    return this.ended ?? { code: 0, reason: '', at: 0 };
  }

  get isOpen(): boolean {
    return this.ended === undefined;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.end();
  }

  /** As a lost network looks from the other side. */
  cut(): void {
    this.socket.terminate();
  }

  private hear(frame: Frame): void {
    this.heard.push({ ...frame, at: Date.now() });
    if (frame.kind === 'deliveries') this.mail.push(...frame.body.envelopes);
    if (frame.kind === 'gap') this.gaps.push(frame.body);
    if (frame.kind === 'answer') this.settle(frame.body.id, frame.body);
    this.ring();
  }

  private settle(id: number, answer: SendAnswer): void {
    const asked = this.asked.get(id);
    if (asked === undefined) {
      this.answers.set(id, answer);
      return;
    }
    clearTimeout(asked.timer);
    this.asked.delete(id);
    this.answers.delete(id);
    asked.resolve(answer);
  }

  private giveUp(id: number): void {
    const asked = this.asked.get(id);
    clearTimeout(asked?.timer);
    this.asked.delete(id);
    asked?.reject(this.late(`an answer to send ${id}`, PATIENCE));
  }

  private async find(wanted: (frame: Frame) => boolean, name: string, patience = PATIENCE): Promise<Frame> {
    const search = (): Frame | undefined => this.heard.find((frame) => !this.taken.has(frame) && wanted(frame));
    await this.until(() => search() !== undefined, name, patience);
    const frame = search();
    if (frame === undefined) throw new Error(`${name} went away`);
    this.taken.add(frame);
    return frame;
  }

  /** Waits for what this stream has heard to be so. */
  async until(condition: () => boolean, name: string, patience = PATIENCE): Promise<void> {
    if (condition()) return;
    if (this.ended !== undefined) throw this.late(name, patience);
    await new Promise<void>((resolve, reject) => {
      const finish = (work: () => void): void => {
        clearTimeout(timer);
        this.bells.delete(bell);
        work();
      };
      const bell = (): void => {
        if (condition()) finish(resolve);
        else if (this.ended !== undefined) finish(() => reject(this.late(name, patience)));
      };
      const timer = setTimeout(() => finish(() => reject(this.late(name, patience))), patience);
      this.bells.add(bell);
    });
  }

  private late(name: string, patience: number): Error {
    return new Error(`${name} did not come within ${patience} ms${this.how()}`);
  }

  private how(): string {
    const kinds = this.heard.map(({ kind }) => kind).slice(-8);
    const end = this.ended === undefined ? '' : `; closed with ${this.ended.code} ${this.ended.reason}`;
    return `; heard ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}${end}`;
  }

  private ring(): void {
    for (const bell of [...this.bells]) bell();
  }
}
