import type { Ids } from '../platform/ids.js';
import type { Clock } from '../platform/clock.js';
import type { Caller } from '../protocol/ids.js';
import type { LinkEnd, LinkFrame, LinkStep } from '../protocol/link-frames.js';
import { LIMITS } from '../protocol/limits.js';
import type { Tenants } from '../tenancy/tenants.js';
import type { NodeLink } from './node-link.js';

/** Where frames for one side of a session go. */
export type LinkSink = (frame: LinkFrame) => void;

interface Session {
  readonly id: Uint8Array;
  readonly expiry: NodeJS.Timeout;
  readonly toNew: LinkSink;
  old: { readonly caller: Caller; readonly sink: LinkSink } | undefined;
  relayed: number;
}

/** An old device of this node whose session lies on another node, once that has answered. */
interface Remote {
  readonly caller: Caller;
  readonly sink: LinkSink;
  node: number | undefined;
  /** First until an answer must have come, then for the life of a session. */
  expiry: NodeJS.Timeout;
}

/** `refusal`: the claimer's tenant allows no linking. */
interface Claim {
  readonly caller: Caller;
  readonly sink: LinkSink;
  readonly refusal?: LinkEnd | undefined;
}

type NodeMessage =
  | {
      readonly kind: 'claim';
      readonly session: string;
      readonly caller: Caller;
      readonly refusal?: LinkEnd | undefined;
    }
  | { readonly kind: 'to-new'; readonly session: string; readonly caller: Caller; readonly sealed: string }
  | { readonly kind: 'end'; readonly session: string; readonly caller: Caller; readonly reason: LinkEnd }
  | {
      readonly kind: 'to-old';
      readonly session: string;
      readonly step: 'claimed' | 'sealed' | 'ended';
      readonly value: string;
    };

const ANSWER_WITHIN = 3_000;
const MOST_SESSIONS = 10_000;

/**
 * Provisioning sessions, in the memory of the node that the new device is connected to (IDENTITY "Linking"): 16 random bytes, 2 minutes, one
 * claim, 16 relayed messages of 64 KiB, both ways together. The relay sees sealed bytes only. An old device on another node reaches the session over
 * the node link: its node asks all others, the one that holds the session answers.
 */
export class LinkingSessions {
  private readonly sessions = new Map<string, Session>();
  private readonly remotes = new Map<string, Remote>();

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly tenants: Pick<Tenants, 'policy'>,
    private readonly link?: NodeLink,
  ) {}

  /** A new device: its session begins now. Undefined when this node holds as many as it may. */
  open(toNew: LinkSink): Uint8Array | undefined {
    if (this.sessions.size >= MOST_SESSIONS) return undefined;
    const id = new Uint8Array(this.ids.bytes(16));
    const key = keyOf(id);
    const expiry = setTimeout(() => {
      this.end(key, 'expired');
    }, LIMITS.linkSessionLife);
    this.sessions.set(key, { id, expiry, toNew, old: undefined, relayed: 0 });
    toNew({ session: id, step: 'opened', expiresAt: this.clock.now() + LIMITS.linkSessionLife });
    return id;
  }

  /** The account that has claimed the session: whose pending device may be registered through it. */
  claimer(id: Uint8Array): Caller | undefined {
    return this.sessions.get(keyOf(id))?.old?.caller;
  }

  /** From an old device on this node: `claim`, then sealed messages. */
  async fromOld(caller: Caller, frame: LinkFrame, sink: LinkSink): Promise<void> {
    const key = keyOf(frame.session);
    if (frame.step === 'claim') await this.claim(key, { caller, sink, refusal: await this.refusalOf(caller) });
    else if (frame.step === 'sealed') await this.relayToNew(key, caller, { sealed: frame.sealed, sink });
    else if (frame.step === 'ended' && this.claimer(frame.session)?.deviceId === caller.deviceId)
      this.end(key, 'refused');
    else if (frame.step === 'ended' && this.remotes.get(key)?.caller.deviceId === caller.deviceId)
      await this.endRemote(key, 'refused');
    else sink({ session: frame.session, step: 'ended', reason: 'refused' });
  }

  /** From the new device itself, on the session of its own socket. */
  fromNew(id: Uint8Array, sealed: Uint8Array): void {
    const key = keyOf(id);
    const session = this.sessions.get(key);
    if (session === undefined) return;
    // Counted before the claim too, when there is nobody to relay to.
    if (this.overBound(session, sealed)) this.end(key, 'refused');
    else session.old?.sink({ session: id, step: 'sealed', sealed });
  }

  /** The new device's socket is gone. */
  leave(id: Uint8Array): void {
    this.end(keyOf(id), 'left');
  }

  /** An old device's socket is gone: nobody else can go on with what it claimed. */
  async oldLeft(sink: LinkSink): Promise<void> {
    for (const [key, session] of this.sessions) if (session.old?.sink === sink) this.end(key, 'left');
    for (const [key, remote] of this.remotes) if (remote.sink === sink) await this.endRemote(key, 'left');
  }

  /** From another node. */
  hear(node: number, bytes: Uint8Array): void {
    const message = messageIn(bytes);
    if (message?.kind === 'to-old') this.hearToOld(node, message);
    else if (message !== undefined && this.sessions.has(message.session)) this.hearToNew(node, message);
  }

  stop(): void {
    for (const key of [...this.sessions.keys()]) this.end(key, 'left');
    for (const remote of this.remotes.values()) clearTimeout(remote.expiry);
    this.remotes.clear();
  }

  /** Where the policy lets nobody link, a claim ends the session for both sides, so that neither waits for the other. */
  private async refusalOf({ tenantId }: Caller): Promise<LinkEnd | undefined> {
    return (await this.tenants.policy(tenantId)).linking === 'off' ? 'off' : undefined;
  }

  private async claim(key: string, claim: Claim): Promise<void> {
    const { caller, sink, refusal } = claim;
    if (this.sessions.has(key)) {
      this.claimHere(key, claim);
      return;
    }
    if (this.remotes.has(key)) {
      sink(frameFor(key, { step: 'ended', reason: 'taken' }));
      return;
    }
    const expiry = setTimeout(() => {
      this.dropRemote(key, 'unknown');
    }, ANSWER_WITHIN);
    // Before anything is awaited: a second claim at the same moment must find it.
    this.remotes.set(key, { caller, sink, node: undefined, expiry });
    const asked = (await this.link?.broadcast(encode({ kind: 'claim', session: key, caller, refusal }))) ?? 0;
    if (asked === 0) this.dropRemote(key, 'unknown');
  }

  private dropRemote(key: string, reason: LinkEnd): void {
    const remote = this.remotes.get(key);
    if (remote === undefined) return;
    clearTimeout(remote.expiry);
    this.remotes.delete(key);
    remote.sink(frameFor(key, { step: 'ended', reason }));
  }

  private async endRemote(key: string, reason: LinkEnd): Promise<void> {
    const remote = this.remotes.get(key);
    this.dropRemote(key, reason);
    if (remote?.node !== undefined)
      await this.link?.send(remote.node, encode({ kind: 'end', session: key, caller: remote.caller, reason }));
  }

  private claimHere(key: string, { caller, sink, refusal }: Claim): void {
    const session = this.sessions.get(key);
    if (session === undefined) return;
    if (session.old !== undefined) {
      sink({ session: session.id, step: 'ended', reason: 'taken' });
      return;
    }
    session.old = { caller, sink };
    if (refusal !== undefined) {
      this.end(key, refusal);
      return;
    }
    sink({ session: session.id, step: 'claimed' });
    session.toNew({ session: session.id, step: 'claimed' });
  }

  private async relayToNew(
    key: string,
    caller: Caller,
    { sealed, sink }: { readonly sealed: Uint8Array; readonly sink: LinkSink },
  ): Promise<void> {
    const session = this.sessions.get(key);
    if (session !== undefined) {
      if (session.old?.caller.deviceId !== caller.deviceId)
        sink({ session: session.id, step: 'ended', reason: 'taken' });
      else if (this.overBound(session, sealed)) this.end(key, 'refused');
      else session.toNew({ session: session.id, step: 'sealed', sealed });
      return;
    }
    const remote = this.remotes.get(key);
    if (remote?.node === undefined || remote.caller.deviceId !== caller.deviceId)
      sink(frameFor(key, { step: 'ended', reason: 'unknown' }));
    else {
      // Of what is too large, enough for the other node to refuse it; all of it would end the link for everybody.
      const some = Buffer.from(sealed)
        .subarray(0, LIMITS.linkMessageBytes + 1)
        .toString('base64url');
      await this.link?.send(remote.node, encode({ kind: 'to-new', session: key, caller, sealed: some }));
    }
  }

  private hearToNew(node: number, message: Exclude<NodeMessage, { kind: 'to-old' }>): void {
    const sink: LinkSink = (frame) => {
      const value =
        frame.step === 'sealed'
          ? Buffer.from(frame.sealed).toString('base64url')
          : frame.step === 'ended'
            ? frame.reason
            : '';
      if (frame.step === 'sealed' || frame.step === 'ended' || frame.step === 'claimed')
        void this.link?.send(node, encode({ kind: 'to-old', session: message.session, step: frame.step, value }));
    };
    if (message.kind === 'claim') this.claimHere(message.session, { ...message, sink });
    else if (message.kind === 'end') {
      if (this.sessions.get(message.session)?.old?.caller.deviceId === message.caller.deviceId)
        this.end(message.session, message.reason);
    } else
      void this.relayToNew(message.session, message.caller, { sealed: Buffer.from(message.sealed, 'base64url'), sink });
  }

  private hearToOld(node: number, message: Extract<NodeMessage, { kind: 'to-old' }>): void {
    const remote = this.remotes.get(message.session);
    if (remote === undefined) return;
    clearTimeout(remote.expiry);
    remote.node = node;
    if (message.step === 'ended') this.remotes.delete(message.session);
    else remote.expiry = setTimeout(() => this.remotes.delete(message.session), LIMITS.linkSessionLife).unref();
    remote.sink(frameFor(message.session, stepOf(message)));
  }

  private overBound(session: Session, sealed: Uint8Array): boolean {
    session.relayed += 1;
    return sealed.length > LIMITS.linkMessageBytes || session.relayed > LIMITS.linkMessages;
  }

  private end(key: string, reason: LinkEnd): void {
    const session = this.sessions.get(key);
    if (session === undefined) return;
    clearTimeout(session.expiry);
    this.sessions.delete(key);
    const ended: LinkFrame = { session: session.id, step: 'ended', reason };
    session.old?.sink(ended);
    session.toNew(ended);
  }
}

function keyOf(session: Uint8Array): string {
  return Buffer.from(session).toString('base64url');
}

function frameFor(key: string, step: LinkStep): LinkFrame {
  return { session: new Uint8Array(Buffer.from(key, 'base64url')), ...step };
}

function stepOf(message: Extract<NodeMessage, { kind: 'to-old' }>): LinkStep {
  if (message.step === 'sealed') return { step: 'sealed', sealed: Buffer.from(message.value, 'base64url') };
  return message.step === 'claimed' ? { step: 'claimed' } : { step: 'ended', reason: message.value as LinkEnd };
}

/** Undefined for what no node of this release says. */
function messageIn(bytes: Uint8Array): NodeMessage | undefined {
  try {
    const message = JSON.parse(Buffer.from(bytes).toString()) as Partial<NodeMessage> | null;
    return typeof message?.session === 'string' ? (message as NodeMessage) : undefined;
  } catch {
    return undefined;
  }
}

function encode(message: NodeMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}
