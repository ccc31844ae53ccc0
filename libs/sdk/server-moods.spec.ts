import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ListVersion, RegistrationId } from '../protocol/ids.js';
import { problem } from '../protocol/problems.js';
import { SottoClient } from './client.js';
import type { Host } from './host.js';
import { Store } from './store/store.js';
import { next, testPeople, until } from './testing-people.js';
import { refusal } from './testing-relay.js';

const people = testPeople({ beforeEach, afterEach });
const person = () => people().person();

describe('a server that says "later"', () => {
  it.each([
    [10 ** 12, 60_000],
    [1, 100],
    [5_000, 5_000],
  ])('and means %i ms is waited for %i ms', async (retryAfterMs, waited) => {
    const bob = await person();
    const delays: number[] = [];
    const delay: Host['delay'] = (ms, signal) => {
      delays.push(ms);
      return people().server.host.delay(ms, signal);
    };
    const host = { ...people().server.host, delay };
    const alice = people().kept(
      await SottoClient.enrol({ ...people().place(), host, server: people().server.url, code: 'code' }),
    );
    await alice.connect();
    people().server.refusing = problem('limited', 'slowly', { retryAfterMs });
    const { accepted } = alice.send(bob.me.accountId, 'patience');
    await until(() => delays.includes(waited));
    expect(delays).not.toContain(retryAfterMs === waited ? 0 : retryAfterMs);
    people().server.refusing = undefined;
    await accepted;
  });
});

describe('a connection that another one displaces', () => {
  it('is left to that one, unless an attempt of its own was given up just before: then it comes once more', async () => {
    const alice = await person();
    const { server } = people();
    const told: string[] = [];
    let down = 0;
    alice.subscribe((event) => {
      if (event.kind === 'connected') told.push('connected');
      if (event.kind === 'stopped') told.push(event.error.code);
      if (event.kind === 'disconnected') down += 1;
    });
    const displace = (): void => server.cut(alice.me.deviceId, 4409);
    server.online = false;
    server.cut(alice.me.deviceId);
    await until(() => down > 1);
    server.online = true;
    await until(() => told.length === 1);
    displace();
    await until(() => told.length === 2);
    displace();
    await until(() => told.length === 3);
    expect(told).toEqual(['connected', 'connected', 'displaced']);
  });
});

describe('a gateway that has moved', () => {
  it('is found where the server says, now and at the next start', async () => {
    const [alice, bob] = [await person(), await person()];
    people().server.gateway = 'ws://moved.test';
    people().server.cut(alice.me.deviceId);
    people().server.cut(bob.me.deviceId);
    await alice.send(bob.me.accountId, 'still here').accepted;
    expect((await next(bob))[0]?.text).toBe('still here');
    await people().closed(alice);
    const sockets: string[] = [];
    const { host } = people().server;
    const openSocket: Host['openSocket'] = (url, options) => {
      sockets.push(url);
      return host.openSocket(url, options);
    };
    const again = people().kept(
      await SottoClient.open({ ...people().place('client-1'), host: { ...host, openSocket } }),
    );
    await again.connect();
    expect(sockets).toEqual(['ws://moved.test/v1/stream']);
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
    const device = people().server.devices.get(bob.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const { registrationId } = device.registration;
    const [told, alicesTold] = [resets(bob), resets(alice)];
    people().server.incarnation = new Uint8Array(8).fill(1);
    [device.oneTime, device.kyber] = [[], []];
    people().server.cut(bob.me.deviceId);
    await until(() => device.oneTime.length >= 100 && device.kyber.length >= 100);
    people().server.cut(bob.me.deviceId);
    await alice.send(bob.me.accountId, 'after').accepted;
    expect((await next(bob, 2)).map(({ text }) => text)).toEqual(['before', 'after']);
    expect([told(), alicesTold()]).toEqual([1, 0]);
    expect(device.registration.registrationId).toBe(registrationId);
  });

  it('that knows an earlier registration id is given the present one', async () => {
    const [alice, bob] = [await person(), await person()];
    const device = people().server.devices.get(bob.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const present = device.registration.registrationId;
    device.registration = { ...device.registration, registrationId: ((present % 16_000) + 1) as RegistrationId };
    people().server.incarnation = new Uint8Array(8).fill(1);
    people().server.cut(bob.me.deviceId);
    await until(() => device.registration.registrationId === present);
    await alice.send(bob.me.accountId, 'hello').accepted;
    expect((await next(bob))[0]?.text).toBe('hello');
  });
});

describe('a server that has forgotten a part of the own account', () => {
  /** As it was before the last rotation, and before the tombstone. */
  async function forgotten() {
    const before = await person();
    await before.rotateAccountKey(before.recoveryCode());
    // Nothing of before is under way any more.
    await people().closed(before);
    const alice = people().kept(await SottoClient.open(people().place('client-1')));
    const account = people().server.accounts.get(alice.me.accountId);
    if (account === undefined) throw new Error('no account');
    const told: string[] = [];
    alice.subscribe((event) => {
      if (event.kind === 'trouble') told.push(event.error.code);
    });
    const { listVersion } = account;
    const lists = [...account.lists];
    account.lists.splice(1);
    account.listVersion = 1 as ListVersion;
    people().server.incarnation = new Uint8Array(8).fill(1);
    return { alice, account, lists, listVersion, told };
  }

  it('is told all of it before anything is sent, and a message goes out under it', async () => {
    const { alice, account, lists, listVersion } = await forgotten();
    const bob = await person();
    await alice.connect();
    await until(() => people().server.histories.length > 0);
    expect(people().server.histories[0]).toMatchObject({ accountId: alice.me.accountId, listVersion });
    expect(account).toMatchObject({ lists, listVersion });
    await alice.send(bob.me.accountId, 'as before').accepted;
    expect((await next(bob))[0]?.text).toBe('as before');
  });

  it('is not called one that rolls back, whatever it says of the list before it has been told', async () => {
    const { alice, account, told } = await forgotten();
    const bob = await person();
    const { server } = people();
    server.onHistory = async () => {
      server.tell(account);
      await sleep(20);
      return undefined;
    };
    await alice.connect();
    await alice.send(bob.me.accountId, 'at once').accepted;
    await until(() => server.histories.length > 0);
    await alice.devices();
    expect(told).toEqual([]);
  });

  it('and cannot take it now is told again before anybody sees its list', async () => {
    const { alice, account, lists, told } = await forgotten();
    const { server } = people();
    let tries = 0;
    server.onHistory = () => {
      tries += 1;
      return Promise.resolve(tries < 4 ? refusal(problem('not_stored', 'try again later')) : undefined);
    };
    await alice.connect();
    await until(() => server.histories.length > 0);
    await alice.devices();
    expect([told, account.lists]).toEqual([[], lists]);
  });

  it('is told also by a device that holds only the last list so far, once that has fetched the others', async () => {
    const alice = await person();
    await alice.rotateAccountKey(alice.recoveryCode());
    const { lists } = people().server.accounts.get(alice.me.accountId) ?? {};
    await people().closed(alice);
    const { folder, custody } = people().place('client-1');
    const store = Store.open(folder, custody.key);
    store.transact((tx) => {
      tx.run('delete from own_list');
    });
    store.close();
    const again = people().kept(await SottoClient.open(people().place('client-1')));
    await again.devices();
    people().server.incarnation = new Uint8Array(8).fill(1);
    await again.connect();
    await until(() => people().server.histories.length > 0);
    expect(people().server.histories[0]?.lists).toEqual(lists);
  });

  it('and of the device itself says so by name, and takes it again once it knows it', async () => {
    const [alice, bob] = [await person(), await person()];
    const { deviceId } = alice.me;
    const device = people().server.devices.get(deviceId);
    if (device === undefined) throw new Error('no device');
    const { registrationId } = device.registration;
    await people().closed(alice);
    people().server.devices.delete(deviceId);
    const again = people().kept(await SottoClient.open(people().place('client-1')));
    await expect(again.connect()).rejects.toMatchObject({ code: 'unknown_to_server' });
    // Its list is there again, its keys are not.
    const other = ((registrationId % 16_000) + 1) as RegistrationId;
    people().server.devices.set(deviceId, {
      ...device,
      registration: { ...device.registration, registrationId: other },
    });
    await again.connect();
    expect(people().server.devices.get(deviceId)?.registration.registrationId).toBe(registrationId);
    await again.send(bob.me.accountId, 'in again').accepted;
    expect((await next(bob))[0]?.text).toBe('in again');
  });
});

describe('the clock', () => {
  it.each([-6, 6])('%d hours off is worked around with the time of the server', async (hours) => {
    people().server.skew = hours * 3_600_000;
    const [alice, bob] = [await person(), await person()];
    const { messageId, accepted } = alice.send(bob.me.accountId, 'when is it');
    await accepted;
    expect(Number.parseInt(messageId.slice(0, 8) + messageId.slice(9, 13), 16)).toBeGreaterThan(
      people().server.now() - 10_000,
    );
    expect((await next(bob))[0]?.text).toBe('when is it');
  });
});

describe('prekeys', () => {
  it('are refilled when the server runs low', async () => {
    const alice = await person();
    const device = people().server.devices.get(alice.me.deviceId);
    if (device === undefined) throw new Error('no device');
    const { oneTime } = device;
    device.oneTime = oneTime.slice(0, 3);
    device.kyber = [];
    people().server.cut(alice.me.deviceId);
    await until(() => device.oneTime.length >= 100 && device.kyber.length >= 100);
    expect(new Set(device.oneTime.map(({ id }) => id)).size).toBe(100);
    const bob = await person();
    await bob.send(alice.me.accountId, 'hello').accepted;
    expect((await next(alice))[0]?.text).toBe('hello');
  });
});
