import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** A claim without its test, and a link to nothing, do not stand in the pages. */
const root = join(import.meta.dirname, '../..');
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].toSorted();

interface Link {
  readonly text: string;
  readonly target: string;
}

function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
}

function linksOf(markdown: string): readonly Link[] {
  return [...markdown.matchAll(/\[([^\]\n]+)\]\(([^)\s]+)\)/g)]
    .map(([, text = '', target = '']) => ({ text, target }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** As forges make them: lower case, no punctuation, hyphens for spaces. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  return new Set(
    [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** `…` stands for what `it.each` fills in; up to there the title is compared. */
function hasTitle(source: string, title: string): boolean {
  const [said = '', ...rest] = title.split('…');
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${said}${rest.length === 0 ? `${quote},` : '%'}`));
}

/** What is wrong with a link that stands in `page`; undefined: nothing. */
function fault(page: string, { text, target }: Link): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (relative(root, file).startsWith('..') || !existsSync(file)) return `${page}: nothing at ${target}`;
  if (anchor !== undefined && !anchorsOf(textOf(relative(root, file))).has(anchor)) return `${page}: no ${target}`;
  if (statSync(file).isFile() && file.endsWith('spec.ts') && !hasTitle(readFileSync(file, 'utf8'), text))
    return `${page}: no test "${text}" in ${target}`;
  return undefined;
}

function faultsOf(page: string, markdown: string): readonly string[] {
  return linksOf(markdown).flatMap((link) => fault(page, link) ?? []);
}

describe('the pages', () => {
  it.each(pages)('%s has no dead link, and quotes tests that are there', (page) => {
    expect(faultsOf(page, textOf(page))).toEqual([]);
  });

  it('would be found out: a file, an anchor and a title that are not there', () => {
    const dead =
      '[a](nowhere.md) [b](../README.md#nowhere) [no such test](../test/docs/security.spec.ts) [b](../README.md#two-commands)';
    expect(faultsOf('docs/security.md', dead)).toHaveLength(3);
    expect(hasTitle("it.each(a)('does %s well', () => {", 'does … well')).toBe(true);
    expect(hasTitle("it('does it well', () => {", 'does …')).toBe(false);
    expect(hasTitle("it('does it well', () => {", 'does it')).toBe(false);
  });
});

describe('docs/security.md', () => {
  const page = textOf(join('docs', 'security.md'));
  const rowsAfter = (heading: string): readonly string[] =>
    (page.split(heading)[1] ?? '')
      .split(/^## /m)[0]!
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (?:---|Claim |A hostile )/.test(line));

  it.each(['## A hostile admin or server', '## What else is shown'])('has a test in every row of "%s"', (heading) => {
    const rows = rowsAfter(heading);
    expect(rows.length).toBeGreaterThan(9);
    expect(rows.filter((row) => !/\]\(\.\.\/[^)]+spec\.ts\)/.test(row))).toEqual([]);
  });

  it('says of first use what the contract says', () => {
    expect(page).toContain(
      'a server hostile before a *first-use* contact is not noticed until the numbers are compared',
    );
  });
});
