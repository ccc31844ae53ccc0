import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause, Trial } from '../clause.js';
import type { Account } from '../client/account.js';
import { mailboxOf, timeUntil, upTo, verdictOf } from '../client/look.js';
import type { Stream } from '../client/stream.js';
import { EPHEMERAL, type SendAnswer } from '../client/wire.js';

/** Older than this it would be dropped; whatever comes, comes before. */
const WITHIN = 10_000;

export const d06: Clause = {
  id: 'D6',
  title: 'Ephemeral',
  says: [
    'An EPHEMERAL send is written to the sockets of the addressed devices, on whatever node. It is never in a table, file, log, NOTIFY or Redis; no push, no sequence, no ack; dropped when older than 10 s. It works while Redis is down.',
    'The answer says accepted and never who was online.',
  ],
  parts: [
    {
      mark: 'N',
      name: 'from node to node and back, to the devices that are there, and to no mailbox',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const laptop = await bob.link();
        const line = await alice.phone.listen(one);
        const readings = [await bob.phone.listen(one), await laptop.listen(two)];
        t.equal('accepted', verdictOf(await typing(line, alice, bob)), 'accepted');
        for (const reading of readings) await hears(t, reading);
        for (const reading of readings) await reading.close();
        t.equal('no mailbox has it', (await mailboxOf(bob.phone)).head, 0);
        const answer = await typing(line, alice, bob);
        t.equal('nobody is there: the same answer', verdictOf(answer), 'accepted');
        t.equal('which says nothing else', Object.keys(answer.accepted ?? {}), ['acceptedAt']);
        const later = await bob.phone.listen(two);
        await sleep(300);
        t.equal('nor does it come later', heard(later), 0);
      },
    },
    {
      mark: 'B',
      name: 'lists are compared, keys are not kept',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        const letter = alice.phone.letter([bob], 'is typing', { class: EPHEMERAL });
        const laptop = await bob.link();
        t.equal('a device is missing: refused', verdictOf(await line.send(letter)), 'mismatch');
        const reading = await laptop.listen();
        const complete = alice.phone.letter([bob], 'is typing', { class: EPHEMERAL });
        for (const _ of upTo(2)) t.equal('accepted', verdictOf(await line.send(complete)), 'accepted');
        const durable = alice.phone.letter([bob], 'a letter', { idempotencyKey: complete.idempotencyKey });
        t.equal('the key is free for a letter', verdictOf(await line.send(durable)), 'accepted');
        const [mail] = await reading.receive(1);
        t.equal('the letter is number 1', mail?.sequence, 1);
      },
    },
    {
      mark: 'P',
      name: 'while Redis is away; and it is nowhere afterwards (see D24)',
      run: async (t) => {
        const processes = await t.control.processes();
        const hasRedis = processes.some(({ role }) => role === 'redis');
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const [line, reading] = [await alice.phone.listen(one), await bob.phone.listen(two)];
        if (hasRedis) await t.control.act('kill', 'redis');
        try {
          t.equal('accepted', verdictOf(await typing(line, alice, bob)), 'accepted');
          await hears(t, reading);
        } finally {
          if (hasRedis) await t.control.act('start', 'redis');
        }
      },
    },
  ],
};

async function typing(line: Stream, from: Account, to: Account): Promise<SendAnswer> {
  return line.send(from.phone.letter([to], 'is typing', { class: EPHEMERAL }));
}

async function hears(t: Trial, reading: Stream): Promise<void> {
  const after = await timeUntil(() => heard(reading) > 0, WITHIN);
  t.that('it is heard', after !== undefined, after === undefined ? `not within ${WITHIN} ms` : `${after} ms`);
  t.equal('not as mail', reading.mail.length, 0);
}

/** Frames that carry it, in whatever field. */
function heard(reading: Stream): number {
  return reading.heard.filter((frame) => contains(frame, 'is typing')).length;
}

function contains(value: unknown, text: string): boolean {
  if (Buffer.isBuffer(value)) return value.includes(text);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((each) => contains(each, text));
}
