import { CLOSE_CODES, mayReconnect } from '../protocol/close-codes.js';
import {
  decodeServerFrame,
  encodeClientFrame,
  type Ready,
  type SendOutcome,
  type ServerFrame,
} from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';
import type { LinkFrame } from '../protocol/link-frames.js';
import type { Ack, Nack } from '../protocol/mail.js';
import { PROBLEMS } from '../protocol/problems.js';
import type { SendRequest } from '../protocol/send-request.js';
import { SottoError, sottoError, type SottoErrorCode } from './errors.js';
import { isOver } from './events.js';
import { SocketRefused, type Host, type Socket } from './host.js';
import type { Tokens } from './tokens.js';

export interface ConnectionListener {
  /** Before each attempt; what it throws is judged like a refused token. */
  beforeOpen(): Promise<void>;
  onReady(ready: Ready): void;
  /** Everything but answers, which go to whoever sent. */
  onFrame(frame: Exclude<ServerFrame, { readonly kind: 'ready' | 'answer' }>): void;
  onDown(down: { readonly code: number | undefined; readonly retryInMs: number }): void;
  /** It will not connect again by itself. */
  onStopped(error: SottoError): void;
}

interface Ended {
  readonly code: number | undefined;
  readonly reason: string;
  readonly wasReady: boolean;
  readonly fatal: SottoError | undefined;
  /** The status that refused the upgrade. */
  readonly status?: number | undefined;
}

/** Upgrades that may be refused one after another before it is not an accident any more. */
const MAX_REFUSED = 5;
const GRANT_STOPS: readonly SottoErrorCode[] = ['clock_skew', 'token_not_bound', 'demo_only'];
const REFUSALS: readonly (number | undefined)[] = [401, 403, 409];
const FIRST_WAIT = 250;
const LEAST_WAIT = 50;
const LONGEST_WAIT = 10_000;
const WATCH_EVERY = 5_000;
const CLOSE_WITHIN = 2_000;
/** A gateway that stood still may bring an attempt that was given up to its end so much later, and displace the one that came after it. */
const LATE_ATTEMPT = 120_000;

/**
 * The device's stream: connects, and connects again with backoff and jitter for as long as the close-code table allows it.
 * States: stopped -> connecting -> ready -> (waiting -> connecting)* -> stopped. A send belongs to one socket: when that ends
 * before the answer, the caller gets `undefined` and asks again on the next one with the same key.
 */
export class Connection {
  private socket: Socket | undefined;
  private isReady = false;
  private lastHeard = 0;
  private nextId = 1;
  /** When an attempt was last given up without an answer. */
  private givenUpAt = -Infinity;
  private readonly answers = new Map<number, (outcome: SendOutcome | undefined) => void>();
  private life: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(
    private readonly host: Host,
    private readonly tokens: Tokens,
    private readonly gateway: () => string,
    private readonly listener: ConnectionListener,
  ) {}

  get ready(): boolean {
    return this.isReady;
  }

  get running(): boolean {
    return this.life !== undefined;
  }

  start(): void {
    if (this.life !== undefined) return;
    const controller = new AbortController();
    this.life = { controller, ended: this.run(controller.signal) };
  }

  async stop(): Promise<void> {
    const { life } = this;
    if (life === undefined) return;
    life.controller.abort();
    // A paused socket would not read the other side's goodbye.
    this.socket?.resume();
    this.socket?.close();
    const over = new AbortController();
    void this.host.delay(CLOSE_WITHIN, over.signal).then(() => {
      if (!isOver(over.signal)) this.socket?.terminate();
    });
    await life.ended;
    over.abort();
  }

  /** Undefined when the connection is not there or ends before the answer. */
  send(request: SendRequest): Promise<SendOutcome | undefined> {
    const { socket } = this;
    if (socket === undefined || !this.isReady) return Promise.resolve(undefined);
    const id = this.nextId;
    this.nextId = (this.nextId % 0xff_ff_ff_ff) + 1;
    return new Promise((resolve) => {
      this.answers.set(id, resolve);
      socket.send(encodeClientFrame({ kind: 'send', id, request }));
    });
  }

  ack(acks: readonly Ack[]): void {
    for (let from = 0; from < acks.length; from += LIMITS.acksInFrame) {
      this.socket?.send(encodeClientFrame({ kind: 'acks', acks: acks.slice(from, from + LIMITS.acksInFrame) }));
    }
  }

  nack(nack: Nack): void {
    this.socket?.send(encodeClientFrame({ kind: 'nack', nack }));
  }

  link(link: LinkFrame): void {
    if (this.socket === undefined || !this.isReady) throw new SottoError('not_connected');
    this.socket.send(encodeClientFrame({ kind: 'link', link }));
  }

  pause(): void {
    this.socket?.pause();
  }

  resume(): void {
    this.socket?.resume();
  }

  private async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let refused = 0;
    while (!signal.aborted) {
      const ended = await this.once(signal);
      if (isOver(signal)) break;
      refused = REFUSALS.includes(ended.status) ? refused + 1 : 0;
      const fatal = this.isOwnAttempt(ended)
        ? undefined
        : (ended.fatal ?? (refused < MAX_REFUSED ? undefined : fatalRefusal(ended.status)));
      if (fatal !== undefined) {
        this.life = undefined;
        this.listener.onStopped(fatal);
        return;
      }
      failures = ended.wasReady ? 0 : failures + 1;
      const retryInMs = restartDelay(ended) ?? this.backoff(failures);
      this.listener.onDown({ code: ended.code, retryInMs });
      await this.host.delay(retryInMs, signal);
    }
    this.life = undefined;
  }

  /** Displaced by an attempt of its own that the server brought to its end late: then it comes once more, and only a newer one keeps it out. */
  private isOwnAttempt({ code, status, wasReady }: Ended): boolean {
    const now = this.host.now();
    if (code === CLOSE_CODES.displaced.code) {
      const isOwn = now - this.givenUpAt < LATE_ATTEMPT;
      this.givenUpAt = -Infinity;
      return isOwn;
    }
    if (!wasReady && status === undefined) this.givenUpAt = now;
    return false;
  }

  /** Any part of a span that doubles with each failure: clients of a lost node do not come back together, and a short absence costs little. */
  private backoff(failures: number): number {
    const span = Math.min(FIRST_WAIT * 2 ** Math.min(failures, 10), LONGEST_WAIT);
    const [high = 0, low = 0] = this.host.random(2);
    return LEAST_WAIT + Math.round((span - LEAST_WAIT) * (((high << 8) | low) / 0xff_ff));
  }

  private async once(signal: AbortSignal): Promise<Ended> {
    const down = { code: undefined, reason: '', wasReady: false };
    const address = `${this.gateway().replace(/\/+$/, '')}/v1/stream`;
    let granted: Awaited<ReturnType<Tokens['credentials']>>;
    try {
      await this.listener.beforeOpen();
      granted = await this.tokens.credentials({ method: 'GET', url: address.replace(/^ws/, 'http') });
    } catch (error) {
      return { ...down, fatal: fatalGrant(error) };
    }
    if (signal.aborted) return { ...down, fatal: undefined };
    const over = new AbortController();
    const closed = Promise.withResolvers<{ code: number; reason: string }>();
    // What comes along with the answer to the upgrade is heard when there is a socket to answer on.
    const early: Uint8Array[] = [];
    try {
      const socket = await this.host.openSocket(address, {
        protocol: 'sotto.v1',
        headers: granted.headers,
        onMessage: (bytes) => {
          if (this.socket === undefined) early.push(bytes);
          else this.hear(bytes);
        },
        onPing: () => {
          this.lastHeard = this.host.now();
        },
        onClose: (code, reason) => {
          closed.resolve({ code, reason });
        },
      });
      this.socket = socket;
      this.lastHeard = this.host.now();
      if (isOver(signal)) socket.close();
      for (const bytes of early) this.hear(bytes);
      void this.watch(socket, over.signal);
    } catch (error) {
      const status = error instanceof SocketRefused ? error.status : undefined;
      // Of a suspended account the next one is refused as such, which is waited for; what counts here is a token that was just granted.
      if (status === 401 || status === 403) this.tokens.drop(granted.token);
      return { ...down, fatal: undefined, status };
    }
    const { code, reason } = await closed.promise;
    over.abort();
    const wasReady = this.forget();
    return { code, reason, wasReady, fatal: fatalClose(code, reason) };
  }

  private forget(): boolean {
    const wasReady = this.isReady;
    this.socket = undefined;
    this.isReady = false;
    const waiting = [...this.answers.values()];
    this.answers.clear();
    for (const answer of waiting) answer(undefined);
    return wasReady;
  }

  private hear(bytes: Uint8Array): void {
    this.lastHeard = this.host.now();
    const frame = decodeServerFrame(bytes);
    if (frame === undefined) return;
    if (frame.kind === 'ready') {
      this.isReady = true;
      this.listener.onReady(frame.ready);
    } else if (frame.kind === 'answer') {
      this.answers.get(frame.id)?.(frame.outcome);
      this.answers.delete(frame.id);
    } else this.listener.onFrame(frame);
  }

  /** The server pings every 20 s; a socket that says nothing for a minute is dead, whatever TCP believes. */
  private async watch(socket: Socket, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.host.delay(WATCH_EVERY, signal);
      if (!isOver(signal) && this.host.now() - this.lastHeard > LIMITS.socketSilence) socket.terminate();
    }
  }
}

function restartDelay({ code, reason }: Ended): number | undefined {
  const delay = code === CLOSE_CODES.restarting.code ? /^restarting (\d{1,6})$/.exec(reason)?.[1] : undefined;
  return delay === undefined ? undefined : Number(delay);
}

function fatalClose(code: number, reason: string): SottoError | undefined {
  if (mayReconnect(code)) return undefined;
  if (code === CLOSE_CODES.displaced.code) return new SottoError('displaced');
  if (code === CLOSE_CODES.revoked.code) return new SottoError('revoked');
  return new SottoError('stopped', { detail: `${String(code)} ${reason}` });
}

function fatalRefusal(status: number | undefined): SottoError {
  return new SottoError(status === 401 ? 'unauthenticated' : 'stopped', {
    detail: `the upgrade was answered with ${String(status)} again and again`,
  });
}

/** A refusal that more waiting does not change ends the connection; no answer, or "later", does not. */
function fatalGrant(error: unknown): SottoError | undefined {
  const known = sottoError(error);
  if (known === undefined) throw error;
  if (known.problem === undefined) return GRANT_STOPS.includes(known.code) ? known : undefined;
  return PROBLEMS[known.problem.code].retry === 'later' ? undefined : known;
}
