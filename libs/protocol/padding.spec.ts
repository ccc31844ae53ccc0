import { describe, expect, it } from '@jest/globals';
import { pad, unpad } from './padding.js';

describe('padding', () => {
  it.each([
    [0, 256],
    [1, 256],
    [255, 256],
    [256, 512],
    [511, 512],
    [512, 1024],
    [40_000, 61_440],
    [61_439, 61_440],
  ])('puts %i bytes into a bucket of %i and takes them out again', (length, bucket) => {
    const content = new Uint8Array(length).fill(0x80);
    const padded = pad(content);
    expect(padded).toHaveLength(bucket);
    expect(unpad(padded ?? content)).toEqual(content);
  });

  it('has no bucket for more', () => {
    expect(pad(new Uint8Array(61_440))).toBeUndefined();
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['zeros', new Uint8Array(256)],
    ['no mark before the zeros', Uint8Array.of(1, 0, 0)],
  ])('finds no padding in %s', (_, bytes) => {
    expect(unpad(bytes)).toBeUndefined();
  });
});
