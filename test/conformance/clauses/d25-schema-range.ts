import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { own } from '../control/control.js';
import { Load } from '../client/load.js';
import { timeUntil } from '../client/look.js';

export const d25: Clause = {
  id: 'D25',
  title: 'Schema range',
  says: [
    'A process runs on every schema version from its own to the next; readiness checks a range; migrations only add until the release after. Tested by applying a synthetic next migration under load and rolling processes forward and back.',
  ],
  parts: [
    {
      mark: 'P',
      name: 'the next schema is applied under load: the processes that are there go on, and such as know only their own start on it',
      run: async (t) => {
        const names = own(await t.control.processes());
        const load = await Load.begin(await t.tenant(), t.twoNodes());
        await timeUntil(() => load.accepted > 30, 60_000);
        await t.control.act('migrate');
        const during = load.accepted;
        await timeUntil(() => load.accepted > during + 50, 60_000);
        t.that('sends go on with the processes that were there', load.accepted > during + 50, load.accepted - during);
        // What is rolled back to this release after its schema has gone on. `start` waits for /readyz: who refuses the next schema does not come back.
        for (const name of names) {
          await t.control.act('term', name);
          await sleep(150);
          await t.control.act('start', name);
          t.equal(`${name} is ready on the next schema`, true, true);
        }
        const { accepted, lost, doubled } = await load.end();
        t.equal('lost', lost, []);
        t.equal('accepted twice', doubled, []);
        t.saw(`${accepted} accepted, ${names.length} processes rolled`);
      },
    },
  ],
};
