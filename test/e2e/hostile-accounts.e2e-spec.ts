import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../libs/platform/ids.js';
import { decodeEnrolment, encodeEnrolment } from '../../libs/protocol/chain-wire.js';
import { decodeDeviceList } from '../../libs/protocol/device-list.js';
import { SottoClient } from '../../libs/sdk/client.js';
import { firstList, signList, testAccount, testDevice } from '../../libs/signal/testing.js';
import { ask, PROTOBUF } from '../world/ask.js';
import { Eavesdropper } from '../world/eavesdropper.js';
import type { Evil } from '../world/evil.js';
import { World } from '../world/world.js';

describe('a server that makes itself somebody', () => {
  let world: World;
  let evil: Evil;

  beforeAll(async () => {
    world = await World.create();
    evil = await world.evilServer();
  });
  afterAll(async () => {
    await world.close();
  });

  const attacker = (): Eavesdropper => {
    const ear = new Eavesdropper(testDevice(`ear ${systemIds.uuid()}`));
    evil.listen(ear);
    return ear;
  };

  it('resets an account with three messages in the outbox of a contact: account_reset, none reaches the new key', async () => {
    const [alice, bob] = [await world.person('alice', { through: evil }), await world.person('bob')];
    await alice.phone.send(bob, 'before');
    await alice.phone.goOffline();
    const waiting = ['one', 'two', 'three'].map((text) => alice.phone.client.send(bob.accountId, text));
    const ear = attacker();
    const path = `/v1/admin/tenants/${world.tenantId}/accounts/${bob.accountId}`;
    const { code } = await world.admin.post<{ code: string }>(`${path}/reset`, {});
    const { json } = await ask(world.place.api, {
      method: 'POST',
      path: '/v1/invitations/lookup',
      type: 'application/json',
      body: JSON.stringify({ code }),
    });
    const { epoch, previousHash } = json?.['reset'] as { epoch: number; previousHash: string };
    const account = { ...testAccount(`false bob ${systemIds.uuid()}`, world.tenantId), accountId: bob.accountId };
    const own = firstList(account, ear.keys);
    const entries = own.entries.map((entry) => ({ ...entry, statement: { ...entry.statement, epoch } }));
    const list = signList({ ...own, epoch, entries, previousHash: Buffer.from(previousHash, 'base64url') }, account);
    const body = encodeEnrolment({ code, list, registration: ear.registration() });
    const enrolled = await ask(world.place.api, { method: 'POST', path: '/v1/enrolments', type: PROTOBUF, body });
    expect(enrolled.status).toBe(201);

    const before = evil.letters.length;
    await alice.phone.goOnline();
    for (const { accepted } of waiting) await expect(accepted).rejects.toMatchObject({ code: 'account_reset' });
    await expect(alice.phone.send(bob, 'four')).rejects.toMatchObject({ code: 'account_reset' });
    expect([...evil.writtenTo(before)]).not.toContain(ear.keys.deviceId);
    expect(await evil.overheard()).toEqual([]);
    expect(alice.phone.client.held().map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
    const carol = await world.person('carol');
    await alice.phone.send(carol, 'others go on');
    expect(await carol.phone.nextText()).toBe('others go on');

    // Only a person who accepts it lets it through; that the attacker's device reads it then shows that it could have before.
    expect(await alice.phone.client.acceptAccountKey(bob.accountId)).toBe('first-use');
    await alice.phone.client.flush();
    expect(await evil.overheard()).toEqual(['one', 'two', 'three', 'four']);
  });

  it('redeems an invitation himself: who has the contact address refuses, who has the bare id does not notice', async () => {
    const ear = attacker();
    evil.lie({
      rest: (asked) => {
        if (asked.path !== '/v1/enrolments') return undefined;
        const stolen = decodeEnrolment(asked.body);
        const accountId = decodeDeviceList(stolen?.list.bytes ?? new Uint8Array())?.accountId;
        if (stolen === undefined || accountId === undefined) return undefined;
        const account = { ...testAccount(`false ${systemIds.uuid()}`, world.tenantId), accountId };
        const list = signList(firstList(account, ear.keys), account);
        const body = encodeEnrolment({ code: stolen.code, list, registration: ear.registration() });
        const enrolment = { method: 'POST', path: '/v1/enrolments', type: PROTOBUF, body };
        return ask(world.place.api, enrolment).then(({ bytes, ...answer }) => ({ ...answer, body: bytes }));
      },
    });
    const folder = mkdtempSync(join(tmpdir(), 'sotto-robbed-'));
    const bob = await SottoClient.enrol({
      folder: join(folder, 'phone'),
      custody: { kind: 'key', key: new Uint8Array(32) },
      host: evil.host(0),
      server: world.place.api,
      code: await world.invitation(),
    });
    const { accountId, contactAddress } = bob.me;
    await bob.close();
    rmSync(folder, { recursive: true, force: true });
    evil.honest();

    const careful = await world.person('careful', { through: evil });
    careful.phone.client.addContact(contactAddress);
    expect(careful.phone.client.trustOf(accountId)).toBe('address');
    const before = evil.letters.length;
    const refused = careful.phone.client.send(accountId, 'never arrives').accepted;
    await expect(refused).rejects.toMatchObject({ code: 'address_outdated' });
    expect(evil.letters).toHaveLength(before);
    await careful.phone.send(await world.person('somebody'), 'others go on');

    const careless = await world.person('careless', { through: evil });
    await careless.phone.client.send(accountId, 'read by the attacker').accepted;
    expect(careless.phone.client.trustOf(accountId)).toBe('first-use');
    expect(evil.writtenTo(evil.letters.length - 1)).toEqual(new Set([ear.keys.deviceId]));
    expect(await evil.overheard()).toContain('read by the attacker');
    // Comparing numbers shows it: Bob's own screen has another one.
    expect(() => careless.phone.client.addContact(contactAddress)).toThrow('address_outdated');
  });
});
