import { quantile, type Figure } from '../figures.js';
import { fdatasyncs } from '../machine.js';
import { byTurns, cast, type Scenario } from '../scenario.js';
import { measure } from '../window.js';

const PER_SECOND = 200;

/**
 * What a person notices: 200 messages a second, far below what the machine can do. Each is on the disk before it is accepted, so beside them
 * stands what as many writes alone meet: no p99 is better than its disk's.
 */
export const fixedRate: Scenario = {
  name: 'fixed rate',
  about: `${String(PER_SECOND)} messages a second, from send to arrival`,
  async run(stage, { quick, rounds, seconds, warmUp }) {
    const playing = {
      cast: await cast(stage),
      pace: { kind: 'paced', perSecond: PER_SECOND },
      seconds: quick ? seconds : 2 * seconds,
      warmUp,
    } as const;
    const sides = ['floor', 'local', 'across'] as const;
    const writes = { count: PER_SECOND * seconds, perSecond: PER_SECOND };
    const disk: number[] = [];
    const runs = await byTurns({ stage, sides, rounds }, async (side) => {
      if (side === 'floor') disk.push(quantile(await fdatasyncs(stage.diskFolder, writes), 0.99));
      return measure(stage, side, playing);
    });
    const figure = (side: 'local' | 'across', metric: 'p50' | 'p99', goal?: number): Figure => ({
      scenario: 'fixed rate',
      metric: `${side}, ${metric}`,
      unit: 'ms',
      better: 'less',
      values: runs[side].map((run) => run[metric]),
      floors: runs.floor.map((run) => run[metric]),
      ...(goal === undefined ? {} : { goal }),
    });
    return [
      figure('local', 'p50', 2),
      figure('local', 'p99', 3),
      figure('across', 'p50', 3),
      figure('across', 'p99'),
      {
        scenario: 'fixed rate',
        metric: 'the disk alone, p99 of an fdatasync',
        unit: 'ms',
        better: 'less',
        values: disk,
      },
    ];
  },
};
