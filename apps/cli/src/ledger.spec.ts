import { describe, expect, it } from '@jest/globals';
import { Ledger, sameOrder } from './ledger.js';

const received = (books: Record<string, readonly string[]>) => new Map(Object.entries(books));

describe('the books of a conversation', () => {
  it('balances when every device that must have a text has it once', () => {
    const ledger = new Ledger();
    ledger.sent('one', { must: ['bob/phone', 'bob/laptop'] });
    const balance = ledger.compare(received({ 'bob/phone': ['one'], 'bob/laptop': ['one'], 'alice/phone': [] }));
    expect(balance).toEqual({ delivered: 2, lost: [], duplicated: [], astray: [] });
  });

  it('names what is missing, what came twice, and what came where it should not', () => {
    const ledger = new Ledger();
    ledger.sent('one', { must: ['bob/phone', 'bob/laptop'] });
    const balance = ledger.compare(
      received({ 'bob/phone': ['one', 'one'], 'eve/phone': ['one'], 'bob/tablet': ['?'] }),
    );
    expect(balance).toEqual({
      delivered: 1,
      lost: ['bob/laptop: one'],
      duplicated: ['bob/phone: one'],
      astray: ['eve/phone: one', 'bob/tablet: ?'],
    });
  });

  it('takes either for right at a device that was being added, and counts it when it came', () => {
    const without = new Ledger();
    without.sent('one', { must: [], may: ['bob/tablet'] });
    expect(without.compare(received({ 'bob/tablet': [] })).lost).toEqual([]);
    expect(without.compare(received({ 'bob/tablet': ['one'] }))).toMatchObject({ delivered: 1, astray: [] });
    expect(without.compare(received({ 'bob/tablet': ['one', 'one'] })).duplicated).toEqual(['bob/tablet: one']);
  });

  it('refuses a text that would be counted twice', () => {
    const ledger = new Ledger();
    ledger.sent('one', { must: [] });
    expect(() => {
      ledger.sent('one', { must: [] });
    }).toThrow(/twice/);
  });

  it('sees an overtaken message, and looks past what is missing or foreign', () => {
    expect(sameOrder(['a', 'b', 'c'], ['x', 'a', 'c'])).toBe(true);
    expect(sameOrder(['a', 'b', 'c'], ['b', 'a', 'c'])).toBe(false);
  });
});
