import type { Clause, Part, PartResult } from './clause.js';
import { NotRun, Trial } from './clause.js';
import type { Control } from './control/control.js';
import type { Place } from './client/tenant.js';

const TOGETHER = 6;
/** A part that says nothing for so long hangs. */
const LIMIT = 90_000;

export interface Means {
  readonly place: Place;
  readonly control: Control | undefined;
  /** API and gateway are one process: it is its own second node. */
  readonly oneProcess: boolean;
  /** Where what mostly waits is judged, beside everything else, kills too. Without it kills wait for the end of that. */
  readonly quiet?: Place | undefined;
}

interface Due {
  readonly clause: Clause;
  readonly part: Part;
}

/** What asks only the API runs together, each part in tenants of its own; then what measures; then what kills. */
export async function judge(
  clauses: readonly Clause[],
  means: Means,
  done: (result: PartResult) => void,
): Promise<readonly PartResult[]> {
  const all: Due[] = clauses.flatMap((clause) => clause.parts.map((part) => ({ clause, part })));
  const isAlone = ({ part }: Due): boolean => part.alone === true || part.mark === 'P';
  const results: PartResult[] = [];
  const run = async (due: Due | undefined): Promise<void> => {
    if (due === undefined) return;
    const result = await runPart(due, means);
    results.push(result);
    done(result);
  };
  const waiting = all.filter(({ part }) => part.slow === true).map(run);
  const together = all.filter((due) => !isAlone(due) && due.part.slow !== true);
  const lane = async (): Promise<void> => {
    while (together.length > 0) await run(together.shift());
  };
  await Promise.all(Array.from({ length: TOGETHER }, lane));
  const alone = all.filter(isAlone);
  for (const due of alone.filter(({ part }) => part.mark !== 'P')) await run(due);
  if (means.quiet === undefined) await Promise.all(waiting);
  for (const due of alone.filter(({ part }) => part.mark === 'P')) await run(due);
  await Promise.all(waiting);
  const order = (result: PartResult): number => all.findIndex(({ part }) => part.name === result.name);
  return results.sort((left, right) => order(left) - order(right));
}

async function runPart({ clause, part }: Due, means: Means): Promise<PartResult> {
  const trial = new Trial(part.slow === true ? (means.quiet ?? means.place) : means.place, means);
  const start = performance.now();
  let broken: Error | undefined;
  try {
    await within(part.run(trial));
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
  }
  trial.close();
  const wrong = trial.checks.filter(({ ok }) => !ok);
  const base = {
    clause: clause.id,
    mark: part.mark,
    name: part.name,
    checks: trial.checks,
    seconds: (performance.now() - start) / 1000,
  };
  const faults = wrong.map(({ expected, seen }) => `${expected}: ${seen}`);
  if (broken !== undefined && !(broken instanceof NotRun)) faults.push(broken.message);
  if (faults.length > 0) return { ...base, state: 'failed', seen: faults.join('; ') };
  if (broken !== undefined) return { ...base, state: 'not run', seen: broken.message };
  if (trial.checks.length === 0) return { ...base, state: 'failed', seen: 'this part has looked at nothing' };
  return { ...base, state: 'passed', seen: trial.notes.join(', ') };
}

async function within(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${LIMIT / 1000} s`)), LIMIT);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
