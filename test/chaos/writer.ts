import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../conformance/client/account.js';
import { settled, verdictOf } from '../conformance/client/look.js';
import type { Stream } from '../conformance/client/stream.js';
import type { SendAnswer, SendRequest } from '../conformance/client/wire.js';
import type { Ledger } from './ledger.js';
import { connected, incarnationOf } from './line.js';
import type { Random } from './random.js';

/** An answer that takes longer: the connection is given up, and everything without one sent again under its key. */
const PATIENCE = 6_000;
const PADDING = 400;

/** A device under the name of its mailbox in the ledger. */
export interface Member {
  readonly account: Account;
  readonly mailboxes: readonly string[];
}

export interface WriterParts {
  readonly name: string;
  readonly from: Account;
  readonly to: readonly Member[];
  readonly ledger: Ledger;
  readonly random: Random;
  /** Numbers of the gateways that it connects to. */
  readonly nodes: readonly number[];
  /** Letters under way at once. */
  readonly window: number;
  /** Milliseconds between windows. */
  readonly pause: number;
  readonly over: 'stream' | 'rest';
}

interface Due {
  readonly name: string;
  readonly request: SendRequest;
}

/** Sends window after window; what has no answer, or is told to come later, is sent again under its key until it is accepted. */
export class Writer {
  private isWriting = true;
  private hasGivenUp = false;
  private line: Stream | undefined;
  private written = 0;
  private done: Promise<void> | undefined;

  constructor(private readonly parts: WriterParts) {}

  start(): void {
    this.done = this.write();
  }

  /** No new letters; those under way are brought to their end. */
  async finish(): Promise<void> {
    this.isWriting = false;
    await this.done;
  }

  giveUp(): void {
    this.hasGivenUp = true;
  }

  private async write(): Promise<void> {
    const { name, from, to, ledger, random, window } = this.parts;
    for (let round = 1; this.isWriting; round += 1) {
      const due = Array.from({ length: random.between(1, window) }, (): Due => {
        const text = `${name} ${(this.written += 1)}`;
        const members = random.shuffled(to).slice(0, random.between(1, to.length));
        const mailboxes = members.flatMap((member) => member.mailboxes);
        ledger.begin({ name: text, writer: name, window: round, mailboxes, begunAt: Date.now() });
        const padding = ' '.repeat(random.between(1, PADDING));
        return {
          name: text,
          request: from.phone.letter(
            members.map(({ account }) => account),
            text + padding,
          ),
        };
      });
      await this.bring(due);
      await sleep(this.parts.pause);
    }
    this.line?.cut();
  }

  private async bring(due: readonly Due[]): Promise<void> {
    for (let rest = due, tries = 0; rest.length > 0 && !this.hasGivenUp; tries += 1) {
      if (tries > 0) await sleep(this.parts.random.between(50, 400));
      const taken = this.parts.over === 'rest' ? await this.post(rest) : await this.say(rest);
      rest = rest.filter(({ name }) => !taken.has(name));
    }
  }

  private async say(due: readonly Due[]): Promise<ReadonlySet<string>> {
    const taken = new Set<string>();
    if (this.line?.isOpen !== true)
      this.line = await connected(this.parts.from, this.parts.random.pick(this.parts.nodes));
    const { line } = this;
    if (line === undefined) return taken;
    const under = due.map(({ name, request }) => {
      this.parts.ledger.tried(name);
      return { name, id: line.begin(request) };
    });
    const answers = Promise.all(
      under.map(async ({ name, id }) => {
        const answer = await settled(line.answer(id));
        if (!(answer instanceof Error) && this.judge(name, answer)) taken.add(name);
        return answer instanceof Error;
      }),
    );
    const isHung = await Promise.race([
      answers.then((errors) => errors.includes(true)),
      sleep(PATIENCE).then(() => true),
    ]);
    if (isHung) line.cut();
    await answers;
    incarnationOf(line, { client: this.parts.name, ledger: this.parts.ledger });
    return taken;
  }

  private async post(due: readonly Due[]): Promise<ReadonlySet<string>> {
    const taken = new Set<string>();
    for (const { name, request } of due) {
      this.parts.ledger.tried(name);
      const answer = await settled(this.parts.from.phone.post(request));
      if (answer instanceof Error || answer.status === 401) this.parts.from.phone.forgetToken();
      if (answer instanceof Error) break;
      if (answer.status === 200) {
        this.parts.ledger.accept(name, Date.now());
        taken.add(name);
      } else if (answer.status < 500 && ![401, 429].includes(answer.status)) {
        this.parts.ledger.report('refused', `"${name}" was answered with ${answer.status} ${answer.code}`, Date.now());
        taken.add(name);
      } else break;
    }
    return taken;
  }

  /** Whether nothing more is to be done about it. */
  private judge(name: string, answer: SendAnswer): boolean {
    const verdict = verdictOf(answer);
    if (verdict === 'accepted') this.parts.ledger.accept(name, Date.now());
    else if (['not_stored', 'unavailable', 'limited'].includes(verdict)) return false;
    else this.parts.ledger.report('refused', `"${name}" was answered with ${verdict}`, Date.now());
    return true;
  }
}
