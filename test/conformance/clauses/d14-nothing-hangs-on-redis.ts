import type { Clause, Trial } from '../clause.js';
import { behind, named, own, type Process } from '../control/control.js';
import { mailboxOf, textOf, timeUntil, upTo, verdictOf } from '../client/look.js';
import type { Stream } from '../client/stream.js';

const WITHIN = 5_000;
/** Longer than the clause allows, to say how late it was. */
const PATIENCE = 9_000;

export const d14: Clause = {
  id: 'D14',
  title: 'Nothing hangs on Redis',
  says: [
    'Redis lost, restarted, or a wake-up dropped, or a process killed between commit and wake-up: sends still commit; connected devices get their mail within 5 s without reconnecting.',
  ],
  parts: [
    {
      mark: 'P',
      name: 'Redis is lost and comes back',
      run: async (t) => {
        const processes = await t.control.processes();
        if (withoutRedis(t, processes)) return;
        const redis = named(processes, 'redis');
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const [line, reading] = [await alice.phone.listen(one), await bob.phone.listen(two)];
        await t.control.act('kill', redis);
        try {
          for (const step of upTo(3)) {
            const verdict = verdictOf(await line.send(alice.phone.letter([bob], `without Redis ${step}`)));
            t.equal('accepted without Redis', verdict, 'accepted');
          }
          await arrives(t, reading, 3);
        } finally {
          await t.control.act('start', redis);
        }
        await line.send(alice.phone.letter([bob], 'with Redis again'));
        await arrives(t, reading, 4);
        t.equal('over the same connections', [line.isOpen, reading.isOpen], [true, true]);
      },
    },
    {
      mark: 'P',
      name: 'a wake-up is lost',
      run: async (t) => {
        const processes = await t.control.processes();
        if (withoutRedis(t, processes)) return;
        const [one, two] = t.twoNodes();
        const sender = behind(processes, t.place.gateways[one] ?? '');
        const [alice, bob] = await (await t.tenant()).two();
        const [line, reading] = [await alice.phone.listen(one), await bob.phone.listen(two)];
        await t.control.act('hold', sender);
        try {
          t.equal('accepted', verdictOf(await line.send(alice.phone.letter([bob], 'in silence'))), 'accepted');
          await t.control.act('drop');
          await arrives(t, reading, 1);
        } finally {
          await t.control.act('release', sender);
        }
      },
    },
    {
      mark: 'P',
      name: 'the process is killed between commit and wake-up',
      run: async (t) => {
        const processes = await t.control.processes();
        const [one, two] = t.twoNodes();
        const sender = behind(processes, t.place.gateways[one] ?? '');
        const [alice, bob] = await (await t.tenant()).two();
        const hasRedis = processes.some(({ role }) => role === 'redis');
        const [line, reading] = [await alice.phone.listen(one), await bob.phone.listen(two)];
        if (hasRedis) await t.control.act('hold', sender);
        try {
          t.equal('accepted', verdictOf(await line.send(alice.phone.letter([bob], 'last words'))), 'accepted');
        } finally {
          await t.control.act('kill', sender);
          if (hasRedis) await t.control.act('drop');
        }
        if (hasRedis) await arrives(t, reading, 1);
        await t.control.act('start', sender);
        if (hasRedis) await t.control.act('release', sender);
        // In one process the receiver's connection dies with the sender's; the mail waits for the next one.
        const mail = hasRedis ? reading.mail : (await mailboxOf(bob.phone)).mail;
        t.equal('it is there', mail.map(textOf), ['last words']);
      },
    },
  ],
};

async function arrives(t: Trial, reading: Stream, count: number): Promise<void> {
  const after = await timeUntil(() => reading.mail.length >= count, PATIENCE);
  const seen = after === undefined ? `not within ${PATIENCE} ms` : `${after} ms`;
  t.that('the connected device has it within 5 s, without reconnecting', after !== undefined && after <= WITHIN, seen);
  if (after !== undefined) t.saw(`${count} after ${after} ms`);
}

function withoutRedis(t: Trial, processes: readonly Process[]): boolean {
  if (processes.some(({ role }) => role === 'redis')) return false;
  t.equal('there is no Redis to lose', own(processes).length > 0, true);
  return true;
}
