import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Device } from '../world/device.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

const EACH = 4;

describe('three people with three devices each', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });

  afterAll(async () => {
    await world.close();
  });

  it('all write to each other at once: every device sees everything, in the order each device wrote it, none twice', async () => {
    const people: Person[] = [];
    for (const name of ['alice', 'bob', 'carol']) people.push(await withThreeDevices(world, name));

    await Promise.all(people.flatMap((from) => from.devices.map(async (device) => writeToAll(device, from, people))));

    for (const person of people) {
      for (const device of person.devices) {
        const expected = people.flatMap((from) => seenBy(person, device, { from, people }));
        const texts = await device.nextTexts(expected.length * EACH);
        for (const thread of expected)
          expect(texts.filter((text) => text.startsWith(thread))).toEqual(numbered(thread));
        expect(device.waiting).toEqual([]);
      }
    }
    // Nine devices are made, one after another, before the first word.
  }, 90_000);
});

async function withThreeDevices(world: World, name: string): Promise<Person> {
  const person = await world.person(name);
  await person.device('laptop');
  await person.device('tablet');
  return person;
}

async function writeToAll(device: Device, from: Person, people: readonly Person[]): Promise<void> {
  const others = people.filter((person) => person !== from);
  await Promise.all(
    others.map(async (to) => {
      for (const text of numbered(threadOf(from, device, to))) await device.send(to, text);
    }),
  );
}

/** The threads from one person that a device receives: what was written to it, and copies of what its own siblings wrote. */
function seenBy(
  person: Person,
  device: Device,
  { from, people }: { readonly from: Person; readonly people: readonly Person[] },
): readonly string[] {
  const recipients = from === person ? people.filter((to) => to !== from) : [person];
  return from.devices
    .filter((each) => each !== device)
    .flatMap((each) => recipients.map((to) => threadOf(from, each, to)));
}

function threadOf(from: Person, device: Device, to: Person): string {
  return `${from.name} ${from.devices.indexOf(device)} to ${to.name}: `;
}

function numbered(thread: string): readonly string[] {
  return Array.from({ length: EACH }, (_, index) => `${thread}${index}`);
}
