/** One envelope as a reader kept it; the SDK's own readers see no sequence. */
export interface Delivery {
  readonly mailbox: string;
  readonly name: string;
  readonly at: number;
  readonly sequence?: number;
  readonly id?: string;
  /** Which connection of this reader, counted from 1. */
  readonly connection: number;
  /** As the connection was told it; undefined where the reader is not told. */
  readonly incarnation?: string;
}

export type Numbered = Delivery & { readonly sequence: number };

/** What was given between two restores; a restore begins it anew, with numbers that were given out before (D26). */
interface Life {
  readonly life: number;
  readonly bySequence: Map<number, Numbered>;
  /** All numbers up to this one were delivered or are in a gap. */
  through: number;
  connection: number;
  last: number;
}

/** A fault of a number: what is wrong, and since when. */
export interface WrongNumber {
  readonly check: 'number' | 'hole';
  readonly what: string;
  readonly since: number;
}

/** What the reader of one mailbox was given. */
export class Box {
  private readonly byName = new Map<string, { readonly delivery: Delivery; readonly life: number }>();
  private readonly lives: Life[] = [];
  private readonly stated = new Set<number>();

  constructor(readonly mailbox: string) {}

  has(name: string): boolean {
    return this.byName.has(name);
  }

  latest(name: string): { readonly delivery: Delivery; readonly life: number } | undefined {
    return this.byName.get(name);
  }

  keep(delivery: Delivery, life: number): void {
    this.byName.set(delivery.name, { delivery, life });
  }

  get deliveries(): readonly Delivery[] {
    return [...this.byName.values()].map(({ delivery }) => delivery);
  }

  get gaps(): number {
    return this.stated.size;
  }

  /** Both ends included. */
  gap(from: number, to: number): void {
    for (let sequence = from; sequence <= to; sequence += 1) this.stated.add(sequence);
    for (const life of this.lives) this.advance(life);
  }

  /** Undefined when nothing has come in this life. */
  through(life: number): number | undefined {
    return this.lives.find((each) => each.life === life)?.through;
  }

  /** In each life, in the order of numbers. */
  inOrder(): readonly (readonly Numbered[])[] {
    return this.lives.map(({ bySequence }) =>
      [...bySequence.values()].sort((left, right) => left.sequence - right.sequence),
    );
  }

  /** `mayBeForgotten`: whether a restore may have given the number of this letter to another. */
  number(delivery: Numbered, life: number, mayBeForgotten: (name: string) => boolean): readonly WrongNumber[] {
    const { mailbox } = this;
    const { name, at, sequence, id, connection } = delivery;
    const wrong: WrongNumber[] = [];
    const current = this.lifeOf(life, sequence);
    const before = current.bySequence.get(sequence);
    if (before === undefined) current.bySequence.set(sequence, delivery);
    const older =
      before === undefined
        ? this.lives.findLast((each) => each.bySequence.has(sequence) && each !== current)
        : undefined;
    const other = before ?? older?.bySequence.get(sequence);
    const differs = other !== undefined && (other.name !== name || other.id !== id);
    if (differs && (before !== undefined || !mayBeForgotten(other.name)))
      wrong.push({
        check: 'number',
        what: `${sequence} of ${mailbox} is "${other.name}" and "${name}"`,
        since: other.at,
      });
    if (current.connection !== connection) Object.assign(current, { connection, last: 0 });
    const given = `${mailbox} was given ${sequence} ("${name}")`;
    if (sequence <= current.last)
      wrong.push({ check: 'hole', what: `${given} after ${current.last} on one connection`, since: at });
    this.advance(current);
    if (sequence > current.through) {
      wrong.push({ check: 'hole', what: `${given} before ${current.through + 1}`, since: at });
      // Said once: what follows is judged from here on.
      current.through = sequence;
    }
    current.last = sequence;
    return wrong;
  }

  private advance(life: Life): void {
    while (life.bySequence.has(life.through + 1) || this.stated.has(life.through + 1)) life.through += 1;
  }

  private lifeOf(life: number, first: number): Life {
    const known = this.lives.find((each) => each.life === life);
    if (known !== undefined) return known;
    // What was acked before the backup stays acked: a restored mailbox begins anywhere up to where it had come, never beyond.
    const through = Math.min(first - 1, this.lives.at(-1)?.through ?? 0);
    const begun: Life = { life, bySequence: new Map(), through, connection: 0, last: 0 };
    this.lives.push(begun);
    return begun;
  }
}
