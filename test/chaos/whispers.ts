import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../conformance/client/account.js';
import { mailboxOf, settled, textOf, verdictOf } from '../conformance/client/look.js';
import { EPHEMERAL } from '../conformance/client/wire.js';
import type { Ledger } from './ledger.js';
import { connected, incarnationOf } from './line.js';

const EVERY = 100;
const LOOK_EVERY = 10;
/** The contract's ten seconds, and what a busy machine may add. */
const TOO_OLD = 12_000;
const SHARE_IN_CALM = 0.8;

/**
 * Ephemeral sends from one gateway to a device on the other, over the node link (D6). They may be lost at any moment, but not once all is calm
 * again; they never come late, never twice on a connection, and never lie in a mailbox.
 */
export class Whispers {
  private readonly sentAt = new Map<string, number>();
  private readonly heardAt = new Map<string, number>();
  private readonly over = new AbortController();
  private readonly done: Promise<unknown>;

  constructor(
    private readonly from: Account,
    private readonly to: Account,
    private readonly ledger: Ledger,
  ) {
    this.done = Promise.all([this.whisper(), this.listen()]);
  }

  /** How many were heard, after judging those since the calm began. */
  async end(calmSince: number): Promise<number> {
    this.over.abort();
    await this.done;
    const calm = [...this.sentAt].filter(([, at]) => at > calmSince).map(([name]) => name);
    const heard = calm.filter((name) => this.heardAt.has(name)).length;
    if (heard < calm.length * SHARE_IN_CALM)
      this.ledger.report('rule', `of ${calm.length} whispers in the calm ${heard} were heard`, calmSince, Date.now());
    const seen = await settled(mailboxOf(this.to.phone, 1));
    if (seen instanceof Error || seen.head !== 0)
      this.ledger.report(
        'rule',
        `a mailbox of whispers is not as it was: ${seen instanceof Error ? seen.message : seen.head}`,
        Date.now(),
      );
    return this.heardAt.size;
  }

  private isOver(): boolean {
    return this.over.signal.aborted;
  }

  private async whisper(): Promise<void> {
    const { phone } = this.from;
    for (let step = 1; !this.isOver();) {
      const stream = await connected(this.from, 0);
      while (stream?.isOpen === true && !this.isOver()) {
        const name = `whisper ${(step += 1)}`;
        const at = Date.now();
        const answer = await Promise.race([
          settled(stream.send(phone.letter([this.to], name, { class: EPHEMERAL }))),
          sleep(3_000),
        ]);
        if (answer === undefined || answer instanceof Error) break;
        if (verdictOf(answer) === 'accepted') this.sentAt.set(name, at);
        await sleep(EVERY);
      }
      stream?.cut();
      await sleep(EVERY);
    }
  }

  private async listen(): Promise<void> {
    while (!this.isOver()) {
      const stream = await connected(this.to, 1);
      const onThis = new Set<string>();
      for (let seen = 0; stream?.isOpen === true && !this.isOver();) {
        for (const frame of stream.heard.slice(seen))
          if (frame.kind === 'ephemeral') this.hear(textOf(frame.body), frame.at, onThis);
        seen = stream.heard.length;
        await sleep(LOOK_EVERY);
      }
      if (stream !== undefined) incarnationOf(stream, { client: 'whispers', ledger: this.ledger });
      stream?.cut();
      await sleep(EVERY);
    }
  }

  private hear(name: string, at: number, onThis: Set<string>): void {
    if (onThis.has(name)) this.ledger.report('rule', `"${name}" came twice on a connection`, at);
    onThis.add(name);
    this.heardAt.set(name, at);
    const sentAt = this.sentAt.get(name);
    if (sentAt !== undefined && at - sentAt > TOO_OLD)
      this.ledger.report('rule', `"${name}" came after ${at - sentAt} ms`, sentAt, at);
  }
}
