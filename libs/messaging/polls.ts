import type { MailboxNo } from '../mailbox/guards.js';
import type { MailboxNews } from '../mailbox/mailbox.js';
import type { Envelope } from '../protocol/frames.js';
import type { ListVersion } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { Refused } from '../protocol/mailbox-page.js';
import type { Ack, Gap, Nack } from '../protocol/mail.js';
import type { Ring } from '../realtime/doorbell.js';
import { Batcher } from '../platform/batcher.js';
import type { DrainParts } from './drain.js';

const PAGE_ENVELOPES = 100;
const PAGE_BYTES = 256 * 1024;
const GAPS_AT_ONCE = 100;
/** A poll looks at the table as often without any ring (D14). */
const LOOK_EVERY = 2_000;
const STREAM_LIFE = 60_000;
const FLOOR_EVERY = 3_000;

export interface PollWanted {
  /** The one that the first poll gave; undefined takes the stream. */
  readonly stream: number | undefined;
  /** Skips what the client has, and acks nothing. */
  readonly after: number;
  /** Milliseconds to wait for something to say. */
  readonly wait: number;
}

/** over: the stream has ended, or a newer connection took it. closed: the mailbox takes and gives nothing any more. */
export type Polled =
  | {
      readonly kind: 'page';
      readonly stream: number;
      readonly head: number;
      readonly listVersion: ListVersion;
      readonly gaps: readonly Gap[];
      readonly envelopes: readonly Envelope[];
      readonly caughtUp: boolean;
    }
  | { readonly kind: 'over' }
  | { readonly kind: 'closed' };

export type PollSettled =
  | { readonly kind: 'settled'; readonly refused: readonly Refused[] }
  | { readonly kind: 'over' }
  | { readonly kind: 'closed' };

/** A stream between its polls. */
interface Held {
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly headAtStart: number;
  /** Everything at or below it is settled for good. */
  floor: number;
  floorWrittenAt: number;
  caughtUp: boolean;
  end: NodeJS.Timeout | undefined;
  /** Ends the waiting of the poll that is under way. */
  wake: (() => void) | undefined;
  polls: number;
}

type Look = MailboxNews | undefined;

/**
 * The stream without a socket (D10): the same mailbox row, epochs, cursor and acks as a connection's. What was given is not remembered here
 * but said by the client with `after`, so an answer that gets lost is asked for again, and any api process can go on with a stream: the
 * epoch in its id is the guard. It ends 60 s after its last poll.
 */
export class LongPolls {
  private readonly held = new Map<MailboxNo, Held>();
  private readonly looks: Batcher<{ readonly mailbox: MailboxNo; readonly epoch: number }, Look>;
  private node: number | undefined;

  constructor(private readonly parts: DrainParts) {
    this.looks = new Batcher(async (wanted) => this.look(wanted), { most: 5_000 });
  }

  start(node: number): void {
    this.node = node;
  }

  /** One poll of a stream waits at a time: a newer one ends the waiting of the one before. Throws when PostgreSQL cannot be reached. */
  async poll(mailbox: MailboxNo, wanted: PollWanted, signal: AbortSignal): Promise<Polled> {
    const held = await this.hold(mailbox, wanted.stream);
    if (typeof held === 'string') return { kind: held };
    held.polls += 1;
    const mine = held.polls;
    held.wake?.();
    clearTimeout(held.end);
    const until = performance.now() + wanted.wait;
    try {
      for (;;) {
        const rung = bellOf(held);
        const look = await this.looks.add({ mailbox, epoch: held.epoch });
        if (look === undefined || look.closed || look.epoch !== held.epoch) return this.lost(held, look);
        const said = await this.read(held, look, wanted.after);
        const left = until - performance.now();
        const others = signal.aborted || this.node === undefined || held.polls !== mine;
        if (said.gaps.length + said.envelopes.length > 0 || left <= 0 || others)
          return { kind: 'page', stream: held.epoch, head: look.head, listVersion: look.listVersion, ...said };
        await either(rung, Math.min(left, LOOK_EVERY), signal);
      }
    } finally {
      if (held.polls === mine) this.endLater(held);
    }
  }

  /** What these acks and nacks remove; those that name nothing are told. */
  async settle(
    mailbox: MailboxNo,
    {
      stream,
      acks,
      nacks,
    }: { readonly stream: number; readonly acks: readonly Ack[]; readonly nacks: readonly Nack[] },
  ): Promise<PollSettled> {
    const held = await this.hold(mailbox, stream);
    if (typeof held === 'string') return { kind: held };
    const refused: Refused[] = [];
    for (const nack of nacks) {
      const verdict = await this.parts.refusals.refuse(mailbox, held.epoch, nack);
      this.parts.events.refused(verdict, nack.reason);
      if (verdict === 'wrong') refused.push(nack);
    }
    const ranges = acks.map(({ sequence, id, cumulative }) => {
      const lo = cumulative ? Math.min(held.floor, sequence - 1) : sequence - 1;
      return { mailbox, epoch: held.epoch, lo, hi: sequence, id, given: false };
    });
    const verdicts = ranges.length === 0 ? [] : await this.parts.mailbox.acknowledge(ranges);
    for (const [index, ack] of acks.entries()) {
      const verdict = verdicts[index] ?? 'displaced';
      this.parts.events.acked(verdict, 1);
      if (verdict === 'displaced' || verdict === 'closed')
        return { kind: this.lost(held, verdict === 'closed' ? CLOSED : undefined).kind };
      if (verdict === 'wrong' || !(await this.settleGaps(held, ack, verdict))) refused.push(ack);
    }
    await this.moveFloor(held);
    this.endLater(held);
    return { kind: 'settled', refused };
  }

  /** A ring is no answer: the poll looks at the table. */
  hear(rings: readonly Ring[]): void {
    for (const ring of rings) this.held.get(ring.mailbox)?.wake?.();
  }

  /** Answers all waiting polls; their streams may be gone on with on another node. */
  stop(): void {
    this.node = undefined;
    for (const held of this.held.values()) {
      clearTimeout(held.end);
      held.wake?.();
    }
    this.held.clear();
  }

  get size(): number {
    return this.held.size;
  }

  private async hold(mailbox: MailboxNo, stream: number | undefined): Promise<Held | 'over' | 'closed'> {
    const { node } = this;
    if (node === undefined) return 'over';
    const known = this.held.get(mailbox);
    if (stream !== undefined && known?.epoch === stream) return known;
    if (stream === undefined) return this.take(mailbox, node);
    if (!(await this.parts.mailbox.moveStream(mailbox, { epoch: stream, node }))) return 'over';
    const look = await this.looks.add({ mailbox, epoch: stream });
    return look === undefined ? 'over' : this.keep({ mailbox, epoch: stream, head: look.head, floor: 0 });
  }

  private async take(mailbox: MailboxNo, node: number): Promise<Held | 'closed'> {
    const taken = (await this.parts.mailbox.takeStreams([mailbox], node)).get(mailbox);
    if (taken === undefined) return 'closed';
    if (taken.heldBy !== null) this.parts.doorbell.ring(taken.heldBy, [{ kind: 'taken', mailbox }]);
    return this.keep({ mailbox, epoch: taken.epoch, head: taken.head, floor: taken.ackedThrough });
  }

  private keep(of: {
    readonly mailbox: MailboxNo;
    readonly epoch: number;
    readonly head: number;
    readonly floor: number;
  }): Held {
    const { mailbox, epoch, head, floor } = of;
    const before = this.held.get(mailbox);
    clearTimeout(before?.end);
    const held: Held = {
      mailbox,
      epoch,
      headAtStart: head,
      floor,
      floorWrittenAt: performance.now(),
      caughtUp: false,
      end: undefined,
      wake: undefined,
      polls: 0,
    };
    this.held.set(mailbox, held);
    before?.wake?.();
    return held;
  }

  private lost(held: Held, look: Pick<MailboxNews, 'closed'> | undefined): { readonly kind: 'over' | 'closed' } {
    clearTimeout(held.end);
    if (this.held.get(held.mailbox) === held) this.held.delete(held.mailbox);
    return { kind: look?.closed === true ? 'closed' : 'over' };
  }

  private endLater(held: Held): void {
    clearTimeout(held.end);
    if (this.held.get(held.mailbox) !== held) return;
    held.end = setTimeout(() => {
      this.lost(held, undefined);
      this.parts.mailbox.releaseStream(held.mailbox, held.epoch).catch((error: unknown) => {
        this.parts.log.warn({ err: error }, 'a stream was not given back; the next connection takes it');
      });
    }, STREAM_LIFE).unref();
  }

  private async look(wanted: readonly { readonly mailbox: MailboxNo; readonly epoch: number }[]): Promise<Look[]> {
    // Whatever is known is older than this: every row is news.
    const news = await this.parts.mailbox.news(wanted.map((each) => ({ ...each, head: -1, gapMark: -1 })));
    const found = new Map(news.map((each) => [each.mailbox, each]));
    return wanted.map(({ mailbox }) => found.get(mailbox));
  }

  private async read(held: Held, look: MailboxNews, after: number) {
    const { mailbox, epoch } = held;
    const gaps = look.gapMark === 0 ? [] : await this.parts.gaps.read({ mailbox, epoch, after, limit: GAPS_AT_ONCE });
    const envelopes = look.head > Math.max(after, held.floor) ? await this.page(held, after) : [];
    if (!held.caughtUp && gaps.length === 0)
      held.caughtUp = ((await this.parts.refusals.lowestWaiting(mailbox, epoch)) ?? Infinity) > held.headAtStart;
    return { gaps, envelopes, caughtUp: held.caughtUp };
  }

  /** Within the window (D21), without what this stream has refused; behind refusals there may be more. */
  private async page({ mailbox, epoch, floor }: Held, after: number): Promise<readonly Envelope[]> {
    const unacked = await this.parts.mailbox.unacked(mailbox, { from: floor, to: after });
    const limit = Math.min(PAGE_ENVELOPES, LIMITS.unackedEnvelopes - unacked.envelopes);
    const bytes = Math.min(PAGE_BYTES, LIMITS.unackedBytes - unacked.bytes);
    if (limit <= 0 || bytes <= 0) return [];
    const refused = await this.parts.refusals.refused(mailbox, epoch);
    for (let from = Math.max(after, floor); ;) {
      const page = (await this.parts.mailbox.pages([{ mailbox, epoch, after: from, limit, bytes }])).get(mailbox);
      if (page?.kind !== 'page') return [];
      const given = page.envelopes.filter(({ sequence }) => !refused.has(sequence));
      const last = page.envelopes.at(-1);
      if (given.length > 0 || page.isLast || last === undefined) return given;
      from = last.sequence;
    }
  }

  /** The gap that is named, and below a cumulative ack all that end there. False when the pair names nothing at all. */
  private async settleGaps({ mailbox, epoch }: Held, ack: Ack, verdict: 'removed' | 'absent'): Promise<boolean> {
    const { sequence: hi, id, cumulative } = ack;
    if (verdict === 'absent') {
      const named = await this.parts.gaps.acknowledge({ mailbox, epoch, lo: cumulative ? 0 : hi - 1, hi, id });
      return named || hi <= ((await this.looks.add({ mailbox, epoch }))?.head ?? 0);
    }
    if (!cumulative) return true;
    const told = await this.parts.gaps.read({ mailbox, epoch, after: 0, limit: GAPS_AT_ONCE });
    const highest = told.filter(({ to }) => to <= hi).at(-1);
    if (highest !== undefined)
      await this.parts.gaps.acknowledge({ mailbox, epoch, lo: 0, hi: highest.to, id: highest.id });
    return true;
  }

  /** Where the next stream starts; written now and then. */
  private async moveFloor(held: Held): Promise<void> {
    const { mailbox, epoch } = held;
    if (performance.now() - held.floorWrittenAt < FLOOR_EVERY) return;
    held.floorWrittenAt = performance.now();
    held.floor = await this.parts.mailbox.settleFloor(mailbox, epoch);
  }
}

const CLOSED = { closed: true };

/** Rung from now on; whoever waits without having asked for this misses what comes in between. */
async function bellOf(held: Held): Promise<void> {
  return new Promise((resolve) => (held.wake = resolve));
}

async function either(rung: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let abort: () => void = () => undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
    abort = resolve;
    signal.addEventListener('abort', abort, { once: true });
  });
  await Promise.race([rung, late]);
  clearTimeout(timer);
  signal.removeEventListener('abort', abort);
}
