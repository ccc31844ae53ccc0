import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { fingerprints, mailboxOf, sequencesOf, upTo } from '../client/look.js';
import { Poll } from '../client/poll.js';

const DISPLACED = 4409;

export const d15: Clause = {
  id: 'D15',
  title: 'One stream per device',
  says: [
    'Connecting takes the stream. After the newer connection’s ready no page is read and no ack accepted for the older one; frames already on its wire may still be read there, and come again, same id.',
    'The older one is closed as displaced within 2 s. Nothing is lost.',
  ],
  parts: [
    {
      mark: 'N',
      name: 'a newer connection, on another node and on the same: the older one’s acks count no more',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        for (const [older, newer] of [
          [one, two],
          [two, one],
          [one, one],
        ] as const) {
          const [alice, bob] = await (await t.tenant()).two();
          for (const step of upTo(5)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
          const before = await bob.phone.connect(older);
          const mail = await before.receive(5);
          const after = await bob.phone.connect(newer);
          await after.next('ready');
          const start = Date.now();
          before.ackThrough(mail[4]!);
          const again = await after.receive(5);
          t.equal('all of it comes again, the same', fingerprints(again), fingerprints(mail));
          const end = await before.end(10_000);
          t.equal('the older one is closed as displaced', end.code, DISPLACED);
          t.that('within 2 s', end.at - start <= 2_000, `${end.at - start} ms`);
          after.cut();
          const left = sequencesOf((await mailboxOf(bob.phone, newer)).mail);
          t.equal('the late ack has removed nothing', left, [1, 2, 3, 4, 5]);
        }
      },
    },
    {
      mark: 'N',
      name: 'the older one is silent: closed within 2 s all the same, and gets no more mail',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const before = await bob.phone.listen(one);
        const after = await bob.phone.connect(two);
        await after.next('ready');
        const start = Date.now();
        const heard = before.mail.length;
        for (const step of upTo(5)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        t.equal('the newer one gets it', sequencesOf(await after.receive(5)), upTo(5));
        const end = await before.end(10_000);
        t.equal('closed as displaced', end.code, DISPLACED);
        t.that('within 2 s', end.at - start <= 2_000, `${end.at - start} ms`);
        t.equal('nothing was written to the older one', before.mail.length, heard);
      },
    },
    {
      mark: 'N',
      name: 'twenty connections in a row, back and forth: one survives, nothing is lost or doubled',
      run: async (t) => {
        const nodes = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        const state = { done: false };
        const writing = (async (): Promise<number> => {
          let count = 0;
          for (; !state.done; count += 1) {
            await line.send(alice.phone.letter([bob], `letter ${count + 1}`));
            await sleep(10);
          }
          return count;
        })();
        const streams = [];
        for (const round of upTo(20)) {
          const stream = await bob.phone.connect(nodes[round % 2]);
          await stream.next('ready');
          streams.push(stream);
        }
        state.done = true;
        const count = await writing;
        const last = streams.at(-1)!;
        // On a slow machine more than a window has been written meanwhile.
        t.equal('the last one gets all', sequencesOf(await last.drain(count)), upTo(count));
        const ends = await Promise.all(streams.slice(0, -1).map(async (stream) => (await stream.end()).code));
        t.equal('all others are displaced', [...new Set(ends)], [DISPLACED]);
        t.equal('the last one stays', last.isOpen, true);
        for (const stream of streams)
          t.equal('on each: from the first on, without a hole', sequencesOf(stream.mail), upTo(stream.mail.length));
      },
    },
    {
      mark: 'N',
      name: 'a socket and a long-poll displace each other alike',
      run: async (t) => {
        const [, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        await alice.phone.post(alice.phone.letter([bob], 'letter'));
        const socket = await bob.phone.connect(two);
        await socket.receive(1);
        const poll = new Poll(bob.phone);
        const { envelopes } = await poll.next();
        t.equal('the poll has the mail', sequencesOf(envelopes), [1]);
        t.equal('the socket is displaced', (await socket.end(10_000)).code, DISPLACED);
        const again = await bob.phone.connect(two);
        await again.receive(1);
        const refused = await poll.ack(envelopes[0]!);
        t.that('the poll’s ack counts no more', refused.status >= 400, refused.status);
        t.equal('it is there', sequencesOf((await mailboxOf(bob.phone)).mail), [1]);
      },
    },
  ],
};
