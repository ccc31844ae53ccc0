/** What became of everything that was sent. */
export interface Balance {
  /** Copies that came out of a device that should have them, each counted once. */
  readonly delivered: number;
  /** `device: text`, for each kind of thing that must not be. */
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  /** On a device that should never have seen it. */
  readonly astray: readonly string[];
}

interface Entry {
  readonly must: ReadonlySet<string>;
  readonly may: ReadonlySet<string>;
}

/** Every send with the devices that must show it, held against what every device showed. Texts are unique. */
export class Ledger {
  private readonly entries = new Map<string, Entry>();

  /** `may`: devices that were being added at that moment, so either is right. */
  sent(text: string, to: { readonly must: readonly string[]; readonly may?: readonly string[] }): void {
    if (this.entries.has(text)) throw new Error(`"${text}" was sent twice`);
    this.entries.set(text, { must: new Set(to.must), may: new Set(to.may ?? []) });
  }

  get size(): number {
    return this.entries.size;
  }

  /** `received`: the texts that each device showed, in order. */
  compare(received: ReadonlyMap<string, readonly string[]>): Balance {
    const lost: string[] = [];
    const duplicated: string[] = [];
    const astray: string[] = [];
    let delivered = 0;
    for (const [device, texts] of received) {
      const seen = new Set<string>();
      for (const text of texts) {
        const entry = this.entries.get(text);
        const right = entry !== undefined && (entry.must.has(device) || entry.may.has(device));
        if (!right) astray.push(`${device}: ${text}`);
        else if (seen.has(text)) duplicated.push(`${device}: ${text}`);
        else delivered += 1;
        seen.add(text);
      }
    }
    for (const [text, { must }] of this.entries) {
      for (const device of must) if (!(received.get(device) ?? []).includes(text)) lost.push(`${device}: ${text}`);
    }
    return { delivered, lost, duplicated, astray };
  }
}

/** Whether the texts that are in both stand in the same order. */
export function sameOrder(sent: readonly string[], received: readonly string[]): boolean {
  const common = received.filter((text) => sent.includes(text));
  return sent.filter((text) => common.includes(text)).every((text, at) => text === common[at]);
}
