import type { Clock } from '../platform/clock.js';

const MAX_PER_KEY = 20_000;
const MAX_ALL = 500_000;
const SWEEP_MS = 10_000;

/**
 * The proofs this node has taken, each until its age alone would refuse it. Bounded: a key that has shown too many, or a node that
 * holds too many, takes no more instead of forgetting one. Not shared: another node may take the same proof once.
 */
export class SeenProofs {
  private readonly byKey = new Map<string, Map<string, number>>();
  private held = 0;
  private sweepAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly bounds = { perKey: MAX_PER_KEY, all: MAX_ALL },
  ) {}

  get size(): number {
    return this.held;
  }

  take({ jkt, jti, until }: { readonly jkt: string; readonly jti: string; readonly until: number }) {
    this.sweep();
    const seen = this.byKey.get(jkt) ?? new Map<string, number>();
    if (seen.has(jti)) return 'replayed';
    if (seen.size >= this.bounds.perKey || this.held >= this.bounds.all) return 'full';
    seen.set(jti, until);
    this.byKey.set(jkt, seen);
    this.held += 1;
    return 'taken';
  }

  private sweep(): void {
    const now = this.clock.now();
    if (now < this.sweepAt) return;
    this.sweepAt = now + SWEEP_MS;
    for (const [jkt, seen] of this.byKey) {
      for (const [jti, until] of seen) {
        // Equal is still young enough to be taken again.
        if (until >= now) continue;
        seen.delete(jti);
        this.held -= 1;
      }
      if (seen.size === 0) this.byKey.delete(jkt);
    }
  }
}
