import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { sequencesOf, upTo } from '../client/look.js';
import { Poll } from '../client/poll.js';

export const d13: Clause = {
  id: 'D13',
  title: 'queue-empty',
  says: [
    'comes once per connection, after everything that stood in the mailbox at connect time is settled.',
    'Long-poll: caught_up: true.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'over the stream',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const empty = await bob.phone.connect();
        await empty.next('queueEmpty');
        t.equal(
          'an empty mailbox: at once, after ready',
          empty.heard.map(({ kind }) => kind).filter((kind) => kind !== 'notice'),
          ['ready', 'queueEmpty'],
        );
        const send = async (text: string) => alice.phone.post(alice.phone.letter([bob], text));
        for (const step of upTo(5)) await send(`old ${step}`);
        await empty.receive(5);
        t.equal('not again on this connection', empty.count('queueEmpty'), 1);
        await empty.close();

        const stream = await bob.phone.connect();
        const old = await stream.receive(5);
        await send('new');
        const [fresh] = await stream.receive(1);
        t.equal('newer mail may come before it', fresh?.sequence, 6);
        stream.ack(...old.slice(1));
        await stream.settled();
        await sleep(150);
        t.equal('one of the five is not acked: it does not come', stream.count('queueEmpty'), 0);
        stream.ack(old[0]!);
        await stream.next('queueEmpty');
        t.equal('the last of them is acked: it comes, though newer mail waits', stream.count('queueEmpty'), 1);
        await send('newer');
        stream.ack(fresh!, ...(await stream.receive(1)));
        await stream.settled();
        await sleep(150);
        t.equal('once', stream.count('queueEmpty'), 1);
        await stream.close();
      },
    },
    {
      mark: 'B',
      name: 'a backlog of several windows: after all of it',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        await Promise.all(upTo(600).map(async (step) => line.send(alice.phone.letter([bob], `old ${step}`))));
        const stream = await bob.phone.connect();
        while (stream.count('queueEmpty') === 0) {
          const before = stream.mail.length;
          if (before > 0) stream.ackThrough(stream.mail[before - 1]!);
          await stream.until(() => stream.mail.length > before || stream.count('queueEmpty') > 0, 'more, or the end');
        }
        t.equal('all 600 came before it', sequencesOf(stream.mail), upTo(600));
        t.equal('as the last thing', stream.heard.findLast(({ kind }) => kind !== 'notice')?.kind, 'queueEmpty');
      },
    },
    {
      mark: 'B',
      name: 'over the long-poll: caught_up',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        for (const step of upTo(3)) await alice.phone.post(alice.phone.letter([bob], `old ${step}`));
        const poll = new Poll(bob.phone);
        const first = await poll.next({ wait: 0 });
        t.equal('with unsettled mail: not caught up', first.caughtUp, false);
        await poll.ack(...first.envelopes);
        t.equal('settled: caught up', (await poll.next({ wait: 0 })).caughtUp, true);
      },
    },
  ],
};
