import { describe, expect, it } from '@jest/globals';
import { ChainQuery, NewTenant } from './bodies.js';

describe('a name', () => {
  it('is what a person reads', () => {
    expect(NewTenant.parse({ name: '  Ünïted Émail & Söhne 株式会社 🦊 ' })).toEqual({
      name: 'Ünïted Émail & Söhne 株式会社 🦊',
    });
  });

  it.each(['\u001b[2J', 'two\nlines', 'nul\u0000', 'turned \u202e round', 'half \ud83d', '\u2028'])(
    'does not speak to what shows it (%j)',
    (name) => {
      expect(NewTenant.safeParse({ name: `a${name}b` }).success).toBe(false);
    },
  );
});

describe('the query of a chain', () => {
  it('names versions that the table can hold', () => {
    expect(ChainQuery.parse({ from: '2147483647' })).toEqual({ from: 2_147_483_647 });
    expect(ChainQuery.safeParse({ from: '2147483648' }).success).toBe(false);
    expect(ChainQuery.safeParse({ epoch: '2147483648' }).success).toBe(false);
  });
});
