import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ListVersion, RegistrationId } from '../protocol/ids.js';
import { SottoClient } from './client.js';
import type { ReceivedMessage } from './inbox.js';
import { FakeServer } from './testing.js';

let root: string;
let server: FakeServer;
let open: SottoClient[];
let count: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sotto-sdk-'));
  server = new FakeServer();
  open = [];
  count = 0;
});

afterEach(async () => {
  await Promise.all(open.map((client) => client.close()));
  rmSync(root, { recursive: true, force: true });
});

const key = new Uint8Array(32).fill(7);

function place(folder = `client-${String((count += 1))}`) {
  return { folder: join(root, folder), custody: { kind: 'key', key } as const, host: server.host };
}

function kept(client: SottoClient): SottoClient {
  open.push(client);
  return client;
}

async function person(): Promise<SottoClient> {
  const client = kept(await SottoClient.enrol({ ...place(), server: server.url, code: 'code' }));
  await client.connect();
  return client;
}

async function secondDevice(first: SottoClient): Promise<SottoClient> {
  const link = await SottoClient.openLink({ server: server.url, platform: 'test', name: 'second', host: server.host });
  const approved = first.approveLink(link.text, { confirm: ({ name }) => name === 'second' });
  expect((await link.account()).accountId).toBe(first.me.accountId);
  const client = kept(await SottoClient.finishLink(link, place()));
  await approved;
  await client.connect();
  return client;
}

async function next(client: SottoClient, many = 1): Promise<readonly ReceivedMessage[]> {
  const taken: ReceivedMessage[] = [];
  for await (const message of client.messages(AbortSignal.timeout(5_000))) {
    taken.push(message);
    if (taken.length === many) break;
  }
  return taken;
}

/** Fails by the time limit of the test. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

async function restarted(client: SottoClient, folder: string): Promise<SottoClient> {
  open = open.filter((each) => each !== client);
  await client.close();
  return kept(await SottoClient.open(place(folder)));
}

describe('two people', () => {
  it('talk, and each sees who wrote what under which trust', async () => {
    const alice = await person();
    const bob = await person();
    alice.addContact(bob.me.contactAddress);
    const { messageId, accepted } = alice.send(bob.me.accountId, 'hello');
    await accepted;
    const [received] = await next(bob);
    expect(received).toMatchObject({
      messageId,
      text: 'hello',
      own: false,
      trust: 'first-use',
      conversation: alice.me.accountId,
    });
    expect(alice.trustOf(bob.me.accountId)).toBe('address');
    await bob.send(alice.me.accountId, 'hello yourself').accepted;
    expect((await next(alice))[0]).toMatchObject({ text: 'hello yourself', trust: 'address' });
    expect((await alice.safetyNumber(bob.me.accountId)).text).toBe((await bob.safetyNumber(alice.me.accountId)).text);
  });

  it('with two and three devices see every message on every device, once', async () => {
    const alice = await person();
    const laptop = await secondDevice(alice);
    const bob = await person();
    const tablet = await secondDevice(bob);
    await alice.send(bob.me.accountId, 'to all of you').accepted;
    expect((await next(laptop))[0]).toMatchObject({ text: 'to all of you', own: true, conversation: bob.me.accountId });
    expect((await next(bob))[0]).toMatchObject({ text: 'to all of you', own: false });
    expect((await next(tablet))[0]).toMatchObject({ text: 'to all of you', own: false });
    const desk = await secondDevice(bob);
    await laptop.send(bob.me.accountId, 'and to the new one').accepted;
    for (const device of [alice, bob, tablet, desk]) expect((await next(device))[0]?.text).toBe('and to the new one');
    bob.disconnect().catch(() => undefined);
    await bob.revokeDevice(tablet.me.deviceId);
    await alice.send(bob.me.accountId, 'without the lost one').accepted;
    expect((await next(desk))[0]?.text).toBe('without the lost one');
    expect(server.devices.get(tablet.me.deviceId)?.mail).toEqual([]);
  });

  it('keep the order of what is written faster than it is sent', async () => {
    const [alice, bob] = [await person(), await person()];
    const texts = Array.from({ length: 100 }, (_, index) => `message ${String(index)}`);
    await Promise.all(texts.map((text) => alice.send(bob.me.accountId, text).accepted));
    expect((await next(bob, 100)).map(({ text }) => text)).toEqual(texts);
  });

  it('write offline, restart, and everything arrives once', async () => {
    const bob = await person();
    let alice = await person();
    await alice.disconnect();
    alice.send(bob.me.accountId, 'written offline');
    alice = await restarted(alice, 'client-2');
    await alice.connect();
    await alice.flush();
    expect((await next(bob))[0]?.text).toBe('written offline');
  });
});

describe('a send whose answer is lost', () => {
  it('goes again as the same bytes under the same key after a restart: one copy', async () => {
    const bob = await person();
    let alice = await person();
    await alice.send(bob.me.accountId, 'first').accepted;
    server.loseAnswers = 1;
    const { messageId } = alice.send(bob.me.accountId, 'second');
    await until(() => server.accepted.has(messageId));
    alice = await restarted(alice, 'client-2');
    await alice.connect();
    await alice.flush();
    await alice.send(bob.me.accountId, 'third').accepted;
    expect((await next(bob, 3)).map(({ text }) => text)).toEqual(['first', 'second', 'third']);
  });

  it('is encrypted anew under the same key when the devices changed meanwhile', async () => {
    const [alice, bob] = [await person(), await person()];
    await alice.send(bob.me.accountId, 'one').accepted;
    const tablet = await secondDevice(bob);
    const { messageId, accepted } = alice.send(bob.me.accountId, 'two');
    expect((await accepted).messageId).toBe(messageId);
    expect((await next(tablet))[0]).toMatchObject({ text: 'two', messageId });
  });
});

describe('an account whose key changed', () => {
  it('gets none of the messages that wait for it, and each says why', async () => {
    const [alice, bob, mallory] = [await person(), await person(), await person()];
    await alice.send(bob.me.accountId, 'before').accepted;
    await alice.disconnect();
    const waiting = ['one', 'two', 'three'].map((text) => alice.send(bob.me.accountId, text));
    const stolen = server.chain(mallory.me.accountId);
    const account = server.accounts.get(bob.me.accountId);
    if (stolen === undefined || account === undefined) throw new Error('no chain');
    account.listVersion = 2 as ListVersion;
    server.lie = (chain) => (chain.accountId === bob.me.accountId ? { ...chain, lists: stolen.lists } : chain);
    await alice.connect();
    for (const { accepted } of waiting) await expect(accepted).rejects.toMatchObject({ code: 'account_reset' });
    expect(alice.failed()).toEqual([]);
    await alice.flush();
    expect(alice.held().map(({ text, code }) => [text, code])).toEqual(
      ['one', 'two', 'three'].map((text) => [text, 'account_reset']),
    );
    await expect(alice.send(bob.me.accountId, 'four').accepted).rejects.toMatchObject({ code: 'account_reset' });
    expect(server.accepted.size).toBe(1);
  });
});

describe('receiving', () => {
  it('shows a message that was committed and not taken again after a restart, and never twice', async () => {
    const alice = await person();
    let bob = await person();
    await alice.send(bob.me.accountId, 'one').accepted;
    await alice.send(bob.me.accountId, 'two').accepted;
    expect((await next(bob))[0]?.text).toBe('one');
    bob = await restarted(bob, 'client-2');
    expect((await next(bob))[0]?.text).toBe('two');
  });

  it('acks an envelope that comes again without showing it', async () => {
    const [alice, bob] = [await person(), await person()];
    await alice.send(bob.me.accountId, 'once').accepted;
    await next(bob);
    const mailbox = server.devices.get(bob.me.deviceId);
    const request = [...server.accepted.values()][0];
    const envelope = request?.recipients[0]?.envelopes[0];
    if (mailbox === undefined || envelope === undefined) throw new Error('nothing was sent');
    const { registrationId, kind, control, content } = envelope;
    const bytes = (id: string): Uint8Array => new Uint8Array(Buffer.from(id.replaceAll('-', ''), 'hex'));
    const again = {
      registrationId,
      kind,
      control,
      content,
      senderAccount: bytes(alice.me.accountId),
      senderDevice: bytes(alice.me.deviceId),
    };
    server.put(bob.me.deviceId, again);
    await alice.send(bob.me.accountId, 'after').accepted;
    expect((await next(bob))[0]?.text).toBe('after');
    await until(() => mailbox.mail.length === 0);
  });

  it('leaves mail of a device outside the verified list unacked, says so, and goes on', async () => {
    const [alice, bob] = [await person(), await person()];
    const seen = new Promise((resolve) => {
      bob.subscribe((event) => {
        if (event.kind === 'undecryptable') resolve(event.reason);
      });
    });
    const stranger = new Uint8Array(16).fill(9);
    const senderAccount = new Uint8Array(Buffer.from(alice.me.accountId.replaceAll('-', ''), 'hex'));
    server.put(bob.me.deviceId, {
      registrationId: 1,
      kind: 2,
      control: false,
      content: new Uint8Array(80),
      senderAccount,
      senderDevice: stranger,
    });
    expect(await seen).toBe('unknown_device');
    await alice.send(bob.me.accountId, 'still here').accepted;
    expect((await next(bob))[0]?.text).toBe('still here');
    await until(
      () =>
        server.devices
          .get(bob.me.deviceId)
          ?.mail.map(({ sequence }) => sequence)
          .join() === '1',
    );
  });
});

describe('the store', () => {
  it('is open in one place at a time, closed to the wrong key, and nobody else may read the folder', async () => {
    const alice = await person();
    await expect(SottoClient.open(place('client-1'))).rejects.toMatchObject({ code: 'store_in_use' });
    expect(statSync(join(root, 'client-1')).mode & 0o777).toBe(0o700);
    open = [];
    await alice.close();
    const wrong = { ...place('client-1'), custody: { kind: 'key', key: new Uint8Array(32) } as const };
    await expect(SottoClient.open(wrong)).rejects.toMatchObject({ code: 'store_locked' });
    kept(await SottoClient.open(place('client-1')));
    await expect(SottoClient.open(place('nobody'))).rejects.toMatchObject({ code: 'store_missing' });
    await expect(SottoClient.enrol({ ...place(), server: server.url, code: 'wrong' })).rejects.toMatchObject({
      code: 'invitation_invalid',
    });
    await expect(SottoClient.open(place(`client-${String(count)}`))).rejects.toMatchObject({ code: 'store_missing' });
  });

  it('says what demo custody means', async () => {
    kept(await SottoClient.enrol({ ...place(), custody: { kind: 'demo' }, server: server.url, code: 'code' }));
    expect(server.warnings.join()).toContain('demo custody');
  });

  it('that was restored gives up its sessions and takes a new registration id', async () => {
    const [alice, bob] = [await person(), await person()];
    await alice.send(bob.me.accountId, 'before').accepted;
    const device = server.devices.get(alice.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const before = device.registration.registrationId;
    device.counter = 50;
    await alice.close();
    open = [bob];
    const again = kept(await SottoClient.open(place('client-1')));
    const restored = new Promise<void>((resolve) => {
      again.subscribe(({ kind }) => {
        if (kind === 'store-restored') resolve();
      });
    });
    await again.connect();
    await restored;
    await until(() => device.registration.registrationId !== before);
    await bob.send(alice.me.accountId, 'stale no more').accepted;
    await again.send(bob.me.accountId, 'after').accepted;
    expect((await next(bob, 2)).map(({ text }) => text)).toEqual(['before', 'after']);
    expect((await next(again))[0]?.text).toBe('stale no more');
  });
});

describe('a server that was restored', () => {
  function resets(client: SottoClient): () => number {
    let count = 0;
    client.subscribe(({ kind }) => (count += Number(kind === 'reset')));
    return () => count;
  }

  it('is told of once, gets one-time keys again, and the conversation goes on in its sessions', async () => {
    const [alice, bob] = [await person(), await person()];
    await alice.send(bob.me.accountId, 'before').accepted;
    const device = server.devices.get(bob.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const { registrationId } = device.registration;
    const [told, alicesTold] = [resets(bob), resets(alice)];
    server.incarnation = new Uint8Array(8).fill(1);
    [device.oneTime, device.kyber] = [[], []];
    server.cut(bob.me.deviceId);
    await until(() => device.oneTime.length >= 100 && device.kyber.length >= 100);
    server.cut(bob.me.deviceId);
    await alice.send(bob.me.accountId, 'after').accepted;
    expect((await next(bob, 2)).map(({ text }) => text)).toEqual(['before', 'after']);
    expect([told(), alicesTold()]).toEqual([1, 0]);
    expect(device.registration.registrationId).toBe(registrationId);
  });

  it('that knows an earlier registration id is given the present one', async () => {
    const [alice, bob] = [await person(), await person()];
    const device = server.devices.get(bob.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const present = device.registration.registrationId;
    device.registration = { ...device.registration, registrationId: ((present % 16_000) + 1) as RegistrationId };
    server.incarnation = new Uint8Array(8).fill(1);
    server.cut(bob.me.deviceId);
    await until(() => device.registration.registrationId === present);
    await alice.send(bob.me.accountId, 'hello').accepted;
    expect((await next(bob))[0]?.text).toBe('hello');
  });
});

describe('the clock', () => {
  it.each([-6, 6])('%d hours off is worked around with the time of the server', async (hours) => {
    server.skew = hours * 3_600_000;
    const [alice, bob] = [await person(), await person()];
    const { messageId, accepted } = alice.send(bob.me.accountId, 'when is it');
    await accepted;
    expect(Number.parseInt(messageId.slice(0, 8) + messageId.slice(9, 13), 16)).toBeGreaterThan(server.now() - 10_000);
    expect((await next(bob))[0]?.text).toBe('when is it');
  });
});

describe('prekeys', () => {
  it('are refilled when the server runs low', async () => {
    const alice = await person();
    const device = server.devices.get(alice.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const { oneTime } = device;
    device.oneTime = oneTime.slice(0, 3);
    device.kyber = [];
    server.cut(alice.me.deviceId);
    await until(() => device.oneTime.length >= 100 && device.kyber.length >= 100);
    expect(new Set(device.oneTime.map(({ id }) => id)).size).toBe(100);
    const bob = await person();
    await bob.send(alice.me.accountId, 'hello').accepted;
    expect((await next(alice))[0]?.text).toBe('hello');
  });
});
