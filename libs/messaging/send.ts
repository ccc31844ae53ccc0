import type { Bundles } from '../devices/bundles.js';
import type { MailboxNo } from '../mailbox/guards.js';
import type { Append, AppendResult, AppendVerdict, Mailbox } from '../mailbox/mailbox.js';
import { Batcher } from '../platform/batcher.js';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { postgresTrouble, type Db } from '../platform/postgres.js';
import { endOfTurn } from '../platform/turn.js';
import type { Mismatch, SendOutcome } from '../protocol/frames.js';
import { uuid7Time, writeUuid, type Caller, type IdempotencyKey } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import { problem, type Problem } from '../protocol/problems.js';
import type { SendRequest } from '../protocol/send-request.js';
import type { Doorbell } from '../realtime/doorbell.js';
import type { Asked, DeviceSets, Targets } from './device-sets.js';
import { EnvelopeIds } from './envelope-ids.js';
import type { Ephemerals } from './ephemerals.js';
import type { MessagingEvents } from './events.js';
import { Lanes, type InOrder } from './lanes.js';
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
/** Batches in a row in which a row was locked: whoever holds it is no commit of a few milliseconds. */
const BUSY_BATCHES = 3;
/** PostgreSQL: no partition of `sent` for this key. */
const NO_PARTITION = '23514';

interface Arrived extends InOrder {
  readonly caller: Caller;
  readonly request: SendRequest;
  readonly resolve: (outcome: SendOutcome | Promise<SendOutcome>) => void;
}

/** `failed`: the statement did. */
type Verdict = AppendVerdict | 'failed';

/** What waits for the next batch. */
interface Planned {
  readonly caller: Caller;
  readonly append: Append;
  readonly key: IdempotencyKey;
  /** Undefined: sent by the lane of its device. */
  readonly arrived: Arrived | undefined;
  readonly decided: (verdict: Verdict, acceptedAt: number) => void;
  busy: number;
}

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
 * Durable sends. A batch is what arrived during the previous commit, or in one turn of the event loop where there was none; each request gets
 * its own outcome and none fails a neighbour.
 *
 * The fast way plans a request over cached devices and stores it with the batch; where a row was locked it goes with the next ones. What does
 * not go through there — a mismatch, a repeated key, an error of the batch, an account not yet seen here — goes the slow way of its device's
 * *lane*, alone of its device: over fresh reads, with the batch once more, then by itself and waiting for locks. What comes behind it waits
 * and takes the fast way afterwards. A lane begins only when nothing of the device is on the fast way any more, so that what one connection
 * sent stays in order (D9).
 */
export class Sender {
  private readonly pending = new Turns<Planned>(({ append }) => append.items.length);
  private running = false;
  private arrivals = 0;
  private readonly lanes = new Lanes<Arrived>({
    goSlowly: async (arrived) => {
      const outcome = this.decide(arrived);
      arrived.resolve(outcome);
      await outcome.then(ignore, ignore);
    },
    enter: (arrived) => {
      this.enter(arrived);
    },
  });
  private readonly waiting = new Turnstile(WAITING_AT_ONCE);
  private readonly envelopeIds: EnvelopeIds;
  /** Account and device as they are stored. */
  private readonly senders = new WeakMap<Caller, Uint8Array>();
  private readonly reads: Batcher<Asked, Targets>;

  constructor(
    private readonly db: Db,
    private readonly parts: SenderParts,
    private readonly clock: Clock,
    ids: Ids,
  ) {
    this.envelopeIds = new EnvelopeIds(ids);
    this.reads = new Batcher(async (asked) => parts.sets.freshAll(db, asked), { most: READS_AT_ONCE });
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
    return new Promise((resolve) => {
      this.enter({ caller, request, deviceId: caller.deviceId, no: (this.arrivals += 1), resolve });
    });
  }

  private enter(arrived: Arrived): void {
    const { caller, request } = arrived;
    const targets = this.lanes.has(caller.deviceId) ? undefined : this.parts.sets.cached(caller, request);
    const plan = targets === undefined ? undefined : planSend(caller, request, targets);
    if (plan?.kind !== 'plan') {
      this.lanes.takeSlowWay(arrived);
      return;
    }
    this.lanes.takeFastWay(arrived);
    const append = this.appendOf(caller, request, plan);
    const decided: Planned['decided'] = (verdict, acceptedAt) => {
      if (verdict !== 'stored') this.lanes.change(arrived);
      else {
        this.lanes.leaveFastWay(arrived);
        arrived.resolve({ kind: 'accepted', acceptedAt });
      }
    };
    this.queueForBatch({ caller, append, key: request.idempotencyKey, arrived, decided, busy: 0 });
  }

  private queueForBatch(planned: Planned): void {
    this.pending.add(planned.caller.tenantId, planned);
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    await endOfTurn();
    for (let batch = this.takeBatch(); batch.length > 0; batch = this.takeBatch()) await this.commit(batch);
    this.running = false;
  }

  /** Tenants in turn, each in order of arrival; large requests commit alone, and of one (device, key) only one is in a batch. */
  private takeBatch(): readonly Planned[] {
    // Two devices that chose the same key wait for each other too, which harms nobody.
    const keys = new Set<IdempotencyKey>();
    let envelopes = 0;
    let bytes = 0;
    let alone = false;
    return this.pending.take(({ append, key }): Judgement => {
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
    });
  }

  private async commit(batch: readonly Planned[]): Promise<void> {
    const result = await this.append(
      batch.map(({ append }) => append),
      { wait: false },
    ).catch(() => undefined);
    const again: Planned[] = [];
    batch.forEach((each, index) => {
      const verdict = result?.verdicts[index] ?? 'failed';
      const { arrived } = each;
      const mayWait = arrived !== undefined && !this.lanes.isBehind(arrived) && each.busy < BUSY_BATCHES;
      if (verdict === 'busy' && mayWait) {
        each.busy += 1;
        again.push(each);
      } else each.decided(verdict, result?.acceptedAt ?? 0);
    });
    for (const each of again.reverse()) this.pending.putBack(each.caller.tenantId, each);
    this.followIntoLanes();
  }

  /** Those that wait behind one that has just left follow it, before anything else can be added there. */
  private followIntoLanes(): void {
    if (this.lanes.size === 0) return;
    const follows = ({ arrived }: Planned): boolean => arrived !== undefined && this.lanes.isBehind(arrived);
    for (const { arrived } of this.pending.remove(follows)) if (arrived !== undefined) this.lanes.change(arrived);
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

  /** One request of a device at a time: lists anew, then the key (it wins), then the rows under their locks; again while someone changes them. */
  private async decide({ caller, request }: Arrived): Promise<SendOutcome> {
    try {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const plan = planSend(caller, request, await this.reads.add({ caller, request }));
        // The statement that stores looks for the key too; only what does not come as far as that has to ask.
        const repeated = attempt > 0 || plan.kind !== 'plan' ? await this.repeated(caller, request) : undefined;
        if (repeated !== undefined) return repeated;
        if (plan.kind === 'sender-gone') return problem('not_allowed', 'the sending device has been revoked');
        if (plan.kind === 'mismatch') return await this.withBundles(caller, request, plan);
        const append = this.appendOf(caller, request, plan);
        const acceptedAt = attempt === 0 ? await this.inBatch(caller, request, append) : await this.appendAlone(append);
        if (acceptedAt !== undefined) return { kind: 'accepted', acceptedAt };
      }
      return problem('unavailable', 'the devices concerned keep changing; send the same request again', {
        retryAfterMs: 1_000,
      });
    } catch (error) {
      return notStored(error);
    }
  }

  /** Undefined for what did not go through there. */
  private inBatch(caller: Caller, request: SendRequest, append: Append): Promise<number | undefined> {
    return new Promise((resolve) => {
      const decided: Planned['decided'] = (verdict, acceptedAt) => {
        resolve(verdict === 'stored' ? acceptedAt : undefined);
      };
      this.queueForBatch({ caller, append, key: request.idempotencyKey, arrived: undefined, decided, busy: 0 });
    });
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
