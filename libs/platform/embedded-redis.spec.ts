import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keepFirst } from './embedded-redis.js';

describe('what two processes fetch at the same time', () => {
  let work = '';

  beforeEach(() => {
    work = mkdtempSync(join(tmpdir(), 'sotto-fetched-'));
    for (const name of ['one', 'two']) {
      mkdirSync(join(work, name));
      writeFileSync(join(work, name, name), '');
    }
  });

  afterEach(() => {
    rmSync(work, { recursive: true, force: true });
  });

  it('is there once: the first stays, the second is no error', () => {
    const target = join(work, 'target');
    keepFirst(join(work, 'one'), target);
    keepFirst(join(work, 'two'), target);
    expect(readdirSync(target)).toEqual(['one']);
  });

  it('is an error where it cannot be put at all', () => {
    expect(() => {
      keepFirst(join(work, 'absent'), join(work, 'target'));
    }).toThrow('ENOENT');
  });
});
