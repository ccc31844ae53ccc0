import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../machine.js';
import { seed } from '../people.js';
import { byTurns, type Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

const SETTLE_MS = 2_000;

/** What a connection that does nothing costs in memory: all of the process's growth, what its connecting left behind included. */
export const idleConnections: Scenario = {
  name: 'idle connections',
  about: 'resident memory of the gateway for each authenticated connection',
  async run(stage, { quick, rounds }) {
    const players = (
      await seed(stage.db, { tenantId: stage.world.tenantId, households: quick ? 1_000 : 5_000, devices: 1 })
    ).flat();
    await stage.generator.order('prepare', { wire: 'sotto', players });
    const runs = await byTurns({ stage, sides: ['floor', 'local'], rounds: quick ? 1 : rounds }, async (side) => {
      await stage.freshProcesses();
      const { wire, mail: gateway } = stage.where(side);
      const pid = pidOf(stage, side);
      await sleep(SETTLE_MS);
      const before = residentBytes(pid);
      await stage.generator.order('connect', { wire, gateway, players });
      await sleep(SETTLE_MS);
      const after = residentBytes(pid);
      await stage.generator.order('disconnect', undefined);
      return (after - before) / 1024 / players.length;
    });
    const figure = { scenario: 'idle connections', unit: 'KiB', better: 'less', values: runs.local } as const;
    return [
      { ...figure, metric: 'memory each, of the floor', floors: runs.floor, goal: 2 },
      { ...figure, metric: 'memory each', goal: 30 },
    ];
  },
};

function pidOf(stage: Stage, side: 'floor' | 'local' | 'across'): number {
  return side === 'floor' ? stage.floorPid : (stage.world.processes.pids['gateway-1'] ?? 0);
}
