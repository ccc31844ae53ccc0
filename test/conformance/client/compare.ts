import { percentile } from './look.js';

/** What was measured without a burden and with it, one right after the other. */
export interface Round {
  readonly quiet: readonly number[];
  readonly loud: readonly number[];
  /** By how much this process itself ran later than it had asked for, meanwhile with the burden: the machine's doing, and felt by every process. */
  readonly late?: readonly number[];
}

/** Processes in which a letter waits for its turn on a processor: here, in the gateway, in PostgreSQL, and here again. */
const TURNS = 4;

interface Bound {
  /** Of the measurements that are compared: 0.99 for p99. */
  readonly share: number;
  /** What is loud may be so many times what is quiet… */
  readonly times: number;
  /** …or so much more, in the unit of what was measured. */
  readonly slack: number;
}

/**
 * Whether a burden is felt, on a machine that has other things to do. Each round is judged by itself, so that what both halves of it suffer
 * counts for nothing; and what counts is the middle one of the rounds, so that a pause of the machine, which is far longer than what is
 * measured, spoils its own round alone. A burden that is felt is felt in most rounds. Whoever bears it takes from the processors too, so where
 * they are all taken everything waits for its turn; how long a turn is, this process knows of itself, and so much is not the burden's.
 */
export function compare(
  rounds: readonly Round[],
  { share, times, slack }: Bound,
): { readonly isWithin: boolean; readonly said: string } {
  const pairs = rounds.map(({ quiet, loud, late = [] }) => {
    return [percentile(quiet, share), percentile(loud, share), TURNS * percentile(late, 0.5)] as const;
  });
  const good = pairs.filter(([quiet, loud, turns]) => loud <= Math.max(times * quiet, quiet + slack + turns)).length;
  const middle = (values: readonly number[]): number => percentile(values, 0.5);
  const [quiet, loud] = [middle(pairs.map(([one]) => one)), middle(pairs.map(([, other]) => other))];
  const count = rounds.reduce((sum, round) => sum + round.loud.length, 0);
  const name = `p${String(Math.round(share * 100))}`;
  return {
    isWithin: good * 2 > rounds.length,
    said: `${name} ${quiet.toFixed(1)} ms alone, ${loud.toFixed(1)} ms beside them, within bounds in ${String(good)} of ${String(rounds.length)} rounds, ${String(count)} letters`,
  };
}
