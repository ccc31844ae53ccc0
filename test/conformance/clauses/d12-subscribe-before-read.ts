import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause, Trial } from '../clause.js';
import type { Device } from '../client/device.js';
import { named } from '../control/control.js';
import { percentile, sequencesOf, settled, textOf, timeUntil, upTo, verdictOf } from '../client/look.js';

/** Milliseconds: a wake-up takes a few of them, the look that makes up for a lost one comes every two seconds. */
const LATE = 1_000;
/** Bytes that may stand unacked (D21), and those of a letter of which seventeen fit. */
const WINDOW = 1_048_576;
const LARGE = 60_000;
const PATIENCE = 60_000;

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
        await stream.drain(600);
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
      name: 'a small letter does not overtake large ones that wait for room',
      run: async (t) => {
        const [alice, bob] = await (await t.tenant()).two();
        const line = await alice.phone.listen();
        const send = async (content: Buffer): Promise<unknown> => line.send(alice.phone.letter([bob], content));
        await Promise.all(upTo(20).map(async () => send(Buffer.alloc(LARGE, 1))));
        const stream = await bob.phone.connect();
        const given = await stream.receive(Math.floor(WINDOW / LARGE));
        for (const _ of upTo(3)) await send(Buffer.from('small'));
        await sleep(300);
        t.equal('no more than the large ones that fit', stream.mail.length, given.length);
        stream.ackThrough(given.at(-1)!);
        await stream.until(() => stream.mail.length >= 23, 'the rest');
        t.equal('then the other large ones, and the small ones behind them', sequencesOf(stream.mail), upTo(23));
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
    {
      mark: 'N',
      name: 'an idle connection on another node is woken when it is committed, and not before',
      run: async (t) => {
        const [one, two] = t.twoNodes();
        const [alice, bob] = await (await t.tenant()).two();
        const [line, stream] = [await alice.phone.listen(one), await bob.phone.listen(two)];
        const times: number[] = [];
        for (const step of upTo(40)) {
          const start = performance.now();
          await line.send(alice.phone.letter([bob], `letter ${step}`));
          stream.ack(...(await stream.receive(1)));
          times.push(performance.now() - start);
        }
        // Who is woken too early finds nothing, and waits for the look that makes up for lost wake-ups, two seconds apart.
        const late = times.filter((time) => time > LATE).length;
        t.that('no more than one in ten comes late', late <= times.length / 10, `${late} of ${times.length}`);
        t.saw(`p50 ${percentile(times, 0.5).toFixed(0)} ms from node to node`);
      },
    },
    {
      mark: 'P',
      name: 'nothing is handed over before it is committed: while the database stands still, what a device has was committed',
      run: async (t) => {
        const postgres = named(await t.control.processes(), 'postgres');
        const [alice, dave, bob] = await (await t.tenant()).three();
        const reading = await bob.phone.listen();
        const accepted = new Set<string>();
        const state = { isOver: false };
        const writing = [alice, dave].map(async ({ phone }, who) => {
          const line = await phone.listen();
          const chain = async (which: number): Promise<void> => {
            for (let step = 0; !state.isOver; step += 1) {
              const text = `${who} ${which} ${step}`;
              const answer = await settled(line.send(phone.letter([bob], text)));
              if (answer instanceof Error) return;
              if (verdictOf(answer) === 'accepted') accepted.add(text);
            }
          };
          await Promise.all(upTo(8).map(chain));
        });
        const writersStop = async (): Promise<unknown> => {
          state.isOver = true;
          return Promise.all(writing);
        };
        let seen = 0;
        for (const round of upTo(12)) {
          await timeUntil(() => reading.mail.length > seen, 5_000, 1);
          await sleep(5 * round);
          await t.control.act('pause', postgres);
          try {
            await sleep(100);
            const early = (): readonly string[] => reading.mail.map(textOf).filter((text) => !accepted.has(text));
            // Answers that are on their way come meanwhile; a commit cannot.
            await timeUntil(() => early().length === 0, 5_000);
            const given = early();
            const stopped = { postgres, reader: bob.phone, writersStop };
            const lost = given.length === 0 ? [] : await lostWith(t, given, stopped);
            t.equal('given and not committed', lost, []);
          } finally {
            await t.control.act('resume', postgres);
          }
          if (state.isOver) break;
          seen = reading.mail.length;
          if (seen > 0) reading.ackThrough(reading.mail[seen - 1]!);
        }
        await writersStop();
        t.that('there was mail', seen > 0, seen);
        t.saw(`${accepted.size} letters, the database stood still 12 times`);
      },
    },
  ],
};

/**
 * Of what was given and has no answer, what is gone once the database that stands still is killed. A page may show a commit of which PostgreSQL
 * had not told its writer yet when it was stopped: that is there, and is no fault.
 */
async function lostWith(t: Trial, given: readonly string[], of: Stopped): Promise<readonly string[]> {
  await t.control.act('kill', of.postgres);
  // Without a database: nothing that was not committed may be stored by being tried again.
  await of.writersStop();
  await t.control.act('start', of.postgres);
  let stored: readonly string[] = [];
  const look = async (): Promise<boolean> => {
    const mail = await settled(of.reader.connect().then(async (stream) => stream.drainToHead()));
    if (mail instanceof Error) return false;
    stored = mail.map(textOf);
    return true;
  };
  if ((await timeUntil(look, PATIENCE, 200)) === undefined)
    throw new Error('the database is back, and nothing is read');
  t.saw(`${given.length} given without an answer`);
  return given.filter((text) => !stored.includes(text));
}

interface Stopped {
  readonly postgres: string;
  readonly reader: Device;
  readonly writersStop: () => Promise<unknown>;
}
