import { describe, expect, it } from '@jest/globals';
import type { Sequence } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { Gap } from '../protocol/mail.js';
import { ack, envelope, EPOCH, idOf, LIST_VERSION, MAILBOX, Reader, run } from './testing-stream.js';

describe('Stream', () => {
  it('gives a page, then from memory what is exactly next', async () => {
    const reader = new Reader().begin(2);
    await reader.pullAll();
    expect(reader.hungry).toBe(1);
    reader.stream.beginRead();
    reader.stream.accept({ head: 2, envelopes: run(1, 2), isLast: true });
    reader.offer(2, run(3, 4));
    await reader.pullAll();
    expect(reader.given).toEqual([1, 2, 3, 4]);
    expect(reader.hungry).toBe(1);
  });

  it.each([
    ['leaves a gap', 3, EPOCH, run(4, 4)],
    ['was committed under another epoch', 0, EPOCH - 1, run(1, 1)],
    ['comes without the mail', 0, EPOCH, undefined],
  ])('takes news that %s for a wake-up only', async (_title, base, epoch, envelopes) => {
    const reader = new Reader().begin(0);
    await reader.pullAll();
    reader.stream.offer({ epoch, base, head: base + 1, envelopes });
    expect(reader.given).toEqual([]);
    expect(reader.hungry).toBe(1);
    expect(reader.stream.head).toBe(base + 1);
    reader.stream.accept({ head: base + 1, envelopes: run(1, base + 1), isLast: true });
    await reader.pullAll();
    expect(reader.given).toEqual(run(1, base + 1).map((each) => each.sequence));
  });

  it('hands nothing over from memory while a page is read, and loses none of it', async () => {
    const reader = new Reader().begin(1);
    await reader.pullAll();
    reader.stream.beginRead();
    reader.offer(0, run(1, 1));
    reader.offer(1, run(2, 2));
    reader.stream.accept({ head: 1, envelopes: run(1, 1), isLast: true });
    await reader.pullAll();
    expect(reader.given).toEqual([1]);
    expect(reader.stream.wantsPage).toBe(true);
    reader.stream.accept({ head: 2, envelopes: run(2, 2), isLast: true });
    await reader.pullAll();
    expect(reader.given).toEqual([1, 2]);
  });

  it('lets a ring that comes before the claim only raise the head', async () => {
    const reader = new Reader();
    await reader.pullAll();
    reader.offer(3, run(4, 4), 0);
    await reader.pullAll();
    expect(reader.given).toEqual([]);
    reader.begin(3, 3);
    expect(reader.stream.head).toBe(4);
    expect(reader.stream.start).toEqual({ head: 3, listVersion: LIST_VERSION });
  });

  it('starts after what was settled before, and skips a hole that a short page shows', async () => {
    const reader = new Reader().begin(9, 4);
    await reader.pullAll();
    expect(reader.stream.cursor).toBe(4);
    reader.stream.accept({ head: 9, envelopes: [envelope(6), envelope(8)], isLast: true });
    await reader.pullAll();
    expect(reader.given).toEqual([6, 8]);
    expect(reader.stream.cursor).toBe(9);
    expect(reader.stream.floor).toBe(5);
  });

  it('goes on after the last of a full page, not after the head', async () => {
    const reader = new Reader().begin(9);
    await reader.pullAll();
    reader.stream.accept({ head: 9, envelopes: run(1, 5), isLast: false });
    expect(reader.stream.cursor).toBe(5);
    await reader.pullAll();
    expect(reader.stream.wantsPage).toBe(true);
  });

  it('ends when told to, once, and gives nothing after', async () => {
    const reader = new Reader().begin(0);
    reader.offer(0, run(1, 1));
    reader.stream.end('displaced');
    reader.stream.end('stopped');
    await reader.pullAll();
    expect(reader).toMatchObject({ ended: 'displaced', given: [] });
    const other = new Reader().begin(0);
    await other.pullAll();
    other.stream.end('stopped');
    await other.pullAll();
    expect(other.ended).toBe('stopped');
  });
});

describe('the window of a stream', () => {
  it('holds 256 unacked envelopes and asks for no more until one is settled', async () => {
    const reader = new Reader().begin(400);
    await reader.pullAll();
    for (let at = 0; at < 256; at += 100)
      reader.stream.accept({ head: 400, envelopes: run(at + 1, Math.min(at + 100, 256)), isLast: false });
    await reader.pullAll();
    expect(reader.given).toHaveLength(256);
    expect(reader.stream.room).toBe(0);
    expect(reader.stream.wantsPage).toBe(false);
    reader.offer(256, run(257, 257));
    expect(reader.stream.cursor).toBe(256);
    reader.settle(ack(200));
    expect(reader.stream.room).toBe(1);
    expect(reader.stream.wantsPage).toBe(true);
  });

  it('has room again when an ack comes, and is settled when the table has removed what it names', async () => {
    const reader = new Reader().begin(256);
    await reader.pullAll();
    reader.stream.beginRead();
    reader.stream.accept({ head: 256, envelopes: run(1, 256), isLast: true });
    await reader.pullAll();
    for (let times = 0; times < 2; times += 1) reader.stream.release({ lo: 0, hi: 100 });
    expect(reader.stream.room).toBe(100);
    expect(reader.stream.floor).toBe(0);
    reader.stream.settle({ lo: 0, hi: 100 });
    expect(reader.stream.room).toBe(100);
    expect(reader.stream.floor).toBe(100);
    expect(reader.empty).toBe(0);
  });

  it('reads no further than 1,024 envelopes ahead of a table that does not catch up', async () => {
    const reader = new Reader().begin(2_000);
    for (let from = 1; from <= 1_024; from += 128) {
      await reader.pullAll();
      reader.stream.beginRead();
      reader.stream.accept({ head: 2_000, envelopes: run(from, from + 127), isLast: false });
      await reader.pullAll();
      reader.stream.release({ lo: 0, hi: from + 127 });
    }
    expect(reader.given).toHaveLength(1_024);
    expect(reader.stream.wantsPage).toBe(false);
    reader.stream.settle({ lo: 0, hi: 128 });
    expect(reader.stream.wantsPage).toBe(true);
  });

  it('holds 1 MiB, of which the first envelope may be all', async () => {
    const reader = new Reader().begin(0);
    reader.offer(0, [envelope(1, 2 * LIMITS.unackedBytes)]);
    reader.offer(1, [envelope(2)]);
    await reader.pullAll();
    expect(reader.given).toEqual([1]);
    expect(reader.stream.room).toBe(0);
    reader.settle(ack(1));
    await reader.pullAll();
    reader.stream.accept({ head: 2, envelopes: [envelope(2)], isLast: true });
    await reader.pullAll();
    expect(reader.given).toEqual([1, 2]);
  });

  it('asks for no page again and again when the next envelope does not fit', async () => {
    const size = 62 * 1024;
    const fitting = Math.floor(LIMITS.unackedBytes / size);
    const reader = new Reader().begin(fitting + 1);
    await reader.pullAll();
    reader.stream.accept({ head: fitting + 1, envelopes: run(1, fitting + 1, size), isLast: true });
    const { hungry } = reader;
    await reader.pullAll();
    expect(reader.given).toHaveLength(fitting);
    expect(reader.stream.wantsPage).toBe(false);
    reader.offer(fitting + 1, [envelope(fitting + 2, size)]);
    expect(reader.hungry).toBe(hungry);
    reader.settle(ack(1));
    expect(reader.stream.wantsPage).toBe(true);
  });
});

describe('queue-empty', () => {
  it('comes at once for an empty mailbox, and never again', async () => {
    const reader = new Reader().begin(3, 3);
    await reader.pullAll();
    expect(reader.empty).toBe(1);
    reader.offer(3, run(4, 4));
    await reader.pullAll();
    reader.settle(ack(4));
    await reader.pullAll();
    expect(reader.empty).toBe(1);
  });

  it('waits until all that stood there at connect time is settled, and for nothing that came later', async () => {
    const reader = new Reader().begin(2);
    await reader.pullAll();
    reader.stream.accept({ head: 2, envelopes: run(1, 2), isLast: true });
    reader.offer(2, run(3, 3));
    await reader.pullAll();
    expect(reader.empty).toBe(0);
    reader.settle(ack(2));
    await reader.pullAll();
    expect(reader.empty).toBe(0);
    reader.settle(ack(1));
    await reader.pullAll();
    expect(reader.empty).toBe(1);
  });
});

describe('acks', () => {
  const given = async (count: number): Promise<Reader> => {
    const reader = new Reader().begin(0);
    reader.offer(0, run(1, count));
    await reader.pullAll();
    return reader;
  };
  const common = { mailbox: MAILBOX, epoch: EPOCH, given: true };

  it('that follow each other are one range, others their own', async () => {
    const { stream } = await given(9);
    expect(stream.ranges([ack(1), ack(2), ack(3), ack(5), ack(4)])).toEqual([
      { ...common, lo: 0, hi: 3, id: idOf(3) },
      { ...common, lo: 4, hi: 5, id: idOf(5) },
      { ...common, lo: 3, hi: 4, id: idOf(4) },
    ]);
  });

  it('never reach over an envelope that nobody acked', async () => {
    const { stream } = await given(9);
    const wrong = { ...ack(2), id: idOf(1) };
    expect(stream.ranges([ack(1), wrong, ack(3)])).toEqual([
      { ...common, lo: 0, hi: 1, id: idOf(1) },
      { ...common, lo: 1, hi: 2, id: idOf(1), given: false },
      { ...common, lo: 2, hi: 3, id: idOf(3) },
    ]);
  });

  it('that are cumulative reach down to the floor, or to the bottom when the pair is of an earlier connection', async () => {
    const reader = await given(9);
    reader.settle(ack(1), ack(2));
    expect(reader.stream.ranges([ack(6, { cumulative: true })])).toEqual([{ ...common, lo: 2, hi: 6, id: idOf(6) }]);
    expect(reader.stream.ranges([ack(20, { cumulative: true })])).toEqual([
      { ...common, lo: 0, hi: 20, id: idOf(20), given: false },
    ]);
    reader.settle(ack(6, { cumulative: true }));
    expect(reader.stream.floor).toBe(6);
  });

  it('that are cumulative work after the highest was acked alone', async () => {
    const reader = await given(5);
    reader.settle(ack(4));
    expect(reader.stream.ranges([ack(4, { cumulative: true })])).toEqual([{ ...common, lo: 0, hi: 4, id: idOf(4) }]);
    const wrong = { ...ack(4, { cumulative: true }), id: idOf(1) };
    expect(reader.stream.ranges([wrong])).toEqual([{ ...common, lo: 0, hi: 4, id: idOf(1), given: false }]);
  });

  it('move the floor, which is taken once', async () => {
    const reader = await given(5);
    expect(reader.stream.takeFloor()).toBeUndefined();
    reader.settle(ack(2), ack(3));
    expect(reader.stream.takeFloor()).toBeUndefined();
    reader.settle(ack(1));
    expect(reader.stream.takeFloor()).toBe(3);
    expect(reader.stream.takeFloor()).toBeUndefined();
    reader.settle(ack(5, { cumulative: true }));
    expect(reader.stream.takeFloor()).toBe(5);
  });

  it('gives nothing that was acked while its page was read: it would stay unacked for ever', async () => {
    const reader = new Reader().begin(3);
    await reader.pullAll();
    reader.stream.beginRead();
    reader.stream.settle({ lo: 1, hi: 2 });
    reader.stream.accept({ head: 3, envelopes: run(1, 3), isLast: true });
    await reader.pullAll();
    expect(reader.given).toEqual([1, 3]);
    reader.settle(ack(1), ack(3));
    await reader.pullAll();
    expect(reader.empty).toBe(1);
    reader.offer(3, run(4, 4));
    reader.stream.settle({ lo: 3, hi: 4 });
    await reader.pullAll();
    expect(reader.stream.floor).toBe(4);
  });

  it('tells gaps once, before pages, and queue-empty after they are acked', async () => {
    const reader = new Reader();
    reader.stream.begin({ epoch: EPOCH, head: 1, ackedThrough: 0, listVersion: LIST_VERSION, gapMark: 2 });
    expect(await reader.pull()).toBeUndefined();
    expect([reader.stream.wantsGaps, reader.hungry]).toEqual([true, 1]);
    const gap = gapOf(3, 4);
    reader.stream.acceptGaps([gap]);
    expect(await reader.pull()).toEqual({ kind: 'gap', gap });
    reader.stream.acceptGaps([gap]);
    expect(await reader.pull()).toBeUndefined();
    reader.stream.beginRead();
    reader.stream.accept({ head: 1, envelopes: run(1, 1), isLast: true });
    await reader.pullAll();
    reader.settle(ack(1));
    await reader.pullAll();
    expect(reader.empty).toBe(0);
    const none = new Set<number>();
    const told = { mailbox: MAILBOX, epoch: EPOCH, hi: 4, id: idOf(4) };
    const wrong = ack(4, { id: Buffer.alloc(8), cumulative: true });
    expect(reader.stream.gapAcks([ack(4)], none)).toEqual([{ ...told, lo: 3 }]);
    expect(reader.stream.gapAcks([{ ...wrong, cumulative: false }], none)).toEqual([]);
    expect(reader.stream.gapAcks([wrong], none)).toEqual([{ ...told, lo: 0 }]);
    expect(reader.stream.gapAcks([wrong], new Set([4]))).toEqual([]);
    reader.stream.settleGaps({ lo: 3, hi: 4 });
    // More than one reading takes may be there: it looks again.
    expect(reader.stream.wantsGaps).toBe(true);
    reader.stream.acceptGaps([]);
    await reader.pullAll();
    expect(reader.empty).toBe(1);
    reader.stream.noteGaps(0);
    expect(reader.stream.wantsGaps).toBe(false);
    reader.stream.noteGaps(2);
    await reader.pullAll();
    expect(reader.stream.wantsGaps).toBe(true);
  });

  it('reads on behind an envelope that did not fit and was taken away', async () => {
    const reader = new Reader().begin(17);
    await reader.pullAll();
    reader.stream.beginRead();
    reader.stream.accept({ head: 17, envelopes: run(1, 17, 65_000), isLast: true });
    await reader.pullAll();
    expect([reader.given.length, reader.stream.wantsPage]).toEqual([16, false]);
    reader.stream.noteGaps(1);
    reader.stream.acceptGaps([gapOf(17, 17)]);
    reader.offer(17, run(18, 18, 1));
    await reader.pullAll();
    expect(reader.stream.wantsPage).toBe(true);
  });

  it('reads a gap that bears the mark of one that was acked before', async () => {
    const reader = new Reader();
    reader.stream.begin({ epoch: EPOCH, head: 1, ackedThrough: 0, listVersion: LIST_VERSION, gapMark: 1 });
    await reader.pull();
    reader.stream.acceptGaps([gapOf(1, 1)]);
    reader.stream.settleGaps({ lo: 0, hi: 1 });
    reader.stream.acceptGaps([]);
    expect(reader.stream.knownGaps).toBe(0);
    reader.stream.noteGaps(1);
    expect(reader.stream.owesGaps).toBe(true);
  });

  it('lets a cumulative ack of a gap remove no envelope that was not given', async () => {
    const reader = new Reader();
    reader.stream.begin({ epoch: EPOCH, head: 9, ackedThrough: 0, listVersion: LIST_VERSION, gapMark: 1 });
    await reader.pullAll();
    reader.stream.acceptGaps([gapOf(6, 8)]);
    await reader.pullAll();
    expect(reader.stream.ranges([ack(8, { cumulative: true })])).toEqual([]);
    reader.stream.beginRead();
    reader.stream.accept({ head: 9, envelopes: run(1, 3), isLast: false });
    await reader.pullAll();
    expect(reader.stream.ranges([ack(8, { cumulative: true })])).toMatchObject([{ lo: 0, hi: 3, given: true }]);
    expect(reader.stream.ranges([ack(8)])).toEqual([]);
    reader.stream.refuse(2, { aside: false });
    expect(reader.stream.ranges([ack(8, { cumulative: true })])).toEqual([]);
  });

  it('settles what was refused, keeps the floor of the table below it, and lets the table judge cumulative acks', async () => {
    const reader = new Reader().begin(3);
    await reader.pullAll();
    reader.stream.beginRead();
    reader.stream.accept({ head: 3, envelopes: run(1, 3), isLast: true });
    await reader.pullAll();
    reader.stream.refuse(2, { aside: false });
    expect(reader.stream.ranges([ack(3, { cumulative: true })])).toMatchObject([{ lo: 0, hi: 3, given: false }]);
    reader.settle(ack(1), ack(3));
    await reader.pullAll();
    expect(reader.empty).toBe(1);
    expect(reader.stream.takeFloor()).toBe(1);
    expect(reader.stream.takeFloor()).toBeUndefined();
    reader.offer(3, run(4, 4));
    await reader.pullAll();
    reader.stream.refuse(4, { aside: true });
    expect(reader.stream.floor).toBe(4);
  });

  it('passes what is ephemeral before mail, keeps only the newest for a slow reader, and nothing before it is taken', async () => {
    const passing = (at: number) => ({ kind: 'ephemeral', frame: new Uint8Array([at]), acceptedAt: at }) as const;
    const reader = new Reader();
    reader.stream.pass(passing(0));
    reader.begin(0);
    await reader.pullAll();
    for (let at = 1; at <= 40; at += 1) reader.stream.pass(passing(at));
    const passed = [];
    for (let event = await reader.pull(); event?.kind === 'ephemeral'; event = await reader.pull())
      passed.push(event.acceptedAt);
    expect(passed).toHaveLength(33);
    expect([passed[0], passed[1], passed.at(-1)]).toEqual([1, 9, 40]);
  });
});

function gapOf(from: number, to: number): Gap {
  return { from: from as Sequence, to: to as Sequence, id: idOf(to), reason: 'age' };
}
