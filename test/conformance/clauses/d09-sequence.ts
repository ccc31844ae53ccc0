import type { Clause } from '../clause.js';
import { mailboxOf, sequencesOf, textOf, upTo, verdictOf } from '../client/look.js';
import { published } from '../client/wire.js';

export const d09: Clause = {
  id: 'D9',
  title: 'Sequence',
  says: [
    'The durable envelopes of a mailbox are numbered 1, 2, 3… without holes, in commit order; a later number is never visible before an earlier one.',
    'Every number up to the head is in exactly one state: waiting, acked, in a gap, set aside.',
    'Requests accepted from one connection keep their order in every mailbox they share.',
    'Sequences are shown only to the mailbox’s own device.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'eight senders at once into shared mailboxes, read while they write',
      run: async (t) => {
        const tenant = await t.tenant();
        const readers = await tenant.accounts(3);
        const senders = await tenant.accounts(8);
        const watching = await Promise.all(readers.map(async ({ phone }) => phone.listen()));
        const accepted = new Map<string, number>();
        await Promise.all(
          senders.map(async ({ phone }, who) => {
            const line = await phone.listen();
            const sends = upTo(25).map(async (step) => {
              const text = `${who} ${step}`;
              const answer = await line.send(phone.letter(readers.slice(0, 1 + (step % 3)), text));
              t.equal('accepted', verdictOf(answer), 'accepted');
              accepted.set(text, answer.accepted?.acceptedAt ?? 0);
            });
            await Promise.all(sends);
          }),
        );
        for (const [index, stream] of watching.entries()) {
          const expected = [...accepted.keys()].filter((text) => 1 + (Number(text.split(' ')[1]) % 3) > index);
          await stream.until(() => stream.mail.length >= expected.length, `${expected.length} envelopes`);
          const { mail } = stream;
          t.equal('numbers as they became visible: 1, 2, 3…', sequencesOf(mail), upTo(expected.length));
          t.equal('exactly what was accepted', mail.map(textOf).sort(), expected.sort());
          const times = mail.every((envelope) => accepted.get(textOf(envelope)) === envelope.acceptedAt);
          t.equal('each with the time that its sender was told', times, true);
          for (const who of upTo(8, 0)) {
            const steps = mail.map(textOf).filter((text) => text.startsWith(`${who} `));
            const sorted = steps.toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]));
            t.equal(`what sender ${who} sent is in its order`, steps, sorted);
          }
        }
        t.saw('8 senders, 200 requests, 3 mailboxes');
      },
    },
    {
      mark: 'B',
      name: 'order of one connection, with refused and repeated ones in between',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const line = await alice.phone.listen();
        const letters = upTo(60).map((step) => alice.phone.letter([bob], `step ${step}`));
        const asked = letters.flatMap((letter, index) => {
          const wrong = { ...alice.phone.letter([bob], 'wrong'), recipients: [alice.phone.cover(alice, 'x')] };
          const stale = { ...bob.phone.envelope('stale'), registrationId: 99 };
          const mismatch = alice.phone.request([{ ...alice.phone.cover(bob, ''), envelopes: [stale] }]);
          return index % 7 === 3 ? [letter, mismatch, letter] : index % 11 === 5 ? [wrong, letter] : [letter];
        });
        await Promise.all(asked.map(async (request) => line.send(request)));
        const { mail } = await mailboxOf(bob.phone);
        t.equal(
          'the accepted ones, once each, in order',
          mail.map(textOf),
          upTo(60).map((step) => `step ${step}`),
        );
      },
    },
    {
      mark: 'B',
      name: 'numbers go on after acks, and senders never see them',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        for (const text of ['one', 'two', 'three']) await alice.phone.post(alice.phone.letter([bob], text));
        const reading = await bob.phone.connect();
        reading.ackThrough((await reading.receive(3))[2]!);
        await reading.settled();
        await reading.close();
        const answer = await alice.phone.post(alice.phone.letter([bob], 'four'));
        t.equal('the next number after an empty mailbox', sequencesOf((await mailboxOf(bob.phone)).mail), [4]);
        t.equal('the answer to the sender is a time and nothing else', Object.keys(answer.json), ['acceptedAt']);
        t.equal('nor has the frame a field for it', published('Accepted', 'sequence'), false);
      },
    },
  ],
};
