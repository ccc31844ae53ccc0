import { describe, expect, it } from '@jest/globals';
import type { Clause, Part } from './clause.js';
import type { Control } from './control/control.js';
import { judge, type Means, type Yard } from './runner.js';
import { report } from './table.js';

const place = (api: string): Means['place'] => {
  return { api, gateways: [], adminToken: '', issuer: '', gateway: '', policyFields: new Set() };
};
const control: Control = { processes: async () => Promise.resolve([]), act: async () => Promise.resolve() };
const yard = (api: string): Yard => ({ place: place(api), control });

/** Runs parts that say where and when they begin and end, each after some turns of the event loop. */
async function diary(
  parts: readonly (Pick<Part, 'name' | 'mark'> & Partial<Part>)[],
  yards: readonly Promise<Yard>[] = [],
): Promise<readonly string[]> {
  const lines: string[] = [];
  const told = parts.map((part) => ({
    ...part,
    run: async (t: Parameters<Part['run']>[0]) => {
      lines.push(`${part.name} begins at ${t.place.api}`);
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      t.equal('it was here', part.name.length > 0, true);
      lines.push(`${part.name} ends`);
    },
  }));
  const clause: Clause = { id: 'D0', title: 'A clause', says: [], parts: told };
  await judge([clause], { place: place('here'), control, oneProcess: true, yards }, () => undefined);
  return lines;
}

const ASKS = { mark: 'B' } as const;
const KILLS = { mark: 'P' } as const;

describe('the order of a run', () => {
  it('is: what asks side by side, then what measures, then what kills, where there is one installation', async () => {
    const parts = [
      { name: 'kill', ...KILLS },
      { name: 'measure', ...ASKS, alone: true },
      { name: 'ask', ...ASKS },
      { name: 'ask too', ...ASKS },
    ];
    expect(await diary(parts)).toEqual([
      'ask begins at here',
      'ask too begins at here',
      'ask ends',
      'ask too ends',
      'measure begins at here',
      'measure ends',
      'kill begins at here',
      'kill ends',
    ]);
  });

  it('has what kills beside the rest where it has yards, one part at a time in each', async () => {
    const lines = await diary(
      [
        { name: 'ask', ...ASKS },
        { name: 'first', ...KILLS },
        { name: 'second', ...KILLS },
        { name: 'third', ...KILLS },
      ],
      [Promise.resolve(yard('one')), Promise.resolve(yard('two'))],
    );
    expect(lines.slice(0, 3)).toEqual(['ask begins at here', 'first begins at one', 'second begins at two']);
    expect(lines.indexOf('third begins at one')).toBeGreaterThan(lines.indexOf('first ends'));
    expect(lines).toHaveLength(8);
  });
});

it('is told to programs by clause: the state of its worst part, the time of all', () => {
  const clause: Clause = { id: 'D0', title: 'A clause', says: [], parts: [] };
  const part = { clause: 'D0', mark: 'B', name: '', checks: [], seen: '' } as const;
  const results = [
    { ...part, state: 'passed', seconds: 0.25 },
    { ...part, state: 'failed', seconds: 1 },
  ] as const;
  expect(report([clause], results)).toEqual([{ name: 'D0 A clause', state: 'failed', duration: 1_250 }]);
});
