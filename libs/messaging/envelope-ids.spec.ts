import { describe, expect, it } from '@jest/globals';
import { systemIds } from '../platform/ids.js';
import { EnvelopeIds } from './envelope-ids.js';

describe('EnvelopeIds', () => {
  it('gives eight bytes each, none twice, however many, and leaves those given as they are', () => {
    const ids = new EnvelopeIds(systemIds);
    const given = Array.from({ length: 1_000 }, () => ids.next());
    const asText = given.map((id) => Buffer.from(id).toString('hex'));
    expect(new Set(asText).size).toBe(1_000);
    expect(asText.every((text) => text.length === 16)).toBe(true);
    for (let count = 0; count < 1_000; count += 1) ids.next();
    expect(given.map((id) => Buffer.from(id).toString('hex'))).toEqual(asText);
  });
});
