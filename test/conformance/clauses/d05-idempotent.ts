import type { Clause } from '../clause.js';
import { newKey } from '../client/keys.js';
import { headsOf, mailboxOf, verdictOf } from '../client/look.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

export const d05: Clause = {
  id: 'D5',
  title: 'Idempotent',
  says: [
    'DURABLE only. The key is scoped to the sending device; older than 24 h or more than 5 minutes ahead is refused with the server’s time.',
    'It is looked up before accounts and lists: an accepted key answers accepted, with the first accepted_at, whatever has changed since, also concurrently and through another node.',
    'Only acceptance binds it: after a mismatch it may carry new ciphertext. Another body (SHA-256 over the decoded fields, bundles excluded) under an accepted key gets key_reused.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'again, later, over the other transport, after everything has changed',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const line = await alice.phone.listen();
        const letter = alice.phone.letter([bob], 'once');
        const first = (await line.send(letter)).accepted?.acceptedAt;
        t.that('accepted', first !== undefined, first);
        const again = async (): Promise<unknown[]> => {
          const rest = await alice.phone.post(letter);
          return [(await line.send(letter)).accepted?.acceptedAt, rest.json['acceptedAt']];
        };
        t.equal('both transports answer with the first time', await again(), [first, first]);
        const laptop = await bob.link();
        t.equal('after a new device', await again(), [first, first]);
        await bob.phone.reregister(3);
        t.equal('after new keys', await again(), [first, first]);
        const { mail } = await mailboxOf(bob.phone);
        const reading = await bob.phone.connect();
        reading.ack(...mail);
        await reading.settled();
        await reading.close();
        t.equal('after the ack', await again(), [first, first]);
        await bob.revoke(laptop);
        await tenant.admin('DELETE', `/accounts/${bob.id}`);
        t.equal('after the end of the account', await again(), [first, first]);
        const fields = { ...letter, bundles: true };
        t.equal('`bundles` is not part of the body', (await line.send(fields)).accepted?.acceptedAt, first);
      },
    },
    {
      mark: 'N',
      name: 'thirty times at once, through two nodes and REST: one copy, one time',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        for (let round = 0; round < 5; round += 1) {
          const letter = alice.phone.letter([bob], `round ${round}`);
          const here = await alice.phone.listen(one);
          const sends = Array.from({ length: 15 }, async () => (await here.send(letter)).accepted?.acceptedAt);
          const posts = Array.from({ length: 10 }, async () => (await alice.phone.post(letter)).json['acceptedAt']);
          const there = await alice.phone.connect(two);
          const more = Array.from({ length: 5 }, async () => (await there.send(letter)).accepted?.acceptedAt);
          // The newer connection takes the older one's stream; what that one was asked may stay without an answer.
          const settled = await Promise.allSettled([...sends, ...posts, ...more]);
          const answered = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
          const times = new Set(answered);
          t.that('every answer is accepted with one time', times.size === 1 && !times.has(undefined), [...times]);
          t.that('REST and the newer stream were all answered', answered.length >= 15, answered.length);
        }
        t.equal('each letter is there once', await headsOf([bob.phone]), [5]);
      },
    },
    {
      mark: 'N',
      name: 'two bodies under one key, at once through two nodes: one of them is stored',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        let reused = 0;
        for (let round = 0; round < 10; round += 1) {
          const letter = alice.phone.letter([bob], 'this');
          const other = { ...alice.phone.letter([bob], 'that'), idempotencyKey: letter.idempotencyKey };
          const line = await alice.phone.connect(round % 2 === 0 ? one : two);
          const [here, there] = await Promise.all([line.send(letter), alice.phone.post(other)]);
          const codes = [verdictOf(here), there.status === 200 ? 'accepted' : there.code].sort();
          t.equal('one is accepted, the other is told that the key is taken', codes, ['accepted', 'key_reused']);
          reused += codes.filter((code) => code === 'key_reused').length;
        }
        t.equal('one of the two is there, each time', await headsOf([bob.phone]), [10]);
        t.saw(`${reused} of 10 races lost cleanly`);
      },
    },
    {
      mark: 'B',
      name: 'what binds a key, and whose it is',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const laptop = await alice.link();
        const line = await alice.phone.listen();
        const idempotencyKey = newKey();
        const wrong = alice.phone.request([alice.phone.cover(bob, 'early')], { idempotencyKey });
        t.equal('the own laptop was left out', verdictOf(await line.send(wrong)), 'mismatch');
        const right = alice.phone.letter([bob], 'new ciphertext', { idempotencyKey });
        t.equal('the same key with other ciphertext after that', verdictOf(await line.send(right)), 'accepted');
        const other = alice.phone.letter([bob], 'another body', { idempotencyKey });
        t.equal('another body after acceptance', verdictOf(await line.send(other)), 'key_reused');
        t.equal('the same over REST', (await alice.phone.post(other)).code, 'key_reused');
        for (const change of [{ urgent: true }, { clientTimestamp: Date.now() }])
          t.equal(
            `also with ${Object.keys(change).join()}`,
            verdictOf(await line.send({ ...right, ...change })),
            'key_reused',
          );
        const same = laptop.letter([bob], 'new ciphertext', { idempotencyKey });
        t.equal('the same key of another device is another key', (await laptop.post(same)).status, 200);
        t.equal('two letters are there', await headsOf([bob.phone]), [2]);
        t.equal('and the first answer stays', verdictOf(await line.send(right)), 'accepted');
      },
    },
    {
      mark: 'B',
      name: 'the age of a key',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const line = await alice.phone.listen();
        const send = async (offset: number) =>
          line.send(alice.phone.letter([bob], 'x', { idempotencyKey: newKey(Date.now() + offset) }));
        for (const [name, offset] of [
          ['older than 24 h', -24 * HOUR - MINUTE],
          ['6 minutes ahead', 6 * MINUTE],
        ] as const) {
          const { problem } = await send(offset);
          t.equal(`${name}: refused`, problem?.code, 'time_out_of_range');
          const off = Math.abs((problem?.serverTime ?? 0) - Date.now());
          t.that(`${name}: with the server's time`, off < 10_000, `${off} ms from the kit's`);
        }
        t.equal('almost 24 h old: accepted', verdictOf(await send(-24 * HOUR + MINUTE)), 'accepted');
        t.equal('4 minutes ahead: accepted', verdictOf(await send(4 * MINUTE)), 'accepted');
        const notSeven = newKey();
        notSeven[6] = 0x40;
        const bad = await line.send(alice.phone.letter([bob], 'x', { idempotencyKey: notSeven }));
        t.equal('no UUIDv7: malformed', verdictOf(bad), 'malformed');
        const rest = await alice.phone.post(
          alice.phone.letter([bob], 'x', { idempotencyKey: newKey(Date.now() - 25 * HOUR) }),
        );
        const hasTime = typeof rest.json['serverTime'] === 'number';
        t.equal('the same over REST', [rest.status, rest.code, hasTime], [422, 'time_out_of_range', true]);
      },
    },
  ],
};
