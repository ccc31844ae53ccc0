import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../figures.js';
import { seed } from '../people.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { between, complete } from '../window.js';

export interface CrowdSize {
  readonly devices: number;
  readonly perSecond: number;
  readonly seconds: number;
}

const FULL: CrowdSize = { devices: 10_000, perSecond: 500, seconds: 120 };
const QUICK: CrowdSize = { devices: 1_000, perSecond: 300, seconds: 5 };
const SETTLE_MS = 2_000;
const ONE_IN = 100;

/**
 * The promise made to users, absolute (DELIVERY "Figures"): so many devices connected to one gateway, so many messages a second between them,
 * one device in a hundred misbehaving; p99 from the send to its arrival at the other socket below a second, and nothing lost.
 */
export const crowd: Scenario = {
  name: 'crowd',
  about: '10,000 devices on one gateway, 500 messages a second, one in a hundred misbehaving',
  async run(stage, { quick }) {
    return gather(stage, quick ? QUICK : FULL);
  },
};

export async function gather(stage: Stage, { devices, perSecond, seconds }: CrowdSize): Promise<readonly Figure[]> {
  const { db, generator, world } = stage;
  const all = await seed(db, { tenantId: world.tenantId, households: devices, devices: 1 });
  const rascals = all.filter((_, index) => index % ONE_IN === 0).flat();
  const good = all.filter((_, index) => index % ONE_IN !== 0);
  await generator.order('prepare', { wire: 'sotto', players: all.flat() });
  await generator.order('mischief', { where: stage.where('local'), players: rascals });
  // Everybody writes to the next one.
  const cast = { writers: good, readers: [...good.slice(1), ...good.slice(0, 1)], partners: 1 };
  await generator.order('begin', { where: stage.where('local'), cast, pace: { kind: 'paced', perSecond } });
  await sleep(SETTLE_MS);
  const pids = stage.pids('local');
  const before = await generator.order('reading', { pids });
  await sleep(seconds * 1_000);
  const after = await generator.order('reading', { pids });
  await complete(stage, 'local');
  const { p50, p99, most, cpuPerThousand, generatorShare } = between(before, after);
  const what = { scenario: 'crowd', unit: 'ms', better: 'less' } as const;
  return [
    { ...what, metric: `${String(devices)} devices, p50`, values: [p50] },
    { ...what, metric: `${String(devices)} devices, p99`, values: [p99], goal: 1_000 },
    { ...what, metric: `${String(devices)} devices, slowest`, values: [most] },
    { ...what, metric: 'CPU a thousand delivered', unit: 's', values: [cpuPerThousand] },
    { ...what, metric: "generator's share of a core", unit: '', values: [generatorShare] },
  ];
}
