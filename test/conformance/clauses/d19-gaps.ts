import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { mailboxOf, sequencesOf, timeUntil, upTo } from '../client/look.js';
import type { Device } from '../client/device.js';
import type { Stream } from '../client/stream.js';
import { AGE, STOCK as REASON_STOCK } from '../client/wire.js';

/** The worker looks every two seconds, when a busy machine lets it. */
const SWEPT_WITHIN = 60_000;
/** Room for four letters and not for five. */
const STOCK = 70_000;
const LETTER = 15_000;

export const d19: Clause = {
  id: 'D19',
  title: 'Gaps are said aloud',
  says: [
    'Mail removed by age (policy; PostgreSQL’s clock) or by stock leaves a gap { from, to, reason } in the stream, repeated until acked, merged with its neighbours.',
    'A rate over budget refuses the send; a full stock never does: the oldest leaves, with a gap. Policy is rejected unless stock >= burst + rate x retention.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'age: two seconds',
      run: async (t) => {
        const tenant = await t.tenant({ retentionSeconds: 2 });
        const [alice, bob] = await tenant.two();
        for (const step of upTo(3)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const first = await withGap(bob.phone);
        t.equal('a gap in place of the three', gapsOf(first), [[1, 3]]);
        t.equal('and none of them', first.mail.length, 0);
        await first.close();
        await tenant.admin('PUT', '/policy', { retentionSeconds: 3_600 });
        await alice.phone.post(alice.phone.letter([bob], 'young'));
        const again = await bob.phone.connect();
        const [young] = await again.receive(1);
        t.equal('repeated on the next connection', gapsOf(again), [[1, 3]]);
        t.equal('the next letter has the next number', young?.sequence, 4);
        const gap = again.gaps[0]!;
        t.equal('it says why', gap.reason, AGE);
        again.ackGap({ ...gap, id: Buffer.alloc(8) });
        await again.settled();
        await again.close();
        const third = await bob.phone.connect();
        const [rest] = await third.receive(1);
        t.equal('an ack with another id settles nothing', gapsOf(third), [[1, 3]]);
        third.ackGap(third.gaps[0]!);
        third.ack(rest!);
        await third.next('queueEmpty');
        await third.close();
        const last = await bob.phone.listen();
        t.equal('acked: not again', gapsOf(last), []);
      },
    },
    {
      mark: 'B',
      name: 'stock: the oldest leaves, the send is accepted; a connected device is told too',
      run: async (t) => {
        // A rate that can fill a stock is refused as policy, so the stock is made smaller under the mail that is there.
        const roomy = { mailboxBytes: 100_000_000, burstBytes: 1_000_000, rateBytesPerSecond: 1_000_000 };
        const tenant = await t.tenant({ ...roomy, retentionSeconds: 60 });
        const [alice, bob] = await tenant.two();
        const post = async (): Promise<number> =>
          (await alice.phone.post(alice.phone.letter([bob], randomBytes(LETTER)))).status;
        for (const _ of upTo(6)) await post();
        const reading = await bob.phone.connect();
        await reading.receive(6);
        const tight = { mailboxBytes: STOCK, burstBytes: 4 * LETTER, rateBytesPerSecond: 1, retentionSeconds: 3_600 };
        await tenant.admin('PUT', '/policy', tight);
        await timeUntil(() => reading.gaps.length > 0, SWEPT_WITHIN);
        t.equal('six do not fit: the two oldest have left', gapsOf(reading), [[1, 2]]);
        t.equal('because of the stock', reading.gaps[0]?.reason, REASON_STOCK);
        t.equal('a full stock refuses nothing', await post(), 200);
        await timeUntil(() => reading.gaps.length > 1, SWEPT_WITHIN);
        t.equal('the next oldest leaves; the neighbours are one gap', gapsOf(reading).at(-1), [1, 3]);
        await reading.close();
        const again = await bob.phone.connect();
        t.equal('what is left', sequencesOf(await again.receive(4)), [4, 5, 6, 7]);
        t.equal('and what is not', gapsOf(again), [[1, 3]]);
      },
    },
    {
      mark: 'B',
      name: 'a rate over budget refuses the send',
      run: async (t) => {
        const values = { mailboxBytes: STOCK, burstBytes: 2 * LETTER, rateBytesPerSecond: 1, retentionSeconds: 3_600 };
        const [alice, bob] = await (await t.tenant(values)).two();
        const answers = [];
        for (const _ of upTo(3)) answers.push(await alice.phone.post(alice.phone.letter([bob], randomBytes(LETTER))));
        t.equal(
          'two, then no more',
          answers.map(({ status }) => status),
          [200, 200, 429],
        );
        t.equal('limited', answers[2]?.code, 'limited');
        t.equal('and nothing had to leave for it', sequencesOf((await mailboxOf(bob.phone)).mail), [1, 2]);
      },
    },
    {
      mark: 'B',
      name: 'a flood is refused before it can push out mail: policy is rejected otherwise',
      run: async (t) => {
        const tenant = await t.tenant({
          mailboxBytes: 1_000_000,
          burstBytes: 2_000,
          rateBytesPerSecond: 1,
          retentionSeconds: 60,
        });
        const bad = { mailboxBytes: STOCK, burstBytes: STOCK, rateBytesPerSecond: 1_000, retentionSeconds: 3_600 };
        const { status } = await tenant.askAdmin('PUT', '/policy', bad);
        t.that('stock < burst + rate × retention: rejected', status >= 400 && status < 500, status);
      },
    },
    {
      mark: 'B',
      name: 'what was acked in between is in no gap; neighbours are merged',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        for (const step of upTo(6)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const reading = await bob.phone.connect();
        const mail = await reading.receive(6);
        reading.ack(mail[2]!);
        await reading.settled();
        await reading.close();
        // Only now: however long the machine took for all this, nothing was too old for it.
        await tenant.admin('PUT', '/policy', { retentionSeconds: 2, grantsPerMinute: 10_000 });
        const later = await withGap(bob.phone);
        t.equal('all but the acked one, neighbours together', gapsOf(later), [
          [1, 2],
          [4, 6],
        ]);
        t.equal('and nothing is there', sequencesOf(later.mail), []);
      },
    },
  ],
};

/**
 * Connects until all that waited has left, and once more: who is connected while it leaves piece by piece is told a gap that grows. On a slow
 * machine the first letters leave before the last ones are old.
 */
async function withGap(device: Device): Promise<Stream> {
  const end = Date.now() + SWEPT_WITHIN;
  for (let isSwept = false; ;) {
    const stream = await device.connect();
    await stream.upToHead();
    if (isSwept || Date.now() > end) return stream;
    isSwept = stream.mail.length === 0;
    await stream.close();
    await sleep(500);
  }
}

function gapsOf({ gaps }: Stream): readonly (readonly number[])[] {
  return gaps.map(({ from, to }) => [from, to]);
}
