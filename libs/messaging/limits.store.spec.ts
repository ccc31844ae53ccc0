import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../platform/clock.js';
import { systemIds as ids } from '../platform/ids.js';
import { Limiter } from '../platform/limiter.js';
import type { RedisLink } from '../platform/redis.js';
import { testRedisLinks } from '../platform/testing/redis.js';
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
import { SendLimits } from './limits.js';

const tenantId = ids.uuid<TenantId>();

function device(): Caller {
  return { tenantId, accountId: ids.uuid<AccountId>(), deviceId: ids.uuid<DeviceId>() };
}

function letter(to: Caller): SendRequest {
  return {
    idempotencyKey: ids.uuid<IdempotencyKey>(),
    class: 'durable',
    urgent: false,
    bundles: false,
    clientTimestamp: 0,
    recipients: [
      {
        accountId: to.accountId,
        listVersion: 1 as ListVersion,
        coverage: 'complete',
        envelopes: [
          {
            deviceId: to.deviceId,
            registrationId: 1 as RegistrationId,
            kind: 2,
            control: false,
            content: new Uint8Array(600),
          },
        ],
      },
    ],
  };
}

describe('limits of sends over Redis', () => {
  let link: RedisLink;
  beforeAll(async () => {
    [link] = (await testRedisLinks(1)) as [RedisLink];
  });
  afterAll(() => {
    link.close();
  });

  function limits(): SendLimits {
    const limiter = new Limiter(systemClock, { redis: link.commands, secret: ids.bytes(32) });
    return new SendLimits(limiter, { policy: () => Promise.resolve(Policy.parse({})) });
  }

  it('do not let what can be told at once overtake what the same device asked before, and make no other device wait', async () => {
    const by = limits();
    const [alice, bob, carol, dave] = [device(), device(), device(), device()];
    const order: string[] = [];
    const take = async (from: Caller, to: Caller, name: string): Promise<unknown> =>
      by.take(from, letter(to)).then(({ kind }) => order.push(`${name} ${kind}`));
    await Promise.all([take(alice, bob, 'first'), take(dave, bob, 'first')]);
    order.length = 0;
    await Promise.all([
      take(alice, carol, 'asked'),
      take(alice, bob, 'held'),
      take(alice, carol, 'asked too'),
      take(dave, bob, 'of another'),
    ]);
    expect(order).toEqual(['of another taken', 'asked taken', 'held taken', 'asked too taken']);
  });

  it('grant a pair its burst and no more, also when most of it is told from memory and half is given back', async () => {
    const by = limits();
    const [alice, bob] = [device(), device()];
    let granted = 0;
    const begun = performance.now();
    for (let count = 0; count < 100; count += 1) {
      const taken = await by.take(alice, letter(bob));
      if (taken.kind === 'taken' && count % 2 === 0) await by.giveBack(taken);
      else if (taken.kind === 'taken') granted += 1;
    }
    for (let count = 0; count < 100; count += 1) if ((await by.take(alice, letter(bob))).kind === 'taken') granted += 1;
    expect(granted).toBeGreaterThanOrEqual(60);
    expect(granted).toBeLessThanOrEqual(61 + Math.ceil((performance.now() - begun) / 1_000));
  });
});
