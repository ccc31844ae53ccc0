import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock, seededIds } from '../platform/testing/fakes.js';
import { Policy } from '../protocol/bodies.js';
import type { AccountId, Caller, DeviceId, TenantId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { LinkFrame } from '../protocol/link-frames.js';
import { LinkingSessions } from './linking-session.js';

const ids = seededIds('linking');
const clock = new FakeClock();

function caller(): Caller {
  return { tenantId: ids.uuid<TenantId>(), accountId: ids.uuid<AccountId>(), deviceId: ids.uuid<DeviceId>() };
}

function said(frames: readonly LinkFrame[]): string[] {
  return frames.map((frame) =>
    frame.step === 'ended'
      ? `ended ${frame.reason}`
      : frame.step === 'sealed'
        ? `sealed ${Buffer.from(frame.sealed).toString('utf8', 0, 20)}`
        : frame.step,
  );
}

describe('LinkingSessions', () => {
  let sessions: LinkingSessions;
  let linking: Policy['linking'] = 'user';
  beforeEach(() => {
    jest.useFakeTimers();
    sessions = new LinkingSessions(ids, clock, { policy: () => Promise.resolve(Policy.parse({ linking })) });
    linking = 'user';
  });
  afterEach(() => {
    sessions.stop();
    jest.useRealTimers();
  });

  function open() {
    const heard: LinkFrame[] = [];
    const session = sessions.open((frame) => heard.push(frame))!;
    return { session, heard };
  }
  function old(who = caller()) {
    const heard: LinkFrame[] = [];
    const say = async (frame: LinkFrame): Promise<void> => sessions.fromOld(who, frame, (answer) => heard.push(answer));
    return { who, heard, say };
  }
  const sealed = (session: Uint8Array, text: string | Buffer): LinkFrame => ({
    session,
    step: 'sealed',
    sealed: Buffer.from(text),
  });

  it('opens, is claimed, relays sealed bytes both ways, and knows its claimer', async () => {
    const [fresh, phone] = [open(), old()];
    expect(fresh.session).toHaveLength(16);
    expect(fresh.heard[0]).toEqual({
      session: fresh.session,
      step: 'opened',
      expiresAt: clock.now() + LIMITS.linkSessionLife,
    });
    expect(sessions.claimer(fresh.session)).toBeUndefined();
    await phone.say({ session: fresh.session, step: 'claim' });
    expect(sessions.claimer(fresh.session)).toEqual(phone.who);
    sessions.fromNew(fresh.session, Buffer.from('hello'));
    await phone.say(sealed(fresh.session, 'account'));
    expect(said(phone.heard)).toEqual(['claimed', 'sealed hello']);
    expect(said(fresh.heard)).toEqual(['opened', 'claimed', 'sealed account']);
    expect(phone.heard[1]?.session).toEqual(fresh.session);
  });

  it('is claimed once, and takes nothing from another device', async () => {
    const [fresh, phone, thief] = [open(), old(), old()];
    await phone.say({ session: fresh.session, step: 'claim' });
    await thief.say({ session: fresh.session, step: 'claim' });
    await thief.say(sealed(fresh.session, 'evil'));
    expect(said(thief.heard)).toEqual(['ended taken', 'ended taken']);
    await phone.say(sealed(fresh.session, 'good'));
    expect(said(fresh.heard)).toEqual(['opened', 'claimed', 'sealed good']);
    expect(sessions.claimer(fresh.session)).toEqual(phone.who);
  });

  it('says unknown of a session that is not there, and relays nothing before a claim', async () => {
    const [fresh, phone] = [open(), old()];
    await phone.say({ session: Buffer.alloc(16, 1), step: 'claim' });
    await phone.say(sealed(Buffer.alloc(16, 1), 'x'));
    expect(said(phone.heard)).toEqual(['ended unknown', 'ended unknown']);
    sessions.fromNew(fresh.session, Buffer.from('early'));
    await old().say(sealed(fresh.session, 'early'));
    expect(said(fresh.heard)).toEqual(['opened']);
  });

  it('expires for both sides after two minutes, not before', async () => {
    const [fresh, phone] = [open(), old()];
    await phone.say({ session: fresh.session, step: 'claim' });
    jest.advanceTimersByTime(LIMITS.linkSessionLife - 1);
    expect(said(fresh.heard)).toEqual(['opened', 'claimed']);
    jest.advanceTimersByTime(1);
    expect(said(fresh.heard).at(-1)).toBe('ended expired');
    expect(said(phone.heard).at(-1)).toBe('ended expired');
    expect(sessions.claimer(fresh.session)).toBeUndefined();
    await phone.say(sealed(fresh.session, 'late'));
    expect(said(phone.heard).at(-1)).toBe('ended unknown');
  });

  it('ends when the new device leaves, and when the old one refuses', async () => {
    const [left, refused, phone] = [open(), open(), old()];
    for (const { session } of [left, refused]) await phone.say({ session, step: 'claim' });
    sessions.leave(left.session);
    await phone.say({ session: refused.session, step: 'ended', reason: 'refused' });
    expect(said(phone.heard)).toEqual(['claimed', 'claimed', 'ended left', 'ended refused']);
    expect(said(refused.heard).at(-1)).toBe('ended refused');
    expect(said(left.heard)).toEqual(['opened', 'claimed', 'ended left']);
  });

  it.each(['old', 'new'])('ends when the %s device sends more than it may at once', async (side) => {
    const [fresh, phone] = [open(), old()];
    await phone.say({ session: fresh.session, step: 'claim' });
    const most = Buffer.alloc(LIMITS.linkMessageBytes, 'm');
    const say = async (bytes: Buffer): Promise<void> => {
      if (side === 'old') await phone.say(sealed(fresh.session, bytes));
      else sessions.fromNew(fresh.session, bytes);
    };
    await say(most);
    expect(said(side === 'old' ? fresh.heard : phone.heard).at(-1)).toMatch(/^sealed m+/);
    await say(Buffer.concat([most, Buffer.from('m')]));
    expect(said(fresh.heard).at(-1)).toBe('ended refused');
    expect(said(phone.heard).at(-1)).toBe('ended refused');
  });

  it('ends after so many messages', async () => {
    const [fresh, phone] = [open(), old()];
    await phone.say({ session: fresh.session, step: 'claim' });
    for (let count = 0; count <= LIMITS.linkMessages; count += 1) sessions.fromNew(fresh.session, Buffer.from('m'));
    expect(said(phone.heard)).toEqual([
      'claimed',
      ...Array.from({ length: LIMITS.linkMessages }, () => 'sealed m'),
      'ended refused',
    ]);
  });

  it('counts what the new device says before it was claimed', async () => {
    const [fresh, phone] = [open(), old()];
    for (let count = 0; count < LIMITS.linkMessages; count += 1) sessions.fromNew(fresh.session, Buffer.from('m'));
    expect(said(fresh.heard)).toEqual(['opened']);
    sessions.fromNew(fresh.session, Buffer.from('m'));
    expect(said(fresh.heard)).toEqual(['opened', 'ended refused']);
    await phone.say({ session: fresh.session, step: 'claim' });
    expect(said(phone.heard)).toEqual(['ended unknown']);
  });

  it('dies after its two minutes when nobody says anything', () => {
    const fresh = open();
    jest.advanceTimersByTime(LIMITS.linkSessionLife);
    expect(said(fresh.heard)).toEqual(['opened', 'ended expired']);
  });

  it('ends for both at the claim where the policy lets nobody link', async () => {
    const [fresh, phone] = [open(), old()];
    linking = 'off';
    await phone.say({ session: fresh.session, step: 'claim' });
    expect(said(fresh.heard)).toEqual(['opened', 'ended off']);
    expect(said(phone.heard)).toEqual(['ended off']);
    expect(sessions.claimer(fresh.session)).toBeUndefined();
  });

  it('are bounded in number, and all end when the node stops', () => {
    const opened = Array.from({ length: 10_000 }, () => open());
    expect(sessions.open(() => undefined)).toBeUndefined();
    sessions.leave(opened[0]!.session);
    expect(sessions.open(() => undefined)).toBeDefined();
    sessions.stop();
    expect(jest.getTimerCount()).toBe(0);
  });
});
