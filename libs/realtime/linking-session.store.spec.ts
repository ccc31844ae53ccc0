import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '../platform/log.js';
import { systemIds } from '../platform/ids.js';
import { testDatabase, type TestDatabase } from '../platform/testing/database.js';
import { FakeClock } from '../platform/testing/fakes.js';
import { Policy } from '../protocol/bodies.js';
import type { AccountId, Caller, DeviceId, TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { LinkFrame, LinkStep } from '../protocol/link-frames.js';
import { LinkingSessions } from './linking-session.js';
import { NodeLease } from './node-lease.js';
import { NodeLink } from './node-link.js';

const log = createLogger({ level: 'silent', app: 'spec' });
const clock = new FakeClock();
const secret = Buffer.alloc(32, 3);

/** One side of a linking; what it hears can be awaited. */
class Ear {
  readonly heard: LinkFrame[] = [];
  private changed: () => void = () => undefined;

  readonly hear = (frame: LinkFrame): void => {
    this.heard.push(frame);
    this.changed();
  };

  async until(count: number): Promise<readonly string[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => (this.changed = resolve));
    return this.heard.map((frame) =>
      frame.step === 'ended'
        ? `ended ${frame.reason}`
        : frame.step === 'sealed'
          ? `sealed ${String(frame.sealed.length)}`
          : frame.step,
    );
  }
}

describe('linking between nodes', () => {
  let database: TestDatabase;
  /** Tenants that let nobody link. */
  const closed = new Set<TenantId>();
  const policyOf = (tenantId: TenantId): Promise<Policy> =>
    Promise.resolve(Policy.parse({ linking: closed.has(tenantId) ? 'off' : 'user' }));
  const stops: (() => Promise<void>)[] = [];
  let nodes: LinkingSessions[];
  beforeAll(async () => {
    database = await testDatabase();
    nodes = [await node(), await node(), await node()];
  });
  afterAll(async () => {
    for (const stop of stops) await stop();
    await database.drop();
  });

  async function node(): Promise<LinkingSessions> {
    const lease = new NodeLease(database.db, systemIds, log);
    const link = new NodeLink(lease, secret, clock, log);
    const sessions = new LinkingSessions(systemIds, clock, { policy: policyOf }, link);
    const no = await lease.join(await link.listen({ host: '127.0.0.1', port: 0 }));
    link.start(no, (from, message) => sessions.hear(from, message));
    stops.push(async () => {
      sessions.stop();
      await link.stop();
      await lease.leave();
    });
    return sessions;
  }

  function old(at: LinkingSessions) {
    const ear = new Ear();
    const who: Caller = {
      tenantId: systemIds.uuid<TenantId>(),
      accountId: systemIds.uuid<AccountId>(),
      deviceId: systemIds.uuid<DeviceId>(),
    };
    const say = async (session: Uint8Array, step: LinkStep): Promise<void> =>
      at.fromOld(who, { session, ...step }, ear.hear);
    return { who, ear, say };
  }
  const sealed = (length: number): LinkStep => ({ step: 'sealed', sealed: Buffer.alloc(length, 0xf7) });

  it('claims, relays whole and in order, and ends on both sides', async () => {
    const [here, there] = nodes as [LinkingSessions, LinkingSessions];
    const fresh = new Ear();
    const session = here.open(fresh.hear)!;
    const phone = old(there);
    await phone.say(session, { step: 'claim' });
    expect(await phone.ear.until(1)).toEqual(['claimed']);
    expect(here.claimer(session)).toEqual(phone.who);
    expect(there.claimer(session)).toBeUndefined();
    await Promise.all([phone.say(session, sealed(10)), phone.say(session, sealed(LIMITS.linkMessageBytes))]);
    here.fromNew(session, Buffer.alloc(LIMITS.linkMessageBytes, 0xf7));
    expect(await fresh.until(4)).toEqual(['opened', 'claimed', 'sealed 10', 'sealed 65536']);
    expect(await phone.ear.until(2)).toEqual(['claimed', 'sealed 65536']);
    const [, relayed] = phone.ear.heard;
    expect(relayed?.session).toEqual(session);
    expect(relayed?.step === 'sealed' && Buffer.from(relayed.sealed).equals(Buffer.alloc(65_536, 0xf7))).toBe(true);
    here.leave(session);
    expect(await phone.ear.until(3)).toEqual(['claimed', 'sealed 65536', 'ended left']);
  });

  it('is taken for a second claimer, on the same node as the first or another', async () => {
    const [here, there, elsewhere] = nodes as [LinkingSessions, LinkingSessions, LinkingSessions];
    const fresh = new Ear();
    const session = here.open(fresh.hear)!;
    const [phone, ...thieves] = [old(there), old(there), old(elsewhere), old(here)];
    await phone.say(session, { step: 'claim' });
    await phone.ear.until(1);
    for (const thief of thieves) {
      await thief.say(session, { step: 'claim' });
      expect(await thief.ear.until(1)).toEqual(['ended taken']);
      await thief.say(session, sealed(1));
      expect((await thief.ear.until(2)).at(-1)).toMatch(/^ended (taken|unknown)$/);
    }
    await phone.say(session, sealed(20));
    expect(await fresh.until(3)).toEqual(['opened', 'claimed', 'sealed 20']);
    here.fromNew(session, Buffer.alloc(30));
    expect(await phone.ear.until(2)).toEqual(['claimed', 'sealed 30']);
    here.leave(session);
  });

  it('ends for both where the claimer may link nobody, and only what nobody else has claimed', async () => {
    const [here, there] = nodes as [LinkingSessions, LinkingSessions];
    const [fresh, other] = [new Ear(), new Ear()];
    const [session, another] = [here.open(fresh.hear)!, here.open(other.hear)!];
    const [phone, stranger] = [old(there), old(there)];
    closed.add(stranger.who.tenantId);
    await stranger.say(session, { step: 'claim' });
    expect(await stranger.ear.until(1)).toEqual(['ended off']);
    expect(await fresh.until(2)).toEqual(['opened', 'ended off']);
    await phone.say(another, { step: 'claim' });
    expect(await phone.ear.until(1)).toEqual(['claimed']);
    await stranger.say(another, { step: 'claim' });
    expect(await stranger.ear.until(2)).toEqual(['ended off', 'ended taken']);
    here.leave(another);
    expect(await other.until(3)).toEqual(['opened', 'claimed', 'ended left']);
  });

  it('refuses what is too large, and the link between the nodes lives on', async () => {
    const [here, there] = nodes as [LinkingSessions, LinkingSessions];
    const [fresh, other] = [new Ear(), new Ear()];
    const [session, another] = [here.open(fresh.hear)!, here.open(other.hear)!];
    const [phone, laptop] = [old(there), old(there)];
    await phone.say(session, { step: 'claim' });
    await laptop.say(another, { step: 'claim' });
    await Promise.all([phone.ear.until(1), laptop.ear.until(1)]);
    await Promise.all([phone.say(session, sealed(600_000)), laptop.say(another, sealed(5))]);
    expect(await other.until(3)).toEqual(['opened', 'claimed', 'sealed 5']);
    expect(await fresh.until(3)).toEqual(['opened', 'claimed', 'ended refused']);
    expect(await phone.ear.until(2)).toEqual(['claimed', 'ended refused']);
    here.leave(another);
  });

  it('says unknown when no node answers', async () => {
    const phone = old(nodes[1]!);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setInterval', 'clearInterval'] });
    try {
      await phone.say(systemIds.bytes(16), { step: 'claim' });
      jest.advanceTimersByTime(2_999);
      expect(phone.ear.heard).toEqual([]);
      jest.advanceTimersByTime(1);
    } finally {
      jest.useRealTimers();
    }
    expect(await phone.ear.until(1)).toEqual(['ended unknown']);
  });
});
