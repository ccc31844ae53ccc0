import type { Clause } from './clause.js';
import { d01 } from './clauses/d01-accepted-means-durable.js';
import { d02 } from './clauses/d02-all-or-nothing.js';
import { d03 } from './clauses/d03-complete-device-lists.js';
import { d04 } from './clauses/d04-no-race-with-linking.js';
import { d05 } from './clauses/d05-idempotent.js';
import { d06 } from './clauses/d06-ephemeral.js';
import { d07 } from './clauses/d07-bad-input.js';
import { d08 } from './clauses/d08-tenants-are-walls.js';
import { d09 } from './clauses/d09-sequence.js';
import { d10 } from './clauses/d10-one-stream-two-transports.js';
import { d11 } from './clauses/d11-ack-before-delete.js';
import { d12 } from './clauses/d12-subscribe-before-read.js';
import { d13 } from './clauses/d13-queue-empty.js';
import { d14 } from './clauses/d14-nothing-hangs-on-redis.js';
import { d15 } from './clauses/d15-one-stream.js';
import { d16 } from './clauses/d16-prekeys.js';
import { d17 } from './clauses/d17-revocation-and-suspension.js';
import { d18 } from './clauses/d18-stale-sessions.js';
import { d19 } from './clauses/d19-gaps.js';
import { d20 } from './clauses/d20-poison.js';
import { d21 } from './clauses/d21-bounded.js';
import { d22 } from './clauses/d22-rolling-restarts.js';
import { d23 } from './clauses/d23-limits.js';
import { d24 } from './clauses/d24-hygiene.js';
import { d25 } from './clauses/d25-schema-range.js';
import { d26 } from './clauses/d26-restored-server.js';

/** The delivery contract, in its order. */
export const CLAUSES: readonly Clause[] = [
  d01,
  d02,
  d03,
  d04,
  d05,
  d06,
  d07,
  d08,
  d09,
  d10,
  d11,
  d12,
  d13,
  d14,
  d15,
  d16,
  d17,
  d18,
  d19,
  d20,
  d21,
  d22,
  d23,
  d24,
  d25,
  d26,
];
