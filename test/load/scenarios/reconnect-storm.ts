import { seed } from '../people.js';
import { byTurns, type Scenario } from '../scenario.js';

/** A gateway dies with everybody on it, and they all come to the other one at the same moment. */
export const reconnectStorm: Scenario = {
  name: 'reconnect storm',
  about: 'a gateway is killed; all of its devices connect to the other one at once',
  async run(stage, { quick, rounds }) {
    const { generator, world } = stage;
    const players = (
      await seed(stage.db, { tenantId: world.tenantId, households: quick ? 500 : 5_000, devices: 1 })
    ).flat();
    const runs = await byTurns(
      { stage, sides: ['floor', 'across'], rounds: quick ? 1 : Math.min(3, rounds) },
      async (side) => {
        const { wire, writers: first, mail: second } = stage.where(side);
        await generator.order('prepare', { wire, players });
        await generator.order('connect', { wire, gateway: first, players });
        // The floor has nowhere to go to: for it the storm is everybody connecting at once.
        if (side === 'across') await world.processes.kill('gateway-1');
        await generator.order('disconnect', undefined);
        const { all, half } = await generator.order('connect', {
          wire,
          gateway: second,
          players,
          atOnce: players.length,
        });
        await generator.order('disconnect', undefined);
        if (side === 'across') await world.processes.startPart('gateway-1');
        return { perSecond: (1_000 * players.length) / all, half, all };
      },
    );
    const rates = (side: 'floor' | 'across') => runs[side].map(({ perSecond }) => perSecond);
    const what = { scenario: 'reconnect storm', unit: 's', better: 'less' } as const;
    return [
      {
        ...what,
        metric: `devices served again of ${String(players.length)}`,
        unit: '/s',
        better: 'more',
        values: rates('across'),
        floors: rates('floor'),
      },
      { ...what, metric: 'until half are served', values: runs.across.map(({ half }) => half / 1_000) },
      { ...what, metric: 'until all are served', values: runs.across.map(({ all }) => all / 1_000) },
    ];
  },
};
