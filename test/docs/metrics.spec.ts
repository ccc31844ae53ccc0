import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { PROBLEMS } from '../../libs/protocol/problems.js';
import { documentedMetrics } from '../world/metrics-page.js';

/** Dashboards and alerts ask only for figures that there are: a wrong name would never alarm anybody. */
const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Alerts {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly runbook: string; readonly summary: string };
    }[];
  }[];
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const rules = (parse(read('deploy/alerts/sotto.yml')) as Alerts).groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('deploy/dashboards/sotto.json')) as Dashboard;
const documented = new Map(documentedMetrics(read('docs/metrics.md')).map((metric) => [metric.name, metric]));

/** What a histogram is read by. */
function baseOf(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, '');
}

function namesIn(expr: string): string[] {
  return expr.match(/\bsotto_\w+/g) ?? [];
}

function unknownIn(expr: string): string[] {
  return namesIn(expr).filter((name) => {
    const metric = documented.get(name) ?? documented.get(baseOf(name));
    return metric === undefined || (metric.name !== name) !== (metric.type === 'histogram');
  });
}

/** `sotto_x{label="…"}`; `exported_job` is what Prometheus makes of our `job`. */
function wrongLabelsIn(expr: string): string[] {
  return [...expr.matchAll(/(sotto_\w+)\{([^}]*)\}/g)].flatMap(([, name = '', inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)]
      .map(([, label = '']) => label.replace(/^exported_/, ''))
      .filter((label) => documented.get(name)?.labels.includes(label) !== true)
      .map((label) => `${name}{${label}}`),
  );
}

describe('deploy/', () => {
  it('alerts on figures that there are', () => {
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.flatMap(({ expr }) => [...unknownIn(expr), ...wrongLabelsIn(expr)])).toEqual([]);
  });

  it('alerts on outcomes of sends that there are', () => {
    const outcomes = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/outcome=~?"([^"]+)"/g)].flatMap(([, of = '']) => of.split('|')),
    );
    expect(outcomes.length).toBeGreaterThan(2);
    expect(outcomes.filter((outcome) => !(outcome in PROBLEMS))).toEqual([]);
  });

  it('sends everybody who is alerted to a page that there is', () => {
    expect(rules.filter(({ annotations }) => !existsSync(join(root, annotations.runbook)))).toEqual([]);
  });

  it('shows figures that there are', () => {
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.flatMap((expr) => [...unknownIn(expr), ...wrongLabelsIn(expr)])).toEqual([]);
    expect(asked.filter((expr) => namesIn(expr).length === 0)).toEqual([]);
  });

  it('would notice a name or a label that there is not', () => {
    expect(unknownIn('rate(sotto_nonsense_total[1m]) + sotto_streams')).toEqual(['sotto_nonsense_total']);
    expect(unknownIn('sotto_streams_bucket')).toEqual(['sotto_streams_bucket']);
    expect(unknownIn('sotto_http_request_seconds')).toEqual(['sotto_http_request_seconds']);
    expect(wrongLabelsIn('sotto_sends_total{tenant="a"}')).toEqual(['sotto_sends_total{tenant}']);
  });
});

describe('docs/runbooks', () => {
  it('names figures and alerts that there are', () => {
    const alerts = new Set(rules.map(({ alert }) => alert));
    for (const page of readdirSync(join(root, 'docs/runbooks'))) {
      const text = read(`docs/runbooks/${page}`);
      expect(unknownIn(text).map((name) => `${page}: ${name}`)).toEqual([]);
      expect((text.match(/\bSotto[A-Z]\w+/g) ?? []).filter((name) => !alerts.has(name))).toEqual([]);
    }
  });
});
