import { Box, type Delivery } from './box.js';

/** One letter of a writer, as it was begun. */
export interface Letter {
  readonly name: string;
  readonly writer: string;
  /** Letters of one window are under way together; a window is begun when all of the one before were accepted. */
  readonly window: number;
  readonly mailboxes: readonly string[];
  readonly begunAt: number;
}

export type Check = 'lost' | 'duplicated' | 'number' | 'hole' | 'order' | 'phantom' | 'refused' | 'rule' | 'leak';

export interface Violation {
  readonly check: Check;
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** Copies: one for each mailbox that a letter is for. */
export interface Sum {
  readonly accepted: number;
  readonly delivered: number;
  /** Not delivered, and said so: in a gap, or accepted after the backup that was put back. */
  readonly stated: number;
  readonly lost: number;
  readonly duplicated: number;
}

/** A backup was begun at the one time, and at the other everything was stopped to put it back. */
export interface Restore {
  readonly backupAt: number;
  readonly stoppedAt: number;
}

interface Kept extends Letter {
  /** In the order of beginning. */
  readonly no: number;
  tries: number;
  acceptedAt: number | undefined;
}

export interface Owed {
  readonly letter: Letter & { readonly tries: number };
  readonly mailbox: string;
  readonly acceptedAt: number;
}

/** Every send and every delivery, and what the contract says about the two. Times are milliseconds of this process. */
export class Ledger {
  readonly violations: Violation[] = [];
  private readonly letters = new Map<string, Kept>();
  private readonly boxes = new Map<string, Box>();
  private readonly restores: Restore[] = [];
  /** In which life, counted by restores, each incarnation was heard of. */
  private readonly lives = new Map<string, number>();
  /** The life that each client has heard of last. */
  private readonly heard = new Map<string, number>();

  begin(letter: Letter): void {
    this.letters.set(letter.name, { ...letter, no: this.letters.size, tries: 0, acceptedAt: undefined });
  }

  tried(name: string): void {
    const letter = this.letters.get(name);
    if (letter !== undefined) letter.tries += 1;
  }

  accept(name: string, at: number): void {
    const letter = this.letters.get(name);
    if (letter !== undefined) letter.acceptedAt ??= at;
  }

  restored(restore: Restore): void {
    this.restores.push(restore);
  }

  /** What a client was told on a new connection: each restore has an incarnation of its own, and nobody goes on under an older one (D26). */
  hear(client: string, incarnation: string, at: number): void {
    const now = this.restores.length;
    const life = this.lives.get(incarnation) ?? now;
    if (!this.lives.has(incarnation) && [...this.lives.values()].includes(now))
      this.report('rule', `${client} was told of another incarnation, and nothing was restored`, at);
    this.lives.set(incarnation, life);
    if (life < now) this.report('rule', `${client} was told the incarnation of before a restore`, at);
    this.heard.set(client, life);
  }

  deliver(delivery: Delivery): void {
    const { mailbox, name, at, sequence, incarnation } = delivery;
    const box = this.boxOf(mailbox);
    const life = (incarnation === undefined ? undefined : this.lives.get(incarnation)) ?? this.restores.length;
    const letter = this.letters.get(name);
    if (letter?.mailboxes.includes(mailbox) !== true)
      this.report('phantom', `${mailbox} was given "${name}", which nobody sent there`, at);
    const before = box.latest(name);
    const isOther =
      before !== undefined &&
      (sequence === undefined || before.delivery.sequence !== sequence || before.delivery.id !== delivery.id);
    if (isOther && !(before.life < life && this.mayComeAnew(letter, before.life)))
      this.report(
        'duplicated',
        `"${name}" in ${mailbox} as ${before.delivery.sequence ?? '?'} and again as ${sequence ?? '?'}`,
        before.delivery.at,
        at,
      );
    if (sequence !== undefined)
      for (const { check, what, since } of box.number({ ...delivery, sequence }, life, (other) =>
        this.mayBeForgotten(other),
      ))
        this.report(check, what, since, at);
    if (before === undefined || before.life < life) box.keep(delivery, life);
  }

  /** A stated gap, both ends included. */
  gap(mailbox: string, from: number, to: number): void {
    this.boxOf(mailbox).gap(from, to);
  }

  report(check: Check, what: string, ...[from, to = from]: readonly [number, number?]): void {
    this.violations.push({ check, what, from, to });
  }

  latencyOf(mailbox: string, since: number): readonly number[] {
    return this.boxOf(mailbox).deliveries.flatMap(({ name, at }) => {
      const letter = this.letters.get(name);
      return letter === undefined || letter.begunAt < since ? [] : [at - letter.begunAt];
    });
  }

  unanswered(): readonly Letter[] {
    return [...this.letters.values()].filter(({ acceptedAt }) => acceptedAt === undefined);
  }

  /** Accepted, not delivered, and not accepted after a backup that was put back. */
  owed(): readonly Owed[] {
    return this.missing().filter(({ acceptedAt }) => !this.wentWithARestore(acceptedAt));
  }

  /** Up to where numbers came without a hole; undefined when none came since the last restore. */
  through(mailbox: string): number | undefined {
    return this.boxOf(mailbox).through(this.restores.length);
  }

  /** At the end: what is still owed is lost, who has not heard of the last restore was left alone, and each writer's order stands in each mailbox. */
  judge(now: number): Sum {
    const gone = new Map([...this.boxes].map(([name, { gaps }]) => [name, gaps]));
    for (const { letter, mailbox, acceptedAt } of this.owed()) {
      const stated = gone.get(mailbox) ?? 0;
      gone.set(mailbox, stated - 1);
      const tries = `(tries: ${letter.tries})`;
      if (stated <= 0)
        this.report('lost', `"${letter.name}" accepted and not in ${mailbox} ${tries}`, letter.begunAt, acceptedAt);
    }
    for (const { name, begunAt } of this.unanswered())
      this.report('refused', `"${name}" never got an answer`, begunAt, now);
    for (const [client, life] of this.heard)
      if (life < this.restores.length) this.report('rule', `${client} was not told of the last restore`, now);
    for (const box of this.boxes.values()) this.judgeOrder(box);
    const all = [...this.letters.values()].filter(({ acceptedAt }) => acceptedAt !== undefined);
    const accepted = all.reduce((sum, { mailboxes }) => sum + mailboxes.length, 0);
    const count = (check: Check): number => this.violations.filter((violation) => violation.check === check).length;
    const [lost, missing] = [count('lost'), this.missing().length];
    return { accepted, delivered: accepted - missing, stated: missing - lost, lost, duplicated: count('duplicated') };
  }

  private missing(): readonly Owed[] {
    return [...this.letters.values()].flatMap((letter) => {
      const { acceptedAt } = letter;
      if (acceptedAt === undefined) return [];
      const missing = letter.mailboxes.filter((mailbox) => !this.boxOf(mailbox).has(letter.name));
      return missing.map((mailbox) => ({ letter, mailbox, acceptedAt }));
    });
  }

  private wentWithARestore(acceptedAt: number): boolean {
    return this.restores.some(({ backupAt, stoppedAt }) => acceptedAt >= backupAt && acceptedAt <= stoppedAt);
  }

  /** The backup may lack a letter that it was begun without an answer to. */
  private mayBeForgotten(name: string): boolean {
    const acceptedAt = this.letters.get(name)?.acceptedAt;
    return acceptedAt === undefined || this.restores.some(({ backupAt }) => acceptedAt >= backupAt);
  }

  /** Its key was forgotten with the restore after that life, and its answer was not there yet: sent again it is a new one. */
  private mayComeAnew(letter: Kept | undefined, life: number): boolean {
    const restore = this.restores[life];
    if (letter === undefined || restore === undefined) return false;
    return letter.acceptedAt === undefined || letter.acceptedAt > restore.stoppedAt;
  }

  private judgeOrder(box: Box): void {
    for (const life of box.inOrder()) {
      const latest = new Map<string, { readonly letter: Kept; readonly sequence: number }>();
      for (const { sequence, name, at } of life) {
        const letter = this.letters.get(name);
        if (letter === undefined) continue;
        const last = latest.get(letter.writer);
        if (last !== undefined && mustPrecede(letter, last.letter))
          this.report(
            'order',
            `in ${box.mailbox} "${name}" (${sequence}) follows "${last.letter.name}" (${last.sequence})`,
            at,
          );
        latest.set(letter.writer, { letter, sequence });
      }
    }
  }

  private boxOf(mailbox: string): Box {
    const box = this.boxes.get(mailbox) ?? new Box(mailbox);
    this.boxes.set(mailbox, box);
    return box;
  }
}

/** Within a window only what was sent once, and so on one connection, has an order (D9). */
function mustPrecede(left: Kept, right: Kept): boolean {
  if (left.window !== right.window) return left.window < right.window;
  return left.tries === 1 && right.tries === 1 && left.no < right.no;
}
