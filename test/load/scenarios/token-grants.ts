import type { Counted } from '../generator/generator.js';
import { seed } from '../people.js';
import { byTurns, type Scenario } from '../scenario.js';

/** An assertion and a proof checked, a counter advanced on disk, a token signed. */
export const tokenGrants: Scenario = {
  name: 'token grants',
  about: 'access tokens granted over REST',
  async run(stage, { quick, rounds }) {
    const count = quick ? 500 : 2_000;
    const players = (await seed(stage.db, { tenantId: stage.world.tenantId, households: 200, devices: 1 })).flat();
    const runs = await byTurns(
      { stage, sides: ['floor', 'local'], rounds: quick ? 1 : rounds },
      async (side): Promise<Counted> => {
        const floor = side === 'floor' ? { floor: stage.floorHttp } : {};
        const counted = await stage.generator.order('grants', { players, count, ...floor });
        if (counted.failed > 0) throw new Error(`${String(counted.failed)} of ${String(count)} tokens were refused`);
        return counted;
      },
    );
    const [values, floors] = [runs.local, runs.floor].map((of) => of.map(({ perSecond }) => perSecond)) as [
      number[],
      number[],
    ];
    return [{ scenario: 'token grants', metric: 'granted', unit: '/s', better: 'more', values, floors }];
  },
};
