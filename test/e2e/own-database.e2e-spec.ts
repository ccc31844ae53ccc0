import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/platform/embedded-postgres.js';
import type { ClientEvent } from '../../libs/sdk/events.js';
import { quietPort } from '../conformance/own/ports.js';
import type { Device } from '../world/device.js';
import { textOf } from '../world/raw-device.js';
import { until } from '../world/until.js';
import { installationKind, World } from '../world/world.js';

/** Milliseconds for what comes by itself, on a machine that has other things to do. */
const SOON = 60_000;

describe('an installation and its PostgreSQL', () => {
  const home = mkdtempSync(join(tmpdir(), 'sotto-database-'));
  const folder = join(home, 'postgres');
  let postgres: EmbeddedPostgres;
  let world: World;

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({ folder, port: await quietPort() });
    world = await World.alone(installationKind(), { postgresUrl: postgres.url });
  }, 60_000);

  afterAll(async () => {
    await world.close();
    await postgres.stop();
    for (const left of [home, postgres.data, `${postgres.data}.backup`]) rmSync(left, { recursive: true, force: true });
  }, 60_000);

  async function startDatabase(): Promise<void> {
    postgres = await startEmbeddedPostgres({ folder, port: postgres.port });
  }

  async function asAdmin(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  const name = (): string => new URL(world.place.databaseUrl).pathname.slice(1);

  async function switchReadOnly(to: 'on' | 'off'): Promise<void> {
    await asAdmin(`alter database ${name()} set default_transaction_read_only = ${to}`);
    // Waits for each of them: one that was still there would write.
    await asAdmin(`select pg_terminate_backend(pid, 30000) from pg_stat_activity where datname = '${name()}'`);
  }

  async function untilReady(): Promise<void> {
    await until('the api is ready again', async () => (await fetch(`${world.place.api}/readyz`)).status === 200, SOON);
  }

  it('loses nothing that it has accepted when all of it is killed right after the answer, PostgreSQL too (D1)', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const line = await alice.phone.connect();
    const letters = ['over the stream', 'over REST'].map((text) => alice.phone.letter([bob], text));
    const [first, second] = letters;
    if (first === undefined || second === undefined) throw new Error('unreachable');
    const accepted = await line.send(first);
    expect(accepted.kind).toBe('accepted');
    expect((await alice.phone.post(second)).status).toBe(200);
    await Promise.all([postgres.kill(), world.processes.killAll()]);
    await startDatabase();
    await world.processes.startAll();
    expect(await (await alice.phone.connect(1)).send(first)).toEqual(accepted);
    const bobs = await bob.phone.connect();
    expect((await bobs.mail(2)).map(textOf)).toEqual(['over the stream', 'over REST']);
  }, 90_000);

  it('says not_stored while the database is read-only, and goes on reading (D1)', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const letter = alice.phone.letter([bob], 'when it can be written');
    await alice.phone.accessToken();
    await switchReadOnly('on');
    try {
      await untilReady();
      const refused = await alice.phone.post(letter);
      expect([refused.status, refused.json?.['code']]).toEqual([503, 'not_stored']);
      const chain = await alice.phone.ask({ method: 'GET', path: `/v1/accounts/${bob.accountId}/devices?from=1` });
      expect(chain.status).toBe(200);
    } finally {
      await switchReadOnly('off');
    }
    await untilReady();
    expect((await alice.phone.post(letter)).status).toBe(200);
    expect((await (await bob.phone.connect()).mail()).map(textOf)).toEqual(['when it can be written']);
  }, 90_000);

  it('is begun anew by every client after a backup was restored and `sotto restored` said so (D26)', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    const [carol, dave] = [await world.rawPerson('carol'), await world.rawPerson('dave')];
    await alice.phone.send(bob, 'before the backup');
    expect(await bob.phone.nextText()).toBe('before the backup');
    const token = await carol.phone.accessToken();
    const before = (await (await dave.phone.connect()).next('ready')).ready;
    expect(before.stock.oneTime).toBe(2);

    await backUp();
    await alice.phone.send(bob, 'after the backup');
    expect(await bob.phone.nextText()).toBe('after the backup');
    await Promise.all([alice.phone.goOffline(), bob.phone.goOffline()]);

    await restore();

    const refused = await carol.phone.ask({ method: 'GET', path: '/v1/policy' });
    expect([refused.status, refused.json?.['code']]).toEqual([401, 'token_expired']);
    expect(await carol.phone.freshToken()).not.toBe(token);
    await Promise.all([alice.phone.goOnline(), bob.phone.goOnline()]);
    await Promise.all([alice.phone.event('reset'), bob.phone.event('reset')]);
    await alice.phone.send(bob, 'after the restore');
    await bob.phone.send(alice, 'and back');
    expect(await bob.phone.nextText()).toBe('after the restore');
    expect(await alice.phone.nextText()).toBe('and back');

    const { rows } = await world.admin.get<{ rows: object[] }>('/v1/admin/audit?limit=1');
    expect(rows).toMatchObject([{ action: 'installation.restore', outcome: 'done', reason: 'a story' }]);
    dave.phone.forgetToken();
    const again = (await (await dave.phone.connect()).next('ready')).ready;
    expect(again.incarnation).not.toEqual(before.incarnation);
    expect(again.stock).toEqual({ oneTime: 0, kyber: 0, low: true });
  }, 180_000);

  it('gets devices and tombstones of after the backup back from the devices that know of them (D26)', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    const tablet = await bob.device('tablet');
    await alice.phone.send(bob, 'to phone and tablet');
    expect([await bob.phone.nextText(), await tablet.nextText()]).toEqual(Array(2).fill('to phone and tablet'));
    await backUp();
    const laptop = await bob.device('laptop');
    await bob.phone.client.revokeDevice(tablet.client.me.deviceId);
    await alice.phone.send(bob, 'to phone and laptop');
    expect([await bob.phone.nextText(), await laptop.nextText()]).toEqual(Array(2).fill('to phone and laptop'));
    const before = await bob.phone.client.devices();
    await Promise.all([alice.phone, bob.phone, laptop].map(async (device) => device.goOffline()));

    await restore();

    await expect(laptop.goOnline()).rejects.toMatchObject({ code: 'unknown_to_server' });
    await bob.phone.goOnline();
    await untilOnline(laptop);
    await alice.phone.goOnline();
    await expect(tablet.goOnline()).rejects.toMatchObject({ code: 'unknown_to_server' });
    expect(await bob.phone.client.devices()).toEqual(before);
    expect(await alice.phone.client.devices(bob.accountId)).toEqual(before);
    await alice.phone.send(bob, 'after the restore');
    await laptop.send(alice, 'and back');
    expect([await bob.phone.nextText(), await laptop.nextText()]).toEqual(Array(2).fill('after the restore'));
    expect([await alice.phone.nextText(), await bob.phone.nextText()]).toEqual(Array(2).fill('and back'));
    const troubles = [alice.phone, bob.phone, laptop].flatMap(({ events }) => events.filter(isOfLists));
    expect(troubles).toEqual([]);
    expect(tablet.waiting).toEqual([]);
  }, 180_000);

  /** A base backup: the files of a stopped cluster. */
  async function backUp(): Promise<void> {
    await postgres.stop();
    rmSync(`${postgres.data}.backup`, { recursive: true, force: true });
    execFileSync('cp', ['-a', postgres.data, `${postgres.data}.backup`]);
    await startDatabase();
    await untilReady();
  }

  async function restore(): Promise<void> {
    await world.processes.killAll();
    await postgres.stop();
    rmSync(postgres.data, { recursive: true });
    execFileSync('cp', ['-a', `${postgres.data}.backup`, postgres.data]);
    await startDatabase();
    expect(await sotto('restored', '--reason', 'a story')).toMatchObject({ code: 0 });
    await world.processes.startAll();
  }

  /** The server knows the device as soon as another one of its account has told of it. */
  async function untilOnline(device: Device): Promise<void> {
    const isOnline = async (): Promise<boolean> =>
      device.goOnline().then(
        () => true,
        () => false,
      );
    await until('the device is in again', isOnline, SOON);
  }

  function isOfLists(event: ClientEvent): boolean {
    return event.kind === 'trouble' && event.error.code.startsWith('device_list');
  }

  async function sotto(...args: string[]): Promise<{ readonly code: number | null; readonly said: string }> {
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, DATABASE_URL: world.place.databaseUrl };
    const child = spawn(process.execPath, ['dist/apps/cli/src/main.js', ...args], { env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
    return new Promise((resolve) => child.once('exit', (code) => resolve({ code, said })));
  }
});
