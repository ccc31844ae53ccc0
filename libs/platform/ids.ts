import { randomBytes, randomUUID } from 'node:crypto';
import type { Brand } from '../protocol/brand.js';

/** Randomness is an argument. Ids are random UUIDs (RFC 9562, version 4); bytes are fit for keys and codes. */
export interface Ids {
  uuid<Id extends Brand<string, string>>(): Id;
  bytes(length: number): Buffer;
}

export const systemIds: Ids = {
  uuid: <Id extends Brand<string, string>>() => randomUUID() as string as Id,
  bytes: (length) => randomBytes(length),
};
