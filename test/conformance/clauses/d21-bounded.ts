import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import type { Account } from '../client/account.js';
import { compare, type Round } from '../client/compare.js';
import { percentile, sequencesOf, timeUntil, upTo } from '../client/look.js';
import { SlowReader } from '../client/slow-reader.js';
import type { Stream } from '../client/stream.js';

const MIB = 1_048_576;
const SILENCE = 60_000;
/** Of this machine, and of a clock that ticks. */
const SLACK = 5_000;
const QUIET = 800;
/** So many times with and without those that misbehave, for so many milliseconds each. */
const ROUNDS = 9;
const ROUND = 600;
/** Below some milliseconds it is the clock of this machine that is measured. */
const CLOCK = 25;
/** So many times a tenant crowds the node, for so many milliseconds. */
const CROWDS = 5;
/** So many senders, each with 64 requests under way: far more together than a node has at work at once, so that they have to wait. */
const CROWDING = 24;
const CROWD = 900;
/** Of a full window: frames, and what a frame tells beside content. */
const FRAMING = 64 * 1_024;

export const d21: Clause = {
  id: 'D21',
  title: 'Bounded',
  says: [
    'At most 256 unacked envelopes or 1 MiB a connection, whichever first (one always fits); at most 256 KiB in the socket’s buffer, then paused and read again from the table.',
    'One device that never acks, reads slowly or floods affects no other (others’ p99 within 2 times with one such in a hundred). A socket without pong dies in 60 s.',
    'Tenants share a node fairly when it is saturated.',
  ],
  parts: [
    {
      mark: 'B',
      name: '256 envelopes, then one for each ack',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        await burst(alice, bob, { count: 300, bytes: 10 });
        const stream = await bob.phone.connect();
        t.equal('the server says so', (await stream.next('ready')).maxUnacked, 256);
        await stream.receive(256);
        await sleep(QUIET);
        t.equal('256, and no more', stream.mail.length, 256);
        stream.ack(stream.mail[100]!);
        await stream.receive(1);
        await sleep(QUIET / 2);
        t.equal('an ack makes room for one', stream.mail.length, 257);
        stream.ackThrough(stream.mail[255]!);
        await stream.receive(43);
        t.equal('then the rest, in order', sequencesOf(stream.mail), upTo(300));
      },
    },
    {
      mark: 'B',
      name: '1 MiB of content',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        await burst(alice, bob, { count: 25, bytes: 60_000 });
        const stream = await bob.phone.connect();
        await stream.next('ready');
        const full = (): number => stream.mail.reduce((sum, { content }) => sum + content.length, 0);
        await timeUntil(() => full() > MIB - 60_000, 30_000);
        await sleep(QUIET);
        t.that('no more than 1 MiB', full() <= MIB, `${full()} bytes in ${stream.mail.length}`);
        t.that('but as much as fits', full() > MIB - 2 * 60_000, full());
        stream.ackThrough(stream.mail.at(-1)!);
        await stream.until(() => stream.mail.length === 25, 'the rest');
        t.equal('all of it, in order', sequencesOf(stream.mail), upTo(25));
      },
    },
    {
      mark: 'B',
      name: 'one that stops reading its socket: it gets everything once it reads on',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const stream = await bob.phone.listen();
        stream.socket.pause();
        await burst(alice, bob, { count: 60, bytes: 30_000 });
        await sleep(QUIET);
        const acking = setInterval(() => {
          const last = stream.mail.at(-1);
          if (last !== undefined && stream.isOpen) stream.ackThrough(last);
        }, 20);
        stream.socket.resume();
        const came = await timeUntil(() => stream.mail.length === 60, 60_000);
        clearInterval(acking);
        t.that('all 60', came !== undefined, stream.mail.length);
        t.equal('in order, once', sequencesOf(stream.mail), upTo(60));
      },
    },
    {
      mark: 'B',
      name: 'others do not notice one that never acks, one that does not read, one that floods',
      alone: true,
      run: async (t) => {
        // Others stay within these limits; who floods does not.
        const tenant = await t.tenant({ messagesPerMinute: 3_000, pairBurst: 400, pairPerSecond: 40 });
        const pairs = await Promise.all(upTo(8).map(async () => pairOf(tenant.two())));
        const [victim, deaf, flooder] = await tenant.three();
        await burst(flooder, victim, { count: 300, bytes: 500 });
        await rate(pairs, ROUND);
        const rounds: Round[] = [];
        for (const round of upTo(ROUNDS)) {
          // What else this machine does comes and goes: each loud time is compared with a quiet one beside it, in turn before and after.
          const quietFirst = round % 2 === 1 ? await rate(pairs, ROUND) : undefined;
          const over = await misbehave({ victim, deaf, flooder });
          const late: number[] = [];
          const loud = await rate(pairs, ROUND, late);
          await over();
          rounds.push({ quiet: quietFirst ?? (await rate(pairs, ROUND)), loud, late });
        }
        const { isWithin, said } = compare(rounds, { share: 0.99, times: 2, slack: CLOCK });
        t.that('p99 within 2 times', isWithin, said);
        t.saw(said);
      },
    },
    {
      mark: 'B',
      name: 'a tenant that saturates the node waits for itself, and another one’s letters pass it',
      alone: true,
      run: async (t) => {
        const [crowd, other] = [await t.tenant(), await t.tenant()];
        const pairs = await Promise.all(upTo(CROWDING).map(async () => pairOf(crowd.two())));
        const pair = await pairOf(other.two());
        const seen: string[] = [];
        let passed = 0;
        for (const _ of upTo(CROWDS)) {
          // The same question for both: how long until the answer. What it takes without a crowd is the machine's doing.
          const alone = await sendingFor([pair], 1, CROWD / 3);
          const crowd = sendingFor(pairs, 64, CROWD);
          const passing = await sendingFor([pair], 1, CROWD);
          const [quiet, waits, passes] = [alone, await crowd, passing].map((times) => percentile(times, 0.5));
          if (passes! <= Math.max(waits! / 2, quiet! + CLOCK)) passed += 1;
          seen.push(`${passes!.toFixed(0)} ms beside a tenant that waits ${waits!.toFixed(0)} ms`);
        }
        t.that('half of the time at most, most times', passed * 2 > CROWDS, seen);
        t.saw(`passed in ${passed} of ${CROWDS} crowds: ${seen[0]}`);
      },
    },
    {
      mark: 'B',
      name: 'one that reads a byte a second: dropped like one without pong, never more than 1 MiB on its way, others go on',
      slow: true,
      run: async (t) => {
        const tenant = await t.tenant();
        const [alice, bob, carol] = await tenant.three();
        await burst(alice, bob, { count: 60, bytes: 30_000 });
        const reader = await SlowReader.open(bob.phone);
        const pair = await pairOf(Promise.resolve([alice, carol]));
        const times: number[] = [];
        for (const end = Date.now() + SILENCE + SLACK; Date.now() < end; times.push(...(await rate([pair], 100))))
          await sleep(900);
        t.equal('others get their mail', times.length, sequencesOf(pair.reading.mail).length);
        t.that('at once', percentile(times, 0.5) < 1_000, `${percentile(times, 0.5).toFixed(1)} ms`);
        const { isOver, bytes } = await reader.rest(10_000);
        t.equal('the connection is over', isOver, true);
        t.that('no more than 1 MiB was on its way', bytes <= MIB + FRAMING, `${bytes} bytes`);
        const again = await bob.phone.connect();
        const [first] = await again.receive(1);
        t.equal('its mail waits', [(await again.next('ready')).head, first?.sequence], [60, 1]);
      },
    },
    {
      mark: 'B',
      name: 'a socket without pong dies in 60 s',
      slow: true,
      run: async (t) => {
        const { phone } = await (await t.tenant()).account();
        const stream = await phone.connect(0, { autoPong: false });
        await stream.next('queueEmpty');
        const start = Date.now();
        const end = await stream.end(SILENCE + 25_000);
        const took = end.at - start;
        t.that(
          'after about 60 s',
          took > SILENCE - 25_000 && took <= SILENCE + SLACK,
          `${(took / 1000).toFixed(0)} s, code ${end.code}`,
        );
        t.saw(`dead after ${(took / 1000).toFixed(0)} s`);
      },
    },
  ],
};

interface Pair {
  readonly from: Account;
  readonly to: Account;
  readonly line: Stream;
  readonly reading: Stream;
}

async function pairOf(accounts: Promise<[Account, Account]>): Promise<Pair> {
  const [from, to] = await accounts;
  return { from, to, line: await from.phone.listen(), reading: await to.phone.listen() };
}

/** Milliseconds from send to received, at 20 letters a second and pair. `late`: takes by how much each pause was longer than asked for. */
async function rate(pairs: readonly Pair[], during: number, late: number[] = []): Promise<readonly number[]> {
  const each = pairs.map(async ({ from, to, line, reading }) => {
    const times: number[] = [];
    for (const end = Date.now() + during; Date.now() < end;) {
      const paused = performance.now();
      await sleep(50);
      const start = performance.now();
      late.push(start - paused - 50);
      void line.send(from.phone.letter([to], randomBytes(200)));
      reading.ack(...(await reading.receive(1)));
      times.push(performance.now() - start);
    }
    return times;
  });
  return (await Promise.all(each)).flat();
}

/** Until the end of the returned work: one device does not ack, one does not read, and one sends without end. */
async function misbehave(those: {
  readonly victim: Account;
  readonly deaf: Account;
  readonly flooder: Account;
}): Promise<() => Promise<void>> {
  const { victim, deaf, flooder } = those;
  const streams = [await victim.phone.connect(), await deaf.phone.connect()];
  streams[1]!.socket.pause();
  const line = await flooder.phone.connect();
  const state = { isOver: false };
  const flooding = (async (): Promise<void> => {
    while (!state.isOver) {
      const letters = upTo(20).map(() => flooder.phone.letter([victim, deaf], randomBytes(2_000)));
      await Promise.all(letters.map(async (letter) => line.send(letter)));
      await sleep(20);
    }
  })();
  return async () => {
    state.isOver = true;
    await flooding;
    for (const stream of [...streams, line]) stream.cut();
  };
}

/** Of each pair so many chains of letters, one after the other; the milliseconds that each answer took. */
async function sendingFor(pairs: readonly Pair[], chains: number, during: number): Promise<readonly number[]> {
  const times: number[] = [];
  const end = Date.now() + during;
  const chain = async ({ from, to, line }: Pair): Promise<void> => {
    while (Date.now() < end) {
      const start = performance.now();
      await line.send(from.phone.letter([to], randomBytes(200)));
      times.push(performance.now() - start);
    }
  };
  await Promise.all(pairs.flatMap((pair) => upTo(chains).map(async () => chain(pair))));
  return times;
}

async function burst(
  from: Account,
  to: Account,
  of: { readonly count: number; readonly bytes: number },
): Promise<void> {
  const line = await from.phone.connect();
  await Promise.all(upTo(of.count).map(async () => line.send(from.phone.letter([to], randomBytes(of.bytes)))));
  await line.close();
}
