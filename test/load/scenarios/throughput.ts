import type { Figure } from '../figures.js';
import { byTurns, cast, type Scenario } from '../scenario.js';
import { measure, UNDER_WAY, type Window } from '../window.js';

const SIDES = ['floor', 'local', 'across'] as const;
const GOALS = { local: { perSecond: 0.5, cpu: 2.5 }, across: { perSecond: 0.35, cpu: 3.5 } };

/** As much as goes through: 400 requests under way, each with 600 bytes for both devices of a reader and the writer's other one. */
export const throughput: Scenario = {
  name: 'throughput',
  about: 'saturated, three envelopes of 600 bytes a message, all connected',
  async run(stage, { rounds, seconds, warmUp }) {
    const playing = {
      cast: await cast(stage),
      pace: { kind: 'closed', underWay: UNDER_WAY },
      seconds,
      warmUp,
    } as const;
    const runs = await byTurns({ stage, sides: SIDES, rounds }, async (side) => measure(stage, side, playing));
    const figure = (
      side: 'local' | 'across',
      of: Pick<Figure, 'metric' | 'unit' | 'better' | 'goal'>,
      pick: (run: Window) => number,
    ): Figure => ({
      scenario: 'throughput',
      ...of,
      metric: `${side}, ${of.metric}`,
      values: runs[side].map(pick),
      floors: runs.floor.map(pick),
    });
    const sides = ['local', 'across'] as const;
    return [
      ...sides.flatMap((side) => [
        figure(
          side,
          { metric: 'envelopes delivered', unit: '/s', better: 'more', goal: GOALS[side].perSecond },
          (run) => run.perSecond,
        ),
        figure(
          side,
          { metric: 'CPU a thousand delivered', unit: 's', better: 'less', goal: GOALS[side].cpu },
          (run) => run.cpuPerThousand,
        ),
      ]),
      ...SIDES.map((side): Figure => ({
        scenario: 'throughput',
        metric: `${side}, share of a core that the generator took`,
        unit: '',
        better: 'less',
        values: runs[side].map((run) => run.generatorShare),
      })),
    ];
  },
};
