import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CLOSE_CODES } from '../../libs/protocol/close-codes.js';
import { LIMITS } from '../../libs/protocol/limits.js';
import { PROBLEMS } from '../../libs/protocol/problems.js';

/** The pages from which others write clients say exactly what the code says. */
const folder = join(import.meta.dirname, '../../docs/protocol');

/** The cells of the table whose first row is `header`; fails when the page has no such table. */
function tableOf(page: string, header: string): string[][] {
  const lines = readFileSync(join(folder, page), 'utf8').split('\n');
  const at = lines.indexOf(header);
  if (at === -1) throw new Error(`${page} has no table that begins with ${header}`);
  const rows = lines.slice(at + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  return rows.slice(0, end === -1 ? rows.length : end).map((row) =>
    row
      .slice(1, -1)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

describe('docs/protocol', () => {
  it('has every close code, its name, whether to reconnect, and its meaning', () => {
    const written = tableOf('websocket.md', '| Code | Name | Reconnect | Meaning |');
    const coded = Object.entries(CLOSE_CODES).map(([name, { code, reconnect, meaning }]) => [
      String(code),
      `\`${name}\``,
      reconnect ? 'yes' : 'no',
      meaning,
    ]);
    expect(written).toEqual(coded);
  });

  it('has every problem, its status, its retry advice and its title', () => {
    const written = tableOf('problems.md', '| Code | Status | Retry | Meaning |');
    const coded = Object.entries(PROBLEMS).map(([code, { status, retry, title }]) => [
      `\`${code}\``,
      String(status),
      retry,
      title,
    ]);
    expect(written).toEqual(coded);
  });

  it('has every bound', () => {
    const written = tableOf('websocket.md', '| Name | Value | Of what |').map(([name, value]) => [name, value]);
    expect(written).toEqual(Object.entries(LIMITS).map(([name, value]) => [`\`${name}\``, String(value)]));
  });

  it('names no bound in the text that there is not', () => {
    const text = readFileSync(join(folder, 'websocket.md'), 'utf8') + readFileSync(join(folder, 'rest.md'), 'utf8');
    const named = [...text.matchAll(/\*([a-z]+[A-Z][A-Za-z]+)\*/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => name === undefined || !(name in LIMITS))).toEqual([]);
  });
});
