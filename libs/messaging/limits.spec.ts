import { describe, expect, it } from '@jest/globals';
import { Limiter } from '../platform/limiter.js';
import { FakeClock, seededIds } from '../platform/testing/fakes.js';
import { Policy } from '../protocol/bodies.js';
import type {
  AccountId,
  Caller,
  DeviceId,
  IdempotencyKey,
  ListVersion,
  RegistrationId,
  TenantId,
} from '../protocol/ids.js';
import type { SendRequest } from '../protocol/send-request.js';
import { budgetsOf, SendLimits } from './limits.js';

const ids = seededIds('limits');
const tenantId = ids.uuid<TenantId>();
const alice: Caller = { tenantId, accountId: ids.uuid<AccountId>(), deviceId: ids.uuid<DeviceId>() };
const [bob, carol] = [ids.uuid<AccountId>(), ids.uuid<AccountId>()] as const;
const policy = Policy.parse({ messagesPerMinute: 10, pairBurst: 4, pairPerSecond: 1, burstBytes: 5_000 });

function request(bytes: number, ...to: readonly AccountId[]): SendRequest {
  return {
    idempotencyKey: ids.uuid<IdempotencyKey>(),
    class: 'durable',
    urgent: false,
    bundles: false,
    clientTimestamp: 0,
    recipients: to.map((accountId) => ({
      accountId,
      listVersion: 1 as ListVersion,
      coverage: 'complete',
      envelopes: [
        {
          deviceId: accountId as unknown as DeviceId,
          registrationId: 1 as RegistrationId,
          kind: 2,
          control: false,
          content: new Uint8Array(bytes),
        },
      ],
    })),
  };
}

function limits(): SendLimits {
  return new SendLimits(new Limiter(new FakeClock()), { policy: () => Promise.resolve(policy) });
}

async function kinds(by: SendLimits, requests: readonly SendRequest[]): Promise<readonly string[]> {
  return Promise.all(requests.map(async (each) => (await by.take(alice, each)).kind));
}

describe('limits of a send', () => {
  it('concern the device, each pair of accounts but the own, and each mailbox by its bytes', () => {
    const named = budgetsOf(alice, request(7, bob, carol, alice.accountId), policy).map(
      ({ name, scope, key, cost }) => [
        name,
        `${scope ?? ''} ${key}`.replace(tenantId, 'tenant').replace(alice.accountId, 'alice').replace(bob, 'bob'),
        cost,
      ],
    );
    expect(named.slice(0, 3)).toEqual([
      ['device', `tenant ${alice.deviceId}`, undefined],
      ['pair', 'alice bob', undefined],
      ['bytes', 'tenant bob', 7],
    ]);
    expect(named.map(([name]) => name)).toEqual(['device', 'pair', 'bytes', 'pair', 'bytes', 'bytes']);
  });

  it('refuse a whole request for the sake of one recipient, and take nothing of the others then', async () => {
    const by = limits();
    expect(
      await kinds(
        by,
        Array.from({ length: 4 }, () => request(1, bob)),
      ),
    ).toEqual(Array(4).fill('taken'));
    expect(
      await kinds(
        by,
        Array.from({ length: 50 }, () => request(1, carol, bob)),
      ),
    ).toEqual(Array(50).fill('problem'));
    expect(
      await kinds(
        by,
        Array.from({ length: 5 }, () => request(1, carol)),
      ),
    ).toEqual([...Array<string>(4).fill('taken'), 'problem']);
    expect(await by.take(alice, request(1, bob))).toMatchObject({ code: 'limited', retryAfterMs: 1_000 });
  });

  it('give back what was taken for what is refused afterwards', async () => {
    const by = limits();
    for (let count = 0; count < 30; count += 1) {
      const taken = await by.take(alice, request(4_000, bob));
      if (taken.kind !== 'taken') throw new Error(taken.detail);
      await by.giveBack(taken);
    }
    expect(await kinds(by, [request(4_000, bob), request(4_000, bob)])).toEqual(['taken', 'problem']);
  });

  it('keep no budget for an id of another tenant in common with that tenant', async () => {
    const by = limits();
    await kinds(by, [request(5_000, bob)]);
    const mallory = { ...alice, tenantId: ids.uuid<TenantId>() };
    expect(await by.take(mallory, request(5_000, bob))).toMatchObject({ kind: 'taken' });
  });

  it('answer a device in the order of its requests, and fail only those whose policy cannot be read', async () => {
    const broken = ids.uuid<TenantId>();
    let reads = 0;
    const slow = new SendLimits(new Limiter(new FakeClock()), {
      policy: async (of) => {
        reads += 1;
        // Each read of the slow tenant is quicker than the one before it.
        await new Promise((resolve) => setTimeout(resolve, of === tenantId ? 40 / reads : 0));
        if (of === broken) throw new Error('the database is away');
        return policy;
      },
    });
    const order: string[] = [];
    const ask = async (of: TenantId, name: string): Promise<unknown> =>
      slow.take({ ...alice, tenantId: of, deviceId: of as string as DeviceId }, request(1, bob)).then(
        () => order.push(name),
        () => order.push(`no ${name}`),
      );
    const other = ids.uuid<TenantId>();
    await Promise.all([ask(tenantId, 'a'), ask(other, 'b'), ask(broken, 'c'), ask(tenantId, 'd')]);
    expect(order.filter((name) => name === 'a' || name === 'd')).toEqual(['a', 'd']);
    expect(order.indexOf('b')).toBeLessThan(order.indexOf('a'));
    expect(order).toContain('no c');
  });
});
