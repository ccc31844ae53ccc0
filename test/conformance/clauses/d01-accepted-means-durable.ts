import { randomBytes } from 'node:crypto';
import type { Clause, Trial } from '../clause.js';
import { named, own } from '../control/control.js';
import { fingerprints, mailboxOf, settled, textOf, timeUntil, upTo, verdictOf } from '../client/look.js';
import type { SendRequest } from '../client/wire.js';

const FULL_WITHIN = 800;

export const d01: Clause = {
  id: 'D1',
  title: 'Accepted means durable',
  says: [
    'An accepted DURABLE send is committed in PostgreSQL before the answer is written. kill -9 of every Sotto process and of PostgreSQL right after the answer loses nothing.',
    'Disk full, read-only or no database: 503 not_stored, reads go on where PostgreSQL still answers.',
  ],
  parts: [
    {
      mark: 'P',
      name: 'kill -9 of everything right after the answer, over each of the two transports',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const expected: string[] = [];
        for (const round of upTo(2)) {
          const line = await alice.phone.listen();
          const letters = upTo(20).map((step) => alice.phone.letter([bob], `${round} ${step}`));
          const last = alice.phone.letter([bob], `${round} last`);
          await Promise.all(letters.map(async (letter) => line.send(letter)));
          const answer = await (round === 2
            ? alice.phone.post(last).then(({ json }) => json['acceptedAt'])
            : line.send(last).then(({ accepted }) => accepted?.acceptedAt));
          await killEverything(t);
          await startEverything(t);
          expected.push(...upTo(20).map((step) => `${round} ${step}`), `${round} last`);
          const { mail } = await mailboxOf(bob.phone);
          t.equal(`round ${round}: everything accepted is there, in order`, mail.map(textOf), expected);
          const again = await (await alice.phone.listen()).send(last);
          t.equal('and is not accepted twice', again.accepted?.acceptedAt, answer);
        }
      },
    },
    {
      mark: 'P',
      name: 'kill -9 of everything in the middle of sending: accepted or given out is there, each letter is everywhere or nowhere, repeating doubles nothing',
      run: async (t) => {
        const [alice, bob, carol] = await (await t.tenant()).three();
        const line = await alice.phone.listen();
        const readings = [await bob.phone.listen(), await carol.phone.listen(t.place.gateways.length - 1)];
        const letters = upTo(150).map((step) => alice.phone.letter([bob, carol], `letter ${step}`));
        const accepted: string[] = [];
        const sending = letters.map(async (letter) => {
          const answer = await settled(line.send(letter));
          if (!(answer instanceof Error) && answer.outcome === 'accepted') accepted.push(nameOf(letter));
        });
        await timeUntil(() => accepted.length > 30, 10_000, 1);
        await killEverything(t);
        await Promise.all(sending);
        await startEverything(t);
        const stored = await Promise.all([bob, carol].map(async ({ phone }) => (await mailboxOf(phone)).mail));
        for (const [index, mail] of stored.entries()) {
          const there = new Set(fingerprints(mail));
          const gone = fingerprints(readings[index]!.mail).filter((each) => !there.has(each));
          t.equal('what a connected device was given comes again, the same', gone, []);
        }
        const [bobs, carols] = stored.map((mail) => mail.map(textOf));
        t.equal('both recipients have the same', bobs, carols);
        t.equal(
          'what was accepted is there',
          accepted.filter((name) => !bobs?.includes(name)),
          [],
        );
        const again = await alice.phone.listen();
        const verdicts = await Promise.all(letters.map(async (letter) => verdictOf(await again.send(letter))));
        t.equal('all of them again: accepted', [...new Set(verdicts)], ['accepted']);
        const { mail } = await mailboxOf(bob.phone);
        t.equal('each letter once', mail.map(textOf).sort(), letters.map(nameOf).sort());
        t.saw(`killed after ${accepted.length} of 150 answers, ${bobs?.length ?? 0} stored`);
      },
    },
    {
      mark: 'P',
      name: 'no database: 503 not_stored, and afterwards everything goes on',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        await alice.phone.post(alice.phone.letter([bob], 'before'));
        const postgres = named(await t.control.processes(), 'postgres');
        await t.control.act('kill', postgres);
        const letter = alice.phone.letter([bob], 'without a database');
        try {
          t.equal('over the stream', verdictOf(await line.send(letter)), 'not_stored');
          const rest = await alice.phone.post(letter);
          t.that(
            'over REST',
            rest.status === 503 && ['not_stored', 'unavailable'].includes(rest.code),
            `${rest.status} ${rest.code}`,
          );
        } finally {
          await t.control.act('start', postgres);
        }
        const works = await timeUntil(
          async () =>
            !((await settled(alice.phone.post(letter))) instanceof Error) &&
            (await alice.phone.post(letter)).status === 200,
          60_000,
          200,
        );
        t.that('the same request afterwards: accepted', works !== undefined, works);
        t.equal('once', (await mailboxOf(bob.phone)).mail.map(textOf), ['before', 'without a database']);
      },
    },
    {
      mark: 'P',
      name: 'the disk is full: 503 not_stored, reading goes on; with room again: sending too',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        for (const step of upTo(5)) await line.send(alice.phone.letter([bob], `before ${step}`));
        await t.control.act('fill');
        let stored = 5;
        let refused: SendRequest | undefined;
        try {
          for (let step = 0; refused === undefined && step < FULL_WITHIN; step += 1) {
            const letter = alice.phone.letter([bob], randomBytes(60_000));
            const verdict = verdictOf(await line.send(letter));
            if (verdict === 'accepted') stored += 1;
            else {
              t.equal('over the stream', verdict, 'not_stored');
              refused = letter;
            }
          }
          t.that('the disk was full before 48 MB', refused !== undefined, stored);
          const rest = await alice.phone.post(alice.phone.letter([bob], randomBytes(60_000)));
          t.equal('over REST', [rest.status, rest.code], [503, 'not_stored']);
          const reading = await bob.phone.connect();
          const mail = await reading.receive(5);
          t.equal(
            'reading goes on',
            mail.map(textOf),
            upTo(5).map((step) => `before ${step}`),
          );
          await reading.close();
        } finally {
          await t.control.act('drain');
        }
        const works = refused === undefined ? 'not refused' : verdictOf(await line.send(refused));
        t.equal('with room again the refused request is accepted', works, 'accepted');
        t.equal(
          'what was accepted is there, and nothing else',
          (await (await bob.phone.connect()).next('ready')).head,
          stored + 1,
        );
        t.saw(`full after ${stored} letters`);
      },
    },
  ],
};

async function killEverything(t: Trial): Promise<void> {
  const processes = await t.control.processes();
  const names = [named(processes, 'postgres'), ...own(processes)];
  await Promise.all(names.map(async (name) => t.control.act('kill', name)));
}

async function startEverything(t: Trial): Promise<void> {
  const processes = await t.control.processes();
  await t.control.act('start', named(processes, 'postgres'));
  await Promise.all(own(processes).map(async (name) => t.control.act('start', name)));
}

function nameOf({ recipients }: SendRequest): string {
  return recipients[0]?.envelopes[0]?.content.toString() ?? '';
}
