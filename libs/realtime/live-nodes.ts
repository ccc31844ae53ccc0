import type { Clock } from '../platform/clock.js';
import type { Db } from '../platform/postgres.js';
import { countNodes } from './node-lease.store.js';

const GOOD_FOR = 5_000;

/** How many nodes share the work, asked of PostgreSQL at most every 5 s; without an answer what was known before. */
export class LiveNodes {
  private known = 1;
  private until = 0;

  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  /** At least 1. */
  async count(): Promise<number> {
    const now = this.clock.now();
    if (now < this.until) return this.known;
    this.until = now + GOOD_FOR;
    this.known = Math.max(1, await countNodes(this.db).catch(() => this.known));
    return this.known;
  }
}
