import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { Db } from '../../libs/platform/postgres.js';
import { ask } from '../world/ask.js';
import { Running, sotto } from '../world/command.js';
import { Line } from '../world/line.js';
import type { RawDevice } from '../world/raw-device.js';
import { World } from '../world/world.js';

// Starts commands and processes, one after another.
jest.setTimeout(180_000);

const SOON = 30_000;
const KEYS = { method: 'GET', path: '/v1/keys' };

describe('the keys of the server', () => {
  let world: World;
  let db: Db;
  beforeAll(async () => {
    world = await World.alone();
    await world.loosen();
    db = Db.connect({ url: world.place.databaseUrl, max: 2, application: 'spec' });
  });
  afterAll(async () => {
    await db.close();
    await world.close();
  });

  const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;

  /** What REST and every gateway make of the token. */
  async function opens(device: RawDevice): Promise<readonly unknown[]> {
    const rest = (await device.ask(KEYS)).status;
    const streams = world.place.gateways.map(async (url) => {
      const line = await Line.open(`${url}/v1/stream`, await device.upgrade()).catch((error: unknown) => String(error));
      if (typeof line === 'string') return Number(/\d{3}$/.exec(line)?.[0]);
      await line.close();
      return 101;
    });
    return [rest, ...(await Promise.all(streams))];
  }
  const everywhere = (rest: number, stream: number) => [rest, ...world.place.gateways.map(() => stream)];

  async function until<Value>(wanted: Value, look: () => Promise<Value>): Promise<void> {
    const end = Date.now() + SOON;
    let seen = await look();
    while (JSON.stringify(seen) !== JSON.stringify(wanted) && Date.now() < end) {
      await sleep(250);
      seen = await look();
    }
    expect(seen).toEqual(wanted);
  }

  it('rotate without a restart: old tokens live on, new ones have the new key, and a pruned key is refused', async () => {
    const [old, fresh] = [await world.rawPerson('old'), await world.rawPerson('fresh')];
    const [carol, dave] = [await world.person('carol'), await world.person('dave')];
    const before = kidOf(await old.phone.accessToken());
    const { exit, said } = await sotto(world.place, ['keys', 'rotate', '--reason', 'every quarter']);
    expect(exit).toBe(0);
    const kid = said.trim();
    expect(await opens(old.phone)).toEqual(everywhere(200, 101));
    await until(kid, async () => kidOf(await fresh.phone.freshToken()));
    expect(await opens(fresh.phone)).toEqual(everywhere(200, 101));
    expect(await opens(old.phone)).toEqual(everywhere(200, 101));

    await db.commit('update signing_key set ends_at = 1 where kid = $1', [before]);
    await until(everywhere(401, 401), () => opens(old.phone));
    expect(await opens(fresh.phone)).toEqual(everywhere(200, 101));
    // People's clients held tokens of the old key; they get others by themselves.
    await carol.phone.client.devices(dave.accountId);
    await carol.phone.send(dave, 'under the new key');
    expect(await dave.phone.nextText()).toBe('under the new key');
    const { rows } = await world.admin.get<{ rows: object[] }>('/v1/admin/audit?limit=1');
    expect(rows).toMatchObject([
      { action: 'signing-key.rotate', targetId: kid, reason: 'every quarter', tenantId: null },
    ]);
  });

  it('end at once when they are in other hands', async () => {
    const alice = await world.rawPerson('alice');
    expect(await opens(alice.phone)).toEqual(everywhere(200, 101));
    expect((await sotto(world.place, ['keys', 'rotate', '--end-old'])).exit).toBe(0);
    await until(everywhere(401, 401), () => opens(alice.phone));
    expect((await alice.phone.grant()).status).toBe(200);
  });

  it('move under another master key, killed between two and run again, with every process up; then started with it', async () => {
    const bob = await world.rawPerson('bob');
    const file = `${world.place.masterKeyFile}-2`;
    await db.commit('update signing_key set wrapped_by = $1', ['somebody']);
    const rewrap = ['keys', 'rotate', '--master-key-file', file];
    const foreign = async () =>
      (await db.query<{ n: number }>(`select count(*)::int4 as n from signing_key where wrapped_by = 'somebody'`))[0]
        ?.n;
    const all = (await foreign()) ?? 0;
    expect(all).toBeGreaterThan(1);
    await db.transact(async (tx) => {
      // The last key that a run comes to is held, so that it stands between two when it is killed.
      await tx.sql(`select kid from signing_key where kid =
        (select kid from signing_key order by signs_from, created_at, ends_at nulls last, kid desc limit 1) for update`);
      const running = new Running(world.place, rewrap);
      // Said something, so that PostgreSQL does not take the transaction for a forgotten one.
      await until(1, async () => {
        await tx.sql('select 1');
        return foreign();
      });
      running.child.kill('SIGKILL');
      expect((await running.done).exit).toBeNull();
    });
    expect(await opens(bob.phone)).toEqual(everywhere(200, 101));
    const runs = await Promise.all([sotto(world.place, rewrap), sotto(world.place, rewrap)]);
    expect(runs.map(({ exit }) => exit)).toEqual([0, 0]);
    expect(await foreign()).toBe(0);
    expect((await bob.phone.grant()).status).toBe(200);
    expect(await opens(bob.phone)).toEqual(everywhere(200, 101));

    const names = Object.keys(world.processes.pids);
    const [serving = ''] = names;
    await expect(world.processes.restart(serving)).rejects.toThrow('another master key');
    expect((await sotto(world.place, ['doctor'])).said).toContain('does not unwrap');
    world.processes.configure({ SOTTO_MASTER_KEY_FILE: file });
    for (const name of names) await world.processes.restart(name);
    expect(await opens(bob.phone)).toEqual(everywhere(200, 101));
    expect((await sotto(world.place, ['doctor'], { SOTTO_MASTER_KEY_FILE: file })).said).toContain(
      'unwraps the signing keys',
    );
  });

  it('and the tokens under them are in no line of a log, though somebody puts them into addresses', async () => {
    const { phone } = await world.rawPerson('erin');
    const token = await phone.accessToken();
    for (const name of ['access_token', 'token', 'Authorization_Token']) {
      const query = `?${name}=${token}`;
      expect((await ask(world.place.api, { ...KEYS, path: KEYS.path + query })).status).toBe(400);
      const shown = await phone.credentials(KEYS);
      expect((await ask(world.place.api, { ...KEYS, path: KEYS.path + query, headers: shown })).status).toBe(400);
      for (const url of world.place.gateways)
        await expect(Line.open(`${url}/v1/stream${query}`, await phone.upgrade())).rejects.toThrow('400');
    }
    const logs = Object.keys(world.processes.pids)
      .map((name) => world.processes.logOf(name))
      .join('');
    expect(logs).toContain('/v1/keys');
    for (const part of [token, token.split('.')[2] ?? '', readFileSync(world.place.masterKeyFile, 'utf8').trim()])
      expect(logs.includes(part)).toBe(false);
  });
});
