import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { fingerprints, mailboxOf, sequencesOf, upTo } from '../client/look.js';
import { Poll } from '../client/poll.js';

const LIFE = 60_000;
/** For a busy machine to say that it is over. */
const SLACK = 5_000;

export const d10: Clause = {
  id: 'D10',
  title: 'One stream, two transports',
  says: [
    'WebSocket push, and REST long-poll (GET /v1/mailbox?wait=30) with the same cursor, order and acks. The first poll takes the stream and returns its id; further polls carry it; it ends 60 s after its last poll.',
    'A stream begins at the first unacked envelope; after skips within it and acks nothing.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'the same envelopes, in the same order, with the same acks',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        for (const step of upTo(6)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const socket = await bob.phone.connect();
        const { incarnation } = await socket.next('ready');
        const mail = await socket.receive(6);
        await socket.close();
        const poll = new Poll(bob.phone);
        const page = await poll.next();
        t.equal('the same, byte for byte', fingerprints(page.envelopes), fingerprints(mail));
        t.equal('under the same incarnation', page.incarnation.equals(incarnation), true);
        await poll.ack(page.envelopes[0]!, page.envelopes[2]!);
        t.equal('the cursor has moved on: nothing new', (await poll.next()).envelopes.length, 0);
        t.equal(
          'over the socket: what the poll has not acked',
          sequencesOf((await mailboxOf(bob.phone)).mail),
          [2, 4, 5, 6],
        );
        const fresh = new Poll(bob.phone);
        t.equal('a new stream begins at the first unacked', sequencesOf((await fresh.next()).envelopes), [2, 4, 5, 6]);
        t.equal('`after` skips', sequencesOf((await fresh.next({ after: 4 })).envelopes), [5, 6]);
        t.equal('and acks nothing', sequencesOf((await mailboxOf(bob.phone)).mail), [2, 4, 5, 6]);
      },
    },
    {
      mark: 'N',
      name: 'it waits, is woken by mail from another node, and comes back empty when there is none',
      run: async (t) => {
        const [, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen(two);
        const poll = new Poll(bob.phone);
        await poll.next();
        const waiting = poll.next({ wait: 20 });
        await sleep(400);
        await line.send(alice.phone.letter([bob], 'wake up'));
        const sent = Date.now();
        t.equal('the mail', sequencesOf((await waiting).envelopes), [1]);
        // As for a socket (D14), whose wake-up may be lost; a poll that nobody wakes is answered at its end.
        t.that('within 5 s of the send', Date.now() - sent < 5_000, `${Date.now() - sent} ms`);
        const start = Date.now();
        const empty = await poll.next({ wait: 1 });
        const took = Date.now() - start;
        t.equal('no mail: an empty page', empty.envelopes.length, 0);
        t.that('after the time that was asked for', took > 700 && took < 15_000, `${took} ms`);
      },
    },
    {
      mark: 'B',
      name: 'a long backlog in pages; an id of a stream that was taken is refused',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        await Promise.all(upTo(400).map(async (step) => line.send(alice.phone.letter([bob], `letter ${step}`))));
        const poll = new Poll(bob.phone);
        const seen: number[] = [];
        while (seen.length < 400) {
          // Answered as soon as there is something: only a server that has no more takes this long.
          const { envelopes } = await poll.next({ wait: 20 });
          if (envelopes.length === 0) break;
          seen.push(...sequencesOf(envelopes));
          await poll.ack(...envelopes);
        }
        t.equal('all of it, once, in order', seen, upTo(400));
        await (await bob.phone.listen()).close();
        const refused = await poll.ask({ wait: 0, after: 400 });
        t.equal('after a newer connection: over', [refused.status, refused.code], [409, 'stream_over']);
      },
    },
    {
      mark: 'B',
      name: 'it ends 60 s after its last poll, and not before',
      slow: true,
      run: async (t) => {
        const tenant = await t.tenant();
        const [left, kept] = [new Poll((await tenant.account()).phone), new Poll((await tenant.account()).phone)];
        await Promise.all([left.next(), kept.next()]);
        await sleep(LIFE / 2);
        await kept.next();
        await sleep(LIFE / 2 + SLACK);
        const over = await left.ask({ wait: 0, after: 0 });
        t.equal('60 s without a poll: over', [over.status, over.code], [409, 'stream_over']);
        t.equal('polled in between: it goes on', (await kept.ask({ wait: 0, after: 0 })).status, 200);
      },
    },
  ],
};
