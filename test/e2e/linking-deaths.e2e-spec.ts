import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SottoClient } from '../../libs/sdk/client.js';
import type { NewLink } from '../../libs/sdk/link-new.js';
import { Device } from '../world/device.js';
import { hostFor } from '../world/host.js';
import { Mortal, type Moment } from '../world/mortal.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

const custody = { kind: 'key', key: new Uint8Array(32).fill(9) } as const;

/** Real clients, cut off at one moment; then their disks are opened again. */
describe('dying while linking leaves a device or nothing', () => {
  let world: World;
  let alice: Person;
  let root: string;
  const open: { close(): Promise<void> }[] = [];
  /** Those that nobody has made a Device of. */
  const phones = new Set<SottoClient>();
  let no = 0;

  beforeAll(async () => {
    world = await World.create();
    alice = await world.person('alice');
    root = mkdtempSync(join(tmpdir(), 'sotto-deaths-'));
  });
  afterAll(async () => {
    await Promise.all([...open, ...phones].map((one) => one.close()));
    await world.close();
    rmSync(root, { recursive: true, force: true });
  });

  const alive = (index: number) => hostFor(world.place, index);

  async function couple({ oldDies, newDies }: { readonly oldDies?: Moment; readonly newDies?: Moment }) {
    const folder = join(root, String((no += 1)));
    const side = (name: 'old' | 'new', dieAt: Moment | undefined) => {
      const place = { folder: join(folder, name), remains: join(folder, `${name} remains`) };
      return { ...place, mortal: new Mortal(alive(name === 'old' ? 0 : 1), { ...place, side: name, dieAt }) };
    };
    const [old, fresh] = [side('old', oldDies), side('new', newDies)];
    const place = { folder: old.folder, custody, host: old.mortal.host };
    const phone = await SottoClient.enrol({ ...place, server: world.place.api, code: await world.invitation() });
    await phone.connect();
    phones.add(phone);
    const link = await SottoClient.openLink({
      server: world.place.api,
      platform: 'test',
      name: 'laptop',
      host: fresh.mortal.host,
    });
    return { old, fresh, phone, link };
  }

  type Couple = Awaited<ReturnType<typeof couple>>;

  const codeOf = (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'linked',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
    );

  async function finish({ link, fresh }: Couple, signal: AbortSignal): Promise<Device> {
    await link.account();
    const place = { folder: fresh.folder, custody, host: fresh.mortal.host };
    const client = await SottoClient.finishLink(link, place, { signal });
    return started(client, fresh.folder);
  }

  async function started(client: SottoClient, folder: string, index = 1): Promise<Device> {
    const device = await Device.started(client, { folder, custody, label: folder, host: alive(index) });
    open.push(device);
    phones.delete(client);
    return device;
  }

  async function reopened(folder: string, index: number): Promise<Device> {
    return started(await SottoClient.open({ folder, custody, host: alive(index) }), folder, index);
  }

  const approve = (couple: Couple): Promise<unknown> =>
    couple.phone.approveLink(couple.link.text, { confirm: () => true });

  /** Both get what is written to them, and one gets what the other sent. */
  async function bothUsable(phone: Device, laptop: Device): Promise<void> {
    const text = `to both ${String(no)}`;
    await alice.phone.client.send(phone.client.me.accountId, text).accepted;
    expect([await phone.nextText(), await laptop.nextText()]).toEqual([text, text]);
    await laptop.client.send(alice.accountId, 'from the laptop').accepted;
    expect(await phone.nextText()).toBe('from the laptop');
  }

  /** One device is listed, it gets its mail, and it can link another at once. */
  async function aloneAndUsable(phone: Device): Promise<void> {
    expect(await phone.client.devices()).toHaveLength(1);
    const link: NewLink = await SottoClient.openLink({
      server: world.place.api,
      platform: 'test',
      name: 'second try',
      host: alive(1),
    });
    const approval = phone.client.approveLink(link.text, { confirm: () => true });
    await link.account();
    const folder = join(root, `second ${String(no)}`);
    const laptop = await started(await SottoClient.finishLink(link, { folder, custody, host: alive(1) }), folder);
    await approval;
    await bothUsable(phone, laptop);
  }

  const beforeAgreeing: readonly Moment[] = ['in claimed', 'out hello', 'in account', 'out register', 'in registered'];

  it.each(beforeAgreeing)('the new one, %s: nothing is left, and the old one links again', async (newDies) => {
    const both = await couple({ newDies });
    const [old, fresh] = await Promise.all([codeOf(approve(both)), codeOf(finish(both, both.fresh.mortal.death))]);
    expect(old).toBe('link_ended');
    expect(fresh).not.toBe('linked');
    const opened = await codeOf(reopened(both.fresh.remains, 1));
    expect(['store_missing', 'link_waiting']).toContain(opened);
    await aloneAndUsable(await started(both.phone, both.old.folder, 0));
  });

  it('the new one, when it has only shown its text: the old one is told', async () => {
    const both = await couple({});
    both.fresh.mortal.die();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await codeOf(approve(both))).toBe('link_ended');
    await aloneAndUsable(await started(both.phone, both.old.folder, 0));
  });

  it.each<Moment>(['out statement', 'in done'])(
    'the new one, %s: it is a device when it is opened again',
    async (newDies) => {
      const both = await couple({ newDies });
      const fresh = codeOf(finish(both, both.fresh.mortal.death));
      expect(await codeOf(approve(both))).toBe('linked');
      expect(await fresh).not.toBe('linked');
      const laptop = await reopened(both.fresh.remains, 1);
      expect(await laptop.client.devices()).toHaveLength(2);
      await bothUsable(await started(both.phone, both.old.folder, 0), laptop);
    },
  );

  const oldBeforeList: readonly Moment[] = ['out claim', 'in claimed', 'in hello'];

  it.each(oldBeforeList)('the old one, %s: nothing is left, and it links again after a restart', async (oldDies) => {
    const both = await couple({ oldDies });
    const fresh = codeOf(finish(both, new AbortController().signal));
    expect(await codeOf(approve(both))).not.toBe('linked');
    expect(await fresh).toBe('link_ended');
    expect(await codeOf(SottoClient.open({ folder: both.fresh.folder, custody, host: alive(1) }))).toBe(
      'store_missing',
    );
    await aloneAndUsable(await reopened(both.old.remains, 0));
  });

  it.each<Moment>(['out account', 'in statement'])(
    'the old one, %s: the new one waits in vain, and says so',
    async (oldDies) => {
      const both = await couple({ oldDies });
      const patience = new AbortController();
      const fresh = codeOf(finish(both, patience.signal));
      expect(await codeOf(approve(both))).toBe('link_ended');
      const phone = await reopened(both.old.remains, 0);
      await aloneAndUsable(phone);
      patience.abort();
      // Cut before it has agreed, it knows that nothing can come of it.
      const left = await fresh;
      expect(['link_waiting', ...(oldDies === 'out account' ? ['link_ended'] : [])]).toContain(left);
      const opened = await codeOf(SottoClient.open({ folder: both.fresh.folder, custody, host: alive(1) }));
      expect(opened).toBe(left === 'link_ended' ? 'store_missing' : 'link_waiting');
      expect(await phone.client.devices()).toHaveLength(2);
    },
  );

  it.each<Moment>(['list unsent', 'list stored', 'out done'])(
    'the old one, %s: both are devices, the old one after a restart, the new one without',
    async (oldDies) => {
      const both = await couple({ oldDies });
      const fresh = finish(both, new AbortController().signal);
      fresh.catch(() => undefined);
      await codeOf(approve(both));
      const phone = await reopened(both.old.remains, 0);
      const laptop = await fresh;
      expect(await phone.client.devices()).toHaveLength(2);
      await bothUsable(phone, laptop);
    },
  );

  it('both, when the list is signed and unsent: the new one is a device as soon as the old one is back', async () => {
    const both = await couple({ oldDies: 'list unsent', newDies: 'out statement' });
    await Promise.all([codeOf(approve(both)), codeOf(finish(both, both.fresh.mortal.death))]);
    expect(await codeOf(reopened(both.fresh.remains, 1))).toBe('link_waiting');
    const phone = await reopened(both.old.remains, 0);
    await phone.event('link-decided');
    await bothUsable(phone, await reopened(both.fresh.remains, 1));
  });
});
