import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeDeviceList, encodeDeviceList, statementBytes } from '../protocol/device-list.js';
import type { AccountId, DeviceId, ListVersion } from '../protocol/ids.js';
import { SottoClient } from './client.js';
import { newKeyPair, sha256, sign } from './crypto.js';
import { newId, nodeHost } from './host.js';
import { FakeServer } from './testing.js';

let root: string;
let server: FakeServer;
let open: SottoClient[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sotto-keys-'));
  server = new FakeServer();
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((client) => client.close()));
  rmSync(root, { recursive: true, force: true });
});

function place() {
  const folder = join(root, `client-${String(open.length)}`);
  return { folder, custody: { kind: 'key', key: new Uint8Array(32).fill(7) } as const, host: server.host };
}

async function started(client: SottoClient): Promise<SottoClient> {
  open.push(client);
  await client.connect();
  return client;
}

async function person(): Promise<SottoClient> {
  return started(await SottoClient.enrol({ ...place(), server: server.url, code: 'code' }));
}

async function secondDevice(first: SottoClient): Promise<SottoClient> {
  const link = await SottoClient.openLink({ server: server.url, platform: 'test', name: 'second', host: server.host });
  const approved = first.approveLink(link.text, { confirm: () => true });
  await link.account();
  const client = await SottoClient.finishLink(link, place());
  await approved;
  return started(client);
}

/** What an admin's reset and a new device of somebody do; that device's keys stay in here, and nobody may ever encrypt to it. */
function reset(accountId: AccountId): DeviceId {
  const account = server.accounts.get(accountId);
  const last = decodeDeviceList(account?.lists.at(-1)?.bytes ?? new Uint8Array());
  if (account === undefined || last === undefined) throw new Error('no account');
  for (const { deviceId } of last.entries) server.revoke(accountId, deviceId);
  const [key, identity] = [newKeyPair(), newKeyPair()];
  const deviceId = newId(nodeHost);
  const of = {
    ...last,
    accountKey: key.publicKey,
    deviceId,
    identityKey: identity.publicKey,
    authKey: new Uint8Array(32),
  };
  const statement = {
    epoch: last.epoch + 1,
    authKey: of.authKey,
    signature: sign(identity.privateKey, statementBytes(of)),
  };
  const bytes = encodeDeviceList({
    ...last,
    epoch: last.epoch + 1,
    version: 1,
    accountKey: key.publicKey,
    previousHash: sha256(account.lists.at(-1)?.bytes ?? new Uint8Array()),
    entries: [
      { deviceId, identityKey: identity.publicKey, mayLink: true, addedBy: 'account-key', addedOnDay: 1, statement },
    ],
  });
  account.lists.push({ bytes, signature: sign(key.privateKey, bytes), signer: 'account-key' });
  account.listVersion = (account.listVersion + 1) as ListVersion;
  return deviceId;
}

/** Has every device that mail was encrypted to. */
const writtenTo = (): readonly string[] =>
  [...server.accepted.values()].flatMap(({ recipients }) =>
    recipients.flatMap(({ envelopes }) => envelopes.map(({ deviceId }) => deviceId)),
  );

describe('the recovery code', () => {
  it('is shown until it is confirmed, and then nowhere', async () => {
    const [alice, bob] = [await person(), await person()];
    const code = alice.recoveryCode();
    expect(alice.me.recoveryUnconfirmed).toBe(true);
    expect(() => alice.confirmRecovery(bob.recoveryCode())).toThrow('recovery_code_wrong');
    expect(() => alice.confirmRecovery(code.slice(1))).toThrow('recovery_code_invalid');
    alice.confirmRecovery(code.toLowerCase());
    expect(alice.me.recoveryUnconfirmed).toBe(false);
    expect(() => alice.recoveryCode()).toThrow('recovery_confirmed');
  });

  it('lets another device link after the phone is lost, under the same safety number', async () => {
    const [alice, bob] = [await person(), await person()];
    const code = alice.recoveryCode();
    const laptop = await secondDevice(alice);
    const number = await bob.safetyNumber(alice.me.accountId);
    await expect(laptop.setMayLink({ ...laptop.me, mayLink: true })).rejects.toMatchObject({
      code: 'not_allowed_to_link',
    });
    await expect(laptop.recover(bob.recoveryCode())).rejects.toMatchObject({ code: 'recovery_code_wrong' });
    await laptop.recover(code, { lost: [alice.me.deviceId] });
    const tablet = await secondDevice(laptop);
    expect(
      (await laptop.devices()).map(({ deviceId, mayLink, reason }) => [deviceId, mayLink, reason]).toSorted(),
    ).toEqual(
      [
        [laptop.me.deviceId, true, undefined],
        [tablet.me.deviceId, false, undefined],
        // No list names it any more, but it was the account's.
        [alice.me.deviceId, false, 'owner'],
      ].toSorted(),
    );
    await bob.send(alice.me.accountId, 'still you?').accepted;
    expect(await bob.safetyNumber(alice.me.accountId)).toEqual(number);
    expect(bob.trustOf(alice.me.accountId)).toBe('first-use');
  });
});

describe('may_link', () => {
  it('is given and taken by a device that has it, also when two sign at once', async () => {
    const alice = await person();
    const laptop = await secondDevice(alice);
    await alice.setMayLink({ ...laptop.me, mayLink: true });
    const tablet = await secondDevice(laptop);
    await Promise.all([
      alice.setMayLink({ ...tablet.me, mayLink: true }),
      laptop.setMayLink({ ...alice.me, mayLink: true }),
    ]);
    await laptop.setMayLink({ ...alice.me, mayLink: false });
    const marks = (await tablet.devices()).map(({ deviceId, mayLink }) => [deviceId, mayLink]).toSorted();
    expect(marks).toEqual(
      [
        [alice.me.deviceId, false],
        [laptop.me.deviceId, true],
        [tablet.me.deviceId, true],
      ].toSorted(),
    );
    await expect(alice.setMayLink({ ...alice.me, mayLink: true })).rejects.toMatchObject({
      code: 'not_allowed_to_link',
    });
  });
});

describe('a rotation', () => {
  it('renews key, code and address, and goes unnoticed where nobody compared numbers', async () => {
    const [alice, bob] = [await person(), await person()];
    const laptop = await secondDevice(alice);
    await bob.send(alice.me.accountId, 'before').accepted;
    const { contactAddress } = alice.me;
    const code = alice.recoveryCode();
    await alice.rotateAccountKey(code);
    expect(alice.recoveryCode()).not.toBe(code);
    expect(alice.me.contactAddress).not.toBe(contactAddress);
    await laptop.devices();
    expect(laptop.me.contactAddress).toBe(alice.me.contactAddress);
    await expect(laptop.rotateAccountKey(code)).rejects.toMatchObject({ code: 'recovery_code_wrong' });
    await bob.devices(alice.me.accountId);
    await bob.send(alice.me.accountId, 'after').accepted;
    expect(() => bob.addContact(contactAddress)).toThrow('address_outdated');
    expect(bob.addContact(alice.me.contactAddress)).toBe(alice.me.accountId);
    const tablet = await secondDevice(alice);
    expect(tablet.me.contactAddress).toBe(alice.me.contactAddress);
  });

  it('stops contacts who compared numbers, until they accept the new one', async () => {
    const [alice, bob] = [await person(), await person()];
    const { accountId } = alice.me;
    await expect(bob.markVerified(accountId, '12345')).rejects.toMatchObject({ code: 'safety_number_differs' });
    await bob.markVerified(accountId, (await alice.safetyNumber(bob.me.accountId)).text);
    expect(bob.trustOf(accountId)).toBe('verified');
    const before = (await bob.safetyNumber(accountId)).text;
    await alice.rotateAccountKey(alice.recoveryCode());
    await expect(bob.devices(accountId)).rejects.toMatchObject({ code: 'account_rotated' });
    await expect(bob.send(accountId, 'held').accepted).rejects.toMatchObject({ code: 'account_rotated' });
    await expect(bob.acceptAccountKey(accountId, before)).rejects.toMatchObject({ code: 'safety_number_differs' });
    expect(bob.held().map(({ text, code }) => [text, code])).toEqual([['held', 'account_rotated']]);
    const { text } = await alice.safetyNumber(bob.me.accountId);
    expect(await bob.acceptAccountKey(accountId, text)).toBe('verified');
    await bob.flush();
    expect([bob.held(), bob.failed(), server.accepted.size]).toEqual([[], [], 1]);
  });

  it('that comes as a mismatch is not answered by a resend that nobody asked for', async () => {
    const [alice, bob] = [await person(), await person()];
    await bob.send(alice.me.accountId, 'before').accepted;
    const laptop = await secondDevice(alice);
    await alice.rotateAccountKey(alice.recoveryCode());
    await expect(bob.send(alice.me.accountId, 'held').accepted).rejects.toMatchObject({ code: 'account_rotated' });
    expect(writtenTo()).not.toContain(laptop.me.deviceId);
    await bob.acceptAccountKey(alice.me.accountId);
    await bob.flush();
    expect(writtenTo()).toContain(laptop.me.deviceId);
  });
});

describe('a reset', () => {
  it('holds back what waits in the outbox; none of it reaches the new key until the person accepts it', async () => {
    const [alice, bob] = [await person(), await person()];
    const { accountId } = bob.me;
    await alice.send(accountId, 'before').accepted;
    const address = bob.me.contactAddress;
    const before = (await alice.safetyNumber(accountId)).text;
    await alice.disconnect();
    const waiting = ['one', 'two', 'three'].map((text) => alice.send(accountId, text));
    const stranger = reset(accountId);
    await alice.connect();
    for (const { accepted } of waiting) await expect(accepted).rejects.toMatchObject({ code: 'account_reset' });
    await alice.flush();
    expect(alice.held().map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(writtenTo()).not.toContain(stranger);
    expect((await alice.safetyNumber(accountId)).text).not.toBe(before);
    await expect(alice.acceptAccountKey(accountId, before)).rejects.toMatchObject({ code: 'safety_number_differs' });
    await expect(alice.send(accountId, 'four').accepted).rejects.toMatchObject({ code: 'account_reset' });
    expect(server.accepted.size).toBe(1);
    expect(await alice.acceptAccountKey(accountId)).toBe('first-use');
    expect(() => alice.addContact(address)).toThrow('address_outdated');
  });

  it('is noticed at the first contact by who has an address from before', async () => {
    const [alice, bob] = [await person(), await person()];
    alice.addContact(bob.me.contactAddress);
    reset(bob.me.accountId);
    await expect(alice.send(bob.me.accountId, 'hello').accepted).rejects.toMatchObject({ code: 'address_outdated' });
    expect(server.accepted.size).toBe(0);
  });
});

describe('the least trust', () => {
  it('is raised by the policy, refuses what is below, and is lowered by the person alone', async () => {
    server.trust = 'address';
    const [alice, bob] = [await person(), await person()];
    while (alice.trustFloor !== 'address') await new Promise((resolve) => setImmediate(resolve));
    await expect(alice.send(bob.me.accountId, 'hello').accepted).rejects.toMatchObject({ code: 'trust_too_low' });
    alice.addContact(bob.me.contactAddress);
    await alice.send(bob.me.accountId, 'hello').accepted;
    server.trust = 'first-use';
    await alice.disconnect();
    await alice.connect();
    await alice.flush();
    expect(alice.trustFloor).toBe('address');
    alice.setTrustFloor('verified');
    await expect(alice.send(bob.me.accountId, 'hello').accepted).rejects.toMatchObject({ code: 'trust_too_low' });
    await alice.markVerified(bob.me.accountId, (await bob.safetyNumber(alice.me.accountId)).text);
    await alice.send(bob.me.accountId, 'hello').accepted;
    alice.setTrustFloor('first-use');
    expect(alice.trustFloor).toBe('first-use');
  });
});
