import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { fingerprints, mailboxOf, sequencesOf, settled, upTo } from '../client/look.js';

const BACK_WITHIN = 15_000;

export const d11: Clause = {
  id: 'D11',
  title: 'Ack before delete',
  says: [
    'Only an ack, a stated gap (D19), quarantine (D20) or revocation (D17) removes an envelope.',
    'An ack names sequence and id (8 random bytes); a cumulative ack names its highest. A pair that this device was never given cannot be formed; a wrong one removes nothing and is told so.',
    'Idempotent, valid on a later connection. Connection lost between write and ack: it comes again, same id, same sequence.',
  ],
  parts: [
    {
      mark: 'B',
      name: 'the connection is lost before the ack, five times: the same comes again',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        for (const step of upTo(12)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const first = await bob.phone.connect();
        const seen = fingerprints(await first.receive(12));
        first.cut();
        for (const round of upTo(5)) {
          const stream = await bob.phone.connect(0);
          const again = fingerprints(await stream.receive(12));
          t.equal(`connection ${round + 1}: same sequences, ids, times and bytes`, again, seen);
          if (round % 2 === 0) stream.cut();
          else await stream.close();
        }
        const ids = new Set((await mailboxOf(bob.phone)).mail.map(({ id }) => id.toString('hex')));
        t.equal('ids of 8 bytes, all different', [ids.size, [...ids][0]?.length], [12, 16]);
      },
    },
    {
      mark: 'B',
      name: 'single and cumulative acks remove what they name and nothing else',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        for (const step of upTo(8)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const left = async (): Promise<readonly number[]> => sequencesOf((await mailboxOf(bob.phone)).mail);
        const stream = await bob.phone.connect();
        const mail = await stream.receive(8);
        stream.ack(mail[4]!, mail[1]!);
        await stream.settled();
        t.equal('two in the middle', await left(), [1, 3, 4, 6, 7, 8]);
        const later = await bob.phone.connect();
        later.ack(mail[1]!, mail[4]!, mail[1]!);
        await later.settled();
        t.equal('again, on a later connection: silently right', later.count('ackRefused'), 1);
        t.equal('and nothing else goes', await left(), [1, 3, 4, 6, 7, 8]);
        const last = await bob.phone.connect();
        last.ackThrough(mail[5]!);
        await last.settled();
        t.equal('cumulative: this one and all before', await left(), [7, 8]);
      },
    },
    {
      mark: 'B',
      name: 'wrong pairs remove nothing and are told so',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        for (const step of upTo(4)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const stream = await bob.phone.connect();
        const mail = await stream.receive(4);
        const [one, two] = [mail[0]!, mail[1]!];
        const wrong = [
          ['an id that was never there', { sequence: 1, id: randomBytes(8) }],
          ['the id of another one', { sequence: one.sequence, id: two.id }],
          ['a number above the head', { sequence: 9, id: one.id }],
        ] as const;
        for (const [name, pair] of wrong) {
          stream.ack(pair);
          const single = await stream.next('ackRefused');
          t.equal(`${name}: told`, [single.sequence, single.id.equals(pair.id)], [pair.sequence, true]);
          stream.ackThrough(pair);
          t.equal(`${name}, cumulative: told`, (await stream.next('ackRefused')).sequence, pair.sequence);
        }
        t.equal('all four are there', sequencesOf((await mailboxOf(bob.phone)).mail), [1, 2, 3, 4]);
      },
    },
    {
      mark: 'B',
      name: 'nothing but an ack removes: not reading, not new keys, not another device, not a changed list',
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob] = await tenant.two();
        const laptop = await bob.link();
        for (const step of upTo(3)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const seen = fingerprints((await mailboxOf(bob.phone)).mail);
        const other = await laptop.connect();
        other.ackThrough((await other.receive(3))[2]!);
        await other.settled();
        await bob.phone.reregister(12);
        await bob.revoke(laptop);
        await tenant.admin('PUT', `/accounts/${bob.id}/suspension`);
        await settled(bob.phone.connect());
        await tenant.admin('DELETE', `/accounts/${bob.id}/suspension`);
        const after = await waitForStream(async () => mailboxOf(bob.phone));
        t.equal('the phone has all of its mail', fingerprints(after.mail), seen);
      },
    },
    {
      mark: 'B',
      name: 'acks and disconnects at random: each envelope is acked away or comes again, never neither',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const sent = 150;
        for (const step of upTo(sent)) await alice.phone.post(alice.phone.letter([bob], `letter ${step}`));
        const acked = new Set<number>();
        const ids = new Map<number, string>();
        for (let round = 0; acked.size < sent && round < 60; round += 1) {
          const stream = await bob.phone.connect();
          await stream.until(() => stream.mail.length >= Math.min(sent - acked.size, 20), 'the next page');
          for (const { sequence, id } of stream.mail) {
            const before = ids.get(sequence);
            if (before !== undefined && before !== id.toString('hex'))
              t.equal('the same id', id.toString('hex'), before);
            if (acked.has(sequence)) t.equal('what was acked and settled does not come again', sequence, 'no number');
            ids.set(sequence, id.toString('hex'));
          }
          const chosen = stream.mail.filter((_, index) => (index * 7 + round) % 3 === 0);
          if (chosen.length > 0) stream.ack(...chosen);
          await stream.settled();
          for (const { sequence } of chosen) acked.add(sequence);
          stream.cut();
        }
        t.equal(
          'every number was given',
          [...ids.keys()].sort((a, b) => a - b),
          upTo(sent),
        );
        t.equal('the mailbox is empty', (await mailboxOf(bob.phone)).mail, []);
      },
    },
  ],
};

/** After a suspension was lifted the nodes may take two seconds to hear of it, and a busy machine longer. */
async function waitForStream<Value>(work: () => Promise<Value>): Promise<Value> {
  for (const end = Date.now() + BACK_WITHIN; Date.now() < end;) {
    const got = await settled(work());
    if (!(got instanceof Error)) return got;
    await sleep(100);
  }
  return work();
}
