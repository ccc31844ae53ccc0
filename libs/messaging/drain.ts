import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../platform/log.js';
import type { MailboxNo } from '../mailbox/guards.js';
import type { Gaps } from '../mailbox/gaps.js';
import type { AckRange, AckVerdict, Mailbox, MailboxNews } from '../mailbox/mailbox.js';
import type { Refusals } from '../mailbox/refusals.js';
import type { Doorbell, Ring } from '../realtime/doorbell.js';
import { Batcher } from '../platform/batcher.js';
import type { Ack, Nack } from '../protocol/mail.js';
import type { MessagingEvents } from './events.js';
import { Removals, type RemovalVerdict } from './removals.js';
import { Stream, type NoticeListener, type Passing, type StreamEnd } from './stream.js';
import { Stride } from './stride.js';
import { QUANTUM, Turns } from './turns.js';

/** Times 256 KiB: what one query may hold of content. */
const PAGES_AT_ONCE = 64;
const FLOORS_EVERY = 3_000;
/** A floor locks its mailbox row, which sends wait for. */
const FLOORS_AT_ONCE = 500;
/** One query for all streams: what a lost wake-up, a dead Redis or a newer connection elsewhere costs at most (D14, D15). */
const LOOK_EVERY = 2_000;
const LOOKED_AT_ONCE = 5_000;
const GAPS_AT_ONCE = 100;

/** What both transports of a stream work with. */
export interface DrainParts {
  readonly mailbox: Mailbox;
  readonly gaps: Gaps;
  readonly refusals: Refusals;
  readonly doorbell: Doorbell;
  readonly events: MessagingEvents;
  readonly log: Logger;
}

/**
 * The recipient's side, for all streams of this node: takes streams, reads pages for many mailboxes in one query, hands over what was
 * committed in this process, and applies acks in batches.
 *
 * A stream is registered before it is claimed: from the commit of the claim on, senders ring this node, and a ring that comes before the
 * claim's answer only raises the head (D12). Nothing hangs on rings: every two seconds one query asks for what they may have failed to say.
 * Failing reads and acks are tried again; an ack that is lost meanwhile is mail that comes again.
 */
export class Drain {
  private readonly streams = new Map<MailboxNo, Stream>();
  /** Tenants in turn: one with a thousand backlogs delays another's page by one. */
  private readonly hungry = new Turns<Stream>(() => QUANTUM);
  private readonly queued = new Set<Stream>();
  /** Of streams that are refusing something at this moment. */
  private readonly refusing = new Map<Stream, Promise<unknown>>();
  private readonly claims: Batcher<Stream, 'taken' | 'closed'>;
  private readonly removals: Removals;
  private readonly looks: Batcher<Stream, undefined>;
  private readonly pagesAtOnce = new Stride(PAGES_AT_ONCE);
  private readonly looksAtOnce = new Stride(LOOKED_AT_ONCE);
  private readonly floorsAtOnce = new Stride(FLOORS_AT_ONCE);
  private reader: Promise<void> | undefined;
  private writingFloors: Promise<void> | undefined;
  private lookingAtAll: Promise<void> | undefined;
  private timers: NodeJS.Timeout[] = [];
  private node: number | undefined;

  constructor(private readonly parts: DrainParts) {
    this.claims = new Batcher(async (streams) => this.claim(streams), { most: 500 });
    this.removals = new Removals(async (ranges) => this.remove(ranges), parts.log);
    this.looks = new Batcher(async (streams) => this.look(streams), { most: LOOKED_AT_ONCE });
  }

  start(node: number): void {
    this.node = node;
    this.timers.forEach(clearInterval);
    this.timers = [
      setInterval(() => {
        this.writingFloors ??= this.writeFloors().finally(() => (this.writingFloors = undefined));
      }, FLOORS_EVERY),
      setInterval(() => {
        this.lookingAtAll ??= this.lookAtAll().finally(() => (this.lookingAtAll = undefined));
      }, LOOK_EVERY),
    ];
  }

  /** Takes the stream of a mailbox (D15); an older one on this node ends as displaced. Throws when PostgreSQL cannot be reached. */
  async open(mailbox: MailboxNo, onNotice: NoticeListener, tenant = ''): Promise<Stream | 'closed'> {
    this.streams.get(mailbox)?.end('displaced');
    const stream = new Stream(mailbox, this.feed, onNotice, tenant);
    this.streams.set(mailbox, stream);
    try {
      const taken = await this.claims.add(stream);
      if (taken === 'taken') return stream;
      this.forget(stream, 'closed');
      return 'closed';
    } catch (error) {
      this.forget(stream, 'unavailable');
      throw error;
    }
  }

  async close(stream: Stream): Promise<void> {
    this.forget(stream, 'stopped');
    const floor = stream.takeFloor();
    if (floor !== undefined) await this.write([{ stream, floor }]);
  }

  /** News from the doorbell, for streams of this node; the others have moved on. */
  hear(rings: readonly Ring[]): void {
    for (const ring of rings) {
      const stream = this.streams.get(ring.mailbox);
      if (ring.kind === 'wake') stream?.offer({ ...ring, envelopes: ring.envelopes });
      // Only the table can say that a stream was taken: whoever can write to Redis must not be able to end one.
      else if (ring.kind === 'taken') {
        if (stream !== undefined) void this.looks.add(stream).catch(() => undefined);
      } else stream?.onNotice(ring);
    }
  }

  /** The acks that name nothing of this mailbox; all others are removed, or were before. */
  async acknowledge(stream: Stream, acks: readonly Ack[]): Promise<readonly Ack[]> {
    // A cumulative ack leaves out what was refused before it, also when that is not in the table yet.
    if (this.refusing.has(stream)) await this.refusing.get(stream);
    const ranges = stream.ranges(acks);
    for (const range of ranges) if (range.given) stream.release(range);
    const verdicts = await this.removals.add(ranges);
    const [wrong, absent] = [new Set<number>(), new Set<number>()];
    let strays = 0;
    for (const [index, range] of ranges.entries()) {
      const verdict = verdicts[index] ?? 'failed';
      const applied = this.apply(stream, range, verdict);
      if (applied === 'wrong') wrong.add(range.hi);
      else if (applied === 'absent') absent.add(range.hi);
      if (applied === 'wrong' || applied === 'absent') strays += 1;
    }
    if (!stream.maySendStrays(strays)) this.forget(stream, 'astray');
    const right = wrong.size === 0 ? acks : acks.filter(({ sequence }) => !wrong.has(sequence));
    for (const gap of stream.gapAcks(right, absent)) if (await this.parts.gaps.acknowledge(gap)) stream.settleGaps(gap);
    return wrong.size === 0 ? [] : acks.filter(({ sequence }) => wrong.has(sequence));
  }

  /** False when the pair names no waiting envelope of this mailbox. */
  async refuse(stream: Stream, nack: Nack): Promise<boolean> {
    const refusal = this.noteRefusal(stream, nack);
    const all = Promise.all([this.refusing.get(stream), refusal]).finally(() => {
      if (this.refusing.get(stream) === all) this.refusing.delete(stream);
    });
    // Whoever waits for it hears of a failure.
    all.catch(() => undefined);
    this.refusing.set(stream, all);
    return refusal;
  }

  private async noteRefusal(stream: Stream, nack: Nack): Promise<boolean> {
    const verdict = await this.parts.refusals.refuse(stream.mailbox, stream.epoch, nack);
    this.parts.events.refused(verdict, nack.reason);
    if (verdict === 'wrong') {
      if (!stream.maySendStrays(1)) this.forget(stream, 'astray');
      return false;
    }
    stream.refuse(nack.sequence, { aside: verdict === 'aside' });
    return true;
  }

  /** To the device's socket, if it is here (D6). */
  pass(mailbox: MailboxNo, passing: Passing): void {
    this.streams.get(mailbox)?.pass(passing);
  }

  /** Ends all streams, and takes no new ones before the next `start`: the node has lost its lease, or is stopping. */
  endAll(reason: StreamEnd): void {
    this.node = undefined;
    for (const stream of [...this.streams.values()]) this.forget(stream, reason);
  }

  get size(): number {
    return this.streams.size;
  }

  async stop(): Promise<void> {
    this.timers.forEach(clearInterval);
    await this.writingFloors;
    await this.writeFloors();
    this.endAll('stopped');
    await this.removals.stop();
    await this.reader;
  }

  private forget(stream: Stream, reason: StreamEnd): void {
    stream.end(reason);
    if (this.streams.get(stream.mailbox) !== stream) return;
    this.streams.delete(stream.mailbox);
  }

  private async claim(streams: readonly Stream[]): Promise<('taken' | 'closed')[]> {
    if (this.node === undefined) throw new Error('this node holds no streams now');
    const { node } = this;
    const taken = await this.parts.mailbox.takeStreams(
      streams.map((stream) => stream.mailbox),
      node,
    );
    return streams.map((stream) => {
      const claim = taken.get(stream.mailbox);
      if (claim === undefined) return 'closed';
      stream.begin(claim);
      if (claim.heldBy !== null) this.parts.doorbell.ring(claim.heldBy, [{ kind: 'taken', mailbox: stream.mailbox }]);
      return 'taken';
    });
  }

  /** Whatever is left out after a failure is looked at by the next round, fewer at once. */
  private async lookAtAll(): Promise<void> {
    const streams = [...this.streams.values()];
    while (streams.length > 0) {
      const some = streams.splice(0, this.looksAtOnce.size);
      const start = performance.now();
      try {
        await this.look(some);
        this.looksAtOnce.took(some.length, performance.now() - start);
      } catch (error) {
        this.looksAtOnce.failed(some.length);
        this.parts.log.warn({ err: error }, 'the heads of the mailboxes could not be read; trying again');
        return;
      }
    }
  }

  /** What the rows say that the streams do not know. */
  private async look(streams: readonly Stream[]): Promise<undefined[]> {
    const current = new Map(
      streams
        .filter(({ epoch, ended }) => epoch !== 0 && ended === undefined)
        .map((stream) => [stream.mailbox, stream]),
    );
    const known = [...current.values()].map(({ mailbox, epoch, head, knownGaps: gapMark }) => {
      return { mailbox, epoch, head, gapMark };
    });
    for (const news of known.length === 0 ? [] : await this.parts.mailbox.news(known)) {
      const stream = current.get(news.mailbox);
      if (stream !== undefined) this.learn(stream, news);
    }
    return streams.map(() => undefined);
  }

  private learn(stream: Stream, news: MailboxNews): void {
    if (news.closed) this.forget(stream, 'closed');
    else if (news.epoch !== stream.epoch) this.forget(stream, 'displaced');
    else {
      stream.noteGaps(news.gapMark);
      stream.offer({ epoch: news.epoch, base: news.head, head: news.head, envelopes: undefined });
    }
  }

  private readonly feed = (stream: Stream): void => {
    if (this.queued.has(stream)) return;
    this.queued.add(stream);
    this.hungry.add(stream.tenant, stream);
    this.reader ??= this.readPages();
  };

  /** One query for up to 64 mailboxes; what becomes hungry meanwhile is read by the next. */
  private async readPages(): Promise<void> {
    await Promise.resolve();
    while (this.hungry.size > 0) {
      let room = this.pagesAtOnce.size;
      const streams = this.hungry.take(() => ((room -= 1) >= 0 ? 'taken' : 'full'));
      for (const stream of streams) this.queued.delete(stream);
      for (const stream of streams.filter((each) => each.wantsGaps)) await this.readGaps(stream);
      const wanted = streams.filter((stream) => stream.wantsPage);
      if (wanted.length > 0) await this.readOnce(wanted);
      if (this.pagesAtOnce.pause > 0) await sleep(this.pagesAtOnce.pause);
    }
    // In the same turn as the last look at `hungry`: who comes after it begins anew.
    this.reader = undefined;
  }

  private async readGaps(stream: Stream): Promise<void> {
    try {
      const { mailbox, epoch } = stream;
      stream.acceptGaps(await this.parts.gaps.read({ mailbox, epoch, after: 0, limit: GAPS_AT_ONCE }));
    } catch (error) {
      this.parts.log.warn({ err: error }, 'gaps could not be read; the connection is asked to come again');
      this.forget(stream, 'unavailable');
    }
  }

  /** Those of a failed query read again, fewer at once; one that fails alone comes with its next connection. */
  private async readOnce(wanted: readonly Stream[]): Promise<void> {
    const start = performance.now();
    try {
      const pages = await this.parts.mailbox.pages(
        wanted.map((stream) => ({ mailbox: stream.mailbox, epoch: stream.epoch, ...stream.beginRead() })),
      );
      this.pagesAtOnce.took(wanted.length, performance.now() - start);
      for (const stream of wanted) {
        const page = pages.get(stream.mailbox);
        if (page?.kind === 'page') stream.accept(page);
        else this.forget(stream, page?.kind ?? 'closed');
      }
    } catch (error) {
      this.pagesAtOnce.failed(wanted.length);
      this.parts.log.warn({ err: error, pages: wanted.length }, 'pages could not be read; trying again with fewer');
      for (const stream of wanted)
        if (wanted.length === 1) this.forget(stream, 'unavailable');
        else stream.readFailed();
    }
  }

  private async remove(ranges: readonly AckRange[]): Promise<readonly AckVerdict[]> {
    const verdicts = await this.parts.mailbox.acknowledge(ranges);
    for (const [index, verdict] of verdicts.entries()) {
      const { lo, hi } = ranges[index] as AckRange;
      this.parts.events.acked(verdict, hi - lo);
    }
    return verdicts;
  }

  /** What the table's answer means for the stream; wrong is also what lies above all that there is. */
  private apply(stream: Stream, range: AckRange, verdict: RemovalVerdict): RemovalVerdict {
    switch (verdict) {
      case 'removed':
        stream.settle(range);
        return verdict;
      case 'absent':
        stream.settle({ lo: range.hi - 1, hi: range.hi });
        return range.hi > stream.head ? 'wrong' : verdict;
      case 'wrong':
        return verdict;
      case 'failed':
        this.forget(stream, 'unavailable');
        return verdict;
      case 'displaced':
      case 'closed':
        this.forget(stream, verdict);
        return verdict;
    }
  }

  /** A round ends after two failures: what it leaves out is written by the next. */
  private async writeFloors(): Promise<void> {
    let failures = 0;
    let moved = [];
    for (const stream of this.streams.values()) {
      const floor = stream.takeFloor();
      if (floor === undefined) continue;
      moved.push({ stream, floor });
      if (moved.length < this.floorsAtOnce.size) continue;
      if ((await this.write(moved)) === 'failed') failures += 1;
      if (failures === 2) return;
      moved = [];
    }
    if (moved.length > 0) await this.write(moved);
  }

  private async write(
    moved: readonly { readonly stream: Stream; readonly floor: number }[],
  ): Promise<'written' | 'failed'> {
    const start = performance.now();
    try {
      await this.parts.mailbox.writeFloors(
        moved.map(({ stream, floor }) => ({ mailbox: stream.mailbox, epoch: stream.epoch, ackedThrough: floor })),
      );
      this.floorsAtOnce.took(moved.length, performance.now() - start);
      return 'written';
    } catch (error) {
      this.floorsAtOnce.failed(moved.length);
      this.parts.log.warn({ err: error }, 'floors were not written; the next drains start a little earlier');
      return 'failed';
    }
  }
}
