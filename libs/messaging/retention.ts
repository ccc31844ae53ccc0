import type { Accounts } from '../directory/accounts.js';
import type { Expiry, Suspect } from '../mailbox/expiry.js';
import type { MailboxNo } from '../mailbox/guards.js';
import type { Db } from '../platform/postgres.js';
import type { Tenants } from '../tenancy/tenants.js';

/** Envelopes in one statement, under the lock of one mailbox row. */
const PIECE = 1_000;
/** Milliseconds between runs. */
export const SWEEP_EVERY = 2_000;
/** Mailboxes in one query. */
const STRETCH = 5_000;
/** A run looks at so many at least, and at the most. */
const [FEWEST, MOST] = [1_000, 100_000];
/** A walk over all mailboxes takes this part of the shortest retention, and five minutes at the most. */
const LATENESS = 0.01;
const LONGEST_WALK = 5 * 60_000;

export interface RetentionParts {
  readonly db: Db;
  readonly expiry: Expiry;
  readonly accounts: Accounts;
  readonly tenants: Tenants;
}

/**
 * Removes mail by the age and stock of its tenant's policy (D19). Safe to stop anywhere, and to run on several workers at once.
 *
 * Each run looks at a stretch of all mailboxes and the next goes on from there: so many that a walk takes no longer than mail may stay too long,
 * and no more, since with a million of them looking is what costs.
 */
export class Retention {
  private next = 0 as MailboxNo;
  private walked = 0;
  /** As many as the walk before has found; the first walk hurries. */
  private mailboxes = Infinity;

  constructor(private readonly parts: RetentionParts) {}

  /** The number of envelopes removed. */
  async sweep(): Promise<number> {
    const tightest = await this.parts.tenants.tightest();
    let removed = 0;
    for (let left = mailboxesARun(this.mailboxes, tightest.retention); left > 0;) {
      const stretch = { after: this.next, most: Math.min(left, STRETCH) };
      const { suspects, looked, next } = await this.parts.expiry.suspects(stretch, tightest);
      removed += await this.clear(suspects);
      this.walked += looked;
      this.next = next ?? (0 as MailboxNo);
      left -= looked;
      if (next === undefined) {
        await this.endWalk();
        break;
      }
    }
    return removed;
  }

  private async endWalk(): Promise<void> {
    this.mailboxes = this.walked;
    this.walked = 0;
    await this.parts.expiry.forgetRefusals();
  }

  private async clear(suspects: readonly Suspect[]): Promise<number> {
    if (suspects.length === 0) return 0;
    const { db, accounts, tenants, expiry } = this.parts;
    const owners = await accounts.tenantsOf(
      db,
      suspects.map(({ accountNo }) => accountNo),
    );
    let removed = 0;
    for (const { mailbox, accountNo } of suspects) {
      const tenantId = owners.get(accountNo);
      if (tenantId === undefined) continue;
      const { retentionSeconds, mailboxBytes } = await tenants.policy(tenantId);
      removed += await inPieces(async (most) => expiry.byAge(mailbox, { retention: retentionSeconds * 1_000, most }));
      removed += await inPieces(async (most) => expiry.byStock(mailbox, { stock: mailboxBytes, most }));
    }
    return removed;
  }
}

/** `retention`: the shortest, milliseconds. */
function mailboxesARun(mailboxes: number, retention: number): number {
  const runs = Math.max(1, Math.min(retention * LATENESS, LONGEST_WALK) / SWEEP_EVERY);
  return Math.min(MOST, Math.max(FEWEST, Math.ceil(mailboxes / runs)));
}

async function inPieces(remove: (most: number) => Promise<number>): Promise<number> {
  for (let removed = 0; ;) {
    const piece = await remove(PIECE);
    removed += piece;
    if (piece < PIECE) return removed;
  }
}
