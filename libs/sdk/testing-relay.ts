import type { ServerFrame } from '../protocol/frames.js';
import type { DeviceId } from '../protocol/ids.js';
import type { LinkFrame, LinkStep } from '../protocol/link-frames.js';
import type { DeviceRegistration } from '../protocol/prekeys.js';
import { problem, PROBLEMS, type Problem } from '../protocol/problems.js';
import { plain } from './crypto.js';
import { nodeHost, type HttpAnswer } from './host.js';

/** The server's end of a socket. */
export interface FakeStream {
  readonly deviceId: DeviceId;
  say(frame: ServerFrame): void;
  end(code: number): void;
}

interface FakeSession {
  readonly newSide: FakeStream;
  readonly session: Uint8Array;
  oldSide: FakeStream | undefined;
  pending: DeviceRegistration | undefined;
}

/** The linking sessions of the server in memory. */
export class FakeRelay {
  /** Changes what is passed on. */
  pass: (step: LinkStep) => readonly LinkStep[] = (step) => [step];
  private readonly sessions: FakeSession[] = [];

  open(newSide: FakeStream, expiresAt: number): void {
    const session = nodeHost.random(16);
    this.sessions.push({ newSide, session, oldSide: undefined, pending: undefined });
    newSide.say({ kind: 'link', link: { session, step: 'opened', expiresAt } });
  }

  /** Registrations that a stored list has made devices of. */
  activated(): readonly DeviceRegistration[] {
    const registrations = this.sessions.map(({ pending }) => pending).filter((pending) => pending !== undefined);
    for (const session of this.sessions) session.pending = undefined;
    return registrations;
  }

  /** As long as its socket is open. */
  stateOf(deviceId: DeviceId): HttpAnswer {
    const held = this.sessions.find(({ pending }) => pending?.deviceId === deviceId);
    return held === undefined
      ? refusal(problem('not_found', 'not pending'))
      : okJson({ state: 'open', expiresAt: nodeHost.now() + 1000 });
  }

  /** A side went away: the other one is told. */
  left(side: FakeStream): void {
    for (const held of this.sessions) {
      const { newSide, oldSide, session } = held;
      if (side !== newSide) continue;
      // What takes two minutes there.
      held.pending = undefined;
      oldSide?.say({ kind: 'link', link: { session, step: 'ended', reason: 'left' } });
    }
  }

  hear(from: FakeStream, link: LinkFrame): void {
    const held = this.sessions.find(({ session }) => Buffer.from(session).equals(link.session));
    const say = (to: FakeStream | undefined, step: LinkStep): void => {
      to?.say({ kind: 'link', link: { session: link.session, ...step } });
    };
    if (held === undefined) {
      say(from, { step: 'ended', reason: 'unknown' });
      return;
    }
    if (link.step === 'claim' && held.oldSide !== undefined) say(from, { step: 'ended', reason: 'taken' });
    else if (link.step === 'claim') {
      held.oldSide = from;
      say(held.newSide, { step: 'claimed' });
      say(held.oldSide, { step: 'claimed' });
    } else if (link.step === 'register') {
      held.pending = link.registration;
      say(held.newSide, { step: 'registered' });
    } else for (const step of this.pass(link)) say(from === held.newSide ? held.oldSide : held.newSide, step);
  }
}

export function ok(body: Uint8Array): HttpAnswer {
  return { status: 200, body: plain(body) };
}

export function okJson(body: unknown): HttpAnswer {
  return { status: 200, body: new TextEncoder().encode(JSON.stringify(body)) };
}

export function refusal({ kind: _kind, ...of }: Problem): HttpAnswer {
  const { status, title } = PROBLEMS[of.code];
  return { status, body: new TextEncoder().encode(JSON.stringify({ type: 'about:blank', title, status, ...of })) };
}
