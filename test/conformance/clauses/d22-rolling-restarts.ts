import { setTimeout as sleep } from 'node:timers/promises';
import type { Clause } from '../clause.js';
import { behind } from '../control/control.js';
import { settled, timeUntil, upTo } from '../client/look.js';
import { Load } from '../client/load.js';
import { UpgradeRefused } from '../client/stream.js';

const RESTARTING = 4000;

export const d22: Clause = {
  id: 'D22',
  title: 'Rolling restarts',
  says: [
    'On SIGTERM a gateway is not ready at once, refuses upgrades, closes its sockets over at most 20 s with a reconnect delay of 0-10 s, exits within 30 s; under load nothing is lost, and nothing duplicated beyond D11.',
  ],
  parts: [
    {
      mark: 'P',
      name: 'SIGTERM to a gateway with twelve idle sockets',
      run: async (t) => {
        const [node] = t.twoNodes();
        const ws = t.place.gateways[node] ?? '';
        const name = behind(await t.control.processes(), ws);
        const tenant = await t.tenant();
        const accounts = await tenant.accounts(12);
        const streams = await Promise.all(accounts.map(async ({ phone }) => phone.listen(node)));
        const ready = async (): Promise<number> =>
          fetch(`${ws.replace(/^ws/, 'http')}/readyz`).then(
            ({ status }) => status,
            () => 0,
          );
        const asked = Date.now();
        for (const _ of upTo(5)) await ready();
        // On a machine that is busy with other things a single question takes its time.
        const atOnce = Math.max(500, 4 * (Date.now() - asked));
        const start = Date.now();
        await t.control.act('term', name);
        const notReady = await timeUntil(async () => (await ready()) !== 200, 20_000, 10);
        t.that('not ready at once', notReady !== undefined && notReady < atOnce, `${notReady} ms`);
        const upgrade = await settled(accounts[0]!.phone.connect(node));
        const refused = upgrade instanceof UpgradeRefused ? `${upgrade.status} ${upgrade.code}` : 'not refused';
        t.that('an upgrade is refused', upgrade instanceof Error, refused);
        const ends = await Promise.all(streams.map(async (stream) => stream.end(25_000)));
        const latest = Math.max(...ends.map(({ at }) => at)) - start;
        t.equal('all sockets are closed as restarting', [...new Set(ends.map(({ code }) => code))], [RESTARTING]);
        t.that('within 20 s', latest <= 20_000, `${latest} ms`);
        const delays = ends.map(({ reason }) => Number(/^restarting (\d+)$/.exec(reason)?.[1] ?? NaN));
        const inRange = delays.every((delay) => delay >= 0 && delay <= 10_000);
        t.that('each with a delay of 0 to 10 s', inRange, delays);
        t.that('not all the same', new Set(delays).size > 6, new Set(delays).size);
        const gone = await timeUntil(async () => (await ready()) === 0, 30_000 - (Date.now() - start), 50);
        t.that('gone within 30 s', gone !== undefined, `${Date.now() - start} ms`);
        t.saw(`closed after ${latest} ms, gone after ${Date.now() - start} ms`);
        await sleep(50);
        await t.control.act('start', name);
        t.equal('and back', (await settled(accounts[0]!.phone.connect(node))) instanceof Error, false);
      },
    },
    {
      mark: 'P',
      name: 'every gateway in turn, under load: nothing lost, nothing doubled',
      run: async (t) => {
        const processes = await t.control.processes();
        const names = processes.filter(({ role }) => role === 'gateway' || role === 'server').map(({ name }) => name);
        const load = await Load.begin(await t.tenant(), t.twoNodes());
        for (const name of names) {
          const before = load.accepted;
          await timeUntil(() => load.accepted > before + 60, 60_000);
          await t.control.act('term', name);
          await sleep(500);
          await t.control.act('start', name);
        }
        const { lost, late, doubled, skipped, accepted } = await load.end();
        t.equal('numbers that were skipped', skipped, []);
        t.equal('lost', lost, []);
        t.equal('not given to a connected reader', late, []);
        t.equal('accepted twice', doubled, []);
        t.that('there was a load', accepted >= 60 * names.length, accepted);
        t.saw(`${accepted} accepted, ${names.length} rolled`);
      },
    },
    {
      mark: 'P',
      name: 'every other process in turn, under load',
      run: async (t) => {
        const processes = await t.control.processes();
        const names = processes.filter(({ role }) => role === 'api' || role === 'worker').map(({ name }) => name);
        const load = await Load.begin(await t.tenant(), t.twoNodes());
        for (const name of names) {
          await t.control.act('term', name);
          await sleep(300);
          await t.control.act('start', name);
        }
        await timeUntil(() => load.accepted > 50, 60_000);
        const { lost, late, doubled, skipped, accepted } = await load.end();
        t.equal('numbers that were skipped', skipped, []);
        t.equal('lost', lost, []);
        t.equal('not given to a connected reader', late, []);
        t.equal('accepted twice', doubled, []);
        t.saw(`${accepted} accepted, ${names.length} rolled`);
        t.that('there was a load', accepted >= 50, accepted);
      },
    },
  ],
};
