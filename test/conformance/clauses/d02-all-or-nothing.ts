import type { Clause } from '../clause.js';
import { headsOf, mailboxOf, textOf, verdictOf } from '../client/look.js';
import { uuidText } from '../client/wire.js';

export const d02: Clause = {
  id: 'D2',
  title: 'All or nothing',
  says: ['All recipients of one request are stored in one transaction, or none is.'],
  parts: [
    {
      mark: 'B',
      name: 'one of three recipients is wrong: nobody gets anything; mended: everybody does',
      run: async (t) => {
        const tenant = await t.tenant();
        const [a, b, c, d] = await tenant.four();
        const before = a.phone.letter([b, c, d], 'to all of you');
        const laptop = await c.link();
        const everyone = [b.phone, c.phone, laptop, d.phone];

        const sending = await a.phone.listen();
        const refused = await sending.send(before);
        t.equal('over the stream: the send is refused', verdictOf(refused), 'mismatch');
        const named = refused.mismatch?.mismatched.map(({ accountId }) => uuidText(accountId));
        t.equal('only the account that is wrong is named', named, [c.id]);
        t.equal('over REST: the send is refused', (await a.phone.post(before)).code, 'device_list_mismatch');
        t.equal('no mailbox has grown', await headsOf(everyone), [0, 0, 0, 0]);

        const after = a.phone.letter([b, c, d], 'to all of you', { idempotencyKey: before.idempotencyKey });
        t.equal('mended, under the same key: accepted', verdictOf(await sending.send(after)), 'accepted');
        const seen = await Promise.all(everyone.map(async (device) => mailboxOf(device)));
        t.equal(
          'each mailbox has one envelope',
          seen.map(({ head }) => head),
          [1, 1, 1, 1],
        );
        const times = new Set(seen.flatMap(({ mail }) => mail.map(({ acceptedAt }) => acceptedAt)));
        t.equal('all copies have the same time: they are one commit', times.size, 1);
      },
    },
    {
      mark: 'B',
      name: 'a hundred at once, every third of them wrong: each is everywhere or nowhere',
      run: async (t) => {
        const tenant = await t.tenant();
        const senders = await tenant.accounts(4);
        const readers = await tenant.accounts(3);
        const devices = readers.map(({ phone }) => phone);
        const streams = await Promise.all(senders.map(async ({ phone }) => phone.listen()));
        const accepted: string[] = [];
        await Promise.all(
          Array.from({ length: 100 }, async (_, index) => {
            const [sender, stream] = [senders[index % 4], streams[index % 4]];
            if (sender === undefined || stream === undefined) return;
            const letter = sender.phone.letter(readers, `letter ${index}`);
            const [first, ...others] = letter.recipients;
            const wrong = { ...first!, envelopes: first!.envelopes.map((one) => ({ ...one, registrationId: 7 })) };
            const request = index % 3 === 0 ? { ...letter, recipients: [...others, wrong] } : letter;
            const verdict = verdictOf(await stream.send(request));
            t.equal(`letter ${index}`, verdict, index % 3 === 0 ? 'mismatch' : 'accepted');
            if (verdict === 'accepted') accepted.push(`letter ${index}`);
          }),
        );
        for (const device of devices) {
          const { mail } = await mailboxOf(device);
          t.equal('this mailbox has exactly what was accepted', mail.map(textOf).sort(), accepted.toSorted());
        }
        t.saw(`${accepted.length} of 100 accepted, each in 3 mailboxes`);
      },
    },
  ],
};
