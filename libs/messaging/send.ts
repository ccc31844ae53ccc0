import type { Bundles } from '../devices/bundles.js';
import type { MailboxNo } from '../mailbox/guards.js';
import type { Append, AppendResult, Mailbox } from '../mailbox/mailbox.js';
import { Batcher } from '../platform/batcher.js';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { postgresTrouble, type Db } from '../platform/postgres.js';
import type { Mismatch, SendOutcome } from '../protocol/frames.js';
import { uuid7Time, writeUuid, type Caller, type DeviceId, type IdempotencyKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { SendRequest } from '../protocol/send-request.js';
import type { Doorbell } from '../realtime/doorbell.js';
import type { Asked, DeviceSets, Targets } from './device-sets.js';
import { EnvelopeIds } from './envelope-ids.js';
import type { Ephemerals } from './ephemerals.js';
import type { MessagingEvents } from './events.js';
import { planSend, type SendPlan } from './plan-send.js';
import { ringsFor } from './rings.js';
import type { SendLimits } from './limits.js';
import { digestOf, storedKey } from './send-key.js';
import { Turns, type Judgement } from './turns.js';
import { Turnstile } from './turnstile.js';

const BATCH_REQUESTS = 200;
const BATCH_ENVELOPES = 1_000;
const BATCH_BYTES = 4 * 1024 * 1024;
const ALONE_ABOVE = 64;
/** Waiting for a lock ends after 400 ms, so a request gives up after about ten seconds. */
const ATTEMPTS = 25;
const WAITING_AT_ONCE = 4;
const READS_AT_ONCE = 200;
/** Times 1 MiB at the most, times 600 bytes as a rule. */
const FIRSTS_AT_ONCE = 64;
/** PostgreSQL: no partition of `sent` for this key. */
const NO_PARTITION = '23514';

interface Pending {
  readonly caller: Caller;
  readonly request: SendRequest;
  /** Undefined: it cannot be planned over what is cached, and waits here only for what the same device sent before it. */
  readonly append: Append | undefined;
  readonly resolve: (outcome: SendOutcome | Promise<SendOutcome>) => void;
}

type Planned = Pending & { readonly append: Append };

export interface SenderParts {
  readonly limits: SendLimits;
  readonly sets: DeviceSets;
  readonly mailbox: Mailbox;
  readonly bundles: Bundles;
  readonly doorbell: Doorbell;
  readonly ephemerals: Ephemerals;
  readonly events: MessagingEvents;
}

/**
 * Durable sends. A batch is what arrived during the previous commit; each request gets its own outcome and none fails a neighbour.
 *
 * The fast way plans a request over cached devices and stores it with the batch. What does not go through there — a mismatch, a repeated key,
 * a locked row, an error of the batch, an account not yet seen here — leaves for its device's *lane*: one after another, over fresh reads,
 * waiting for locks. Lanes read and try first together; only what then fails goes alone. While a device
 * has a lane all its requests take it, and a lane begins only when nothing of the device is on the fast way any more, so that what one
 * connection sent stays in order (D9).
 */
export class Sender {
  private readonly pending = new Turns<Pending>(({ append }) => append?.items.length ?? 0);
  private running = false;
  private readonly lanes = new Map<DeviceId, Promise<unknown>>();
  /** Requests of each device that are pending or in a commit. */
  private readonly onFastWay = new Map<DeviceId, number>();
  private readonly waiting = new Turnstile(WAITING_AT_ONCE);
  private readonly envelopeIds: EnvelopeIds;
  /** Account and device as they are stored. */
  private readonly senders = new WeakMap<Caller, Uint8Array>();
  private readonly reads: Batcher<Asked, Targets>;
  private readonly firsts: Batcher<Append, number | undefined>;

  constructor(
    private readonly db: Db,
    private readonly parts: SenderParts,
    private readonly clock: Clock,
    ids: Ids,
  ) {
    this.envelopeIds = new EnvelopeIds(ids);
    this.reads = new Batcher(async (asked) => parts.sets.freshAll(db, asked), { most: READS_AT_ONCE });
    this.firsts = new Batcher(async (appends) => this.appendFirsts(appends), { most: FIRSTS_AT_ONCE });
  }

  /** Accepted means committed (D1). Refusals are values; a throw is a bug. */
  async send(caller: Caller, request: SendRequest): Promise<SendOutcome> {
    const outcome = this.refusal(request) ?? (await this.withinLimits(caller, request));
    this.parts.events.sent(outcome);
    return outcome;
  }

  /** A limit may say "later" also to what was accepted before; what is refused for another reason takes nothing from any budget. */
  private async withinLimits(caller: Caller, request: SendRequest): Promise<SendOutcome> {
    const { limits } = this.parts;
    const taken = await limits.take(caller, request).catch(notStored);
    if (taken.kind === 'problem') return taken;
    let outcome: SendOutcome | undefined;
    try {
      outcome = await (request.class === 'ephemeral' ? this.passOn(caller, request) : this.store(caller, request));
    } finally {
      if (outcome?.kind !== 'accepted') await limits.giveBack(taken);
    }
    return outcome;
  }

  private refusal(request: SendRequest): Problem | undefined {
    const now = this.clock.now();
    const keyTime = uuid7Time(request.idempotencyKey) ?? 0;
    if (keyTime < now - LIMITS.idempotencyPast || keyTime > now + LIMITS.idempotencyFuture)
      return problem('time_out_of_range', 'the idempotency key is older than 24 hours or more than 5 minutes ahead', {
        serverTime: now,
      });
    const stamp = request.clientTimestamp;
    if (stamp !== 0 && Math.abs(stamp - now) > LIMITS.timestampSpan)
      return problem('time_out_of_range', 'client_timestamp is more than 24 hours away', { serverTime: now });
    return undefined;
  }

  /** Nothing is kept: compared with the devices as they are, without locks, and handed to the sockets that are there (D6). */
  private async passOn(caller: Caller, request: SendRequest): Promise<SendOutcome> {
    const targets = await this.parts.sets.current(this.db, caller, request).catch((error: unknown) => {
      if (postgresTrouble(error) === undefined) throw error;
      return undefined;
    });
    if (targets === undefined)
      return problem('unavailable', 'the devices cannot be looked up now', { retryAfterMs: 2_000 });
    const plan = planSend(caller, request, targets);
    if (plan.kind === 'sender-gone') return problem('not_allowed', 'the sending device has been revoked');
    if (plan.kind === 'mismatch') return this.withBundles(caller, request, plan);
    const nodes = new Map<MailboxNo, number | null>();
    for (const { guard } of targets.values())
      for (const { mailboxNo, node } of guard?.devices ?? []) nodes.set(mailboxNo, node);
    const items = plan.items.map((item) => ({ ...item, node: nodes.get(item.mailbox) ?? null }));
    return { kind: 'accepted', acceptedAt: this.parts.ephemerals.send(caller, items) };
  }

  private store(caller: Caller, request: SendRequest): Promise<SendOutcome> {
    if (this.lanes.has(caller.deviceId)) return this.inLane(caller, request);
    const targets = this.parts.sets.cached(caller, request);
    const plan = targets === undefined ? undefined : planSend(caller, request, targets);
    const append = plan?.kind === 'plan' ? this.appendOf(caller, request, plan) : undefined;
    if (append === undefined && !this.onFastWay.has(caller.deviceId)) return this.inLane(caller, request);
    return new Promise((resolve) => {
      this.onFastWay.set(caller.deviceId, (this.onFastWay.get(caller.deviceId) ?? 0) + 1);
      this.pending.add(caller.tenantId, { caller, request, append, resolve });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    await Promise.resolve();
    for (let batch = this.takeBatch(); batch.length > 0; batch = this.takeBatch()) await this.commit(batch);
    this.running = false;
  }

  /** Tenants in turn, each in order of arrival; large requests commit alone, and of one (device, key) only one is in a batch. */
  private takeBatch(): readonly Planned[] {
    for (const each of this.pending.removeFirst(({ append }) => append === undefined)) this.leave(each);
    this.followIntoLanes();
    // Two devices that chose the same key wait for each other too, which harms nobody.
    const keys = new Set<IdempotencyKey>();
    let envelopes = 0;
    let bytes = 0;
    let alone = false;
    return this.pending.take(({ append, request }): Judgement => {
      if (append === undefined) return 'not-now';
      const key = request.idempotencyKey;
      const size = append.items.length;
      const weight = append.items.reduce((sum, { content }) => sum + content.length, 0);
      const full = envelopes + size > BATCH_ENVELOPES || bytes + weight > BATCH_BYTES || keys.size >= BATCH_REQUESTS;
      if (alone || (keys.size > 0 && full)) return 'full';
      if (keys.size > 0 && (size > ALONE_ABOVE || keys.has(key))) return 'not-now';
      keys.add(key);
      envelopes += size;
      bytes += weight;
      alone = size > ALONE_ABOVE;
      return 'taken';
    }) as readonly Planned[];
  }

  private async commit(batch: readonly Planned[]): Promise<void> {
    const result = await this.append(
      batch.map(({ append }) => append),
      { wait: false },
    ).catch(() => undefined);
    batch.forEach((each, index) => {
      if (result?.verdicts[index] !== 'stored') this.leave(each);
      else {
        this.landed(each.caller.deviceId);
        each.resolve({ kind: 'accepted', acceptedAt: result.acceptedAt });
      }
    });
    this.followIntoLanes();
  }

  /** From the fast way into the lane of its device. */
  private leave({ caller, request, resolve }: Pending): void {
    this.landed(caller.deviceId);
    resolve(this.inLane(caller, request));
  }

  /** Those that wait behind one that has just left follow it, before anything else can be added there. */
  private followIntoLanes(): void {
    if (this.lanes.size === 0) return;
    for (const each of this.pending.remove(({ caller }) => this.lanes.has(caller.deviceId))) this.leave(each);
  }

  private landed(deviceId: DeviceId): void {
    const left = (this.onFastWay.get(deviceId) ?? 1) - 1;
    if (left === 0) this.onFastWay.delete(deviceId);
    else this.onFastWay.set(deviceId, left);
  }

  /** Stores, and rings only what is committed. */
  private async append(appends: readonly Append[], how: { readonly wait: boolean }): Promise<AppendResult> {
    const result = await this.parts.mailbox.append(appends, how);
    const stored = appends.filter((_, index) => result.verdicts[index] === 'stored');
    if (stored.length === 0) return result;
    this.parts.events.committed(
      stored.length,
      stored.reduce((sum, append) => sum + append.items.length, 0),
    );
    for (const [node, rings] of ringsFor(stored, result, (node) => this.parts.doorbell.isOwn(node)))
      this.parts.doorbell.ring(node, rings);
    return result;
  }

  private async inLane(caller: Caller, request: SendRequest): Promise<SendOutcome> {
    const before = this.lanes.get(caller.deviceId) ?? Promise.resolve();
    const mine = before.then(async () => this.decide(caller, request));
    const tail = mine.then(ignore, ignore).then(() => {
      if (this.lanes.get(caller.deviceId) === tail) this.lanes.delete(caller.deviceId);
    });
    this.lanes.set(caller.deviceId, tail);
    return mine;
  }

  /** One request of a device at a time: lists anew, then the key (it wins), then the rows under their locks; again while someone changes them. */
  private async decide(caller: Caller, request: SendRequest): Promise<SendOutcome> {
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const plan = planSend(caller, request, await this.reads.add({ caller, request }));
        // The statement that stores looks for the key too; only what does not come as far as that has to ask.
        const repeated = attempt > 0 || plan.kind !== 'plan' ? await this.repeated(caller, request) : undefined;
        if (repeated !== undefined) return repeated;
        if (plan.kind === 'sender-gone') return problem('not_allowed', 'the sending device has been revoked');
        if (plan.kind === 'mismatch') return await this.withBundles(caller, request, plan);
        const append = this.appendOf(caller, request, plan);
        const acceptedAt = attempt === 0 ? await this.firsts.add(append).catch(ignore) : await this.appendAlone(append);
        if (acceptedAt !== undefined) return { kind: 'accepted', acceptedAt };
      }
      return problem('unavailable', 'the devices concerned keep changing; send the same request again', {
        retryAfterMs: 1_000,
      });
    } catch (error) {
      return notStored(error);
    }
  }

  /** First attempts of many lanes in one commit; undefined for what did not go through there. */
  private async appendFirsts(appends: readonly Append[]): Promise<(number | undefined)[]> {
    const { verdicts, acceptedAt } = await this.append(appends, { wait: false });
    return verdicts.map((verdict) => (verdict === 'stored' ? acceptedAt : undefined));
  }

  /** Waiting for the locks, a few at a time and not for long, so that a row held by somebody stalls nobody else. */
  private async appendAlone(append: Append): Promise<number | undefined> {
    try {
      const { verdicts, acceptedAt } = await this.waiting.pass(async () => this.append([append], { wait: true }));
      return verdicts[0] === 'stored' ? acceptedAt : undefined;
    } catch (error) {
      return this.mend(error);
    }
  }

  private async repeated(caller: Caller, request: SendRequest): Promise<SendOutcome | undefined> {
    const accepted = await this.parts.mailbox.accepted(this.db, storedKey(caller.deviceId, request.idempotencyKey));
    if (accepted === undefined) return undefined;
    if (digestOf(request).equals(accepted.digest)) return { kind: 'accepted', acceptedAt: accepted.acceptedAt };
    return problem('key_reused', 'this idempotency key was accepted with another body; a new message needs a new key');
  }

  /** The partition for the key's hour is missing when no worker ran for a day: make it and go on. */
  private async mend(error: unknown): Promise<undefined> {
    if ((error as { code?: unknown }).code !== NO_PARTITION) throw error;
    await this.parts.mailbox.ensureKeyPartitions(this.clock.now());
  }

  private async withBundles(caller: Caller, request: SendRequest, mismatch: Mismatch): Promise<Mismatch> {
    if (!request.bundles) return mismatch;
    const wanted = mismatch.mismatched.map(({ accountId, missing, stale }) => ({
      accountId,
      deviceIds: [...missing, ...stale],
    }));
    return { ...mismatch, bundles: await this.parts.bundles.forMismatch(caller, wanted) };
  }

  private appendOf(caller: Caller, request: SendRequest, plan: SendPlan): Append {
    return {
      senderMailbox: plan.senderMailbox,
      ownListVersion: plan.ownListVersion,
      key: storedKey(caller.deviceId, request.idempotencyKey),
      digest: digestOf(request),
      sender: this.senderBytes(caller),
      items: plan.items.map(({ mailbox, listVersion, registrationId, kind, control, content }) => {
        return { mailbox, listVersion, registrationId, kind, control, content, id: this.envelopeIds.next() };
      }),
    };
  }

  /** The same caller sends over the same connection again and again. */
  private senderBytes(caller: Caller): Uint8Array {
    const known = this.senders.get(caller);
    if (known !== undefined) return known;
    const bytes = new Uint8Array(32);
    writeUuid(caller.accountId, bytes, 0);
    writeUuid(caller.deviceId, bytes, 16);
    this.senders.set(caller, bytes);
    return bytes;
  }
}

function notStored(error: unknown): Problem {
  if (postgresTrouble(error) === undefined) throw error;
  return problem('not_stored', 'the database cannot store now; send the same request again under the same key', {
    retryAfterMs: 2_000,
  });
}

function ignore(): void {
  // A lane goes on after a request in it failed; who sent that request hears of it.
}
