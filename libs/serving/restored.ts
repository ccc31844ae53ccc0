import { appendAudit } from '../audit/audit.js';
import { Prekeys } from '../keys/prekeys.js';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { renewIncarnation } from '../platform/installation.js';
import type { Db, Tx } from '../platform/postgres.js';

/** Stands in the audit where no service token acted: the command line, with the database's own password. */
const NOBODYS_TOKEN = '00000000-0000-0000-0000-000000000000';

/** What a restored database must not hand out again (D26); in the transaction that gives it another incarnation. */
export async function dropOutdated(tx: Tx): Promise<void> {
  await Prekeys.dropOneTime(tx);
}

/** For a base backup that was restored without recovery, which keeps PostgreSQL's identifier and timeline: an operator says it. */
export async function declareRestored(
  db: Db,
  parts: { readonly clock: Clock; readonly ids: Ids; readonly reason: string | undefined },
): Promise<Uint8Array> {
  return db.transact(async (tx) => {
    const { incarnation } = await renewIncarnation(tx, { ...parts, onRestored: dropOutdated });
    await appendAudit(tx, {
      tenantId: undefined,
      tokenId: NOBODYS_TOKEN,
      reason: parts.reason,
      action: 'installation.restore',
      targetKind: 'installation',
      targetId: undefined,
      outcome: 'done',
    });
    return incarnation;
  });
}
