import type { Clause, PartResult } from './clause.js';

export type State = PartResult['state'];

/** A clause is what its worst part is. */
export function stateOf(parts: readonly PartResult[]): State {
  if (parts.length === 0) return 'not run';
  for (const state of ['failed', 'not run'] as const) if (parts.some((part) => part.state === state)) return state;
  return 'passed';
}

/** Exit status of a run: 1 when something failed, 2 when something was not run, 0 only when everything passed. */
export function exitCode(clauses: readonly Clause[], results: readonly PartResult[]): number {
  const states = clauses.map((clause) => stateOf(resultsOf(clause, results)));
  if (states.includes('failed')) return 1;
  return states.includes('not run') || states.length === 0 ? 2 : 0;
}

export function table(clauses: readonly Clause[], results: readonly PartResult[]): string {
  const lines = clauses.flatMap((clause) => {
    const parts = resultsOf(clause, results);
    const marks = [...new Set(clause.parts.map(({ mark }) => mark))].sort().join(' ');
    const head = `${clause.id.padEnd(4)} ${marks.padEnd(6)} ${stateOf(parts).padEnd(8)} ${clause.title}`;
    return [`${head.padEnd(52)} ${summary(parts)}`, ...parts.filter(({ state }) => state !== 'passed').map(oneLine)];
  });
  const count = (state: State): number =>
    clauses.filter((clause) => stateOf(resultsOf(clause, results)) === state).length;
  const total = `${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run, of ${clauses.length} clauses`;
  return ['', 'Clause', ...lines, '', total].join('\n');
}

/** For programs: each clause, and the milliseconds that its parts took together. */
export function report(
  clauses: readonly Clause[],
  results: readonly PartResult[],
): readonly { readonly name: string; readonly state: State; readonly duration: number }[] {
  return clauses.map((clause) => {
    const parts = resultsOf(clause, results);
    const duration = Math.round(parts.reduce((sum, { seconds }) => sum + seconds, 0) * 1_000);
    return { name: `${clause.id} ${clause.title}`, state: stateOf(parts), duration };
  });
}

/** Every part with everything that it expected and saw. */
export function steps(clause: Clause, results: readonly PartResult[]): string {
  const parts = resultsOf(clause, results).flatMap((part) => [
    `  [${part.mark}] ${part.name}: ${part.state} (${part.seconds.toFixed(1)} s)${part.seen === '' ? '' : ` · ${part.seen}`}`,
    ...part.checks.map(({ expected, seen, ok }) => `      ${ok ? '✓' : '✗'} ${expected} · seen: ${seen}`),
  ]);
  return [`\n${clause.id} ${clause.title}`, ...clause.says.map((sentence) => `  “${sentence}”`), ...parts].join('\n');
}

function resultsOf(clause: Clause, results: readonly PartResult[]): readonly PartResult[] {
  return results.filter((result) => result.clause === clause.id);
}

function summary(parts: readonly PartResult[]): string {
  const passed = parts.filter(({ state }) => state === 'passed');
  const checks = passed.reduce((sum, part) => sum + part.checks.length, 0);
  const facts = [...new Set(passed.map(({ seen }) => seen).filter((seen) => seen !== ''))];
  return [`${passed.length} of ${parts.length} parts, ${checks} checks`, ...facts].join(' · ');
}

function oneLine({ state, mark, name, seen }: PartResult): string {
  return `       ${state === 'failed' ? '✗' : '–'} [${mark}] ${name}: ${seen.replaceAll('\n', ' ')}`;
}
