import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeServerFrame } from '../protocol/frames.js';
import type { ListVersion, Sequence } from '../protocol/ids.js';
import { SottoClient } from './client.js';
import { nodeHost, type Host } from './host.js';
import { next, testPeople, until } from './testing-people.js';

const people = testPeople({ beforeEach, afterEach });
const person = () => people().person();

async function secondDevice(first: SottoClient): Promise<SottoClient> {
  const { server } = people();
  const link = await SottoClient.openLink({ server: server.url, platform: 'test', name: 'second', host: server.host });
  const approved = first.approveLink(link.text, { confirm: ({ name }) => name === 'second' });
  expect((await link.account()).accountId).toBe(first.me.accountId);
  const client = people().kept(await SottoClient.finishLink(link, people().place()));
  await approved;
  await client.connect();
  return client;
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
    expect(people().server.devices.get(tablet.me.deviceId)?.mail).toEqual([]);
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
    alice = await people().restarted(alice, 'client-2');
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
    people().server.loseAnswers = 1;
    const { messageId } = alice.send(bob.me.accountId, 'second');
    await until(() => people().server.accepted.has(messageId));
    alice = await people().restarted(alice, 'client-2');
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
    const stolen = people().server.chain(mallory.me.accountId);
    const account = people().server.accounts.get(bob.me.accountId);
    if (stolen === undefined || account === undefined) throw new Error('no chain');
    account.listVersion = 2 as ListVersion;
    people().server.lie = (chain) => (chain.accountId === bob.me.accountId ? { ...chain, lists: stolen.lists } : chain);
    await alice.connect();
    for (const { accepted } of waiting) await expect(accepted).rejects.toMatchObject({ code: 'account_reset' });
    expect(alice.failed()).toEqual([]);
    await alice.flush();
    expect(alice.held().map(({ text, code }) => [text, code])).toEqual(
      ['one', 'two', 'three'].map((text) => [text, 'account_reset']),
    );
    await expect(alice.send(bob.me.accountId, 'four').accepted).rejects.toMatchObject({ code: 'account_reset' });
    expect(people().server.accepted.size).toBe(1);
  });
});

describe('receiving', () => {
  it('shows a message that was committed and not taken again after a restart, and never twice', async () => {
    const alice = await person();
    let bob = await person();
    await alice.send(bob.me.accountId, 'one').accepted;
    await alice.send(bob.me.accountId, 'two').accepted;
    expect((await next(bob))[0]?.text).toBe('one');
    bob = await people().restarted(bob, 'client-2');
    expect((await next(bob))[0]?.text).toBe('two');
  });

  it('acks an envelope that comes again without showing it', async () => {
    const [alice, bob] = [await person(), await person()];
    await alice.send(bob.me.accountId, 'once').accepted;
    await next(bob);
    const mailbox = people().server.devices.get(bob.me.deviceId);
    const request = [...people().server.accepted.values()][0];
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
    people().server.put(bob.me.deviceId, again);
    await alice.send(bob.me.accountId, 'after').accepted;
    expect((await next(bob))[0]?.text).toBe('after');
    await until(() => mailbox.mail.length === 0);
  });

  it('tells of mail that never came: the mailbox is numbered without holes', async () => {
    const [alice, bob] = [await person(), await person()];
    const missing = new Promise((resolve) => {
      bob.subscribe((event) => {
        if (event.kind === 'mail-missing') resolve([event.from, event.to]);
      });
    });
    await alice.send(bob.me.accountId, 'one').accepted;
    expect((await next(bob))[0]?.text).toBe('one');
    const mailbox = people().server.devices.get(bob.me.deviceId);
    if (mailbox === undefined) throw new Error('no mailbox');
    mailbox.sequence += 2;
    await alice.send(bob.me.accountId, 'four').accepted;
    expect((await next(bob))[0]?.text).toBe('four');
    expect(await missing).toEqual([2, 3]);
  });

  it('tells of mail that the server removed once, acks the gap, and finds no further hole there', async () => {
    const [alice, bob] = [await person(), await person()];
    const told: unknown[] = [];
    bob.subscribe((event) => {
      if (event.kind === 'mail-lost' || event.kind === 'mail-missing') told.push(event);
    });
    const mailbox = people().server.devices.get(bob.me.deviceId);
    if (mailbox === undefined) throw new Error('no mailbox');
    await alice.send(bob.me.accountId, 'one').accepted;
    expect((await next(bob))[0]?.text).toBe('one');
    const gap = { from: 3 as Sequence, to: 4 as Sequence, id: new Uint8Array(8).fill(1), reason: 'age' } as const;
    mailbox.stream?.say({ kind: 'gap', gap });
    mailbox.sequence += 4;
    await alice.send(bob.me.accountId, 'six').accepted;
    expect((await next(bob))[0]?.text).toBe('six');
    expect(told).toEqual([
      { kind: 'mail-lost', from: 3, to: 4, reason: 'age' },
      { kind: 'mail-missing', from: 2, to: 2 },
      { kind: 'mail-missing', from: 5, to: 5 },
    ]);
    await until(() => people().server.acks.some(({ sequence, id }) => sequence === gap.to && id[0] === 1));
  });

  it('shows trust by contact address before the account was fetched', async () => {
    const [alice, bob] = [await person(), await person()];
    expect(alice.trustOf(bob.me.accountId)).toBeUndefined();
    alice.addContact(bob.me.contactAddress);
    expect(alice.trustOf(bob.me.accountId)).toBe('address');
  });

  it('takes and acks what comes along with the answer to the upgrade', async () => {
    const { host } = people().server;
    const openSocket: Host['openSocket'] = async (url, options) => {
      const emptied = Promise.withResolvers<undefined>();
      const onMessage: typeof options.onMessage = (bytes) => {
        options.onMessage(bytes);
        if (decodeServerFrame(bytes)?.kind === 'queue-empty') emptied.resolve(undefined);
      };
      const socket = await host.openSocket(url, { ...options, onMessage });
      await emptied.promise;
      // Long enough for a message to be opened.
      await nodeHost.delay(200, new AbortController().signal);
      return socket;
    };
    const place = { ...people().place(), host: { ...host, openSocket } };
    const bob = people().kept(await SottoClient.enrol({ ...place, server: people().server.url, code: 'code' }));
    const alice = await person();
    await alice.send(bob.me.accountId, 'early').accepted;
    await bob.connect();
    expect((await next(bob))[0]?.text).toBe('early');
    await until(() => people().server.devices.get(bob.me.deviceId)?.mail.length === 0);
  });

  it('opens later, on the same connection, what it could not ask the server about at first', async () => {
    let away = false;
    const { host } = people().server;
    const fetch: Host['fetch'] = (url, request) =>
      away ? Promise.reject(new Error('away')) : host.fetch(url, request);
    const bob = people().kept(
      await SottoClient.enrol({
        ...people().place(),
        host: { ...host, fetch },
        server: people().server.url,
        code: 'code',
      }),
    );
    await bob.connect();
    const alice = await person();
    const told: string[] = [];
    bob.subscribe((event) => {
      if (event.kind === 'undecryptable' || event.kind === 'disconnected') told.push(event.kind);
    });
    away = true;
    for (const text of ['one', 'two']) await alice.send(bob.me.accountId, text).accepted;
    await until(() => told.length === 2);
    away = false;
    expect((await next(bob, 2)).map(({ text }) => text)).toEqual(['one', 'two']);
    expect(told).toEqual(['undecryptable', 'undecryptable']);
    await until(() => people().server.devices.get(bob.me.deviceId)?.mail.length === 0);
    expect(people().server.nacks).toEqual([]);
  });

  it('shows what a device wrote in its order, also when the server could be asked again only after the first of it', async () => {
    let away = false;
    const { host } = people().server;
    const fetch: Host['fetch'] = (url, request) =>
      away ? Promise.reject(new Error('away')) : host.fetch(url, request);
    // It is not tried again by itself as long as this lasts.
    const delay: Host['delay'] = (ms, signal) => host.delay(ms === 2_000 ? 60_001 : ms, signal);
    const place = { ...people().place(), host: { ...host, fetch, delay } };
    const bob = people().kept(await SottoClient.enrol({ ...place, server: people().server.url, code: 'code' }));
    await bob.connect();
    const [alice, carol] = [await person(), await person()];
    let told = 0;
    bob.subscribe((event) => {
      if (event.kind === 'undecryptable') told += 1;
    });
    away = true;
    for (const text of ['one', 'two']) await alice.send(bob.me.accountId, text).accepted;
    await until(() => told === 2);
    away = false;
    await carol.send(bob.me.accountId, 'of another').accepted;
    await alice.send(bob.me.accountId, 'three').accepted;
    expect((await next(bob, 4)).map(({ text }) => text)).toEqual(['of another', 'one', 'two', 'three']);
    expect(told).toBe(2);
    await until(() => people().server.devices.get(bob.me.deviceId)?.mail.length === 0);
  });

  it('refuses mail of a device outside the verified list, says so, and goes on', async () => {
    const [alice, bob] = [await person(), await person()];
    const seen = new Promise((resolve) => {
      bob.subscribe((event) => {
        if (event.kind === 'undecryptable') resolve(event.reason);
      });
    });
    const stranger = new Uint8Array(16).fill(9);
    const senderAccount = new Uint8Array(Buffer.from(alice.me.accountId.replaceAll('-', ''), 'hex'));
    people().server.put(bob.me.deviceId, {
      registrationId: 1,
      kind: 2,
      control: false,
      content: new Uint8Array(80),
      senderAccount,
      senderDevice: stranger,
    });
    expect(await seen).toBe('unknown_device');
    await until(() => people().server.nacks.length > 0);
    expect(people().server.nacks).toMatchObject([{ sequence: 1, reason: 'untrusted' }]);
    await alice.send(bob.me.accountId, 'still here').accepted;
    expect((await next(bob))[0]?.text).toBe('still here');
    await until(
      () =>
        people()
          .server.devices.get(bob.me.deviceId)
          ?.mail.map(({ sequence }) => sequence)
          .join() === '1',
    );
  });
});

describe('the store', () => {
  it('is open in one place at a time, closed to the wrong key, and nobody else may read the folder', async () => {
    const alice = await person();
    await expect(SottoClient.open(people().place('client-1'))).rejects.toMatchObject({ code: 'store_in_use' });
    expect(statSync(join(people().root, 'client-1')).mode & 0o777).toBe(0o700);
    await people().closed(alice);
    const wrong = { ...people().place('client-1'), custody: { kind: 'key', key: new Uint8Array(32) } as const };
    await expect(SottoClient.open(wrong)).rejects.toMatchObject({ code: 'store_locked' });
    people().kept(await SottoClient.open(people().place('client-1')));
    await expect(SottoClient.open(people().place('nobody'))).rejects.toMatchObject({ code: 'store_missing' });
    await expect(
      SottoClient.enrol({ ...people().place('refused'), server: people().server.url, code: 'wrong' }),
    ).rejects.toMatchObject({
      code: 'invitation_invalid',
    });
    await expect(SottoClient.open(people().place('refused'))).rejects.toMatchObject({
      code: 'store_missing',
    });
  });

  it('that was restored gives up its sessions and takes a new registration id', async () => {
    const [alice, bob] = [await person(), await person()];
    await alice.send(bob.me.accountId, 'before').accepted;
    const device = people().server.devices.get(alice.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const before = device.registration.registrationId;
    device.counter = 50;
    await people().closed(alice);
    const again = people().kept(await SottoClient.open(people().place('client-1')));
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
