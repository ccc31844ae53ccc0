import type { Writable } from 'node:stream';

/** A place to write lines: a terminal (colours, one line that grows) or anything else (plain lines, each at once). */
export interface Surface {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable;
  readonly colours: boolean;
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

const CODES: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

const COLOUR = new RegExp(`(\u001B\\[(?:${[...new Set(Object.values(CODES).flat())].join('|')})m)`);

/** What commands say. Results go to stdout, troubles to stderr. */
export class Output {
  readonly terminal: boolean;

  /** A step has begun in the terminal, and its line waits for the end of it. */
  private growing = false;

  constructor(private readonly surface: Surface) {
    this.terminal = surface.stdout.isTTY === true;
  }

  /** Something else is said meanwhile: it gets a line of its own. */
  private interrupt(): void {
    if (this.growing) this.surface.stdout.write('\n');
    this.growing = false;
  }

  private ended(what: string, how: string): void {
    const text = this.growing ? how : `${what}: ${how}`;
    this.growing = false;
    this.line(text);
  }

  line(text = ''): void {
    this.interrupt();
    this.surface.stdout.write(`${guarded(text)}\n`);
  }

  error(text: string): void {
    this.interrupt();
    this.surface.stderr.write(`${guarded(text)}\n`);
  }

  paint(style: Style, text: string): string {
    const [on, off] = CODES[style];
    return this.surface.colours ? `\u001B[${String(on)}m${text}\u001B[${String(off)}m` : text;
  }

  /** Says at once what begins, and how long it took when it is done. */
  async step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const start = performance.now();
    this.surface.stdout.write(this.terminal ? `${what} … ` : `${what} …\n`);
    this.growing = this.terminal;
    try {
      const result = await work();
      const took = seconds(performance.now() - start);
      this.ended(what, this.paint('dim', took));
      return result;
    } catch (error) {
      if (this.terminal) this.ended(what, this.paint('red', 'failed'));
      throw error;
    }
  }
}

/** Columns padded to their widest cell; the last one is left as it is. A cell may hold anything: it stays one cell. */
export function table(given: readonly (readonly string[])[]): readonly string[] {
  const rows = given.map((row) => row.map(harmless));
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) =>
    row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('  '),
  );
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function milliseconds(ms: number): string {
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(0)} ms`;
}

/** `2026-11-21 08:15` in UTC. */
export function minute(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}

/** `2026-11-21` of a day since the epoch. */
export function day(since: number): string {
  return new Date(since * 86_400_000).toISOString().slice(0, 10);
}

/** Text from somebody else, for a terminal: control characters could move the cursor or fake lines. */
export function harmless(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => (character === '\t' ? ' ' : '\uFFFD'));
}

/** Our own colours, and line ends; nothing else on its way to the terminal steers it, whoever wrote it. */
function guarded(text: string): string {
  return text
    .split(COLOUR)
    .map((part, at) => (at % 2 === 1 ? part : part.split('\n').map(harmless).join('\n')))
    .join('');
}

/** What a person types to come in. Outside demo tenants nobody is chosen to keep the key, so the choice stands there to be made. */
export function enrolWith(code: string, name = '<name>'): string {
  return `sotto enrol ${code} --as ${name} --custody <keychain|passphrase|file>`;
}

/** Digits in fives, as people read them aloud. */
export function groups(digits: string): string {
  return (digits.match(/.{1,5}/g) ?? []).join(' ');
}
