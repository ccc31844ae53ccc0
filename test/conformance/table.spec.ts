import { describe, expect, it } from '@jest/globals';
import { NotRun, type Clause, type Part, type Trial } from './clause.js';
import { CLAUSES } from './clauses.js';
import { judge, type Means } from './runner.js';
import { exitCode, table } from './table.js';

const MEANS: Means = {
  place: { api: '', gateways: [], adminToken: '', issuer: '', gateway: '', policyFields: new Set() },
  control: undefined,
  oneProcess: false,
};

const part = (run: Part['run'], mark: Part['mark'] = 'B'): Part => ({
  mark,
  name: `part ${String(Math.random())}`,
  run,
});
const passes = part(async (t) => equal(t, 1, 1));
const fails = part(async (t) => equal(t, 2, 1));
const breaks = part(async () => Promise.reject(new Error('no answer')));
const needsControl = part(async (t) => t.control.act('fill'), 'P');
const needsNodes = part(async (t) => equal(t, t.twoNodes().length, 2), 'N');
const looksAtNothing = part(async () => Promise.resolve());
const failsThenLacks = part(async (t) => {
  t.equal('one', 2, 1);
  return Promise.reject(new NotRun('no means'));
});

async function equal(t: Trial, seen: unknown, wanted: unknown): Promise<void> {
  t.equal('as wanted', seen, wanted);
  return Promise.resolve();
}

async function outcome(...parts: readonly Part[]): Promise<readonly [number, string]> {
  const clause: Clause = { id: 'D0', title: 'A clause', says: [], parts };
  const results = await judge([clause], MEANS, () => undefined);
  return [exitCode([clause], results), table([clause], results)];
}

describe('the verdict of a run', () => {
  it('is 0 only when everything passed', async () => {
    expect(await outcome(passes)).toEqual([0, expect.stringContaining('1 passed, 0 failed, 0 not run')]);
    expect((await outcome())[0]).toBe(2);
  });

  it.each([
    ['a step that is not so', fails],
    ['a part that breaks off', breaks],
    ['a part that has looked at nothing', looksAtNothing],
    ['a part that failed before it lacked something', failsThenLacks],
  ])('is 1 for %s, whatever else passed', async (_, bad) => {
    expect((await outcome(passes, bad, needsControl))[0]).toBe(1);
  });

  it('is 2 where means were lacking, and says which', async () => {
    expect(await outcome(passes, needsControl)).toEqual([2, expect.stringContaining('--control')]);
    expect(await outcome(passes, needsNodes)).toEqual([2, expect.stringContaining('--ws2')]);
  });
});

describe('the clauses', () => {
  it('are D1 to D26, each once, in order, with the words of the contract and at least one part', () => {
    expect(CLAUSES.map(({ id }) => id)).toEqual(Array.from({ length: 26 }, (_, index) => `D${String(index + 1)}`));
    for (const { says, parts } of CLAUSES) expect([says.length > 0, parts.length > 0]).toEqual([true, true]);
    const names = CLAUSES.flatMap(({ parts }) => parts.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});
