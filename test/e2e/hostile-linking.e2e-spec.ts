import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import { encodeLinkAccount, encodeLinkHello } from '../../libs/protocol/link-messages.js';
import type { LinkFrame } from '../../libs/protocol/link-frames.js';
import { SottoClient } from '../../libs/sdk/client.js';
import { sealLink } from '../../libs/sdk/link-seal.js';
import { testDevice } from '../../libs/signal/testing.js';
import type { Evil, Lies, Tap } from '../world/evil.js';
import type { Person } from '../world/person.js';
import { World } from '../world/world.js';

describe('a server that meddles with linking', () => {
  let world: World;
  let evil: Evil;

  beforeAll(async () => {
    world = await World.create();
    evil = await world.evilServer();
  });
  afterEach(() => {
    evil.honest();
  });
  afterAll(async () => {
    await world.close();
  });

  const guess = (session: Uint8Array) => ({ session, secret: new Uint8Array(systemIds.bytes(32)) });
  const freshLink = () =>
    SottoClient.openLink({ server: world.place.api, platform: 'test', name: 'new', host: evil.host(0) });
  /** Sealed messages on their way to the new device, or to the old one. */
  const relayed = (
    to: 'new' | 'old',
    change: (link: LinkFrame & { step: 'sealed' }) => readonly LinkFrame[],
  ): Lies => ({
    down: (frame, { path }) =>
      frame.kind === 'link' && frame.link.step === 'sealed' && (path === '/v1/link') === (to === 'new')
        ? change(frame.link).map((link) => ({ kind: 'link', link }))
        : [frame],
  });
  const linkedAgain = async (person: Person): Promise<void> => {
    evil.honest();
    const before = (await person.phone.client.devices()).length;
    const device = await person.device(`after ${systemIds.uuid()}`);
    expect(await person.phone.client.devices()).toHaveLength(before + 1);
    await person.phone.client.send(person.accountId, 'to myself').accepted;
    expect(await device.nextText()).toBe('to myself');
  };

  it('answers the new device itself, without the secret: link_not_authentic, nothing is stored', async () => {
    const mallory = await world.rawPerson('mallory');
    evil.lie({
      up: (frame, tap) => {
        if (frame.kind !== 'link' || frame.link.step !== 'sealed' || tap.path !== '/v1/link') return [frame];
        const { session } = frame.link;
        const { tenantId, accountId, key } = mallory.account;
        const chain = { accountId, listVersion: mallory.listVersion, lists: [], tombstones: [] };
        const message = encodeLinkAccount({ tenantId, accountId, accountKey: key.publicKey, chain });
        const sealed = sealLink(guess(session), { direction: 'old-to-new', step: 'account', message });
        tap.toClient({ kind: 'link', link: { session, step: 'sealed', sealed } });
        return [];
      },
      down: (frame, tap) => {
        if (frame.kind !== 'link' || frame.link.step !== 'opened') return [frame];
        // Nobody has claimed it but the server.
        tap.toClient(frame);
        return [{ kind: 'link', link: { session: frame.link.session, step: 'claimed' } }];
      },
    });
    const link = await freshLink();
    await expect(link.account()).rejects.toMatchObject({ code: 'link_not_authentic' });
    await linkedAgain(await world.person('alice', { through: evil }));
  });

  it('shows the old device one of its own: link_not_authentic before anybody is asked', async () => {
    const alice = await world.person('alice', { through: evil });
    const keys = testDevice(systemIds.uuid());
    const { deviceId, authKey } = keys;
    const hello = { deviceId, authKey, identityKey: keys.identity.publicKey, platform: 'evil', name: 'nice' };
    evil.lie(
      relayed('old', (frame) => {
        const of = { direction: 'new-to-old', step: 'hello', message: encodeLinkHello(hello) } as const;
        return [{ ...frame, sealed: sealLink(guess(frame.session), of) }];
      }),
    );
    const link = await freshLink();
    let asked = false;
    const confirm = () => (asked = true);
    const approval = alice.phone.client.approveLink(link.text, { confirm });
    link.account().catch(() => undefined);
    await expect(approval).rejects.toMatchObject({ code: 'link_not_authentic' });
    expect(asked).toBe(false);
    link.cancel();
    expect(await alice.phone.client.devices()).toHaveLength(1);
    await linkedAgain(alice);
  });

  const altered = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte));
  it.each(['new', 'old'] as const)('alters what goes to the %s device: link_not_authentic', async (to) => {
    const alice = await world.person('alice', { through: evil });
    evil.lie(relayed(to, (frame) => [{ ...frame, sealed: altered(frame.sealed) }]));
    await refusedOn(to, alice);
    await linkedAgain(alice);
  });

  it('replays a message of the relay in place of the next one: link_not_authentic', async () => {
    const alice = await world.person('alice', { through: evil });
    let first: LinkFrame | undefined;
    evil.lie(relayed('old', (frame) => [(first ??= frame)]));
    const link = await freshLink();
    const approval = alice.phone.client.approveLink(link.text, { confirm: () => true });
    approval.catch(() => undefined);
    await link.account();
    const folder = mkdtempSync(join(tmpdir(), 'sotto-half-'));
    const place = { folder: join(folder, 'device'), custody: { kind: 'key', key: new Uint8Array(32) } as const };
    await expect(SottoClient.finishLink(link, { ...place, host: evil.host(0) })).rejects.toMatchObject({
      code: expect.stringMatching(/^link_(ended|refused)$/),
    });
    await expect(approval).rejects.toMatchObject({ code: 'link_not_authentic' });
    rmSync(folder, { recursive: true, force: true });
    expect(await alice.phone.client.devices()).toHaveLength(1);
    await linkedAgain(alice);
  });

  it('swaps the messages of two sessions: link_not_authentic in both', async () => {
    const [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob', { through: evil })];
    // Each hello waits for the other one; then they change places.
    let held: { readonly frame: LinkFrame & { step: 'sealed' }; readonly tap: Tap } | undefined;
    evil.lie({
      down: (frame, tap) => {
        if (frame.kind !== 'link' || frame.link.step !== 'sealed' || tap.path === '/v1/link') return [frame];
        const second = frame.link;
        if (held === undefined) {
          held = { frame: second, tap };
          return [];
        }
        const first = held.frame;
        held.tap.toClient({ kind: 'link', link: { ...first, sealed: second.sealed } });
        return [{ kind: 'link', link: { ...second, sealed: first.sealed } }];
      },
    });
    const links = [await freshLink(), await freshLink()] as const;
    for (const link of links) link.account().catch(() => undefined);
    const approvals = [alice, bob].map(async ({ phone }, at) =>
      phone.client.approveLink(links[at === 0 ? 0 : 1].text, { confirm: () => true }),
    );
    for (const outcome of await Promise.allSettled(approvals))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'link_not_authentic' } });
    for (const link of links) link.cancel();
    await linkedAgain(alice);
    await linkedAgain(bob);
  });

  async function refusedOn(to: 'new' | 'old', { phone }: Person): Promise<void> {
    const link = await freshLink();
    const approval = phone.client.approveLink(link.text, { confirm: () => true });
    const [old, fresh] = await Promise.allSettled([approval, link.account()]);
    expect(to === 'old' ? old : fresh).toMatchObject({ reason: { code: 'link_not_authentic' } });
    expect((to === 'old' ? fresh : old).status).toBe('rejected');
    expect(await phone.client.devices()).toHaveLength(1);
  }
});
