import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Ids } from '../ids.js';

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  constructor(private time = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/** The same ids and bytes for the same seed. */
export function seededIds(seed = 'sotto'): Ids {
  let count = 0;
  const bytes = (length: number): Buffer => {
    const blocks = [];
    for (let made = 0; made < length; made += 32)
      blocks.push(
        createHash('sha256')
          .update(`${seed}/${String((count += 1))}`)
          .digest(),
      );
    return Buffer.concat(blocks).subarray(0, length);
  };
  return {
    bytes,
    uuid: <Id extends string>() => {
      const id = bytes(16);
      id[6] = 0x40 | ((id[6] ?? 0) & 0x0f);
      id[8] = 0x80 | ((id[8] ?? 0) & 0x3f);
      const hex = id.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Id;
    },
  };
}
