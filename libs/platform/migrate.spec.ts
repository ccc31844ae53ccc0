import { describe, expect, it } from '@jest/globals';
import { schemaFault } from './migrate.js';

describe('schemaFault', () => {
  it.each([
    ['its own', ['1', '2'], ['1', '2'], undefined],
    ['one newer', ['1', '2'], ['1', '2', '3'], undefined],
    ['two newer', ['1', '2'], ['1', '2', '3', '4'], /2 migrations ahead/],
    ['one missing', ['1', '2'], ['1'], /missing: 2/],
    ['one missing and one unknown', ['1', '2'], ['1', '3'], /missing: 2/],
    ['nothing', ['1', '2'], [], /missing: 1, 2/],
  ])('on %s', (_title, known, applied, fault) => {
    const told = schemaFault(known, applied);
    if (fault === undefined) expect(told).toBeUndefined();
    else expect(told).toMatch(fault);
  });
});
