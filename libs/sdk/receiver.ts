import { equalBytes } from '../protocol/bytes.js';
import { decodeContent, type Content } from '../protocol/content.js';
import type { Envelope } from '../protocol/frames.js';
import type { Ack, Gap, Nack } from '../protocol/mail.js';
import { uuidFromBytes, type AccountId, type DeviceId } from '../protocol/ids.js';
import type { Accounts } from './accounts.js';
import { Bell, isOver, type Events } from './events.js';
import { sottoError } from './errors.js';
import type { Host } from './host.js';
import type { Inbox } from './inbox.js';
import type { Ratchet } from './ratchet.js';
import { pruneInbox, saveSeen, saveUndecryptable, wasSeen } from './store/inbox.store.js';
import { heardUpTo, saveHeard } from './store/self.store.js';
import type { Store } from './store/store.js';
import type { TrustedDevice, TrustGate } from './trust.js';

/** The way back to the server, as far as the receiver needs it. */
export interface ReceiveLine {
  ack(acks: readonly Ack[]): void;
  nack(nack: Nack): void;
  pause(): void;
  resume(): void;
}

type Item =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'gap'; readonly gap: Gap }
  | { readonly kind: 'queue-empty' };
/** left: recorded; refused when trying again may change nothing, else it keeps its place and is tried again. */
type Verdict =
  { readonly kind: 'settled' } | { readonly kind: 'left'; readonly reason: string; readonly refused?: Nack['reason'] };

/** The server keeps at most 256 envelopes unacked; what goes beyond twice that is left in the network. */
const QUEUE_LIMIT = 512;
/** Milliseconds until what was left is tried again, doubled each time. */
const FIRST_AGAIN = 2_000;
const LAST_AGAIN = 5 * 60 * 1000;
const KEEP_SEEN = 45 * 24 * 60 * 60 * 1000;

/**
 * Mail from the stream into the store, one envelope after another. An envelope is acked only after its ratchet step, its message and the
 * fact that it was seen are committed in one transaction; what cannot be opened is recorded, refused and holds nobody up.
 */
export class Receiver {
  private queue: Item[] = [];
  private paused = false;
  private pump: Promise<void> | undefined;
  /** Senders that a fresh list did not name: asked for once a connection, not once an envelope. */
  private readonly strangers = new Set<DeviceId>();
  /** Told on this connection; all that the mailbox has are, before its mail. */
  private gaps: Gap[] = [];
  /** Could not be opened for a reason that passes; told, and unacked, so it counts in the server's window and is as bounded. */
  private left = new Map<number, Envelope>();
  /** While the mail of one device is gone through: the server could not be asked who it is. */
  private unknown: Verdict | undefined;
  private again = FIRST_AGAIN;
  private waiting = false;
  private readonly room = new Bell();
  private readonly closing = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly line: ReceiveLine,
    private readonly accounts: Accounts,
    private readonly gate: TrustGate,
    private readonly ratchet: Ratchet,
    private readonly inbox: Inbox,
    private readonly world: {
      readonly own: AccountId;
      readonly now: () => number;
      readonly delay: Host['delay'];
      readonly events: Events;
    },
  ) {}

  /** A new connection: what the old one left in memory comes again. */
  restart(): void {
    this.queue = [];
    this.paused = false;
    this.strangers.clear();
    this.gaps = [];
    this.left.clear();
    this.again = FIRST_AGAIN;
    this.store.transact((tx) => {
      pruneInbox(tx, this.world.now() - KEEP_SEEN);
    });
  }

  deliver(envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) this.queue.push({ kind: 'envelope', envelope });
    this.start();
  }

  /** Mail that will not come: told to the application, and acked once it was. */
  gap(gap: Gap): void {
    this.queue.push({ kind: 'gap', gap });
    this.start();
  }

  queueEmpty(): void {
    this.queue.push({ kind: 'queue-empty' });
    this.start();
  }

  /** The application took a message: there may be room again. */
  roomAgain(): void {
    this.room.ring();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.pump;
  }

  private start(): void {
    if (this.queue.length > QUEUE_LIMIT && !this.paused) {
      this.paused = true;
      this.line.pause();
    }
    this.pump ??= this.run().finally(() => {
      this.pump = undefined;
      if (this.queue.length > 0 && !this.closing.signal.aborted) this.start();
    });
  }

  private async run(): Promise<void> {
    const { signal } = this.closing;
    let acks: Ack[] = [];
    for (let item = this.queue.shift(); item !== undefined && !signal.aborted; item = this.queue.shift()) {
      while (this.inbox.full && !isOver(signal)) await this.room.wait(signal);
      if (item.kind === 'envelope') {
        for (const { sequence, id } of await this.inTurn(item.envelope)) acks.push({ sequence, id, cumulative: false });
      } else if (item.kind === 'gap') {
        const { from, to, id, reason } = item.gap;
        this.gaps.push(item.gap);
        this.world.events.emit({ kind: 'mail-lost', from, to, reason });
        acks.push({ sequence: to, id, cumulative: false });
      } else this.world.events.emit({ kind: 'queue-empty' });
      if (acks.length >= 64 || this.queue.length === 0) {
        if (acks.length > 0) this.line.ack(acks);
        acks = [];
      }
      if (this.paused && this.queue.length === 0) {
        this.paused = false;
        this.line.resume();
      }
    }
  }

  /**
   * What a device wrote is opened in its order: what is left of it comes first, and where nobody can say who it is, all waits. Returns what the
   * server may forget.
   */
  private async inTurn(envelope: Envelope): Promise<readonly Envelope[]> {
    const isBefore = ({ sequence, senderDevice }: Envelope): boolean =>
      sequence < envelope.sequence && equalBytes(senderDevice, envelope.senderDevice);
    const before = [...this.left.values()].filter(isBefore).sort((one, other) => one.sequence - other.sequence);
    const settled: Envelope[] = [];
    this.unknown = undefined;
    for (const each of [...before, envelope]) if (await this.receive(each)) settled.push(each);
    this.unknown = undefined;
    return settled;
  }

  /** True when the server may forget it. */
  private async receive(envelope: Envelope): Promise<boolean> {
    const senderAccount = uuidFromBytes<AccountId>(envelope.senderAccount);
    const senderDevice = uuidFromBytes<DeviceId>(envelope.senderDevice);
    if (wasSeen(this.store, envelope.id)) return true;
    this.tellMissing(envelope);
    const verdict = this.unknown ?? (await this.open(envelope, senderAccount, senderDevice));
    const { id, sequence } = envelope;
    const isNew = !this.left.delete(sequence);
    if (verdict.kind === 'settled') {
      if (this.left.size === 0) this.again = FIRST_AGAIN;
      return true;
    }
    const { reason, refused } = verdict;
    if (refused === undefined) {
      void this.leave(envelope);
      if (!isNew) return false;
    }
    this.store.transact((tx) => {
      saveHeard(tx, sequence);
      saveUndecryptable(tx, { envelopeId: id, sequence, senderAccount, senderDevice, reason }, this.world.now());
    });
    this.world.events.emit({ kind: 'undecryptable', senderAccount, senderDevice, sequence, reason });
    if (refused !== undefined) this.line.nack({ sequence, id, reason: refused });
    return false;
  }

  /** All that was left comes again together, in its order, after a while that grows with each time in vain. */
  private async leave(envelope: Envelope): Promise<void> {
    this.left.set(envelope.sequence, envelope);
    if (this.waiting) return;
    this.waiting = true;
    await this.world.delay(this.again, this.closing.signal);
    this.waiting = false;
    this.again = Math.min(this.again * 2, LAST_AGAIN);
    if (!this.closing.signal.aborted) this.deliver([...this.left.values()]);
  }

  /** A mailbox is numbered without holes (D9): what is left out and lies in no gap that was told, the server dropped. */
  private tellMissing({ sequence }: Envelope): void {
    let from = heardUpTo(this.store) + 1;
    const told = this.gaps.filter((gap) => gap.to >= from && gap.from < sequence).sort((a, b) => a.from - b.from);
    for (const gap of [...told, { from: sequence, to: sequence }]) {
      if (gap.from > from) this.world.events.emit({ kind: 'mail-missing', from, to: gap.from - 1 });
      from = Math.max(from, gap.to + 1);
    }
  }

  private async open(
    envelope: Envelope,
    senderAccount: AccountId | undefined,
    senderDevice: DeviceId | undefined,
  ): Promise<Verdict> {
    if (senderAccount === undefined || senderDevice === undefined)
      return { kind: 'left', reason: 'no_sender', refused: 'untrusted' };
    const left = (error: unknown): Verdict => ({ kind: 'left', reason: sottoError(error)?.code ?? 'internal' });
    let sender: TrustedDevice | undefined;
    try {
      sender = await this.admit(senderAccount, senderDevice);
    } catch (error) {
      return (this.unknown = left(error));
    }
    if (sender === undefined) return { kind: 'left', reason: 'unknown_device', refused: 'untrusted' };
    return this.decrypt(sender, envelope).catch(left);
  }

  /** Asks the gate; for a device outside the held list fetches the list and asks once more. */
  private async admit(accountId: AccountId, deviceId: DeviceId): Promise<TrustedDevice | undefined> {
    const known = this.gate.sender(accountId, deviceId);
    if (known !== undefined || this.strangers.has(deviceId)) return known;
    await this.accounts.refresh(accountId);
    const found = this.gate.sender(accountId, deviceId);
    if (found === undefined) this.strangers.add(deviceId);
    return found;
  }

  private decrypt(sender: TrustedDevice, envelope: Envelope): Promise<Verdict> {
    return this.ratchet.work(async (unit) => {
      const opened = await unit.decrypt(sender, envelope);
      if (opened.kind === 'refused') return { kind: 'left', reason: opened.reason, refused: 'undecryptable' };
      const content = opened.kind === 'plaintext' ? decodeContent(opened.bytes) : undefined;
      if (opened.kind === 'plaintext' && (content === undefined || !this.mayCarry(sender, content))) {
        return { kind: 'left', reason: 'content_unknown', refused: 'invalid' };
      }
      const now = this.world.now();
      // A repeated ciphertext was committed under another envelope id before: it is done with, and nobody sees it twice.
      const fresh = unit.commit((tx) => {
        saveSeen(tx, envelope.id, now);
        saveHeard(tx, envelope.sequence);
        if (content === undefined || envelope.control) return false;
        const { accountId: by } = sender;
        const recipient = content.body.kind === 'sent' ? content.body.recipient : this.world.own;
        this.accounts.observe(tx, { about: by, by }, content.sender);
        this.accounts.observe(tx, { about: recipient, by }, content.recipient);
        return this.inbox.put(tx, { sender, content, acceptedAt: envelope.acceptedAt }, now);
      });
      if (fresh) this.inbox.announce();
      return { kind: 'settled' };
    });
  }

  /** Copies of sent messages come from own devices, texts from others; anything else is a lie about who wrote it. */
  private mayCarry(sender: TrustedDevice, content: Content): boolean {
    return (content.body.kind === 'sent') === (sender.accountId === this.world.own);
  }
}
