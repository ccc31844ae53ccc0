import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.js';
import { mailboxOf, settled, textOf, timeUntil } from './look.js';
import type { Stream } from './stream.js';
import type { Tenant } from './tenant.js';
import type { Envelope } from './wire.js';

const TRIES = 200;
const ARRIVES_WITHIN = 15_000;

export interface Sum {
  readonly accepted: number;
  /** Accepted, and nowhere. */
  readonly lost: readonly string[];
  /** Not given to a connected reader, but there on its next connection. */
  readonly late: readonly string[];
  /** Delivered under two sequences. */
  readonly doubled: readonly string[];
  /** Numbers that a reader was not given before a higher one. */
  readonly skipped: readonly string[];
}

/**
 * Two writers and two readers that behave as the contract asks: what has no answer is sent again under its key, connections come back, everything
 * is acked. What happens to the processes meanwhile must not be seen in the sum.
 */
export class Load {
  private isWriting = true;
  private isReading = true;
  private readonly sent = new Set<string>();
  /** Sequences under which each reader has got each letter. */
  private readonly got = new Map<string, Set<number>>();
  private readonly skipped: string[] = [];
  private readonly writing: Promise<void>[] = [];
  private readonly reading: Promise<void>[] = [];

  private constructor(
    private readonly readers: readonly Account[],
    private readonly nodes: readonly number[],
  ) {}

  static async begin(tenant: Tenant, nodes: readonly number[]): Promise<Load> {
    const [alice, dave, bob, carol] = await tenant.four();
    const load = new Load([bob, carol], nodes);
    for (const { phone } of [alice, dave, bob, carol]) await phone.token();
    load.writing.push(load.write(alice, 0), load.write(dave, 1));
    load.reading.push(load.read(bob, 1), load.read(carol, 0));
    return load;
  }

  get accepted(): number {
    return this.sent.size;
  }

  async end(): Promise<Sum> {
    this.isWriting = false;
    await Promise.all(this.writing);
    await timeUntil(() => this.owed().length === 0, ARRIVES_WITHIN, 50);
    this.isReading = false;
    await Promise.all(this.reading);
    const late = this.owed();
    if (late.length > 0)
      for (const { id, phone } of this.readers)
        for (const envelope of (await mailboxOf(phone)).mail) this.take(id, envelope);
    const lost = this.owed();
    const doubled = [...this.got].filter(([, sequences]) => sequences.size > 1).map(([name]) => name);
    const { accepted, skipped } = this;
    return { accepted, lost, late: late.filter((name) => !lost.includes(name)), doubled, skipped };
  }

  private owed(): readonly string[] {
    const names = this.readers.flatMap(({ id }) => [...this.sent].map((text) => `${id} ${text}`));
    return names.filter((name) => !this.got.has(name));
  }

  private take(reader: string, envelope: Envelope): void {
    const name = `${reader} ${textOf(envelope)}`;
    this.got.set(name, (this.got.get(name) ?? new Set()).add(envelope.sequence));
  }

  private async write(account: Account, node: number): Promise<void> {
    for (let step = 0, line: Stream | undefined; this.isWriting; step += 1) {
      const text = `${account.id.slice(0, 4)} ${step}`;
      const letter = account.phone.letter(this.readers, text);
      for (let tries = 0; tries < TRIES; tries += 1) {
        line = line?.isOpen === true ? line : await this.connected(account, node + tries);
        const answer = line === undefined ? undefined : await settled(line.send(letter));
        if (answer !== undefined && !(answer instanceof Error) && answer.outcome === 'accepted') {
          this.sent.add(text);
          break;
        }
        await sleep(50);
      }
      await sleep(5);
    }
  }

  private async read(account: Account, node: number): Promise<void> {
    let highest = 0;
    for (let tries = 0, seen = 0, stream: Stream | undefined; this.isReading; tries += 1) {
      if (stream?.isOpen !== true) {
        stream = await this.connected(account, node + tries);
        seen = 0;
      }
      for (const envelope of stream?.mail.slice(seen) ?? []) {
        if (envelope.sequence > highest + 1) this.skipped.push(`${highest + 1} to ${envelope.sequence - 1}`);
        highest = Math.max(highest, envelope.sequence);
        this.take(account.id, envelope);
      }
      if (stream !== undefined && stream.mail.length > seen && stream.isOpen) stream.ackThrough(stream.mail.at(-1)!);
      seen = stream?.mail.length ?? 0;
      await sleep(25);
    }
  }

  private async connected(account: Account, node: number): Promise<Stream | undefined> {
    const stream = await settled(account.phone.connect(this.nodes[node % this.nodes.length]));
    return stream instanceof Error ? undefined : stream;
  }
}
