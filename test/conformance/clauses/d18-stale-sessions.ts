import type { Clause } from '../clause.js';
import { mailboxOf, textOf, timeUntil, upTo, verdictOf } from '../client/look.js';
import { uuidText } from '../client/wire.js';

export const d18: Clause = {
  id: 'D18',
  title: 'Stale sessions',
  says: [
    'A device that re-registers keys under a new registration id (never one that it has used before) makes old senders get stale.',
    'Envelopes carry the id they were encrypted for; those accepted before the change are delivered and recognisable without decrypting.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'before and after new keys',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        await line.send(alice.phone.letter([bob], 'before'));
        const old = alice.phone.letter([bob], 'under the old id');
        t.equal('a new registration id', (await bob.phone.reregister(500)).status, 200);
        const { mismatch } = await line.send(old);
        const stale = mismatch?.mismatched.map((one) => [
          uuidText(one.accountId),
          one.stale.map(uuidText),
          one.missing.length,
        ]);
        t.equal('the old sender gets stale', stale, [[bob.id, [bob.phone.id], 0]]);
        t.equal('the list version stays', mismatch?.mismatched[0]?.listVersion, bob.listVersion);
        const { bundles } = await alice.phone.fetchBundles(bob);
        t.equal(
          'bundles have the new id',
          bundles.map(({ registrationId }) => registrationId),
          [500],
        );
        await line.send(alice.phone.letter([bob], 'after'));
        const { mail } = await mailboxOf(bob.phone);
        const told = mail.map((envelope) => [textOf(envelope), envelope.registrationId]);
        t.equal('each says which id it is for', told, [
          ['before', 1],
          ['after', 500],
        ]);
        for (const id of [1, 500]) {
          const again = await bob.phone.reregister(id);
          t.equal(`id ${id} was used before: refused`, [again.status, again.code], [409, 'registration_reused']);
        }
      },
    },
    {
      mark: 'N',
      name: 'new keys in the middle of a stream of letters: every old one comes before every new one',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const [alice, carol, bob] = await (await t.tenant()).three();
        const lines = [await alice.phone.listen(one), await carol.phone.listen(two)];
        const accepted: string[] = [];
        let done = false;
        const writing = [alice, carol].map(async ({ phone }, who) => {
          for (let step = 0; !done; step += 1) {
            const text = `${who} ${step}`;
            const letter = phone.letter([bob], text);
            if (verdictOf(await lines[who]!.send(letter)) === 'accepted') accepted.push(text);
          }
        });
        await timeUntil(() => accepted.length > 20, 60_000);
        for (const id of [20, 30, 40]) {
          t.equal(`new keys under ${id}`, (await bob.phone.reregister(id)).status, 200);
          const count = accepted.length;
          await timeUntil(() => accepted.length > count + 10, 60_000);
        }
        done = true;
        await Promise.all(writing);
        const stream = await bob.phone.connect();
        const ids = (await stream.drain(accepted.length)).map(({ registrationId }) => registrationId);
        t.equal(
          'ids only change forward',
          ids,
          ids.toSorted((left, right) => left - right),
        );
        t.equal('all four were written under', [...new Set(ids)], [1, 20, 30, 40]);
        t.equal('what was accepted is there', stream.mail.map(textOf).sort(), accepted.sort());
        t.saw(
          `${upTo(4)
            .map((index) => ids.filter((id) => id === [1, 20, 30, 40][index - 1]).length)
            .join(' + ')} letters`,
        );
      },
    },
  ],
};
