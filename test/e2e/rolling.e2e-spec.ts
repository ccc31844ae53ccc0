import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '../../libs/platform/migrate.js';
import { textOf } from '../world/raw-device.js';
import { until } from '../world/until.js';
import type { RawPerson } from '../world/raw-person.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

/** Two ordinary letter writers and a raw pair, writing until they are stopped. */
class Traffic {
  readonly texts: string[] = [];
  readonly posted: string[] = [];
  private readonly stopping = new AbortController();
  private readonly work: Promise<unknown>;

  constructor(
    private readonly from: Person,
    private readonly to: Person,
    private readonly raw: { readonly from: RawPerson; readonly to: RawPerson },
  ) {
    this.work = Promise.all([this.write(), this.post()]);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
    await this.from.phone.client.flush();
  }

  private async write(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const text = `line ${String(this.texts.length)}`;
      this.texts.push(text);
      this.from.phone.client.send(this.to.accountId, text).accepted.catch(() => undefined);
      await sleep(100);
    }
  }

  /** As a careful client over REST: the same letter until it is accepted. */
  private async post(): Promise<void> {
    const { from, to } = this.raw;
    while (!this.stopping.signal.aborted) {
      const text = `letter ${String(this.posted.length)}`;
      const letter = from.phone.letter([to], text);
      while (
        (await from.phone.post(letter).then(
          ({ status }) => status,
          () => 0,
        )) !== 200
      )
        await sleep(50);
      this.posted.push(text);
      await sleep(50);
    }
  }
}

describe('rolling', () => {
  let world: World;
  const folder = mkdtempSync(join(tmpdir(), 'sotto-migrations-'));

  beforeAll(async () => {
    world = await World.alone();
    // It writes for as long as processes take to start: what a limit makes wait is another story.
    await world.loosen();
    cpSync('prisma/migrations', folder, { recursive: true });
  }, 60_000);

  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  }, 60_000);

  async function during(work: () => Promise<void>): Promise<void> {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    const [carol, dave] = [await world.rawPerson('carol'), await world.rawPerson('dave')];
    const traffic = new Traffic(alice, bob, { from: carol, to: dave });
    await sleep(500);
    await work();
    await sleep(500);
    await traffic.stop();
    expect(await bob.phone.nextTexts(traffic.texts.length)).toEqual(traffic.texts);
    const line = await dave.phone.connect();
    for (let left = traffic.posted.length; left > 0; left -= 100)
      line.ack(await line.mail(Math.min(left, 100)), 'through');
    await line.next('queue-empty');
    expect(bob.phone.waiting).toEqual([]);
    expect(line.allMail.map(textOf)).toEqual(traffic.posted);
    expect(line.allMail.map(({ sequence }) => sequence)).toEqual(traffic.posted.map((_, index) => index + 1));
  }

  async function rollAll(): Promise<void> {
    for (const name of Object.keys(world.processes.pids)) await world.processes.restart(name);
  }

  async function readiness(): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await fetch(`${world.place.api}/readyz`);
    return { status: answer.status, text: await answer.text() };
  }

  async function addMigration(name: string, sql: string): Promise<void> {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'migration.sql'), sql);
    // As its operator does: where it came to no lock in time, it is run again.
    await until('the migration is applied', async () => {
      const fault = await migrate(world.place.databaseUrl, folder).then(() => '', String);
      if (fault !== '') expect(fault).toMatch(/lock timeout/);
      return fault === '';
    });
  }

  it('every process, one after another, under load: nothing lost, nothing twice, who was connected is told when to return (D22)', async () => {
    const [erin] = [await world.rawPerson('erin')];
    const lines = [await erin.phone.connect(0)];
    await during(rollAll);
    for (const line of lines) {
      const { code, reason } = await line.end();
      expect(code).toBe(4000);
      expect(Number(/^restarting (\d+)$/.exec(reason)?.[1])).toBeLessThan(10_000);
    }
    for (const name of Object.keys(world.processes.pids))
      expect(world.processes.logOf(name)).not.toMatch(/not everything stopped/);
  }, 180_000);

  it('is not ready from the signal on and takes no connection, while it sends its clients away; a second signal ends it (D22)', async () => {
    const name = Object.keys(world.processes.pids).includes('gateway-1') ? 'gateway-1' : 'server';
    const url = (world.place.gateways[0] ?? '').replace('ws', 'http');
    // Too many to go at once.
    const lines = [];
    for (let count = 0; count < 60; count += 1) lines.push(await world.provision(0));
    // And they do not answer, so that it is still at it when it is looked at.
    for (const line of lines) line.pause();
    world.processes.signal(name, 'SIGTERM');
    while ((await fetch(`${url}/readyz`)).status === 200) await sleep(10);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    await expect(world.provision(0)).rejects.toThrow(/503/);
    world.processes.signal(name, 'SIGTERM');
    expect(await world.processes.gone(name)).toBe('SIGTERM');
    for (const line of lines) line.resume();
    await world.processes.startPart(name);
  }, 60_000);

  it('over a schema that is one ahead, added under load: ready, and nothing lost; two ahead is refused (D25)', async () => {
    await during(async () => {
      await addMigration(
        '9998_next',
        `set local lock_timeout = '2s';
         create table next_thing (id uuid primary key, note text not null default '');
         alter table account add column next_note text;
         alter table mailbox add column next_number int8 not null default 0;
         create index next_thing_note on next_thing (note);`,
      );
      expect(await readiness()).toMatchObject({ status: 200 });
      await rollAll();
      expect(await readiness()).toMatchObject({ status: 200 });
    });
    await addMigration('9999_after_next', 'create table after_next (id uuid primary key);');
    const refused = await readiness();
    expect(refused.status).toBe(503);
    expect(refused.text).toMatch(/2 migrations ahead of this release/);
  }, 180_000);
});
