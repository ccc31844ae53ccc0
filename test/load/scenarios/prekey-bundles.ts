import type { Counted } from '../generator/generator.js';
import { seed } from '../people.js';
import { byTurns, type Scenario } from '../scenario.js';

const TARGETS = 50;

/** Bundles with a one-time key, each handed out once: what a first message to somebody costs the server. */
export const prekeyBundles: Scenario = {
  name: 'prekey bundles',
  about: 'bundles fetched over REST, each with a one-time key of its own',
  async run(stage, { quick, rounds }) {
    const { db, floorDb, generator, world } = stage;
    const { tenantId } = world;
    const count = quick ? 1_000 : 4_000;
    const callers = (await seed(db, { tenantId, households: 50, devices: 1 })).flat();
    const runs = await byTurns(
      { stage, sides: ['floor', 'local'], rounds: quick ? 1 : rounds },
      async (side): Promise<Counted> => {
        const targets = (
          await seed(db, { tenantId, households: TARGETS, devices: 1, prekeys: count / TARGETS + 1 })
        ).flat();
        await floorDb.commit(
          `insert into floor_prekey select no, id, decode(repeat('05', 1800), 'hex') from unnest($1::int8[]) no, generate_series(1, $2::int4) id`,
          [targets.map(({ no }) => no), count / TARGETS + 1],
        );
        const floor = side === 'floor' ? { floor: stage.floorHttp } : {};
        const counted = await generator.order('bundles', { callers, targets, count, api: world.place.api, ...floor });
        if (counted.failed > 0) throw new Error(`${String(counted.failed)} of ${String(count)} bundles were refused`);
        return counted;
      },
    );
    const [values, floors] = [runs.local, runs.floor].map((of) => of.map(({ perSecond }) => perSecond)) as [
      number[],
      number[],
    ];
    return [{ scenario: 'prekey bundles', metric: 'fetched', unit: '/s', better: 'more', values, floors }];
  },
};
