import { parseArgs } from 'node:util';

export interface Options {
  readonly quick: boolean;
  /** Figures as JSON, one object a line, and nothing else on stdout. */
  readonly json: boolean;
  /** Compare with what is recorded; exit 1 when something became slower. */
  readonly check: boolean;
  /** Write what was measured to docs/performance.json and docs/performance.md. */
  readonly record: boolean;
  /** In place of the scenarios: where the time goes. */
  readonly profile: boolean;
  /** Only these scenarios. */
  readonly only: readonly string[];
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
  /** In place of the scenarios: the promise made to users, with these numbers in place of its own. */
  readonly crowd: readonly number[] | undefined;
  /** In place of the scenarios: how cost grows with accounts and with waiting mail. */
  readonly growth: boolean;
}

export const USAGE = `npm run bench -- [options]

  --quick             everything smaller and fewer rounds, in under three minutes
  --json              one JSON object a line
  --check             compare with docs/performance.json; exit 1 when something became slower by more than the spread
  --record            write the figures to docs/performance.json and docs/performance.md
  --profile           CPU profiles of every process, and PostgreSQL's top statements
  --only <name>       only this scenario; may be repeated
  --rounds <n>        rounds of every scenario
  --seconds <n>       length of a window of saturated load
  --crowd [devices messages-a-second seconds]
  --growth            throughput and latency at 1e5 and 1e6 accounts, and with 1e6 waiting envelopes, beside a near-empty database`;

/** Undefined: they cannot be read. */
export function optionsOf(args: readonly string[]): Options | undefined {
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: flag,
        json: flag,
        check: flag,
        record: flag,
        profile: flag,
        growth: flag,
        crowd: flag,
        only: { type: 'string', multiple: true, default: [] },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
      },
    });
    const { crowd, rounds, seconds, ...rest } = values;
    const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));
    if (positionals.length > 0 && !crowd) return undefined;
    return {
      ...rest,
      rounds: number(rounds),
      seconds: number(seconds),
      crowd: crowd ? positionals.map(Number) : undefined,
    };
  } catch {
    return undefined;
  }
}
