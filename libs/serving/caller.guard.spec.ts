import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import type { Control } from '../auth/control.js';
import { Gate } from '../auth/gate.js';
import type { Tokens } from '../auth/tokens.js';
import { Limiter } from '../platform/limiter.js';
import { FakeClock, seededIds } from '../platform/testing/fakes.js';
import { Policy } from '../protocol/bodies.js';
import type { AccountId, DeviceId, TenantId } from '../protocol/ids.js';
import { CallerGuard } from './caller.guard.js';

const ids = seededIds('caller guard');
const policy = Policy.parse({ requestsPerMinute: 70 });
const control = { isRevoked: () => false, isSuspended: () => false } as unknown as Control;

/** Each token is the id of a device. */
function guard(): CallerGuard {
  const [tenantId, accountId] = [ids.uuid<TenantId>(), ids.uuid<AccountId>()];
  const verify = (token: string) =>
    Promise.resolve({ kind: 'caller', caller: { tenantId, accountId, deviceId: token as DeviceId } });
  const gate = new Gate(new Limiter(new FakeClock()), { policy: () => Promise.resolve(policy) });
  return new CallerGuard({ verify } as unknown as Tokens, control, gate, 'https://chat.example');
}

function request(token: string) {
  const raw = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reply = { raw, statusCode: 200 };
  const context = {
    switchToHttp: () => ({
      getRequest: () => ({ url: '/v1/keys', method: 'GET', headers: { authorization: `Bearer ${token}` } }),
      getResponse: () => reply,
    }),
  } as unknown as ExecutionContext;
  const answer = async (statusCode: number): Promise<void> => {
    reply.statusCode = statusCode;
    raw.end();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { context, answer };
}

async function outcome(by: CallerGuard, { context }: ReturnType<typeof request>): Promise<string> {
  return by.canActivate(context).then(
    () => 'in',
    (error: unknown) => (error as Error).message,
  );
}

describe('CallerGuard', () => {
  it('lets a device have 64 requests under way, and others theirs', async () => {
    const by = guard();
    const open = Array.from({ length: 64 }, () => request('flood'));
    expect(await Promise.all(open.map(async (each) => outcome(by, each)))).toEqual(Array(64).fill('in'));
    expect(await outcome(by, request('flood'))).toBe('limited');
    expect(await outcome(by, request('quiet'))).toBe('in');
    await open[0]!.answer(200);
    expect(await outcome(by, request('flood'))).toBe('in');
    expect(await outcome(by, request('flood'))).toBe('limited');
  });

  it('limits requests in time, and gives back what another limit refused', async () => {
    const by = guard();
    for (let count = 0; count < 200; count += 1) {
      const refused = request('device');
      expect(await outcome(by, refused)).toBe('in');
      await refused.answer(429);
    }
    for (let count = 0; count < 70; count += 1) {
      const served = request('device');
      expect(await outcome(by, served)).toBe('in');
      await served.answer(200);
    }
    expect(await outcome(by, request('device'))).toBe('limited');
  });
});
