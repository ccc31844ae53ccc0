import { randomBytes } from 'node:crypto';
import type { Clause } from '../clause.js';
import { sequencesOf, timeUntil, upTo, verdictOf } from '../client/look.js';
import type { Device } from '../client/device.js';
import type { Stream } from '../client/stream.js';

const SWEPT_WITHIN = 20_000;
const STOCK = 65_536;

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
        await alice.phone.post(alice.phone.letter([bob], 'young'));
        const again = await bob.phone.connect();
        const [young] = await again.receive(1);
        t.equal('repeated on the next connection', gapsOf(again), [[1, 3]]);
        t.equal('the next letter has the next number', young?.sequence, 4);
        const gap = again.gaps[0]!;
        again.ackThrough({ sequence: gap.to, id: Buffer.alloc(8) });
        await again.settled();
        await again.close();
        const last = await bob.phone.connect();
        await last.receive(1);
        t.equal('acked: not again', gapsOf(last), []);
      },
    },
    {
      mark: 'B',
      name: 'stock: 64 KiB; the oldest leaves, the send is accepted',
      run: async (t) => {
        const values = { mailboxBytes: STOCK, burstBytes: STOCK / 2, rateBytesPerSecond: 1, retentionSeconds: 3_600 };
        const tenant = await t.tenant(values);
        const senders = await tenant.accounts(3);
        const bob = await tenant.account();
        const verdicts: string[] = [];
        for (const index of upTo(9, 0)) {
          const { phone } = senders[index % 3]!;
          const line = await phone.connect();
          verdicts.push(verdictOf(await line.send(phone.letter([bob], randomBytes(3_000)))));
          await line.close();
        }
        t.equal('within the rate: accepted', [...new Set(verdicts)], ['accepted']);
        const { phone } = senders[0]!;
        const over = await phone.post(phone.letter([bob], randomBytes(40_000)));
        t.equal('a rate over budget refuses the send', [over.status, over.code], [429, 'limited']);
      },
    },
    {
      mark: 'B',
      name: 'a flood is refused before it can push out mail: policy is rejected otherwise',
      run: async (t) => {
        const tenant = await t.tenant({
          mailboxBytes: 1_000_000,
          burstBytes: 1_000,
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
        const tenant = await t.tenant({ retentionSeconds: 2 });
        const [alice, bob] = await tenant.two();
        for (const step of upTo(6)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const reading = await bob.phone.connect();
        const mail = await reading.receive(6);
        reading.ack(mail[2]!);
        await reading.settled();
        await reading.close();
        const later = await withGap(bob.phone);
        const covered = later.gaps.flatMap(({ from, to }) => upTo(to - from + 1, from));
        t.that(
          'every number that was not acked is in a gap',
          [1, 2, 4, 5, 6].every((number) => covered.includes(number)),
          covered,
        );
        t.that('in at most two gaps', later.gaps.length <= 2, gapsOf(later));
        t.equal('and nothing is there', sequencesOf(later.mail), []);
      },
    },
  ],
};

/** Connects until the sweep has been. */
async function withGap(device: Device): Promise<Stream> {
  let stream = await device.connect();
  await timeUntil(
    async () => {
      await stream.next('ready');
      const came = await timeUntil(() => stream.gaps.length > 0, 500);
      if (came !== undefined && stream.mail.length === 0) return true;
      await stream.close();
      stream = await device.connect();
      return false;
    },
    SWEPT_WITHIN,
    500,
  );
  return stream;
}

function gapsOf({ gaps }: Stream): readonly (readonly number[])[] {
  return gaps.map(({ from, to }) => [from, to]);
}
