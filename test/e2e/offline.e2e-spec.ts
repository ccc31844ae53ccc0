import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Line } from '../world/line.js';
import { textOf } from '../world/raw-device.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

describe('a device that was offline', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
    await world.loosen();
  });

  afterAll(async () => {
    await world.close();
  });

  it('reads what was written meanwhile, in order, hears once that this was all, and goes on', async () => {
    const alice = await world.person('alice');
    const bob = await world.person('bob');
    const laptop = await bob.device('laptop');
    await laptop.goOffline();
    const texts = Array.from({ length: 30 }, (_, index) => `line ${index}`);
    for (const text of texts) await alice.phone.send(bob, text);
    laptop.events.length = 0;
    await laptop.goOnline();
    expect(await laptop.nextTexts(30)).toEqual(texts);
    await laptop.event('queue-empty');
    await alice.phone.send(bob, 'and now live');
    expect(await laptop.nextText()).toBe('and now live');
    expect(laptop.events.filter(({ kind }) => kind === 'queue-empty')).toHaveLength(1);
    expect(await bob.phone.nextTexts(31)).toEqual([...texts, 'and now live']);
  });

  it('gets at most 256 envelopes until it acks, then the rest; what comes meanwhile does not overtake', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const sending = await alice.phone.connect();
    await flood(sending, [alice, bob], { from: 1, to: 320 });

    const line = await bob.phone.connect(1);
    expect((await line.next('ready')).ready).toMatchObject({ head: 320, maxUnacked: 256 });
    const first = await line.mail(256);
    await flood(sending, [alice, bob], { from: 321, to: 330 });
    await sleep(300);
    expect(line.allMail).toHaveLength(256);

    line.ack(first.slice(0, 100));
    const second = await line.mail(74);
    expect(line.allMail.map(textOf)).toEqual(count(1, 330));
    expect(line.allMail.map(({ sequence }) => sequence)).toEqual(count(1, 330).map(Number));

    line.ack([...first, ...second].slice(0, 319), 'through');
    await line.settled();
    await sleep(200);
    expect(line.says('queue-empty')).toBe(0);
    line.ack(second.slice(63, 64));
    await line.next('queue-empty');
    line.ack(second.slice(64));
    await flood(sending, [alice, bob], { from: 331, to: 331 });
    expect((await line.mail()).map(textOf)).toEqual(['331']);
    expect(line.says('queue-empty')).toBe(1);
  });

  it('drains several pages while others write, acking as it goes: each once, in order', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const sending = await alice.phone.connect();
    await flood(sending, [alice, bob], { from: 1, to: 400 });
    const line = await bob.phone.connect(1);
    const more = flood(sending, [alice, bob], { from: 401, to: 600 });
    for (let read = 0; read < 600; read += 50) line.ack(await line.mail(50), 'through');
    await more;
    expect(line.allMail.map(textOf)).toEqual(count(1, 600));
    await line.next('queue-empty');
    expect(line.heard.findIndex(({ kind }) => kind === 'queue-empty')).toBeGreaterThan(1);
  });

  it('hears at once that an empty mailbox is empty', async () => {
    const line = await (await world.rawPerson('carol')).phone.connect();
    await line.next('queue-empty');
    // A notice of the enrolment may still be on its way.
    const kinds = line.heard.map(({ kind }) => kind).filter((kind) => kind !== 'devices-changed');
    expect(kinds).toEqual(['ready', 'queue-empty']);
  });
});

function count(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

/** All at once on one connection, which keeps their order. */
async function flood(
  line: Line,
  [from, to]: readonly [RawPerson, RawPerson],
  range: { readonly from: number; readonly to: number },
): Promise<void> {
  const sends = count(range.from, range.to).map(async (text) => line.send(from.phone.letter([to], text)));
  for (const outcome of await Promise.all(sends)) expect(outcome.kind).toBe('accepted');
}
