import type { Clause } from '../clause.js';
import { mailboxOf, sequencesOf, textOf, upTo } from '../client/look.js';
import { decode, type SetAside } from '../client/wire.js';

export const d20: Clause = {
  id: 'D20',
  title: 'Poison does not block',
  says: [
    'nack(sequence, id, reason) settles the envelope for this stream and is counted; it comes again on the next connection, and after the third nack it is set aside: listed and fetchable until its age, then a gap poison. The server tells no sender.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'three nacks, and it is set aside; the others go on',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        for (const step of upTo(3)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        for (const round of upTo(3)) {
          const stream = await bob.phone.connect();
          const mail = await stream.receive(round === 1 ? 3 : 1);
          t.equal(`connection ${round}: it is there`, mail[0]?.sequence, 1);
          stream.nack(1, mail[0]!);
          stream.ack(...mail.slice(1));
          await stream.settled();
          await stream.next('queueEmpty');
          t.equal('a nack settles: the queue is empty', stream.count('queueEmpty'), 1);
          t.equal(
            'it does not come again on this stream',
            sequencesOf(stream.mail).filter((one) => one === 1),
            [1],
          );
          await stream.close();
        }
        t.equal('after the third: no more', sequencesOf((await mailboxOf(bob.phone)).mail), []);
        const listed = await bob.phone.ask({ method: 'GET', path: '/v1/mailbox/set-aside' });
        t.equal('it is listed', listed.status, 200);
        const { envelopes } = decode<SetAside>('SetAside', listed.bytes);
        t.equal(
          'with what it holds',
          envelopes.map(({ envelope }) => textOf(envelope)),
          ['letter 1'],
        );
        t.equal(
          'and why',
          envelopes.map(({ reason }) => reason),
          [1],
        );
      },
    },
    {
      mark: 'B',
      name: 'a cumulative ack leaves out what this stream nacked; a wrong nack is told',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        for (const step of upTo(4)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const stream = await bob.phone.connect();
        const mail = await stream.receive(4);
        stream.nack(1, mail[1]!);
        stream.ackThrough(mail[3]!);
        stream.nack(1, { sequence: 2, id: Buffer.alloc(8) });
        t.equal('a wrong pair is refused', (await stream.next('ackRefused')).sequence, 2);
        // Nacks and acks are answered apart: the next connection must not come before the ack.
        await stream.settled();
        await stream.close();
        const again = await bob.phone.connect();
        await again.receive(1);
        await again.settled();
        t.equal('only the nacked one comes again', sequencesOf(again.mail), [2]);
      },
    },
  ],
};
