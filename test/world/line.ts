import { WebSocket } from 'ws';
import {
  decodeServerFrame,
  encodeClientFrame,
  type ClientFrame,
  type Envelope,
  type SendOutcome,
  type ServerFrame,
} from '../../libs/protocol/frames.js';
import type { Sequence } from '../../libs/protocol/ids.js';
import type { SendRequest } from '../../libs/protocol/send-request.js';

const PATIENCE = 20_000;

export interface Ended {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket that says what it is told and remembers every frame it hears; it acks nothing by itself. */
export class Line {
  /** Everything heard, in order. */
  readonly heard: ServerFrame[] = [];
  private taken = new Set<ServerFrame>();
  private readonly mailHeard: Envelope[] = [];
  private mailTaken = 0;
  private ended: Ended | undefined;
  private readonly bells = new Set<() => void>();
  private lastSend = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const frame = decodeServerFrame(data);
      if (frame === undefined) return;
      this.heard.push(frame);
      if (frame.kind === 'deliveries') this.mailHeard.push(...frame.envelopes);
      this.ring();
    });
    socket.on('close', (code, reason) => {
      this.ended = { code, reason: reason.toString() };
      this.ring();
    });
    socket.on('error', () => undefined);
  }

  /** Rejects with the HTTP status when the upgrade is refused. */
  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Line> {
    const socket = new WebSocket(url, 'sotto.v1', { headers, perMessageDeflate: false });
    const line = new Line(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
      socket.once('unexpected-response', (_, answer) => {
        reject(new Error(`the upgrade was answered with ${answer.statusCode ?? 0}`));
        socket.terminate();
      });
    });
    return line;
  }

  say(frame: ClientFrame): void {
    this.socket.send(encodeClientFrame(frame));
  }

  /** Bytes as a binary frame, text as a text frame. */
  raw(data: Uint8Array | string): void {
    this.socket.send(data);
  }

  async send(request: SendRequest): Promise<SendOutcome> {
    this.lastSend += 1;
    const id = this.lastSend;
    this.say({ kind: 'send', id, request });
    return this.answer(id);
  }

  async answer(id: number): Promise<SendOutcome> {
    const found = await this.find((frame) => frame.kind === 'answer' && frame.id === id, `an answer to send ${id}`);
    if (found.kind !== 'answer') throw new Error('unreachable');
    return found.outcome;
  }

  /** The next frame that is no mail, or the end: whatever the server makes of the last thing said. */
  async reply(): Promise<ServerFrame | Ended> {
    const isReply = (frame: ServerFrame): boolean =>
      !['ready', 'deliveries', 'queue-empty', 'prekeys-low', 'devices-changed'].includes(frame.kind);
    return this.find(isReply, 'a reply').catch((error: unknown) => {
      if (this.ended === undefined) throw error;
      return this.ended;
    });
  }

  /** The next frame of this kind that nobody has asked for yet. */
  async next<Kind extends ServerFrame['kind']>(kind: Kind): Promise<Extract<ServerFrame, { kind: Kind }>> {
    return (await this.find((frame) => frame.kind === kind, `a frame ${kind}`)) as Extract<ServerFrame, { kind: Kind }>;
  }

  /** The first frame or the end: of two connections of a device the one that was waited for first is the older one. */
  async begun(): Promise<void> {
    await this.until(() => this.heard.length > 0 || this.ended !== undefined, 'the beginning');
  }

  /** The next envelopes, in the order they came. */
  async mail(count = 1): Promise<readonly Envelope[]> {
    const wanted = this.mailTaken + count;
    await this.until(() => this.mailHeard.length >= wanted, `${count} more envelopes (of ${this.mailHeard.length})`);
    this.mailTaken = wanted;
    return this.mailHeard.slice(wanted - count, wanted);
  }

  /** Every envelope heard so far. */
  get allMail(): readonly Envelope[] {
    return this.mailHeard;
  }

  says(kind: ServerFrame['kind']): number {
    return this.heard.filter((frame) => frame.kind === kind).length;
  }

  ack(envelopes: readonly Pick<Envelope, 'sequence' | 'id'>[], how: 'each' | 'through' = 'each'): void {
    const named = how === 'each' ? envelopes : envelopes.slice(-1);
    const acks = named.map(({ sequence, id }) => ({ sequence, id, cumulative: how === 'through' }));
    for (let at = 0; at < acks.length; at += 256) this.say({ kind: 'acks', acks: acks.slice(at, at + 256) });
  }

  /** Resolves when every ack said before has been handled: one of nothing, which is refused, comes behind them. */
  async settled(): Promise<void> {
    this.ack([{ sequence: (2 ** 40) as Sequence, id: new Uint8Array(8) }]);
    await this.next('ack-refused');
  }

  /** Hears nothing, and answers nothing, not even the end. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** The end, by whichever side. */
  async end(): Promise<Ended> {
    await this.until(() => this.ended !== undefined, 'the end of the connection');
    return this.ended ?? { code: 0, reason: '' };
  }

  get isOpen(): boolean {
    return this.ended === undefined;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.end();
  }

  private async find(wanted: (frame: ServerFrame) => boolean, name: string): Promise<ServerFrame> {
    const search = (): ServerFrame | undefined => this.heard.find((frame) => !this.taken.has(frame) && wanted(frame));
    await this.until(() => search() !== undefined, name);
    const frame = search();
    if (frame === undefined) throw new Error('unreachable');
    this.taken.add(frame);
    return frame;
  }

  private async until(condition: () => boolean, name: string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!condition()) {
      const left = deadline - Date.now();
      if (left <= 0 || this.ended !== undefined)
        throw new Error(`${name} did not come; heard ${this.heard.map(({ kind }) => kind).join(', ')}${this.how()}`);
      await new Promise<void>((resolve) => {
        const bell = (): void => {
          clearTimeout(timer);
          this.bells.delete(bell);
          resolve();
        };
        const timer = setTimeout(bell, left);
        this.bells.add(bell);
      });
    }
  }

  private how(): string {
    return this.ended === undefined ? '' : `; closed with ${this.ended.code} ${this.ended.reason}`;
  }

  private ring(): void {
    for (const bell of [...this.bells]) bell();
  }
}
