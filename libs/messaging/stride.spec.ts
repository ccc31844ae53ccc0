import { describe, expect, it } from '@jest/globals';
import { Stride } from './stride.js';

describe('Stride', () => {
  it('becomes smaller with every failure, down to one at a time, and waits longer each time', () => {
    const stride = new Stride(500);
    const seen = [];
    for (let round = 0; round < 8; round += 1) {
      stride.failed(stride.size);
      seen.push([stride.size, stride.pause]);
    }
    expect(seen.slice(0, 4)).toEqual([
      [62, 50],
      [7, 100],
      [1, 200],
      [1, 400],
    ]);
    expect(seen.at(-1)).toEqual([1, 1_000]);
  });

  it('begins from what has failed, not from what would have been allowed', () => {
    const stride = new Stride(500);
    stride.failed(40);
    expect(stride.size).toBe(5);
  });

  it('is halved by a slow statement, and doubled by quick ones that were full, up to where it began', () => {
    const stride = new Stride(8);
    stride.took(8, 1_500);
    expect(stride.size).toBe(4);
    stride.took(2, 10);
    expect(stride.size).toBe(4);
    stride.took(4, 500);
    expect(stride.size).toBe(4);
    for (let round = 0; round < 3; round += 1) stride.took(4, 10);
    expect(stride.size).toBe(4);
    stride.took(4, 10);
    expect(stride.size).toBe(8);
    for (let round = 0; round < 9; round += 1) stride.took(8, 10);
    expect(stride.size).toBe(8);
  });

  it('does not wait any more once something went through', () => {
    const stride = new Stride(8);
    stride.failed(8);
    stride.took(1, 2_000);
    expect(stride.pause).toBe(0);
    expect(stride.size).toBe(1);
  });
});
