/**
 * One figure: a value for each round, beside the floor's of the same round where the bare stack can do the same. Figures are compared as ratios,
 * because machines differ, and each ratio is of two runs that followed each other, because a machine differs from minute to minute.
 */
export interface Figure {
  readonly scenario: string;
  readonly metric: string;
  readonly unit: string;
  /** Which way is better. */
  readonly better: 'more' | 'less';
  readonly values: readonly number[];
  /** What the ratio is to, round by round; the floor unless `against` says something else. */
  readonly floors?: readonly number[];
  readonly against?: string;
  /** What DELIVERY "Figures" promises: of the ratio, or of the value itself where there is none. */
  readonly goal?: number;
}

export interface Summary {
  readonly value: number;
  readonly floor: number | undefined;
  readonly ratio: number | undefined;
  /** Highest minus lowest of the rounds' ratios; of the values, relative to their median, where there is no ratio. */
  readonly spread: number;
}

export function summaryOf({ values, floors }: Figure): Summary {
  const value = median(values);
  if (floors === undefined) return { value, floor: undefined, ratio: undefined, spread: span(values) / (value || 1) };
  const ratios = values.map((each, round) => each / (floors[round] ?? Number.NaN));
  return { value, floor: median(floors), ratio: median(ratios), spread: span(ratios) };
}

/** Undefined: nothing was promised. */
export function reached(figure: Figure): boolean | undefined {
  if (figure.goal === undefined) return undefined;
  const { ratio, value } = summaryOf(figure);
  return figure.better === 'more' ? (ratio ?? value) >= figure.goal : (ratio ?? value) <= figure.goal;
}

export function nameOf({ scenario, metric }: Pick<Figure, 'scenario' | 'metric'>): string {
  return `${scenario}: ${metric}`;
}

/** For a person, one line. */
export function lineOf(figure: Figure): string {
  const { value, floor, ratio, spread } = summaryOf(figure);
  const beside =
    ratio === undefined
      ? `±${percent(spread / 2)}`
      : `${ratio.toFixed(2)} ±${(spread / 2).toFixed(2)} of ${figure.against ?? 'the floor'}'s ${shown(floor ?? 0)}`;
  const goal = figure.goal === undefined ? '' : `  ${goalOf(figure, figure.goal)}`;
  return `  ${figure.metric.padEnd(42)} ${shown(value).padStart(9)} ${figure.unit.padEnd(12)} ${beside}${goal}`;
}

function goalOf(figure: Figure, goal: number): string {
  const most = figure.better === 'more' ? 'at least' : 'at most';
  return `${reached(figure) === true ? '✓' : '✗'} ${most} ${String(goal)}`;
}

/** For a program, one JSON object. */
export function jsonOf(figure: Figure): string {
  const { scenario, metric, unit } = figure;
  return JSON.stringify({ scenario, metric, unit, ...summaryOf(figure) });
}

export function shown(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function percent(part: number): string {
  return `${String(Math.round(100 * part))} %`;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that `part` of the values do not exceed; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function span(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
