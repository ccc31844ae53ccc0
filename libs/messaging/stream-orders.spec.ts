import { describe, expect, it } from '@jest/globals';
import type { Envelope } from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';
import { ack, envelope, EPOCH, Reader } from './testing-stream.js';

/** The same numbers for the same seed: mulberry32. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

interface Page {
  readonly isLast: boolean;
  readonly head: number;
  readonly envelopes: readonly Envelope[];
}

/** A mailbox as the table keeps it, a reader that pages as the drain does, rings that come late, twice or never, and a client that acks at will. */
class Model {
  readonly reader = new Reader();
  readonly stored = new Map<number, Envelope>();
  readonly unsettled = new Set<number>();
  head = 0;
  settledAtEmpty: boolean | undefined;
  private page: Page | undefined;
  private readonly rings: (() => void)[] = [];

  constructor(
    private readonly roll: (below: number) => number,
    readonly headAtStart: number,
  ) {
    this.write(headAtStart);
    this.reader.begin(headAtStart);
  }

  /** Committed; the ring comes later, or never. */
  commit(): void {
    const base = this.head;
    const envelopes = this.write(1 + this.roll(4));
    const epoch = this.roll(8) === 0 ? EPOCH - 1 : EPOCH;
    const news = { epoch, base, head: this.head, envelopes: this.roll(3) === 0 ? undefined : envelopes };
    if (this.roll(6) > 0) this.rings.push(() => this.reader.stream.offer(news));
  }

  ring(): void {
    if (this.rings.length === 0) return;
    const [ring] = this.rings.splice(this.roll(Math.min(3, this.rings.length)), 1);
    ring?.();
    if (this.roll(10) === 0) ring?.();
  }

  readPage(): void {
    const { stream } = this.reader;
    if (this.page !== undefined || !stream.wantsPage) return;
    const { limit } = stream.beginRead();
    const envelopes = [...this.stored.values()].filter((each) => each.sequence > stream.cursor).slice(0, limit);
    this.page = { head: this.head, envelopes, isLast: envelopes.length < limit };
  }

  pageArrives(): void {
    if (this.page === undefined) return;
    const { page } = this;
    this.page = undefined;
    this.reader.stream.accept(page);
  }

  async pull(): Promise<boolean> {
    const event = await this.reader.pull();
    if (event?.kind === 'queue-empty')
      this.settledAtEmpty = [...this.stored.keys()].every((each) => each > this.headAtStart);
    if (event?.kind === 'envelopes') for (const each of event.envelopes) this.unsettled.add(each.sequence);
    this.checkWindow();
    return event !== undefined;
  }

  /** The client acks some of what it holds; the table removes it as the ranges say. */
  ack(): void {
    const held = [...this.unsettled];
    if (held.length === 0) return;
    const some = held.filter(() => this.roll(3) > 0);
    const acks =
      this.roll(3) === 0 ? [ack(held[this.roll(held.length)]!, { cumulative: true })] : some.map((n) => ack(n));
    const allowed = new Set(
      acks.flatMap((each) => (each.cumulative ? held.filter((n) => n <= each.sequence) : [each.sequence as number])),
    );
    for (const range of this.reader.stream.ranges(acks)) {
      for (const sequence of this.stored.keys())
        if (sequence > range.lo && sequence <= range.hi) {
          expect(allowed).toContain(sequence);
          this.stored.delete(sequence);
          this.unsettled.delete(sequence);
        }
      this.reader.stream.settle(range);
    }
  }

  private write(count: number): Envelope[] {
    const envelopes = Array.from({ length: count }, () =>
      envelope((this.head += 1), this.roll(5) === 0 ? 20_000 + this.roll(44_000) : this.roll(900)),
    );
    for (const each of envelopes) this.stored.set(each.sequence, each);
    return envelopes;
  }

  private checkWindow(): void {
    const held = [...this.unsettled].map((sequence) => this.stored.get(sequence)?.content.length ?? 0);
    expect(held.length).toBeLessThanOrEqual(LIMITS.unackedEnvelopes);
    if (held.length > 1) expect(held.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(LIMITS.unackedBytes);
  }
}

describe('a stream in any order of commits, rings, pages and acks', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => [seed]))('gives all, once, in order (seed %i)', async (seed) => {
    const roll = dice(seed);
    const model = new Model(roll, seed % 3 === 0 ? 0 : roll(600));
    const acts: (() => unknown)[] = [
      () => model.commit(),
      () => model.ring(),
      () => model.readPage(),
      () => model.pageArrives(),
      () => model.pull(),
      () => model.pull(),
      ...(seed % 4 === 0 ? [] : [() => model.ack()]),
    ];
    for (let step = 0; step < 400; step += 1) await acts[roll(acts.length)]?.();
    // The next wake-up brings what a lost one did not.
    model.reader.stream.offer({ epoch: EPOCH, base: model.head, head: model.head, envelopes: undefined });
    for (let idle = 0; idle < 3; idle += 1) {
      model.readPage();
      model.pageArrives();
      while (await model.pull()) idle = 0;
      if (model.unsettled.size > 0) idle = 0;
      model.ack();
    }
    expect(model.reader.given).toEqual(Array.from({ length: model.head }, (_, index) => index + 1));
    expect(model.reader.empty).toBe(1);
    expect(model.settledAtEmpty).toBe(true);
    expect(model.reader.stream.takeFloor() ?? model.head).toBe(model.head);
  });
});
