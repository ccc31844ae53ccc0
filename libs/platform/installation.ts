import type { Reader } from './postgres.js';
import { selectIncarnation } from './installation.store.js';

/** Which database this is: 8 random bytes, half of every cursor (D26). */
export async function readIncarnation(reader: Reader): Promise<Uint8Array> {
  return selectIncarnation(reader);
}
