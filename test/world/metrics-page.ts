/** A row of the tables of docs/metrics.md, or of what a process serves. */
export interface MetricRow {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** The rows of all tables of the page. */
export function documentedMetrics(page: string): readonly MetricRow[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| `sotto_'))
    .map((line) => {
      const [name = '', type = '', labels = '', help = ''] = line.slice(1, -1).split(' | ');
      return {
        name: name.replaceAll('`', '').trim(),
        type,
        labels: labels === 'none' ? [] : wordsIn(labels),
        help: help.trim(),
      };
    });
}

function wordsIn(cell: string): readonly string[] {
  return cell.match(/\w+/g) ?? [];
}

/** What `/metrics` serves; `labels` are those of the values that there are. */
export function servedMetrics(text: string): readonly MetricRow[] {
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)\n((?:[^#\n].*\n?)*)/gm)].map(
    ([, name = '', help = '', type = '', values = '']) => {
      const labels = [...values.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label);
      return { name, type, help, labels: [...new Set(labels)].filter((label) => label !== 'le') };
    },
  );
}
