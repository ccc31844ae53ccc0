import type { Figure } from '../figures.js';
import { seed } from '../people.js';
import { byTurns, type Scenario } from '../scenario.js';
import type { Side, Stage } from '../stage.js';

/** Mail that waited: one device with all of it, and fifty with a part each, from connecting to the last envelope. */
export const backlog: Scenario = {
  name: 'backlog',
  about: 'draining what waited, by one device and by fifty at once',
  async run(stage, { quick, rounds }) {
    const envelopes = quick ? 5_000 : 10_000;
    const figures: Figure[] = [];
    for (const devices of [1, 50]) {
      const sides = ['floor', 'local'] as const;
      const runs = await byTurns({ stage, sides, rounds: quick ? 1 : rounds }, async (side) =>
        drain(stage, side, { devices, envelopes }),
      );
      figures.push({
        scenario: 'backlog',
        metric: `local, ${String(envelopes)} envelopes to ${String(devices)}`,
        unit: '/s',
        better: 'more',
        values: runs.local,
        floors: runs.floor,
        ...(devices === 1 ? { goal: 0.5 } : {}),
      });
    }
    return figures;
  },
};

async function drain(
  stage: Stage,
  side: Side,
  { devices, envelopes }: { readonly devices: number; readonly envelopes: number },
): Promise<number> {
  const { db, generator, world } = stage;
  const where = stage.where(side);
  const writers = await seed(db, { tenantId: world.tenantId, households: 10, devices: 1 });
  const to = await seed(db, { tenantId: world.tenantId, households: devices, devices: 1 });
  await generator.order('fill', { where, writers, to, messages: envelopes });
  const { seconds } = await generator.order('drain', { where, players: to.flat(), count: envelopes });
  return envelopes / seconds;
}
