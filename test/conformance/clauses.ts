import type { Clause } from './clause.js';
import { d02 } from './clauses/d02-all-or-nothing.js';
import { d03 } from './clauses/d03-complete-device-lists.js';
import { d05 } from './clauses/d05-idempotent.js';

/** The delivery contract, in its order. */
export const CLAUSES: readonly Clause[] = [d02, d03, d05];
