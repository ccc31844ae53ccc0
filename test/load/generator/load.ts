import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { quantile } from '../figures.js';
import { sentAt, type Ear, type Letter } from './wire.js';

/** Somebody who writes, and to whom, in turn. */
export interface Writer {
  readonly socket: WebSocket;
  readonly letters: readonly Letter[];
}

/** `closed`: so many requests under way, another as soon as one is answered, `most` in all. `paced`: so many a second, come what may. */
export type Pace =
  | { readonly kind: 'closed'; readonly underWay: number; readonly most?: number }
  | { readonly kind: 'paced'; readonly perSecond: number };

/** Since the reading before; times in milliseconds from send to arrival. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** What was sent must have arrived. */
export interface Outcome {
  readonly accepted: number;
  readonly refused: number;
  /** The first refusal's words. */
  readonly refusal: string | undefined;
  /** Envelopes that were accepted and did not come within twenty seconds. */
  readonly lost: number;
}

const TICK_MS = 1;
const PATIENCE_MS = 20_000;
const FILLED_WITHIN_MS = 120_000;
const SAMPLES = 200_000;

let lastId = 0;

/** Messages between connected players, from `begin` to `end`, counted where they arrive. */
export class Load implements Ear {
  delivered = 0;
  private accepted = 0;
  private refused = 0;
  private refusal: string | undefined;
  private expected = 0;
  private latencies: number[] = [];
  private readonly underWay = new Map<number, { readonly writer: Writer; readonly letter: Letter }>();
  private readonly turns = new Map<Writer, number>();
  private pace: Pace | undefined;
  private left = Infinity;

  constructor(private readonly writers: readonly Writer[]) {}

  begin(pace: Pace): void {
    this.pace = pace;
    if (pace.kind === 'closed') this.left = pace.most ?? Infinity;
    if (pace.kind === 'paced') void this.keepPace(pace.perSecond);
    else
      for (let count = 0; count < pace.underWay; count += 1) {
        const writer = this.writers[count % this.writers.length];
        if (writer !== undefined) this.write(writer);
      }
  }

  answered(id: number, refusal?: string): void {
    const sent = this.underWay.get(id);
    if (sent === undefined) return;
    this.underWay.delete(id);
    if (refusal === undefined) {
      this.accepted += 1;
      this.expected += sent.letter.envelopes;
    } else {
      this.refused += 1;
      this.refusal ??= refusal;
    }
    if (this.pace?.kind === 'closed') this.write(sent.writer);
  }

  heard(contents: readonly Uint8Array[]): void {
    const now = performance.now();
    this.delivered += contents.length;
    if (this.latencies.length < SAMPLES) for (const content of contents) this.latencies.push(now - sentAt(content));
  }

  takeLatencies(): Latencies {
    const { latencies } = this;
    this.latencies = [];
    return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), most: quantile(latencies, 1) };
  }

  /** No more is sent; what is under way arrives. */
  async end(): Promise<Outcome> {
    this.pace = undefined;
    const deadline = performance.now() + PATIENCE_MS;
    while ((this.underWay.size > 0 || this.delivered < this.expected) && performance.now() < deadline) await sleep(10);
    const { accepted, refused, refusal } = this;
    return { accepted, refused, refusal, lost: this.expected - this.delivered };
  }

  /** Everything was answered; it need not have arrived. */
  async answeredAll(): Promise<Pick<Outcome, 'accepted' | 'refused'>> {
    const deadline = performance.now() + FILLED_WITHIN_MS;
    while ((this.left > 0 || this.underWay.size > 0) && performance.now() < deadline) await sleep(5);
    const { accepted, refused } = this;
    return { accepted, refused };
  }

  private write(writer: Writer): void {
    if (this.left <= 0) return;
    this.left -= 1;
    const turn = this.turns.get(writer) ?? 0;
    this.turns.set(writer, turn + 1);
    const letter = writer.letters[turn % writer.letters.length];
    if (letter === undefined) return;
    lastId += 1;
    this.underWay.set(lastId, { writer, letter });
    writer.socket.send(letter.stamped(lastId, performance.now()));
  }

  private async keepPace(perSecond: number): Promise<void> {
    const start = performance.now();
    let sent = 0;
    while (this.pace?.kind === 'paced') {
      const due = Math.floor(((performance.now() - start) / 1_000) * perSecond);
      for (; sent < due; sent += 1) {
        const writer = this.writers[sent % this.writers.length];
        if (writer !== undefined) this.write(writer);
      }
      await sleep(TICK_MS);
    }
  }
}
