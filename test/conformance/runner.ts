import type { Clause, Part, PartResult } from './clause.js';
import { NotRun, Trial } from './clause.js';
import type { Control } from './control/control.js';
import type { Place } from './client/tenant.js';

const TOGETHER = 6;
/** A part that says nothing for so long hangs. */
const LIMIT = 180_000;

export interface Means {
  readonly place: Place;
  readonly control: Control | undefined;
  /** API and gateway are one process: it is its own second node. */
  readonly oneProcess: boolean;
  /** Further installations of the same kind, where what kills is judged beside everything else. Without them it waits for the end of the rest. */
  readonly yards?: readonly Promise<Yard>[];
}

/** An installation in which one part at a time may kill what it likes. */
export interface Yard {
  readonly place: Place;
  readonly control: Control;
}

interface Due {
  readonly clause: Clause;
  readonly part: Part;
}

/** What only asks runs side by side, each part in tenants of its own; then what measures; what kills has a yard, or comes last. */
export async function judge(
  clauses: readonly Clause[],
  means: Means,
  done: (result: PartResult) => void,
): Promise<readonly PartResult[]> {
  const all: Due[] = clauses.flatMap((clause) => clause.parts.map((part) => ({ clause, part })));
  const results: PartResult[] = [];
  const run = async (due: Due, at: Means = means): Promise<void> => {
    const result = await runPart(due, at);
    results.push(result);
    done(result);
  };
  const kills = all.filter(({ part }) => part.mark === 'P');
  const others = all.filter(({ part }) => part.mark !== 'P');
  const isAlone = ({ part }: Due): boolean => part.alone === true;
  const asks = async (): Promise<void> => {
    const together = others.filter((due) => !isAlone(due) && due.part.slow !== true);
    await lanes(TOGETHER, together, run);
    await lanes(1, others.filter(isAlone), run);
  };
  const peaceful = Promise.all([
    ...others.filter(({ part }) => part.slow === true).map(async (due) => run(due)),
    asks(),
  ]);
  const killing = (means.yards ?? []).map(async (opening) => {
    const yard = await opening;
    await lanes(1, kills, async (due) => run(due, { ...means, ...yard }));
  });
  await Promise.all([peaceful, ...killing]);
  await lanes(1, kills, run);
  const order = (result: PartResult): number => all.findIndex(({ part }) => part.name === result.name);
  return results.sort((left, right) => order(left) - order(right));
}

/** So many at a time; takes from the queue, which others may take from too. */
async function lanes(count: number, queue: Due[], run: (due: Due) => Promise<void>): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let due = queue.shift(); due !== undefined; due = queue.shift()) await run(due);
  };
  await Promise.all(Array.from({ length: count }, lane));
}

async function runPart({ clause, part }: Due, means: Means): Promise<PartResult> {
  const trial = new Trial(means.place, means);
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
