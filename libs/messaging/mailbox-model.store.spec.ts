import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { patience, runs } from '../platform/testing/runs.js';
import { GAP_REASONS, gapReasonOf } from '../protocol/mail.js';
import { LIMITS } from '../protocol/limits.js';
import type { Sequence } from '../protocol/ids.js';
import { StreamReader } from './testing.js';
import {
  acknowledge,
  ackOf,
  begin,
  end,
  inHand,
  isFull,
  MailboxModel,
  ModelWorld,
  settleGaps,
  streamFor,
  type MailboxUnderTest,
  type ModelStream,
  type Truth,
} from './testing-model.js';

const RUNS = 60;
/** Of a usual run; a long one draws its own, and prints it with what failed. */
const SEED = 20_261_121;
const COMMANDS = 30;
const DAY = 86_400_000;
const MANY = 10_000;
const WRONG_ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const NEVER = new AbortController().signal;
let world: ModelWorld;
beforeAll(async () => {
  world = await ModelWorld.create();
});
afterAll(async () => world.drop());

type Real = MailboxUnderTest;
/** One thing that happens to a mailbox; afterwards the table must be exactly what the model says, and every stream within its rules. */
abstract class Step implements fc.AsyncCommand<MailboxModel, Real> {
  constructor(private readonly name: string) {}

  check(model: Readonly<MailboxModel>): boolean {
    return model.state !== 'revoked';
  }

  async run(model: MailboxModel, real: Real): Promise<void> {
    await this.act(model, real);
    const truth = await real.truth();
    for (const [sequence, id] of truth.waiting) if (sequence <= model.head) model.letter(sequence).id = id;
    expectSame(model, truth);
    for (const stream of model.streams) expectLawful(model, stream);
  }

  toString(): string {
    return this.name;
  }

  protected abstract act(model: MailboxModel, real: Real): Promise<void>;
}

class Act extends Step {
  constructor(
    name: string,
    private readonly what: (model: MailboxModel, real: Real) => Promise<void>,
  ) {
    super(name);
  }

  protected async act(model: MailboxModel, real: Real): Promise<void> {
    await this.what(model, real);
  }
}

/** D9: each number up to the head in exactly one state, and the rows of the table say which. */
function expectSame(model: MailboxModel, truth: Truth): void {
  expect(truth.head).toBe(model.head);
  expect(truth.epoch).toBe(model.epoch);
  expect([...truth.waiting.keys()]).toEqual(model.numbers('waiting'));
  expect([...truth.aside].toSorted((left, right) => left - right)).toEqual(model.numbers('aside'));
  const inGaps = truth.gaps.flatMap(({ lo, hi, reason }) =>
    Array.from({ length: hi - lo + 1 }, (_, index) => `${String(lo + index)} ${gapReasonOf(reason)}`),
  );
  const lost = model
    .numbers('age', 'stock', 'poison')
    .map((sequence) => `${String(sequence)} ${model.letter(sequence).fate}`);
  expect(inGaps).toEqual(lost);
}

/** What a stream was given so far: ascending, each once, nothing that was settled before, nothing of after its end; within the window. */
function expectLawful(model: MailboxModel, stream: ModelStream): void {
  const { reader } = stream;
  if (reader === undefined) return;
  const given = reader.given.map(({ sequence }) => sequence as number);
  expect(given).toEqual([...new Set(given)].toSorted((left, right) => left - right));
  for (const sequence of given) {
    expect(stream.settledBefore.has(sequence)).toBe(false);
    expect(sequence).toBeLessThanOrEqual(stream.headAtEnd);
  }
  const last = given.at(-1) ?? 0;
  const seen = new Set(given);
  // What it refused before it was given it need not come: a page that was being read leaves it out.
  for (const sequence of model.due(stream)) if (sequence < last) expect(seen.has(sequence)).toBe(true);
  const unacked = inHand(stream).filter((sequence) => model.letter(sequence).fate === 'waiting');
  const bytes = unacked.reduce((sum, sequence) => sum + model.letter(sequence).bytes, 0);
  expect(unacked.length).toBeLessThanOrEqual(LIMITS.unackedEnvelopes);
  if (unacked.length > 1) expect(bytes).toBeLessThanOrEqual(LIMITS.unackedBytes);
  expect(reader.empties).toBeLessThanOrEqual(1);
  if (reader.empties === 1 && model.current === stream)
    expect(model.due(stream).filter((sequence) => sequence <= stream.headAtStart)).toEqual([]);
}

function send(node: number, sizes: readonly number[]): Step {
  return new Act(`send(${String(node)}, [${sizes.join()}])`, async (model, real) => {
    for (const bytes of sizes) {
      const outcome = await real.send(node, bytes);
      expect(outcome).toBe(model.state === 'open' ? 'accepted' : 'mismatch');
      if (model.state === 'open')
        model.letters.push({ bytes, id: WRONG_ID, fate: 'waiting', isOld: false, refusedBy: new Set() });
    }
  });
}

function connect(node: number): Step {
  return new Act(`connect(${String(node)})`, async (model, real) => {
    end(model);
    const stream = await real.on(node).node.drain.open(real.no, () => undefined);
    expect(stream === 'closed').toBe(model.state !== 'open');
    if (stream === 'closed') return;
    expect(stream.epoch).toBe(model.epoch + 1);
    expect(stream.start.head).toBe(model.head);
    begin(model, { epoch: stream.epoch, node, reader: new StreamReader(stream) });
  });
}

function disconnect(): Step {
  return new Act('disconnect', async (model, real) => {
    const stream = model.current;
    if (stream?.reader === undefined) return;
    await real.on(stream.node).node.drain.close(stream.reader.stream);
    stream.isGone = true;
    end(model);
  });
}

/** Takes the stream, or goes on with the last one (which is over when something newer has it), on any node. */
function poll(node: number, { takes, after }: { readonly takes: boolean; readonly after: number }): Step {
  return new Act(`poll(${String(node)}, ${takes ? 'take' : 'go on'}, ${String(after)})`, async (model, real) => {
    const old = model.streams.findLast(({ reader }) => reader === undefined);
    const goesOn = takes ? undefined : old;
    if (goesOn === undefined) end(model);
    const polled = await real
      .on(node)
      .polls.poll(real.no, { stream: goesOn?.epoch, after: goesOn === undefined ? 0 : after, wait: 0 }, NEVER);
    if (model.state !== 'open') {
      expect(['over', 'closed']).toContain(polled.kind);
      return;
    }
    if (goesOn !== undefined && goesOn !== model.current) {
      expect(polled.kind).toBe('over');
      return;
    }
    if (polled.kind !== 'page') throw new Error(polled.kind);
    if (goesOn === undefined) {
      expect(polled.stream).toBe(model.epoch + 1);
      begin(model, { epoch: polled.stream, node, reader: undefined });
    }
    const stream = model.current;
    if (stream === undefined) throw new Error('there is no stream');
    const from = goesOn === undefined ? 0 : after;
    const due = model.due(stream);
    const given = polled.envelopes.map(({ sequence }) => sequence as number);
    expect(given).toEqual(due.filter((sequence) => sequence > from).slice(0, given.length));
    const unacked = due.filter((sequence) => sequence <= from);
    const free = LIMITS.unackedBytes - unacked.reduce((sum, sequence) => sum + model.letter(sequence).bytes, 0);
    if (free > 0 && unacked.length < LIMITS.unackedEnvelopes && due.some((sequence) => sequence > from))
      expect(given.length).toBeGreaterThan(0);
    const lost = model.numbers('age', 'stock', 'poison').filter((sequence) => sequence > from);
    const toldLost = polled.gaps.flatMap(({ from: lo, to }) => lost.filter((each) => each >= lo && each <= to));
    expect(toldLost).toEqual(lost);
    if (polled.caughtUp) expect(due.filter((sequence) => sequence <= stream.headAtStart)).toEqual([]);
    else expect(lost.length + model.numbers('age', 'stock', 'poison').length + due.length).toBeGreaterThan(0);
  });
}

interface Named {
  readonly at: number;
  readonly wrong: boolean;
  readonly cumulative: boolean;
  /** Through a stream that is no longer the mailbox's. */
  readonly stale: boolean;
}

/** An ack removes only what it names, under the current epoch: one number, or all up to it that this stream did not refuse. */
function ack(named: Named): Step {
  return new Act(`ack(${JSON.stringify(named)})`, async (model, real) => {
    const stream = streamFor(model, named.stale);
    if (stream === undefined || model.head === 0) return;
    const sequence = (named.at % model.head) + 1;
    const letter = model.letter(sequence);
    const right = await acknowledge(real, stream, ackOf(sequence, named.wrong ? WRONG_ID : letter.id, named));
    if (stream !== model.current) return;
    const { waiting } = await real.truth();
    const doomed = model.due(stream).filter((each) => each <= sequence);
    if (letter.fate === 'waiting' && named.wrong) expect(right).toBe(false);
    if (letter.fate === 'waiting' && !named.wrong) {
      expect(right).toBe(true);
      letter.fate = 'acked';
      stream.settled.add(sequence);
      if (named.cumulative) for (const each of doomed) model.letter(each).fate = 'acked';
    } else if (!named.wrong && named.cumulative) {
      // What it names is settled: those below may go with it or stay, but nothing else may go.
      for (const each of doomed) if (!waiting.has(each)) model.letter(each).fate = 'acked';
    }
    if (named.wrong) return;
    // The device holds them no longer; what a gap took from it leaves the window with its ack.
    for (const each of inHand(stream))
      if (each === sequence || (named.cumulative && each <= sequence && model.letter(each).fate === 'acked'))
        stream.settled.add(each);
    if (named.cumulative) settleGaps(model, sequence, await real.truth());
  });
}

function gapAck(named: Named): Step {
  return new Act(`gapAck(${JSON.stringify(named)})`, async (model, real) => {
    const stream = streamFor(model, named.stale);
    const { gaps } = await real.truth();
    const gap = gaps[named.at % Math.max(1, gaps.length)];
    if (stream === undefined || gap === undefined) return;
    if (stream === model.current) await settled(model, real);
    const due = model.due(stream);
    const given = stream.reader?.given.map(({ sequence }) => sequence) ?? [];
    await acknowledge(real, stream, ackOf(gap.hi, named.wrong ? WRONG_ID : gap.id, named));
    if (named.wrong || stream !== model.current) return;
    for (const { lo, hi } of gaps)
      if (hi === gap.hi || (named.cumulative && hi < gap.hi))
        for (let sequence = lo; sequence <= hi; sequence += 1) model.letter(sequence).fate = 'over';
    if (!named.cumulative || stream.reader === undefined) return;
    for (const sequence of given.filter((each) => each <= gap.hi)) {
      if (due.includes(sequence)) model.letter(sequence).fate = 'acked';
      stream.settled.add(sequence);
    }
  });
}

function nack(named: Named): Step {
  return new Act(`nack(${JSON.stringify(named)})`, async (model, real) => {
    const stream = streamFor(model, named.stale);
    if (stream === undefined || model.head === 0) return;
    const sequence = ((named.at % model.head) + 1) as Sequence;
    const letter = model.letter(sequence);
    const refusal = { sequence, id: named.wrong ? WRONG_ID : letter.id, reason: 'invalid' as const };
    const { node, polls } = real.on(stream.node);
    let right: boolean;
    if (stream.reader !== undefined) right = await node.drain.refuse(stream.reader.stream, refusal);
    else {
      const done = await polls.settle(real.no, { stream: stream.epoch, acks: [], nacks: [refusal] });
      right = done.kind === 'settled' && done.refused.length === 0;
    }
    expect(right).toBe(stream === model.current && letter.fate === 'waiting' && !named.wrong);
    if (!right) return;
    letter.refusedBy.add(stream.epoch);
    stream.settled.add(sequence);
    if (letter.refusedBy.size === 3) letter.fate = 'aside';
  });
}

/** In steps of `most`, so that what was set aside may go before older mail does. */
function expireByAge({ at, most }: { readonly at: number; readonly most: number }): Step {
  return new Act(`expireByAge(${String(at)}, ${String(most)})`, async (model, real) => {
    const through = model.head === 0 ? 0 : at % (model.head + 1);
    await real.age(through);
    for (const letter of model.letters.slice(0, through)) letter.isOld = true;
    await real.of.expiry.byAge(real.no, { retention: DAY, most });
    for (const letter of model
      .numbers('waiting')
      .slice(0, most)
      .map((each) => model.letter(each)))
      if (letter.isOld) letter.fate = 'age';
    const aside = model.numbers('aside').map((each) => model.letter(each));
    for (const letter of aside.filter(({ isOld }) => isOld).slice(0, most)) letter.fate = 'poison';
  });
}

function expireByStock({ stock, most }: { readonly stock: number; readonly most: number }): Step {
  return new Act(`expireByStock(${String(stock)}, ${String(most)})`, async (model, real) => {
    await real.of.expiry.byStock(real.no, { stock, most });
    const waiting = model.numbers('waiting').map((each) => model.letter(each));
    let sum = waiting.reduce((all, { bytes }) => all + bytes, 0);
    for (const letter of waiting.slice(0, most)) {
      if (sum <= stock) break;
      letter.fate = 'stock';
      sum -= letter.bytes;
    }
  });
}

function change(to: 'suspend' | 'resume' | 'revoke'): Step {
  return new Act(to, async (model, real) => {
    const { db, guards } = real.of.world;
    const { accountNo } = real.box;
    if (to === 'suspend') await db.transact(async (tx) => guards.suspend(tx, accountNo));
    else if (to === 'resume') await db.transact(async (tx) => guards.resume(tx, accountNo));
    else await db.transact(async (tx) => guards.close(tx, [real.device.deviceId]));
    if (model.state !== (to === 'resume' ? 'suspended' : 'open') && to !== 'revoke') return;
    model.epoch += 1;
    end(model);
    model.state = to === 'resume' ? 'open' : to === 'revoke' ? 'revoked' : 'suspended';
  });
}

/** All that is due comes as far as the window goes, all gaps are told, and a stream that is over ends. */
async function settled(model: MailboxModel, real: Real): Promise<void> {
  const stream = model.current;
  if (stream?.reader === undefined) return;
  const { reader } = stream;
  const { gaps } = await real.truth();
  real.look(stream.node);
  const isDone = (): boolean => {
    const given = new Set(reader.given.map(({ sequence }) => sequence as number));
    const [next] = model.due(stream).filter((sequence) => !given.has(sequence));
    const untold = gaps.filter(
      ({ hi, id }) => !reader.gaps.some((gap) => gap.to === hi && Buffer.from(id).equals(gap.id)),
    );
    return (next === undefined || isFull(model, stream, next)) && untold.length === 0;
  };
  for (let waited = 0; !isDone(); waited += 1) {
    if (waited === 1_500) throw new Error(`not given: ${model.due(stream).join()}; given: ${reader.texts.length}`);
    await new Promise((resolve) => setTimeout(resolve, waited < 50 ? 1 : 2));
  }
}

const settle = (): Step => new Act('settle', settled);
const bit = fc.boolean();
const node = fc.constantFrom(0, 1);
const sometimes = fc.nat(7).map((value) => value === 0);
const named = fc.record({ at: fc.nat(60), wrong: sometimes, cumulative: bit, stale: sometimes });
const sizes = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.constant(LIMITS.envelopeBytes - 100), { minLength: 1, maxLength: 20 }) },
);
const most = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constant(MANY));
const STEPS = [
  fc.tuple(node, sizes).map(([on, each]) => send(on, each)),
  fc.tuple(node, sizes).map(([on, each]) => send(on, each)),
  node.map(connect),
  fc.constant(null).map(disconnect),
  fc.tuple(node, bit, fc.nat(20)).map(([on, takes, after]) => poll(on, { takes, after })),
  named.map(ack),
  named.map(ack),
  named.map(gapAck),
  named.map(nack),
  named.map(nack),
  fc.record({ at: fc.nat(40), most }).map(expireByAge),
  fc.record({ stock: fc.nat(2_000), most }).map(expireByStock),
  fc.constantFrom('suspend' as const, 'resume' as const, 'resume' as const, 'suspend' as const).map(change),
  fc.nat(9).map((value) => (value === 0 ? change('revoke') : settle())),
  fc.constant(null).map(settle),
];

/** A device that behaves reads everything to the end: nothing was lost, and `queue-empty` comes. */
async function drained(model: MailboxModel, real: Real): Promise<void> {
  if (model.state === 'suspended') await change('resume').run(model, real);
  if (model.state === 'revoked') {
    expect(await real.on(0).node.drain.open(real.no, () => undefined)).toBe('closed');
    return;
  }
  await connect(0).run(model, real);
  const stream = model.current;
  for (let rounds = 0; rounds < 100; rounds += 1) {
    await settle().run(model, real);
    const { gaps } = await real.truth();
    if (gaps.length > 0) await gapAck({ at: 0, wrong: false, cumulative: false, stale: false }).run(model, real);
    for (const at of stream === undefined ? [] : inHand(stream))
      await ack({ at: at - 1, wrong: false, cumulative: true, stale: false }).run(model, real);
    if (gaps.length === 0 && model.numbers('waiting').length === 0) break;
  }
  expect(model.numbers('waiting', ...(Object.keys(GAP_REASONS) as ('age' | 'stock' | 'poison')[]))).toEqual([]);
  await stream?.reader?.until(0, 1);
  await disconnect().run(model, real);
}

describe('a mailbox', () => {
  it(
    'is what its model says, whatever happens to it in whatever order',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(STEPS, { maxCommands: COMMANDS, size: 'max' }), async (commands) => {
          const real = await world.run();
          const model = new MailboxModel();
          await fc.asyncModelRun(() => ({ model, real }), commands);
          await drained(model, real);
          for (const { reader } of model.streams) await reader?.stop();
        }),
        { numRuns: runs(RUNS), ...(runs(1) === 1 ? { seed: SEED, endOnFailure: true } : {}) },
      );
    },
    patience(300_000),
  );
});
