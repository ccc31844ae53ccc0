import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignalMessage } from '@signalapp/libsignal-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccountId, DeviceId, ListVersion } from '../protocol/ids.js';
import { Accounts, stateOf, type ListPlace } from './accounts.js';
import { newKeyPair, plain } from './crypto.js';
import { enrolInto } from './enrol.js';
import { newId, nodeHost } from './host.js';
import { Ratchet, type Opened, type Sealed } from './ratchet.js';
import { countEvidence, loadAccount, saveAccount } from './store/accounts.store.js';
import { loadSelf } from './store/self.store.js';
import { Store } from './store/store.js';
import { FakeServer } from './testing.js';
import { TrustGate, type TrustedDevice } from './trust.js';

const key = new Uint8Array(32).fill(1);

/** A device with a real store and real libsignal, and nothing that talks to a network. */
class Device {
  store: Store;
  gate!: TrustGate;
  ratchet!: Ratchet;
  accounts!: Accounts;
  accountId!: AccountId;
  deviceId!: DeviceId;

  constructor(
    readonly folder: string,
    readonly server: FakeServer,
  ) {
    this.store = Store.open(folder, key);
  }

  static async enrol(folder: string, server: FakeServer): Promise<Device> {
    const device = new Device(folder, server);
    await enrolInto(device.store, { host: server.host, server: server.url, custody: 'key', code: 'code' });
    device.wire();
    return device;
  }

  private wire(): void {
    const self = loadSelf(this.store);
    if (self === undefined) throw new Error('not enrolled');
    this.accountId = self.accountId;
    this.deviceId = self.deviceId;
    this.gate = new TrustGate(this.store, self);
    this.ratchet = new Ratchet(this.store, this.gate, () => nodeHost.now());
    const chain = (id: AccountId, from: ListPlace) => {
      const served = this.server.chain(id, from);
      return served === undefined ? Promise.reject(new Error('no such account')) : Promise.resolve(served);
    };
    const own = { tenantId: this.server.tenantId, accountId: self.accountId, now: () => nodeHost.now() };
    this.accounts = new Accounts(this.store, { chain }, own, () => undefined);
  }

  reopen(): void {
    this.store.close();
    this.store = Store.open(this.folder, key);
    this.wire();
  }

  async knows(other: Device): Promise<TrustedDevice> {
    await this.accounts.refresh(other.accountId);
    return this.trusts(other);
  }

  trusts(other: Device): TrustedDevice {
    const device = this.gate.sender(other.accountId, other.deviceId);
    if (device === undefined) throw new Error('not trusted');
    return device;
  }

  seal(to: TrustedDevice, text: string): Promise<Sealed> {
    return this.ratchet.work(async (unit) => {
      if (!unit.hasSession(to)) await unit.begin(to, this.server.take(to.deviceId));
      const sealed = await unit.encrypt(to, new TextEncoder().encode(text));
      return unit.commit(() => sealed);
    });
  }

  /** The text, or what happened instead. */
  open(from: TrustedDevice, sealed: Sealed): Promise<string> {
    return this.ratchet.work(async (unit) => {
      const opened: Opened = await unit.decrypt(from, sealed);
      if (opened.kind === 'plaintext') unit.commit(() => undefined);
      if (opened.kind === 'plaintext') return new TextDecoder().decode(opened.bytes);
      return opened.kind === 'refused' ? opened.reason : opened.kind;
    });
  }
}

let root: string;
let server: FakeServer;
let alice: Device;
let bob: Device;
let toBob: TrustedDevice;
let toAlice: TrustedDevice;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'sotto-ratchet-'));
  server = new FakeServer();
  alice = await Device.enrol(join(root, 'alice'), server);
  bob = await Device.enrol(join(root, 'bob'), server);
  toBob = await alice.knows(bob);
  toAlice = await bob.knows(alice);
});

afterEach(() => {
  alice.store.close();
  bob.store.close();
  rmSync(root, { recursive: true, force: true });
});

function counterOf({ kind, content }: Sealed): number {
  if (kind !== 2) throw new Error('a first message');
  return SignalMessage.deserialize(plain(content)).counter();
}

async function talking(): Promise<void> {
  expect(await bob.open(toAlice, await alice.seal(toBob, 'hello'))).toBe('hello');
  expect(await alice.open(toBob, await bob.seal(toAlice, 'hello yourself'))).toBe('hello yourself');
}

describe('the ratchet', () => {
  it('gives 100 counters to 100 concurrent sends to one device', async () => {
    await talking();
    const sealed = await Promise.all(Array.from({ length: 100 }, (_, index) => alice.seal(toBob, String(index))));
    expect(new Set(sealed.map(counterOf)).size).toBe(100);
    for (const [index, each] of sealed.entries()) expect(await bob.open(toAlice, each)).toBe(String(index));
  });

  it('opens skipped and reordered messages, also after a restart of either side, and each once', async () => {
    await talking();
    const sealed: Sealed[] = [];
    for (let index = 0; index < 6; index += 1) {
      if (index === 3) {
        alice.reopen();
        toBob = alice.trusts(bob);
      }
      sealed.push(await alice.seal(toBob, String(index)));
    }
    const opened: string[] = [];
    for (const index of [2, 0, 5, 0, 3, 2]) {
      bob.reopen();
      const each = sealed[index];
      if (each !== undefined) opened.push(await bob.open(bob.trusts(alice), each));
    }
    expect(opened).toEqual(['2', '0', '5', 'repeated', '3', 'repeated']);
  });

  it('forgets what was not committed: the same message opens again, nothing was consumed', async () => {
    const first = await alice.seal(toBob, 'hello');
    await bob.ratchet.work(async (unit) => {
      expect((await unit.decrypt(toAlice, first)).kind).toBe('plaintext');
    });
    bob.reopen();
    expect(await bob.open(bob.trusts(alice), first)).toBe('hello');
  });

  it('keeps ratchet and row together: when the row cannot be written the ratchet has not moved', async () => {
    await talking();
    const before = await alice.seal(toBob, 'before');
    const failing = alice.ratchet.work(async (unit) => {
      await unit.encrypt(toBob, new TextEncoder().encode('lost'));
      unit.commit((tx) => tx.run('insert into no_such_table values (1)'));
    });
    await expect(failing).rejects.toThrow('no_such_table');
    expect(counterOf(await alice.seal(toBob, 'after'))).toBe(counterOf(before) + 1);
  });

  it('refuses a first message that comes again after its session is gone: the Kyber, signed and base key were used together', async () => {
    const device = server.devices.get(bob.deviceId);
    if (device === undefined) throw new Error('no device');
    device.kyber = [];
    device.oneTime = [];
    const first = await alice.seal(toBob, 'on the last-resort key');
    expect(await bob.open(toAlice, first)).toBe('on the last-resort key');
    bob.store.transact((tx) => tx.run('delete from session'));
    expect(await bob.open(toAlice, first)).toBe('keys_used_before');
  });
});

describe('the gate', () => {
  function forged(base: TrustedDevice, change: Partial<TrustedDevice>): TrustedDevice {
    return { ...base, ...change };
  }

  it('lets nobody be encrypted to, decrypted from or begun with who stands in no verified list', async () => {
    await talking();
    const fromAlice = await alice.seal(toBob, 'hello');
    const stranger = forged(toBob, { deviceId: newId(nodeHost), identityKey: newKeyPair().publicKey });
    expect(alice.gate.sender(bob.accountId, stranger.deviceId)).toBeUndefined();
    await expect(alice.seal(stranger, 'x')).rejects.toThrow();
    await expect(alice.ratchet.work((unit) => unit.begin(stranger, server.take(bob.deviceId)))).rejects.toMatchObject({
      code: 'bundle_invalid',
    });
    expect(await bob.open(forged(toAlice, { deviceId: stranger.deviceId }), fromAlice)).not.toBe('hello');
    expect(await bob.open(toAlice, fromAlice)).toBe('hello');
  });

  it('ends with a tombstone at every entry point, in both directions', async () => {
    await talking();
    const waiting = await bob.seal(toAlice, 'sent before');
    server.revoke(bob.accountId, bob.deviceId);
    await alice.accounts.refresh(bob.accountId);
    expect(alice.gate.recipients(bob.accountId)).toEqual([]);
    expect(alice.gate.sender(bob.accountId, bob.deviceId)).toBeUndefined();
    await expect(alice.seal(toBob, 'x')).rejects.toThrow();
    expect(await alice.open(toBob, waiting)).not.toBe('sent before');
    await expect(alice.ratchet.work((unit) => unit.begin(toBob, server.take(bob.deviceId)))).rejects.toMatchObject({
      code: 'bundle_invalid',
    });
  });

  it('does not take a device for one of another account', () => {
    expect(alice.gate.sender(alice.accountId, bob.deviceId)).toBeUndefined();
    expect(alice.gate.recipients(alice.accountId)).toEqual([]);
  });

  it('refuses a bundle whose identity key, registration id or prekeys the listed device did not sign', async () => {
    const good = server.take(bob.deviceId);
    const other = server.take(alice.deviceId);
    const wrong = [
      { ...good, identityKey: other.identityKey },
      { ...good, registrationId: other.registrationId },
      { ...good, signedPrekey: { ...good.signedPrekey, publicKey: other.signedPrekey.publicKey } },
      { ...good, kyber: { ...good.kyber, publicKey: other.kyber.publicKey } },
      { ...other, deviceId: bob.deviceId },
    ];
    for (const bundle of wrong) {
      await expect(alice.ratchet.work((unit) => unit.begin(toBob, bundle))).rejects.toMatchObject({
        code: 'bundle_invalid',
      });
    }
    await alice.ratchet.work((unit) => unit.begin(toBob, good));
  });

  it.each(['account_reset', 'device_list_fork'] as const)(
    'yields no recipient of an account that stopped with %s, and still opens its mail',
    async (halted) => {
      await talking();
      const account = loadAccount(alice.store, bob.accountId);
      if (account === undefined) throw new Error('not held');
      alice.store.transact((tx) => {
        saveAccount(tx, { ...account, halted });
      });
      expect(() => alice.gate.recipients(bob.accountId)).toThrow(halted);
      await expect(alice.seal(toBob, 'x')).rejects.toThrow();
      expect(await alice.open(toBob, await bob.seal(toAlice, 'hello'))).toBe('hello');
    },
  );

  it('learns from encrypted content that a list is withheld or forked, and keeps the evidence', () => {
    const account = alice.accounts.held(bob.accountId);
    if (account === undefined) throw new Error('not held');
    const state = stateOf(account);
    const observe = (change: Partial<typeof state>): void => {
      alice.store.transact((tx) => {
        alice.accounts.observe(tx, { about: bob.accountId, by: bob.accountId }, { ...state, ...change });
      });
    };
    observe({});
    expect(alice.gate.recipients(bob.accountId)).toHaveLength(1);
    observe({ listVersion: 2 as ListVersion, hash: new Uint8Array(32) });
    expect(() => alice.gate.recipients(bob.accountId)).toThrow('device_list_withheld');
    observe({ hash: new Uint8Array(32) });
    expect(() => alice.gate.recipients(bob.accountId)).toThrow('device_list_fork');
    expect(countEvidence(alice.store, bob.accountId)).toBe(1);
  });

  it('lets a contact stop the conversation with itself alone by what it says of the own account', () => {
    const own = alice.accounts.held(alice.accountId);
    if (own === undefined) throw new Error('not held');
    const says = (by: AccountId, listVersion: number): void => {
      alice.store.transact((tx) => {
        const state = { ...stateOf(own), listVersion: listVersion as ListVersion, hash: new Uint8Array(32) };
        alice.accounts.observe(tx, { about: alice.accountId, by }, state);
      });
    };
    says(bob.accountId, 4_000_000_000);
    expect(() => alice.gate.recipients(bob.accountId)).toThrow('device_list_withheld');
    expect(alice.gate.recipients(alice.accountId)).toEqual([]);
    expect(alice.accounts.held(alice.accountId)).toMatchObject({ halted: undefined, wanted: own.wanted });
    says(bob.accountId, own.listVersion);
    expect(alice.accounts.held(bob.accountId)?.halted).toBe('device_list_fork');
    expect(alice.gate.recipients(alice.accountId)).toEqual([]);
    says(alice.accountId, own.listVersion + 1);
    expect(() => alice.gate.recipients(alice.accountId)).toThrow('device_list_withheld');
  });

  it('compares what was said of a version when the server shows it at last', async () => {
    const held = alice.accounts.held(bob.accountId);
    const account = server.accounts.get(bob.accountId);
    if (held === undefined || account === undefined) throw new Error('not held');
    const state = { ...stateOf(held), listVersion: 2 as ListVersion, hash: new Uint8Array(32) };
    alice.store.transact((tx) => {
      alice.accounts.observe(tx, { about: bob.accountId, by: bob.accountId }, state);
    });
    account.listVersion = 2 as ListVersion;
    await alice.accounts.refresh(bob.accountId);
    expect(() => alice.gate.recipients(bob.accountId)).toThrow('device_list_fork');
    expect(countEvidence(alice.store, bob.accountId)).toBe(1);
  });

  it('yields none while a list that is known to exist has not been shown', () => {
    const account = loadAccount(alice.store, bob.accountId);
    if (account === undefined) throw new Error('not held');
    alice.store.transact((tx) => {
      saveAccount(tx, { ...account, wanted: 2 as ListVersion });
    });
    expect(() => alice.gate.recipients(bob.accountId)).toThrow('device_list_withheld');
  });
});
