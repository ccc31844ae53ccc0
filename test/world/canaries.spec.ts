import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Canaries } from './canaries.js';

describe('the search for canaries', () => {
  const secret = randomBytes(32);
  const disguises: readonly (readonly [string, (bytes: Buffer) => string | Buffer])[] = [
    ['as it is', (bytes) => bytes],
    ['in hex', (bytes) => `\\x${bytes.toString('hex')}`],
    ['in capitals', (bytes) => bytes.toString('hex').toUpperCase()],
    ['in base64', (bytes) => bytes.toString('base64')],
    ['in base64url', (bytes) => bytes.toString('base64url')],
    ['in JSON of a buffer', (bytes) => JSON.stringify(bytes)],
  ];

  it.each(disguises)('finds bytes %s, alone and within something larger', (_, disguise) => {
    for (const before of [0, 1, 2, 3, 4])
      for (const after of [0, 1, 2]) {
        const canaries = new Canaries();
        canaries.plant('secret', secret);
        const whole = Buffer.concat([randomBytes(before), secret, randomBytes(after)]);
        const text = Buffer.from(disguise(whole));
        expect(canaries.find([{ place: 'log', text }])).toMatchObject([{ place: 'log' }]);
      }
  });

  it('finds nothing where nothing is', () => {
    const canaries = new Canaries();
    canaries.plant('secret', secret);
    canaries.fresh('text');
    const text = randomBytes(1_000_000);
    expect(canaries.find([{ place: 'log', text }])).toEqual([]);
    expect(() => {
      canaries.plant('short', '1234567');
    }).toThrow('too short');
  });
});
