import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../libs/protocol/limits.js';
import { SottoClient } from '../../libs/sdk/client.js';
import type { ApprovedDevice } from '../../libs/sdk/link-old.js';
import { Device } from '../world/device.js';
import { hostFor } from '../world/host.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

interface Waiting {
  readonly deviceId: string;
  readonly accountId: string;
  readonly addedBy: string;
  readonly fingerprint: string;
  readonly state: string;
}

const custody = { kind: 'key', key: new Uint8Array(32).fill(3) } as const;

describe('linking with an admin', () => {
  let world: World;
  let root: string;
  let no = 0;
  const open: Device[] = [];

  beforeAll(async () => {
    world = await World.create();
    root = mkdtempSync(join(tmpdir(), 'sotto-approval-'));
  });
  afterAll(async () => {
    await Promise.all(open.map((device) => device.close()));
    await world.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Other processes follow within three seconds. */
  async function policy(of: World, linking: 'off' | 'user' | 'user+admin'): Promise<void> {
    await of.admin.put(`/v1/admin/tenants/${of.tenantId}/policy`, { tokens: 'bearer', linking });
    await new Promise((resolve) => setTimeout(resolve, 3_200));
  }
  const at = () => `/v1/admin/tenants/${world.tenantId}/pending-devices`;
  const waiting = async (): Promise<readonly Waiting[]> =>
    (await world.admin.get<{ devices: readonly Waiting[] }>(at())).devices;

  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'linked',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
    );

  const newPlace = () => ({ folder: join(root, String((no += 1))), custody, host: hostFor(world.place, 1) });

  /** Up to the moment when both sides have been told that an admin is asked. */
  async function ask(person: Person, place: ReturnType<typeof newPlace>) {
    const patience = new AbortController();
    const link = await SottoClient.openLink({
      server: world.place.api,
      platform: 'test',
      name: 'laptop',
      host: place.host,
    });
    const approval = person.phone.client.approveLink(link.text, { confirm: () => true });
    approval.catch(() => undefined);
    await link.account();
    const told = Promise.withResolvers<{ readonly until: number; readonly fingerprint: string }>();
    const finished = SottoClient.finishLink(link, place, { onWaiting: told.resolve, signal: patience.signal });
    finished.catch(told.reject);
    // The new device's word first: it may have been refused, and then the old one only hears that it left.
    const waiting = await told.promise;
    return { approved: await approval, told: waiting, finished, leave: () => patience.abort() };
  }

  async function usable(person: Person, client: SottoClient, place: ReturnType<typeof newPlace>): Promise<void> {
    const laptop = await Device.started(client, { ...place, label: 'laptop' });
    open.push(laptop);
    const other = await world.person(`other ${String(no)}`);
    await other.phone.send(person, 'to both');
    expect([await person.phone.nextText(), await laptop.nextText()]).toEqual(['to both', 'to both']);
  }

  it('shows the same fingerprint to all three, and adds the device when the admin says yes', async () => {
    await policy(world, 'user+admin');
    const [bob, place] = [await world.person('bob'), newPlace()];
    const { approved, told, finished } = await ask(bob, place);
    expect(told.until).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    const [device] = await waiting();
    expect(device).toMatchObject({
      accountId: bob.accountId,
      addedBy: bob.phone.client.me.deviceId,
      deviceId: approved.deviceId,
      state: 'waiting',
      fingerprint: told.fingerprint,
    });
    expect(JSON.stringify(device)).not.toContain('laptop');
    expect(told.fingerprint).toMatch(/^([0-9A-Z]{4}-){5}[0-9A-Z]{4}$/);
    expect(approved.fingerprint).toBe(told.fingerprint);
    expect(await bob.phone.event('link-waiting')).toMatchObject({ name: 'laptop', fingerprint: told.fingerprint });
    expect(await bob.phone.client.devices()).toHaveLength(1);
    await world.admin.post(`${at()}/${approved.deviceId}/approve`, {});
    expect(await bob.phone.event('link-decided')).toMatchObject({ deviceId: approved.deviceId, error: undefined });
    await usable(bob, await finished, place);
    expect(await waiting()).toEqual([]);
  });

  it('goes on where it was when both sides were closed before the admin came', async () => {
    const [carol, place] = [await world.person('carol'), newPlace()];
    const { approved, finished, leave } = await ask(carol, place);
    leave();
    expect(await codeOf(finished)).toBe('link_waiting');
    expect(await codeOf(SottoClient.open(place))).toBe('link_waiting');
    await carol.phone.goOffline();
    await world.admin.post(`${at()}/${approved.deviceId}/approve`, {});
    expect(await codeOf(SottoClient.open(place))).toBe('link_waiting');
    await carol.phone.restart();
    expect(await carol.phone.event('link-decided')).toMatchObject({ error: undefined });
    await usable(carol, await SottoClient.open(place), place);
  });

  it('tells both sides of a no, and leaves nothing', async () => {
    const [dave, place] = [await world.person('dave'), newPlace()];
    const { approved, finished } = await ask(dave, place);
    const refused = codeOf(finished);
    await world.admin.post(`${at()}/${approved.deviceId}/deny`, {});
    expect(await refused).toBe('link_denied');
    const { error } = await dave.phone.event('link-decided');
    expect(error?.code).toBe('approval_denied');
    expect(await codeOf(SottoClient.open(place))).toBe('store_missing');
    expect(await dave.phone.client.devices()).toHaveLength(1);
    const { rows } = await world.admin.get<{ rows: readonly { action: string; targetId: string }[] }>(
      `/v1/admin/audit?tenantId=${world.tenantId}&limit=10`,
    );
    expect(rows).toContainEqual(expect.objectContaining({ action: 'device.deny', targetId: approved.deviceId }));
  });

  it('holds so many devices of an account and no more, and says so', async () => {
    const erin = await world.person('erin');
    const asked = [];
    for (let count = 0; count < LIMITS.pendingDevices; count += 1) asked.push(await ask(erin, newPlace()));
    expect(await codeOf(ask(erin, newPlace()))).toBe('limited');
    for (const { leave } of asked) leave();
    expect(await Promise.all(asked.map(({ finished }) => codeOf(finished)))).toEqual(asked.map(() => 'link_waiting'));
    expect(await erin.phone.client.devices()).toHaveLength(1);
  });

  it('is off for everybody where the policy says so, by name on both sides', async () => {
    const closed = await world.neighbour();
    const erin = await closed.person('erin');
    await policy(closed, 'off');
    const link = await SottoClient.openLink({
      server: world.place.api,
      platform: 'test',
      name: 'x',
      host: hostFor(world.place, 1),
    });
    const codes = [erin.phone.client.approveLink(link.text, { confirm: () => true }), link.account()].map(codeOf);
    expect(await Promise.all(codes)).toEqual(['link_off', 'link_off']);
    expect(await erin.phone.client.devices()).toHaveLength(1);
    await closed.close();
  });
});

describe('linking by its person alone', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.close());

  it('one text answered by two devices, of one account and of two: one wins, the other is told, nobody is half', async () => {
    const [bob, mallory] = [await world.person('bob'), await world.person('mallory')];
    const tablet = await bob.device('tablet');
    const root = mkdtempSync(join(tmpdir(), 'sotto-two-'));
    for (const [round, rival] of [tablet.client, mallory.phone.client].entries()) {
      if (rival === tablet.client)
        await bob.phone.client.setMayLink({ deviceId: tablet.client.me.deviceId, mayLink: true });
      const link = await SottoClient.openLink({ server: world.place.api, platform: 'test', name: 'x' });
      // Who has the session takes a look at the new device for as long as it takes to tell the other one: a text is taken while it is in use.
      const told = Promise.withResolvers<boolean>();
      const confirm = (): Promise<boolean> => told.promise;
      const answers = [bob.phone.client, rival].map((client) => client.approveLink(link.text, { confirm }));
      for (const answer of answers) answer.catch(() => told.resolve(true));
      const outcomes = Promise.allSettled(answers);
      const { accountId } = await link.account();
      const laptop = await SottoClient.finishLink(link, { folder: join(root, String(round)), custody });
      const settled = await outcomes;
      const won = settled.filter((one): one is PromiseFulfilledResult<ApprovedDevice> => one.status === 'fulfilled');
      const lost = settled.filter((one): one is PromiseRejectedResult => one.status === 'rejected');
      expect(won.map(({ value }) => value.deviceId)).toEqual([laptop.me.deviceId]);
      expect(lost.map(({ reason }) => (reason as { code: string }).code)).toEqual(['link_taken']);
      expect(laptop.me.accountId).toBe(accountId);
      await laptop.connect();
      const mine = accountId === bob.accountId ? bob : mallory;
      const other = mine === bob ? mallory : bob;
      const ids = async (person: Person) => (await person.phone.client.devices()).map(({ deviceId }) => deviceId);
      expect(await ids(mine)).toContain(laptop.me.deviceId);
      expect(await ids(other)).not.toContain(laptop.me.deviceId);
      await laptop.close();
    }
    rmSync(root, { recursive: true, force: true });
  });

  it('every device of the account hears who came and who went, also when it was offline, and removes it in one step', async () => {
    const frank = await world.person('frank');
    const tablet = await frank.device('tablet');
    await tablet.goOffline();
    const laptop = await frank.device('laptop');
    const { deviceId } = laptop.client.me;
    const heard = await frank.phone.allOf('device-added', 2);
    expect(heard.map(({ name }) => name)).toEqual(['tablet', 'laptop']);
    expect(heard[1]).toMatchObject({ deviceId, mayLink: false });
    await tablet.goOnline();
    const added = await tablet.event('device-added');
    expect(added).toMatchObject({ deviceId, addedBy: frank.phone.client.me.deviceId });
    expect(added.addedOnDay).toBe(Math.floor(Date.now() / 86_400_000));
    await tablet.client.revokeDevice(added.deviceId);
    const gone = { deviceId, reason: 'owner' };
    expect(await frank.phone.event('device-removed')).toMatchObject({ ...gone, name: 'laptop' });
    expect(await tablet.event('device-removed')).toMatchObject(gone);
    expect((await laptop.event('stopped')).error.code).toBe('revoked');
  });

  it('by an admin or a reset: those that stay hear of it, and those that go are stopped', async () => {
    const grace = await world.person('grace');
    const tablet = await grace.device('tablet');
    const at = `/v1/admin/tenants/${world.tenantId}/accounts/${grace.accountId}`;
    await world.admin.delete(`${at}/devices/${tablet.client.me.deviceId}`);
    expect(await grace.phone.event('device-removed')).toMatchObject({ reason: 'admin', name: 'tablet' });
    await world.admin.post(`${at}/reset`, {});
    expect((await grace.phone.event('stopped')).error.code).toBe('revoked');
  });
});
