import type { Ids } from '../platform/ids.js';

const BYTES = 8;
/** More would be kept in memory by the last of them that waits for an ack. */
const AT_ONCE = 64;

/** Random ids of envelopes, each given out once. A call of the system costs more than the bytes it brings, so it brings several. */
export class EnvelopeIds {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;

  constructor(private readonly ids: Ids) {}

  next(): Uint8Array {
    if (this.at === this.bytes.length) {
      this.bytes = this.ids.bytes(BYTES * AT_ONCE);
      this.at = 0;
    }
    this.at += BYTES;
    return this.bytes.subarray(this.at - BYTES, this.at);
  }
}
