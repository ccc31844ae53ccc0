import type { Accounts } from '../directory/accounts.js';
import type { Expiry, Suspect } from '../mailbox/expiry.js';
import type { MailboxNo } from '../mailbox/guards.js';
import type { Db } from '../platform/postgres.js';
import type { Tenants } from '../tenancy/tenants.js';

/** Envelopes in one statement, under the lock of one mailbox row. */
const PIECE = 1_000;
/** Stretches of mailboxes that one run looks at; the next goes on from there. */
const PAGES_A_RUN = 20;

export interface RetentionParts {
  readonly db: Db;
  readonly expiry: Expiry;
  readonly accounts: Accounts;
  readonly tenants: Tenants;
}

/** Removes mail by the age and stock of its tenant's policy (D19). Safe to stop anywhere, and to run on several workers at once. */
export class Retention {
  private next = 0 as MailboxNo;

  constructor(private readonly parts: RetentionParts) {}

  /** The number of envelopes removed. */
  async sweep(): Promise<number> {
    const tightest = await this.parts.tenants.tightest();
    let removed = 0;
    for (let page = 0; page < PAGES_A_RUN; page += 1) {
      const { suspects, next } = await this.parts.expiry.suspects(this.next, tightest);
      removed += await this.clear(suspects);
      this.next = next ?? (0 as MailboxNo);
      if (next === undefined) break;
    }
    await this.parts.expiry.forgetRefusals();
    return removed;
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

async function inPieces(remove: (most: number) => Promise<number>): Promise<number> {
  for (let removed = 0; ;) {
    const piece = await remove(PIECE);
    removed += piece;
    if (piece < PIECE) return removed;
  }
}
