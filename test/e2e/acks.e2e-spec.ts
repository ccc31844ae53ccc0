import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Envelope } from '../../libs/protocol/frames.js';
import type { Sequence } from '../../libs/protocol/ids.js';
import { textOf } from '../world/raw-device.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

describe('an ack', () => {
  let world: World;
  let alice: RawPerson;
  let bob: RawPerson;

  beforeAll(async () => {
    world = await World.create();
    alice = await world.rawPerson('alice');
  });

  afterAll(async () => {
    await world.close();
  });

  async function bobWith(texts: readonly string[]): Promise<void> {
    bob = await world.rawPerson('bob');
    for (const text of texts) expect((await alice.phone.post(alice.phone.letter([bob], text))).status).toBe(200);
  }

  /** What a new connection of the phone finds. */
  async function waiting(): Promise<readonly string[]> {
    const line = await bob.phone.connect();
    const { head } = (await line.next('ready')).ready;
    const [last] = head === 0 ? [] : [await alice.phone.post(alice.phone.letter([bob], 'end'))];
    expect(last?.status ?? 200).toBe(200);
    while (head > 0 && line.allMail.at(-1)?.sequence !== head + 1) await line.mail();
    await line.close();
    return line.allMail.map(textOf);
  }

  it('removes what it names, once and again, and is never refused for being late', async () => {
    await bobWith(['one', 'two', 'three']);
    const line = await bob.phone.connect();
    const mail = await line.mail(3);
    line.ack(mail.slice(0, 2));
    line.ack(mail.slice(0, 2));
    line.ack(mail.slice(0, 1), 'through');
    line.ack(mail.slice(2));
    await line.next('queue-empty');
    line.ack(mail);
    await line.settled();
    await line.close();
    const later = await bob.phone.connect(1);
    later.ack(mail, 'through');
    await later.settled();
    for (const { heard } of [line, later])
      expect(heard.filter((frame) => frame.kind === 'ack-refused' && frame.sequence <= 3)).toEqual([]);
    expect(later.allMail).toEqual([]);
  });

  it('takes everything before it along when it is cumulative', async () => {
    await bobWith(['one', 'two', 'three', 'four']);
    const line = await bob.phone.connect();
    const mail = await line.mail(4);
    line.ack(mail.slice(0, 3), 'through');
    await line.settled();
    await line.close();
    expect(await waiting()).toEqual(['four', 'end']);
  });

  it('counts on a later connection, also before the mail has come again', async () => {
    await bobWith(['one', 'two']);
    const line = await bob.phone.connect();
    const mail = await line.mail(2);
    await line.close();
    const later = await bob.phone.connect(1);
    later.ack(mail, 'through');
    await later.next('queue-empty');
    await later.close();
    expect(await waiting()).toEqual(['end']);
  });

  it.each<[string, (mail: readonly Envelope[]) => Pick<Envelope, 'sequence' | 'id'>]>([
    ['a wrong id', ([first]) => ({ sequence: 1 as Sequence, id: flipped(first) })],
    ["another envelope's id", (mail) => ({ sequence: 1 as Sequence, id: mail[1]?.id ?? new Uint8Array(8) })],
    ['a number that was never given', ([first]) => ({ sequence: 99 as Sequence, id: first?.id ?? new Uint8Array(8) })],
  ])('with %s removes nothing and is refused aloud, alone and cumulative', async (_, forge) => {
    await bobWith(['one', 'two']);
    const line = await bob.phone.connect();
    const forged = forge(await line.mail(2));
    for (const how of ['each', 'through'] as const) {
      line.ack([forged], how);
      const { sequence, id } = await line.next('ack-refused');
      expect([sequence, Buffer.from(id)]).toEqual([forged.sequence, Buffer.from(forged.id)]);
    }
    await line.close();
    expect(await waiting()).toEqual(['one', 'two', 'end']);
  });

  it('cannot name an envelope of another device', async () => {
    await bobWith([]);
    const laptop = await bob.link();
    await alice.phone.post(alice.phone.letter([bob], 'to both'));
    const [theirs, mine] = [await laptop.connect(), await bob.phone.connect(1)];
    const [other] = await theirs.mail();
    const [own] = await mine.mail();
    expect(other && own && Buffer.from(other.id).equals(Buffer.from(own.id))).toBe(false);
    mine.ack(other ? [other] : []);
    await mine.next('ack-refused');
    await theirs.close();
    expect((await (await laptop.connect()).mail()).map(textOf)).toEqual(['to both']);
  });
});

function flipped(envelope: Envelope | undefined): Uint8Array {
  return (envelope?.id ?? new Uint8Array(8)).map((byte) => byte ^ 1);
}
