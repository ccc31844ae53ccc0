import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderAbove } from '../../libs/serving/project-folder.js';
import { nameOf, shown, summaryOf, type Figure, type Summary } from './figures.js';
import type { Machine } from './machine.js';

/** docs/performance.json: what a run on a quiet machine has shown, to be compared with. */
interface Recorded {
  readonly machine: Machine & { readonly postgres: string; readonly fdatasyncMs: number };
  readonly figures: readonly RecordedFigure[];
}

interface RecordedFigure extends Omit<Figure, 'values' | 'floors'>, Summary {}

/** Of a ratio: a run of one round has no spread of its own. */
const LEAST_SPREAD = 0.05;

const DOCS = join(folderAbove(import.meta.dirname, 'docs/decisions'), '..');
const JSON_PATH = join(DOCS, 'performance.json');
const PAGE_PATH = join(DOCS, 'performance.md');
const [TABLE_BEGINS, TABLE_ENDS] = ['<!-- figures -->', '<!-- end of figures -->'];

/** Both the figures for programs and the table of the page. What was not measured this time stays as it was. */
export function writeRecord(machine: Recorded['machine'], figures: readonly Figure[]): void {
  const merged = new Map(readRecord()?.figures.map((each) => [nameOf(each), each]));
  for (const figure of figures) {
    const { values: _, floors: __, ...what } = figure;
    merged.set(nameOf(figure), { ...what, ...summaryOf(figure) });
  }
  const recorded = { machine, figures: [...merged.values()] };
  writeFileSync(JSON_PATH, `${JSON.stringify(recorded, null, 2)}\n`);
  const page = readFileSync(PAGE_PATH, 'utf8');
  const [before, after] = [page.indexOf(TABLE_BEGINS), page.indexOf(TABLE_ENDS)];
  if (before === -1 || after === -1) throw new Error(`${PAGE_PATH} has no place for the figures`);
  writeFileSync(PAGE_PATH, `${page.slice(0, before)}${TABLE_BEGINS}\n\n${tableOf(recorded)}\n\n${page.slice(after)}`);
}

/** One line for each figure that became slower than recorded by more than the larger of both spreads. */
export function slower(figures: readonly Figure[], { figures: before }: Pick<Recorded, 'figures'>): readonly string[] {
  const recorded = new Map(before.map((each) => [nameOf(each), each]));
  return figures.flatMap((figure) => {
    const before = recorded.get(nameOf(figure));
    const now = summaryOf(figure);
    // What has no floor depends on the machine and is not compared.
    if (before?.ratio === undefined || now.ratio === undefined) return [];
    const worse = figure.better === 'more' ? before.ratio - now.ratio : now.ratio - before.ratio;
    const spread = Math.max(before.spread, now.spread, LEAST_SPREAD * before.ratio);
    if (worse <= spread) return [];
    const ratios = `${before.ratio.toFixed(2)} -> ${now.ratio.toFixed(2)}`;
    return [`${nameOf(figure)}: ${ratios} of ${figure.against ?? 'the floor'} (spread ${spread.toFixed(2)})`];
  });
}

/** Undefined: nothing is recorded. */
export function readRecord(): Recorded | undefined {
  return existsSync(JSON_PATH) ? (JSON.parse(readFileSync(JSON_PATH, 'utf8')) as Recorded) : undefined;
}

function tableOf({ machine, figures }: Recorded): string {
  const { cores, processor, memoryGiB, node, postgres, fdatasyncMs } = machine;
  return [
    `${String(cores)} cores (${processor}), ${String(memoryGiB)} GiB, Node ${node}, PostgreSQL ${postgres}; one fdatasync: ${shown(fdatasyncMs)} ms.`,
    '',
    '| Scenario | Figure | Sotto | Floor | Ratio | Promise |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map(rowOf),
  ].join('\n');
}

function rowOf(figure: RecordedFigure): string {
  const { scenario, metric, unit, value, floor, ratio, spread, against } = figure;
  const beside = floor === undefined ? '' : `${shown(floor)}${against === undefined ? '' : ` (${against})`}`;
  const relative = ratio === undefined ? '' : `${ratio.toFixed(2)} ± ${(spread / 2).toFixed(2)}`;
  return `| ${[scenario, metric, `${shown(value)} ${unit}`, beside, relative, promiseOf(figure)].join(' | ')} |`;
}

function promiseOf({ goal, better, value, ratio }: RecordedFigure): string {
  if (goal === undefined) return '';
  const kept = better === 'more' ? (ratio ?? value) >= goal : (ratio ?? value) <= goal;
  return `${better === 'more' ? '≥' : '≤'} ${String(goal)} ${kept ? '✓' : '✗'}`;
}
