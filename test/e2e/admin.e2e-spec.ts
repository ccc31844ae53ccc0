import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sotto } from '../world/command.js';
import { textOf, type RawDevice } from '../world/raw-device.js';
import { Line } from '../world/line.js';
import type { RawPerson } from '../world/raw-person.js';
import { World } from '../world/world.js';

/** That it comes. How soon (two seconds, D17) the kit judges, which knows how slow the machine is meanwhile. */
const WITHIN = 15_000;

describe('an admin', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });

  afterAll(async () => {
    await world.close();
  });

  const at = ({ accountId }: { readonly accountId: string }) =>
    `/v1/admin/tenants/${world.tenantId}/accounts/${accountId}`;
  const suspend = async (person: RawPerson) => world.admin.put(`${at(person)}/suspension`, {});
  const lift = async (person: RawPerson) => world.admin.delete(`${at(person)}/suspension`);

  async function refused(device: RawDevice, since: number): Promise<void> {
    while ((await device.ask({ method: 'GET', path: '/v1/keys' })).json?.['code'] !== 'account_suspended') {
      expect(performance.now() - since).toBeLessThan(WITHIN);
      await sleep(50);
    }
  }

  /** The lifting reaches this gateway as the suspension did. */
  async function reopened(device: RawDevice, gateway: number): Promise<Line> {
    const since = performance.now();
    for (;;) {
      const line = await device.connect(gateway).catch(() => undefined);
      if (line !== undefined) return line;
      expect(performance.now() - since).toBeLessThan(WITHIN);
      await sleep(50);
    }
  }

  it('suspends an account on every node, and lifts it without a loss', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const laptop = await bob.link();
    const sending = await alice.phone.connect();
    expect(await sending.send(alice.phone.letter([bob], 'before'))).toMatchObject({ kind: 'accepted' });
    const lines = [await bob.phone.connect(0), await laptop.connect(1)];
    for (const line of lines) await line.mail();
    const waiting = alice.phone.letter([bob], 'waiting');
    expect(await sending.send(waiting)).toMatchObject({ kind: 'accepted' });

    await suspend(bob);
    const since = performance.now();
    expect(await sending.send(alice.phone.letter([bob], 'during'))).toMatchObject({
      kind: 'mismatch',
      mismatched: [],
      closed: [bob.accountId],
    });
    for (const line of lines) expect((await line.end()).code).toBe(4005);
    await Promise.all([refused(bob.phone, since), refused(laptop, since)]);
    expect(performance.now() - since).toBeLessThan(WITHIN);
    expect(await bob.phone.grant()).toMatchObject({ status: 403, json: { code: 'account_suspended' } });
    expect((await bob.phone.post(bob.phone.letter([alice], 'from outside'))).status).toBe(403);
    for (const url of world.place.gateways)
      await expect(Line.open(`${url}/v1/stream`, await laptop.upgrade())).rejects.toThrow('403');

    await lift(bob);
    const mail = await (await reopened(bob.phone, 1)).mail(2);
    expect(mail.map(textOf)).toEqual(['before', 'waiting']);
    expect(await sending.send(alice.phone.letter([bob], 'after'))).toMatchObject({ kind: 'accepted' });
    expect(await world.admin.get(at(bob))).toMatchObject({ state: 'active', activeDevices: 2 });
  });

  it('suspends a person whose own client comes back by itself when that is lifted', async () => {
    const [alice, bob] = [await world.person('alice'), await world.person('bob')];
    await world.admin.put(`${at(bob)}/suspension`, {});
    await bob.phone.event('disconnected');
    await world.admin.delete(`${at(bob)}/suspension`);
    await alice.phone.send(bob, 'welcome back');
    expect(await bob.phone.nextText()).toBe('welcome back');
  });

  it('sees devices with the day they were last seen, never finer, and takes one away', async () => {
    const { accountId, phone } = await world.rawPerson('ivan');
    await phone.accessToken();
    const read = async () => (await world.admin.get<{ devices: object[] }>(`${at({ accountId })}/devices`)).devices;
    const today = new Date().toISOString().slice(0, 10);
    const [before] = await read();
    expect(before).toMatchObject({ deviceId: phone.id, active: true });
    // The test may run over midnight.
    expect([today, new Date().toISOString().slice(0, 10)]).toContain((before as { lastSeenOn: string }).lastSeenOn);
    expect(Object.keys(before ?? {}).sort()).toEqual([
      'active',
      'addedOn',
      'deviceId',
      'lastSeenOn',
      'mayLink',
      'reason',
    ]);
    await world.admin.delete(`${at({ accountId })}/devices/${phone.id}`);
    expect(await read()).toMatchObject([{ deviceId: phone.id, active: false, reason: 'admin', lastSeenOn: null }]);
  });

  it('does from the command line what REST offers: accounts, devices, a reset, a policy, tokens, the audit', async () => {
    const { tenantId, place } = world;
    const judy = await world.rawPerson('judy');
    const run = async (...args: string[]) => {
      const { exit, said, complained } = await sotto(place, args);
      expect([args.join(' '), exit, complained]).toEqual([args.join(' '), 0, complained]);
      return said;
    };
    const tenant = ['--tenant', tenantId];
    const made = (await run('account', 'create', ...tenant)).trim();
    expect(await run('account', 'list', ...tenant)).toContain(made);
    expect(await run('account', 'show', judy.accountId, ...tenant)).toMatch(
      /LAST SEEN[^]*\d{4}-\d{2}-\d{2} +\d{4}-\d{2}-\d{2}/,
    );
    expect(await run('policy', tenantId, 'tokens=bearer', 'idleDays=30')).toMatch(/tokens +bearer[^]*idleDays +30/);
    expect(await run('policy', tenantId, 'tokens=dpop')).toMatch(/tokens +dpop[^]*idleDays +30/);
    const code = await run('account', 'reset', judy.accountId, ...tenant, '--yes', '--reason', 'lost both');
    expect(code.trim()).not.toBe('');
    expect(await run('account', 'show', judy.accountId, ...tenant)).toContain('removed (reset)');
    expect(await run('token', 'list')).toContain('LAST USED');
    expect(await run('audit', ...tenant)).toContain('lost both');
  }, 120_000);

  it('deletes an account, which is unknown from then on', async () => {
    const [alice, bob] = [await world.rawPerson('alice'), await world.rawPerson('bob')];
    const [sending, line] = [await alice.phone.connect(), await bob.phone.connect(1)];
    expect(await sending.send(alice.phone.letter([bob], 'one'))).toMatchObject({ kind: 'accepted' });
    await world.admin.delete(at(bob));
    const since = performance.now();
    expect(await sending.send(alice.phone.letter([bob], 'two'))).toMatchObject({
      kind: 'mismatch',
      closed: [],
      unknown: [bob.accountId],
    });
    expect((await line.end()).code).toBe(4403);
    expect(performance.now() - since).toBeLessThan(WITHIN);
    expect((await bob.phone.grant()).status).toBe(401);
    for (const path of [`/v1/accounts/${bob.accountId}/devices`])
      expect((await alice.phone.ask({ method: 'GET', path })).status).toBe(404);
    expect(await world.admin.get(at(bob))).toMatchObject({ state: 'deleted', activeDevices: 0 });
    const again = await world.admin.raw('POST', `/v1/admin/tenants/${world.tenantId}/accounts`, {
      accountId: bob.accountId,
    });
    expect(again.status).toBe(409);
    const { rows } = await world.admin.get<{ rows: object[] }>(`/v1/admin/audit?tenantId=${world.tenantId}&limit=2`);
    expect(rows).toMatchObject([
      { action: 'account.create', outcome: 'conflict', targetId: bob.accountId },
      { action: 'account.delete', outcome: 'done', targetId: bob.accountId, reason: null },
    ]);
  });
});
