import type { MailboxNo } from '../mailbox/guards.js';
import type { Envelope } from '../protocol/frames.js';
import type { ListVersion } from '../protocol/ids.js';
import type { PrekeyStock } from '../protocol/prekeys.js';

/** News for the node that holds a mailbox's stream. A hint, never a delivery decision: PostgreSQL decides what is delivered. */
export type Ring = Wake | Taken | DevicesChanged | PrekeysLow;

/** New mail: sequences base + 1 to head, written while the stream was at `epoch`. */
export interface Wake {
  readonly kind: 'wake';
  readonly mailbox: MailboxNo;
  readonly epoch: number;
  readonly base: number;
  readonly head: number;
  /** The mail itself, only within the process that committed it; it never crosses to another node. */
  readonly envelopes?: readonly Envelope[];
}

/** Another connection took the stream: look whether it is still yours (D15). */
export interface Taken {
  readonly kind: 'taken';
  readonly mailbox: MailboxNo;
}

export interface DevicesChanged {
  readonly kind: 'devices-changed';
  readonly mailbox: MailboxNo;
  readonly listVersion: ListVersion;
}

export interface PrekeysLow {
  readonly kind: 'prekeys-low';
  readonly mailbox: MailboxNo;
  readonly stock: PrekeyStock;
}

export type RingListener = (rings: readonly Ring[]) => void;

/** Publish and subscribe between processes; Redis in a split installation. Losing a message is allowed. */
export interface PubSub {
  publish(channel: string, message: string): void;
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>;
}

/**
 * One channel a node. Rings for the own node never leave the process; those for another go out once a batch, without the mail.
 * Without a PubSub there is one process, and every stream is its own.
 */
export class Doorbell {
  private listener: RingListener | undefined;
  private unsubscribe: (() => Promise<void>) | undefined;
  private ownNode: number | undefined;

  constructor(
    private readonly pubsub?: PubSub,
    /** Keeps installations apart that share a Redis. */
    private readonly namespace = 'sotto',
  ) {}

  /** From here on rings for `node` come to the listener. */
  async listen(node: number, listener: RingListener): Promise<void> {
    this.ownNode = node;
    this.listener = listener;
    this.unsubscribe = await this.pubsub?.subscribe(this.channelOf(node), (message) => {
      listener(ringsIn(message));
    });
  }

  isOwn(node: number | null): boolean {
    return node !== null && node === this.ownNode;
  }

  ring(node: number, rings: readonly Ring[]): void {
    if (node === this.ownNode) this.listener?.(rings);
    else this.pubsub?.publish(this.channelOf(node), JSON.stringify(rings.map(withoutMail)));
  }

  async stop(): Promise<void> {
    await this.unsubscribe?.();
    this.unsubscribe = undefined;
    this.listener = undefined;
  }

  private channelOf(node: number): string {
    return `${this.namespace}:node:${String(node)}`;
  }
}

/** What another node may say, rebuilt field by field: whoever can write to Redis can wake a stream, and nothing more. */
function ringsIn(message: string): Ring[] {
  let said: unknown;
  try {
    said = JSON.parse(message);
  } catch {
    return [];
  }
  return Array.isArray(said) ? said.map(ringIn).filter((ring) => ring !== undefined) : [];
}

function ringIn(said: unknown): Ring | undefined {
  const ring = said as Partial<Record<string, unknown>> | null;
  const mailbox = ring?.['mailbox'] as MailboxNo;
  if (!Number.isSafeInteger(mailbox)) return undefined;
  const number = (of: Partial<Record<string, unknown>> | undefined, name: string): number => Number(of?.[name]);
  switch (ring?.['kind']) {
    case 'wake': {
      const wake = { epoch: number(ring, 'epoch'), base: number(ring, 'base'), head: number(ring, 'head') };
      return Object.values(wake).every(Number.isSafeInteger) ? { kind: 'wake', mailbox, ...wake } : undefined;
    }
    case 'taken':
      return { kind: 'taken', mailbox };
    case 'devices-changed': {
      const listVersion = number(ring, 'listVersion') as ListVersion;
      return Number.isSafeInteger(listVersion) ? { kind: 'devices-changed', mailbox, listVersion } : undefined;
    }
    case 'prekeys-low': {
      const stock = ring['stock'] as Partial<Record<string, unknown>> | undefined;
      const [oneTime, kyber] = [number(stock, 'oneTime'), number(stock, 'kyber')];
      const whole = Number.isSafeInteger(oneTime) && Number.isSafeInteger(kyber);
      return whole
        ? { kind: 'prekeys-low', mailbox, stock: { oneTime, kyber, low: stock?.['low'] === true } }
        : undefined;
    }
    default:
      return undefined;
  }
}

function withoutMail(ring: Ring): Ring {
  if (ring.kind !== 'wake') return ring;
  const { envelopes: _, ...hint } = ring;
  return hint;
}
