import type { Place } from '../../world/installation.js';
import type { Device } from '../../world/device.js';
import type { Person } from '../../world/person.js';
import { World } from '../../world/world.js';
import { quantile } from '../figures.js';

export interface Talked {
  readonly perSecond: number;
  /** Milliseconds from `send` to the other application's hands. */
  readonly p50: number;
  readonly p99: number;
  /** Of one core, of the process that all clients share. */
  readonly ownShare: number;
}

/**
 * People with the real client: encrypted store, ratchet, outbox. Pairs of them throw a message to and fro; all clients share one process, so
 * what is measured is as much the client as the server.
 */
export async function talk(of: {
  readonly place: Place;
  readonly pairs: number;
  readonly seconds: number;
}): Promise<Talked> {
  process.env['SOTTO_WORLD'] = JSON.stringify(of.place);
  const world = await World.create();
  try {
    await world.loosen();
    const pairs = [];
    for (let index = 0; index < of.pairs; index += 1)
      pairs.push([await world.person(`left ${index}`), await world.person(`right ${index}`)] as const);
    // The first messages carry prekeys.
    for (const pair of pairs) await toAndFro(pair, { until: 0 });
    const cpu = process.cpuUsage();
    const start = performance.now();
    const until = start + of.seconds * 1_000;
    const times = (await Promise.all(pairs.map(async (pair) => toAndFro(pair, { until })))).flat();
    const seconds = (performance.now() - start) / 1_000;
    const used = process.cpuUsage(cpu);
    return {
      perSecond: times.length / seconds,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      ownShare: (used.user + used.system) / 1e6 / seconds,
    };
  } finally {
    await world.close();
  }
}

/** At least once each way. */
async function toAndFro(
  [left, right]: readonly [Person, Person],
  { until }: { readonly until: number },
): Promise<number[]> {
  const times: number[] = [];
  do {
    times.push(await throwTo(left.phone, right));
    times.push(await throwTo(right.phone, left));
  } while (performance.now() < until);
  return times;
}

async function throwTo(from: Device, to: Person): Promise<number> {
  const start = performance.now();
  await from.send(to, 'A message of about as many letters as people write to each other on a day like this one.');
  await to.phone.nextMessage();
  return performance.now() - start;
}
