import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './home.js';
import { instrument, PROBE, ROOMS, type Room } from './trace-rooms.js';

const room = (of: Room['of']): Room => ({ room: 1, file: 'x.ts', what: '', of });

describe('the rooms of a trace', () => {
  it('are the eight of the design, in order', () => {
    expect([...new Set(ROOMS.map(({ room: number }) => number))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each(ROOMS.map((one) => [one.file, one] as const))('%s has what is measured', (file, { of }) => {
    const source = readFileSync(join(projectFolder(), file), 'utf8');
    if ('function' in of) expect(source).toContain(`export function ${of.function}(`);
    else {
      expect(source).toContain(`export class ${of.class} `);
      expect(source).toMatch(new RegExp(`^ {2}(private )?(async )?${of.method}\\(`, 'm'));
    }
  });

  it('wraps a function under its own name', async () => {
    const calls: number[] = [];
    const probe = (at: number, call: (text: string) => string) => (text: string) => {
      calls.push(at);
      return call(text);
    };
    Object.defineProperty(globalThis, Symbol.for(PROBE), { value: probe, configurable: true });
    const code = instrument('export function hello(name) { return `hello ${name}`; }', room({ function: 'hello' }), 7);
    const url = `data:text/javascript,${encodeURIComponent(code ?? '')}`;
    const { hello } = (await import(url)) as { hello: (name: string) => string };
    expect(hello('you')).toBe('hello you');
    expect(calls).toEqual([7]);
  });

  it('wraps a method, and says so when there is nothing to wrap', () => {
    const source = 'export class Box {\n    async open() {\n    }\n}';
    expect(instrument(source, room({ class: 'Box', method: 'open' }), 2)).toContain('Box.prototype.open = ');
    expect(instrument(source, room({ class: 'Box', method: 'shut' }), 2)).toBeUndefined();
    expect(instrument(source, room({ function: 'open' }), 2)).toBeUndefined();
  });
});
