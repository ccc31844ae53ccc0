import { uuid7Time, type AccountId, type DeviceId, type IdempotencyKey } from '../protocol/ids.js';
import type { Mismatch, SendOutcome } from '../protocol/frames.js';
import { LIMITS } from '../protocol/limits.js';
import type { PrekeyBundle } from '../protocol/prekeys.js';
import { PROBLEMS, type Problem } from '../protocol/problems.js';
import { decodeSendRequest, type SendRequest } from '../protocol/send-request.js';
import type { Accounts } from './accounts.js';
import type { ServerClock } from './clock.js';
import { Bell, isOver, type Events } from './events.js';
import { refusedBy, SottoError, sottoError, type SottoErrorCode } from './errors.js';
import { newKey, type Host } from './host.js';
import type { Sealer } from './sealer.js';
import {
  countOutgoing,
  failOutgoing,
  firstOutgoing,
  insertOutgoing,
  outgoingTo,
  rekeyOutgoing,
  removeOutgoing,
  requestOf,
  waitingRecipients,
  type Outgoing,
} from './store/outbox.store.js';
import type { Store } from './store/store.js';
import { keyChanged, loadAccount } from './store/accounts.store.js';

/** `acceptedAt`: the server's time at which it committed. The id is the one that went out (a message that waited for a day gets a new one). */
export interface Accepted {
  readonly messageId: IdempotencyKey;
  readonly acceptedAt: number;
}

/** Handed back as soon as the message is on disk. `accepted` rejects with a SottoError when it can never be sent. */
export interface Sending {
  readonly messageId: IdempotencyKey;
  readonly accepted: Promise<Accepted>;
}

/** The way to the server, as far as the sender needs it. */
export interface SendLine {
  readonly ready: boolean;
  send(request: SendRequest): Promise<SendOutcome | undefined>;
}

type Step =
  | { readonly kind: 'again' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'held' }
  | { readonly kind: 'done' }
  | { readonly kind: 'later'; readonly ms: number };

const MAX_TRIES = 4;
const DEFAULT_LATER = 1_000;
/** Whatever the server asks for: neither a flood nor silence for ever. */
const [SOONEST_LATER, LATEST_LATER] = [100, 60_000];
/** A key this old is replaced before the message goes out for the first time: the server takes none older than a day. */
const KEY_LIFE = LIMITS.idempotencyPast / 2;

/**
 * The outbox. A message is on disk before `send` returns, and its encoded request together with the advanced ratchet before it goes out;
 * after a crash or a lost answer the same bytes go again under the same key, so there is one copy at the receiver.
 * What is for an account whose key changed is held back until the person accepts it. One lane an account: messages to one account keep their order, accounts do not wait for each other.
 */
export class Sender {
  private readonly lanes = new Map<AccountId, Promise<void>>();
  private readonly waiting = new Map<number, PromiseWithResolvers<Accepted>>();
  private readonly emptied = new Bell();
  private readonly closing = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly line: SendLine,
    private readonly sealer: Sealer,
    private readonly accounts: Accounts,
    private readonly world: { readonly host: Host; readonly clock: ServerClock; readonly events: Events },
  ) {}

  send(recipient: AccountId, body: string): Sending {
    if (this.closing.signal.aborted) throw new SottoError('closed');
    const sentAt = this.world.clock.now();
    const messageId = newKey(this.world.host, sentAt);
    const no = this.store.transact((tx) => insertOutgoing(tx, { messageId, recipient, body, sentAt }));
    const outcome = Promise.withResolvers<Accepted>();
    outcome.promise.catch(() => undefined);
    const halted = loadAccount(this.store, recipient)?.halted;
    if (halted !== undefined && keyChanged(halted)) outcome.reject(new SottoError(halted, { detail: recipient }));
    else {
      this.waiting.set(no, outcome);
      this.wake(recipient);
    }
    return { messageId, accepted: outcome.promise };
  }

  /** The person accepted the account's key: what was held back goes out. */
  release(recipient: AccountId): void {
    this.wake(recipient);
  }

  /** The connection is ready: everything that waits goes on. */
  resume(): void {
    for (const recipient of waitingRecipients(this.store)) this.wake(recipient);
  }

  /** Resolves when nothing waits any more, sent or failed. */
  async flush(signal: AbortSignal): Promise<void> {
    while (countOutgoing(this.store) > 0 && !signal.aborted) await this.emptied.wait(signal);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.lanes.values());
    for (const { reject } of this.waiting.values()) reject(new SottoError('closed'));
    this.waiting.clear();
  }

  private wake(recipient: AccountId): void {
    if (this.lanes.has(recipient) || !this.line.ready || this.closing.signal.aborted) return;
    const lane = this.run(recipient).finally(() => {
      this.lanes.delete(recipient);
      // What came while the lane was ending has not been seen by it.
      if (!this.isHeld(recipient) && this.line.ready && firstOutgoing(this.store, recipient) !== undefined)
        this.wake(recipient);
    });
    this.lanes.set(recipient, lane);
  }

  private async run(recipient: AccountId): Promise<void> {
    const { signal } = this.closing;
    let message = firstOutgoing(this.store, recipient);
    while (message !== undefined && this.line.ready && !signal.aborted) {
      const step = await this.deliver(message);
      if (step.kind === 'offline') return;
      if (step.kind === 'held') {
        this.emptied.ring();
        return;
      }
      if (step.kind === 'later') await this.world.host.delay(step.ms, signal);
      if (isOver(signal)) return;
      message = firstOutgoing(this.store, recipient);
      this.emptied.ring();
    }
  }

  /** One message until it is accepted, failed, or the connection is gone. */
  private async deliver(message: Outgoing): Promise<Step> {
    try {
      const stopped = loadAccount(this.store, message.recipient)?.halted;
      if (stopped !== undefined) throw new SottoError(stopped, { detail: message.recipient });
      const repeated = message.request !== undefined;
      const bundles = new Map<DeviceId, PrekeyBundle>();
      let request: Uint8Array | undefined = message.request;
      for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
        if (request === undefined && this.rekeyIfOld(message)) return { kind: 'again' };
        request ??= await this.sealer.seal(message, bundles);
        const step = await this.transmit(message, { request, bundles, repeated });
        if (step.kind !== 'again') return step;
        request = undefined;
      }
      throw new SottoError('still_mismatched', { detail: message.recipient });
    } catch (error) {
      return this.trouble(message, error);
    }
  }

  private async transmit(
    message: Outgoing,
    out: { readonly request: Uint8Array; readonly bundles: Map<DeviceId, PrekeyBundle>; readonly repeated: boolean },
  ): Promise<Step> {
    const request = decodeSendRequest(out.request);
    if ('code' in request) throw refusedBy(request);
    const outcome = await this.line.send(request);
    if (outcome === undefined) return { kind: 'offline' };
    switch (outcome.kind) {
      case 'accepted':
        this.accepted(message, outcome.acceptedAt);
        return { kind: 'done' };
      case 'mismatch':
        await this.mend(outcome, out.bundles);
        return { kind: 'again' };
      case 'problem':
        return this.refused(message, outcome, out);
    }
  }

  private accepted(message: Outgoing, acceptedAt: number): void {
    this.store.transact((tx) => {
      removeOutgoing(tx, message.no);
    });
    this.waiting.get(message.no)?.resolve({ messageId: message.messageId, acceptedAt });
    this.waiting.delete(message.no);
  }

  /** Everything the answer complains about: chains again (verified, same account key or an error), stale sessions away, bundles kept. */
  private async mend(mismatch: Mismatch, bundles: Map<DeviceId, PrekeyBundle>): Promise<void> {
    const [unknown] = mismatch.unknown;
    if (unknown !== undefined) throw new SottoError('unknown_account', { detail: unknown });
    const [closed] = mismatch.closed;
    if (closed !== undefined) throw new SottoError('account_closed', { detail: closed });
    for (const account of mismatch.mismatched) {
      if (account.missing.length > 0 || account.extra.length > 0 || account.stale.length === 0)
        await this.accounts.refreshForResend(account.accountId);
      const devices = [...account.missing, ...account.stale];
      this.accounts.refuseRemoved(account.accountId, { listVersion: account.listVersion, devices });
      await this.sealer.archive(account.accountId, account.stale);
    }
    for (const each of mismatch.bundles) this.sealer.refuseRemoved(each.accountId, each);
    for (const each of mismatch.bundles) for (const bundle of each.bundles) bundles.set(bundle.deviceId, bundle);
  }

  private refused(message: Outgoing, problem: Problem, { repeated }: { readonly repeated: boolean }): Step {
    if (PROBLEMS[problem.code].retry === 'later') return later(problem);
    if (problem.code !== 'time_out_of_range') throw refusedBy(problem);
    if (problem.serverTime !== undefined) this.world.clock.heal(problem.serverTime);
    const age = this.world.clock.now() - (uuid7Time(message.messageId) ?? 0);
    // From the future it was never accepted; from the past only what went out just now for the first time surely was not.
    if (repeated && age > 0) throw new SottoError('outcome_unknown', { detail: message.messageId });
    this.rekey(message);
    return { kind: 'again' };
  }

  private rekeyIfOld(message: Outgoing): boolean {
    const neverOut = requestOf(this.store, message.no) === undefined;
    if (!neverOut || Math.abs(this.world.clock.now() - (uuid7Time(message.messageId) ?? 0)) < KEY_LIFE) return false;
    this.rekey(message);
    return true;
  }

  private rekey(message: Outgoing): void {
    this.store.transact((tx) => {
      rekeyOutgoing(tx, message.no, newKey(this.world.host, this.world.clock.now()));
    });
  }

  /** No answer, or "later": wait. Anything else: this message has failed, and the lane goes on with the next. */
  private trouble(message: Outgoing, error: unknown): Step {
    const known = sottoError(error) ?? new SottoError('internal', { cause: error });
    if (known.code === 'unreachable') return { kind: 'later', ms: DEFAULT_LATER };
    if (known.problem !== undefined && PROBLEMS[known.problem.code].retry === 'later') {
      return later(known.problem);
    }
    if (this.isHeld(message.recipient)) {
      this.hold(message.recipient, known);
      return { kind: 'held' };
    }
    this.fail(message, known);
    return { kind: 'done' };
  }

  private isHeld(recipient: AccountId): boolean {
    return keyChanged(loadAccount(this.store, recipient)?.halted);
  }

  /** Everything for the account stays in the outbox until the person accepts its key; whoever waits is told. */
  private hold(recipient: AccountId, error: SottoError): void {
    this.world.events.emit({ kind: 'trouble', error });
    for (const no of outgoingTo(this.store, recipient)) {
      this.waiting.get(no)?.reject(error);
      this.waiting.delete(no);
    }
  }

  private fail(message: Outgoing, error: SottoError): void {
    const code: SottoErrorCode = error.code;
    this.store.transact((tx) => {
      failOutgoing(tx, message.no, code);
    });
    this.world.events.emit({ kind: 'trouble', error });
    this.waiting.get(message.no)?.reject(error);
    this.waiting.delete(message.no);
  }
}

function later({ retryAfterMs = DEFAULT_LATER }: Problem): Step {
  return { kind: 'later', ms: Math.min(Math.max(retryAfterMs, SOONEST_LATER), LATEST_LATER) };
}
