import { describe, expect, it } from '@jest/globals';
import type { AccountGuard, MailboxNo } from '../mailbox/guards.js';
import { seededIds } from '../platform/testing/fakes.js';
import type {
  AccountId,
  Caller,
  DeviceId,
  IdempotencyKey,
  ListVersion,
  RegistrationId,
  TenantId,
} from '../protocol/ids.js';
import type { Recipient, SendRequest } from '../protocol/send-request.js';
import type { Target } from './device-sets.js';
import { planSend } from './plan-send.js';

const ids = seededIds('plan');
const VERSION = 4 as ListVersion;
let mailboxes = 100;

interface Person {
  readonly accountId: AccountId;
  readonly guard: AccountGuard;
}

function person(devices: number, more: Partial<AccountGuard> = {}): Person {
  const accountId = ids.uuid<AccountId>();
  const made = Array.from({ length: devices }, () => ({
    deviceId: ids.uuid<DeviceId>(),
    mailboxNo: (mailboxes += 1) as MailboxNo,
    registrationId: (mailboxes % 90) as RegistrationId,
    node: null,
  }));
  return { accountId, guard: { accountNo: mailboxes, listVersion: VERSION, suspended: false, devices: made, ...more } };
}

function deviceOf({ guard }: Person, index: number): AccountGuard['devices'][number] {
  return guard.devices[index]!;
}

function to(whom: Person, devices: readonly number[], more: Partial<Recipient> = {}): Recipient {
  const selected = more.coverage === 'selected';
  return {
    accountId: whom.accountId,
    listVersion: VERSION,
    coverage: 'complete',
    envelopes: devices.map((index) => ({
      deviceId: deviceOf(whom, index).deviceId,
      registrationId: deviceOf(whom, index).registrationId,
      kind: 2,
      control: selected,
      content: Buffer.from([index]),
    })),
    ...more,
  };
}

function plan(sender: Person, recipients: readonly Recipient[], known: readonly (Person | [AccountId, Target])[]) {
  const caller: Caller = {
    tenantId: ids.uuid<TenantId>(),
    accountId: sender.accountId,
    deviceId: deviceOf(sender, 0).deviceId,
  };
  const request: SendRequest = {
    idempotencyKey: ids.uuid<IdempotencyKey>(),
    class: 'durable',
    urgent: false,
    bundles: false,
    clientTimestamp: 0,
    recipients,
  };
  const targets = new Map(
    known.map((each) => (Array.isArray(each) ? each : ([each.accountId, { guard: each.guard }] as const))),
  );
  return planSend(caller, request, targets);
}

const nothing = { mismatched: [], unknown: [], closed: [] };

describe('planSend', () => {
  it('puts each envelope where its device is, under the version and the own row that it relies on', () => {
    const [alice, bob] = [person(2), person(2, { listVersion: 9 as ListVersion })];
    const envelope = (of: Person, index: number, listVersion: number | undefined) => ({
      mailbox: deviceOf(of, index).mailboxNo,
      registrationId: deviceOf(of, index).registrationId,
      listVersion,
      kind: 2,
      control: false,
      content: Buffer.from([index]),
    });
    expect(plan(alice, [to(bob, [1, 0]), to(alice, [1])], [alice, bob])).toEqual({
      kind: 'plan',
      senderMailbox: deviceOf(alice, 0).mailboxNo,
      ownListVersion: VERSION,
      items: [envelope(bob, 1, 9), envelope(bob, 0, 9), envelope(alice, 1, VERSION)],
    });
  });

  it('compares the own account though it is not listed', () => {
    const [alice, bob] = [person(3), person(1)];
    expect(plan(alice, [to(bob, [0])], [alice, bob])).toEqual({
      kind: 'mismatch',
      ...nothing,
      bundles: [],
      mismatched: [
        {
          accountId: alice.accountId,
          listVersion: VERSION,
          missing: [deviceOf(alice, 1).deviceId, deviceOf(alice, 2).deviceId],
          extra: [],
          stale: [],
        },
      ],
    });
  });

  it('wants no envelope for the sending device, and refuses one', () => {
    const [alice, bob] = [person(2), person(1)];
    expect(plan(alice, [to(bob, [0]), to(alice, [1])], [alice, bob]).kind).toBe('plan');
    expect(plan(alice, [to(bob, [0]), to(alice, [0, 1])], [alice, bob])).toMatchObject({
      kind: 'mismatch',
      mismatched: [{ accountId: alice.accountId, missing: [], extra: [deviceOf(alice, 0).deviceId] }],
    });
  });

  it('lets a sender that is alone write without naming itself, and guards by its version all the same', () => {
    const [alice, bob] = [person(1), person(1)];
    expect(plan(alice, [to(bob, [0])], [alice, bob])).toMatchObject({ kind: 'plan', ownListVersion: VERSION });
  });

  it('compares the own account neither way when every recipient is SELECTED', () => {
    const [alice, bob] = [person(3), person(3)];
    expect(plan(alice, [to(bob, [1], { coverage: 'selected' })], [alice, bob])).toMatchObject({
      kind: 'plan',
      ownListVersion: undefined,
      items: [{ mailbox: deviceOf(bob, 1).mailboxNo, listVersion: undefined, control: true }],
    });
    const own = to(alice, [1], { coverage: 'selected' });
    expect(plan(alice, [own], [alice, bob])).toMatchObject({ kind: 'plan', ownListVersion: undefined });
  });

  it('compares the own account when only some are SELECTED, and lists it itself as complete', () => {
    const [alice, bob, carol] = [person(2), person(3), person(1)];
    const recipients = [to(bob, [1], { coverage: 'selected' }), to(carol, [0])];
    expect(plan(alice, recipients, [alice, bob, carol])).toMatchObject({
      kind: 'mismatch',
      mismatched: [{ accountId: alice.accountId }],
    });
    expect(plan(alice, [...recipients, to(alice, [1])], [alice, bob, carol])).toMatchObject({
      kind: 'plan',
      ownListVersion: VERSION,
    });
    const some = to(alice, [1], { coverage: 'selected' });
    const larger = person(3);
    expect(plan(larger, [to(bob, [0, 1, 2]), { ...some, accountId: larger.accountId }], [larger, bob])).toMatchObject({
      kind: 'mismatch',
    });
  });

  it('says everything that is wrong at once', () => {
    const [alice, bob, dave] = [person(1), person(2), person(1, { suspended: true })];
    const [stranger, emptied] = [person(1), person(1)];
    const stale = to(bob, [0, 1]);
    const recipients = [
      { ...stale, envelopes: stale.envelopes.map((each) => ({ ...each, registrationId: 9999 as RegistrationId })) },
      to(dave, [0]),
      to(stranger, [0]),
      to(emptied, [0]),
    ];
    const known = [alice, bob, dave, [emptied.accountId, { guard: undefined }] as [AccountId, Target]];
    expect(plan(alice, recipients, known)).toEqual({
      kind: 'mismatch',
      mismatched: [
        {
          accountId: bob.accountId,
          listVersion: VERSION,
          missing: [],
          extra: [],
          stale: [deviceOf(bob, 0).deviceId, deviceOf(bob, 1).deviceId],
        },
      ],
      unknown: [stranger.accountId],
      closed: [dave.accountId, emptied.accountId],
      bundles: [],
    });
  });

  it('plans nothing for a device that is no longer one of its account', () => {
    const [alice, bob] = [person(2), person(1)];
    const without = { ...alice, guard: { ...alice.guard, devices: alice.guard.devices.slice(1) } };
    const suspended = { ...alice, guard: { ...alice.guard, suspended: true } };
    for (const now of [[without, bob], [suspended, bob], [bob]])
      expect(plan(alice, [to(bob, [0])], now)).toEqual({ kind: 'sender-gone' });
  });
});
