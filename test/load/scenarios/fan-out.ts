import type { Figure } from '../figures.js';
import { byTurns, cast, type Scenario } from '../scenario.js';
import { measure, UNDER_WAY } from '../window.js';

/** People with one device, and people with many: each message goes to all of them and to the writer's other one. */
export const fanOut: Scenario = {
  name: 'fan-out',
  about: 'saturated, to 1, 3, 10 and 50 devices of a reader',
  async run(stage, { quick, rounds, seconds, warmUp }) {
    const figures: Figure[] = [];
    for (const devices of quick ? [1, 10] : [1, 3, 10, 50]) {
      const underWay = devices > 10 ? UNDER_WAY / 4 : UNDER_WAY;
      const playing = {
        cast: await cast(stage, devices),
        pace: { kind: 'closed', underWay },
        seconds: seconds / 2,
        warmUp,
      } as const;
      const sides = ['floor', 'local'] as const;
      const runs = await byTurns({ stage, sides, rounds: quick ? 1 : rounds }, async (side) =>
        measure(stage, side, playing),
      );
      const [values, floors] = [runs.local, runs.floor].map((of) => of.map(({ perSecond }) => perSecond)) as [
        number[],
        number[],
      ];
      const metric = `local, envelopes to ${String(devices)} + 1 devices`;
      figures.push({ scenario: 'fan-out', metric, unit: '/s', better: 'more', values, floors });
    }
    return figures;
  },
};
