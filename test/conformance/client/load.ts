import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './account.js';
import { settled, textOf } from './look.js';
import type { Stream } from './stream.js';
import type { Tenant } from './tenant.js';

const AGAIN = 120;

export interface Sum {
  readonly accepted: number;
  /** Accepted and not delivered. */
  readonly lost: readonly string[];
  /** Delivered under two sequences. */
  readonly doubled: readonly string[];
}

/**
 * Two senders and two readers that behave as the contract asks: what has no answer is sent again under its key, connections come back, everything
 * is acked. What happens to the processes meanwhile must not be seen in the sum.
 */
export class Load {
  private isOver = false;
  private readonly sent = new Set<string>();
  private readonly got = new Map<string, Set<string>>();
  private readonly working: Promise<void>[] = [];

  private constructor(
    private readonly readers: readonly Account[],
    private readonly nodes: readonly number[],
  ) {}

  static async begin(tenant: Tenant, nodes: readonly number[]): Promise<Load> {
    const [one, two, bob, carol] = await tenant.four();
    const load = new Load([bob, carol], nodes);
    for (const account of [one, two, bob, carol]) await account.phone.token();
    load.working.push(load.write(one, 0), load.write(two, 1), load.read(bob, 1), load.read(carol, 0));
    return load;
  }

  get accepted(): number {
    return this.sent.size;
  }

  /** Stops writing, and waits until everything accepted has come, or no more does. */
  async end(): Promise<Sum> {
    this.isOver = true;
    const wanted = (): readonly string[] =>
      this.readers.flatMap(({ id }) =>
        [...this.sent].map((text) => `${id} ${text}`).filter((name) => !this.got.has(name)),
      );
    for (let tries = 0; wanted().length > 0 && tries < 150; tries += 1) await sleep(100);
    await Promise.all(this.working);
    const doubled = [...this.got].filter(([, sequences]) => sequences.size > 1).map(([name]) => name);
    return { accepted: this.accepted, lost: wanted(), doubled };
  }

  private async write(account: Account, node: number): Promise<void> {
    for (let step = 0, line: Stream | undefined; !this.isOver; step += 1) {
      const text = `${account.id.slice(0, 4)} ${step}`;
      const letter = account.phone.letter(this.readers, text);
      for (let tries = 0; !this.isOver || tries > 0; tries += 1) {
        line = line?.isOpen === true ? line : await this.connected(account, node + tries);
        const answer = line === undefined ? undefined : await settled(line.send(letter));
        if (answer !== undefined && !(answer instanceof Error) && answer.outcome === 'accepted') {
          this.sent.add(text);
          break;
        }
        if (tries > AGAIN) return;
        await sleep(50);
      }
      await sleep(5);
    }
  }

  private async read(account: Account, node: number): Promise<void> {
    for (let tries = 0, seen = 0, stream: Stream | undefined; !this.isOver || this.isOwed(account); tries += 1) {
      if (stream?.isOpen !== true) {
        stream = await this.connected(account, node + tries);
        seen = 0;
      }
      for (const envelope of stream?.mail.slice(seen) ?? []) {
        const name = `${account.id} ${textOf(envelope)}`;
        this.got.set(name, (this.got.get(name) ?? new Set()).add(String(envelope.sequence)));
      }
      if (stream !== undefined && stream.mail.length > seen && stream.isOpen) stream.ackThrough(stream.mail.at(-1)!);
      seen = stream?.mail.length ?? 0;
      await sleep(25);
      if (this.isOver && tries > 2_000) return;
    }
  }

  private isOwed({ id }: Account): boolean {
    return [...this.sent].some((text) => !this.got.has(`${id} ${text}`)) && !this.isStale();
  }

  private waited = 0;

  /** What has not come after so many looks will not. */
  private isStale(): boolean {
    this.waited += 1;
    return this.waited > 1_000;
  }

  private async connected(account: Account, node: number): Promise<Stream | undefined> {
    const stream = await settled(account.phone.connect(this.nodes[node % this.nodes.length]));
    return stream instanceof Error ? undefined : stream;
  }
}
