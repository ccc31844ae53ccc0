import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { sequencesOf, textOf, upTo } from '../client/look.js';

export const d12: Clause = {
  id: 'D12',
  title: 'Subscribe before read',
  says: [
    'Envelopes committed while a device connects or drains arrive once each per connection, in order, none overtaking the backlog.',
  ],
  parts: [
    {
      mark: 'N',
      name: 'twenty connections while another node writes: each hears everything once, in order',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen(one);
        const total = 200;
        let sent = 0;
        const writing = (async (): Promise<void> => {
          for (; sent < total; sent += 1) {
            await line.send(alice.phone.letter([bob], `letter ${sent + 1}`));
            if (sent % 4 === 0) await sleep(3);
          }
        })();
        const lengths: number[] = [];
        for (let round = 0; round < 20; round += 1) {
          const stream = await bob.phone.connect(two);
          const atLeast = sent;
          await stream.until(() => stream.mail.length >= atLeast, `${atLeast} envelopes`);
          await sleep(round % 3 === 0 ? 0 : 15);
          t.equal('1, 2, 3… without a hole, once each', sequencesOf(stream.mail), upTo(stream.mail.length));
          lengths.push(stream.mail.length);
          stream.cut();
        }
        await writing;
        const last = await bob.phone.connect(two);
        const mail = await last.receive(total);
        t.equal(
          'in the end all of it',
          mail.map(textOf),
          upTo(total).map((step) => `letter ${step}`),
        );
        t.saw(`connections cut at ${lengths.filter((_, index) => index % 5 === 0).join(', ')}… of ${total}`);
      },
    },
    {
      mark: 'B',
      name: 'a long backlog drained in windows while more comes: nothing overtakes it',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const line = await alice.phone.listen();
        const write = async (from: number, to: number): Promise<void> => {
          const steps = upTo(to - from + 1, from);
          await Promise.all(steps.map(async (step) => line.send(alice.phone.letter([bob], `letter ${step}`))));
        };
        await write(1, 400);
        const stream = await bob.phone.connect();
        const { head } = await stream.next('ready');
        const writing = write(401, 600);
        let acked = 0;
        while (stream.mail.length < 600) {
          await stream.until(() => stream.mail.length > acked, `more than ${acked} envelopes`);
          acked = stream.mail.length;
          stream.ackThrough(stream.mail[acked - 1]!);
        }
        await writing;
        t.equal('the backlog at the beginning', head, 400);
        t.equal(
          '600 in order, once each',
          stream.mail.map(textOf),
          upTo(600).map((step) => `letter ${step}`),
        );
      },
    },
    {
      mark: 'B',
      name: 'an idle connection gets what is committed at once, and a burst in order',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const stream = await bob.phone.listen();
        const line = await alice.phone.listen();
        for (const step of upTo(30)) {
          await line.send(alice.phone.letter([bob], `letter ${step}`));
          if (step % 10 === 0) stream.ackThrough((await stream.receive(10))[9]!);
        }
        await Promise.all(upTo(100).map(async (step) => line.send(alice.phone.letter([bob], `burst ${step}`))));
        await stream.until(() => stream.mail.length >= 130, '130 envelopes');
        t.equal('once each, in order', sequencesOf(stream.mail), upTo(130));
      },
    },
  ],
};
