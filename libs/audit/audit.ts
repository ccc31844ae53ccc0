import { allOrNothing, isProblem } from '../platform/all-or-nothing.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { AuditAction, AuditTarget } from '../protocol/bodies.js';
import type { TenantId } from '../protocol/ids.js';
import type { Problem } from '../protocol/problems.js';
import * as store from './audit.store.js';

/** Who acts: a service token by its id, and what its holder gave as the reason. */
export interface Actor {
  readonly tokenId: string;
  readonly reason: string | undefined;
}

export interface AuditRow extends Actor {
  /** Undefined: of the whole installation. */
  readonly tenantId: TenantId | undefined;
  readonly action: AuditAction;
  readonly targetKind: AuditTarget;
  /** Undefined when nothing came into being. */
  readonly targetId: string | undefined;
  /** `done`, or the code of the problem with which it was refused. */
  readonly outcome: string;
}

export interface RecordedRow extends AuditRow {
  readonly no: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Act<Done> {
  readonly action: AuditAction;
  readonly tenantId: TenantId | undefined;
  /** The tenant of what it is done to, where that is known only from what came of it. */
  readonly tenantOf?: (done: Done) => TenantId | undefined;
  readonly kind: AuditTarget;
  /** What it is done to, or how to find that in what came of it. */
  readonly target: string | ((done: Done) => string);
}

/** The row stands when the transaction that did it commits, and not otherwise. */
export async function appendAudit(tx: Tx, row: AuditRow): Promise<void> {
  await store.insertRow(tx, row);
}

/**
 * What admins did. A row and what it tells of are one commit, and the table takes no update and no delete: a trigger refuses them. An act
 * that was refused is rolled back and leaves a row with the refusal; never content, never a secret.
 */
export class Audit {
  constructor(private readonly db: Db) {}

  /** Does the work and writes its row, both or neither. A problem rolls back what the work had written. */
  async record<Done extends object>(
    by: Actor,
    act: Act<Exclude<Done, Problem>>,
    work: (tx: Tx) => Promise<Done>,
  ): Promise<Done> {
    const { target } = act;
    const done = await allOrNothing(this.db, async (tx) => {
      const result = await work(tx);
      if (isProblem(result)) return result;
      const made = result as Exclude<Done, Problem>;
      const targetId = typeof target === 'string' ? target : target(made);
      const tenantId = act.tenantOf?.(made) ?? act.tenantId;
      await appendAudit(tx, rowOf(by, { ...act, tenantId }, { targetId, outcome: 'done' }));
      return result;
    });
    if (isProblem(done)) {
      const targetId = typeof target === 'string' ? target : undefined;
      await this.refused(rowOf(by, act, { targetId, outcome: done.code }));
    }
    return done as Done;
  }

  /** Newest first. With a tenant, its rows only. */
  async list(page: {
    readonly tenantId: TenantId | undefined;
    readonly before: number | undefined;
    readonly limit: number;
  }): Promise<readonly RecordedRow[]> {
    return store.selectRows(this.db, page);
  }

  private async refused(row: AuditRow): Promise<void> {
    await this.db.transact((tx) => appendAudit(tx, row));
  }
}

function rowOf<Done>(
  by: Actor,
  act: Act<Done>,
  { targetId, outcome }: { readonly targetId: string | undefined; readonly outcome: string },
): AuditRow {
  const tenantId = act.tenantId ?? (act.kind === 'tenant' ? (targetId as TenantId | undefined) : undefined);
  return { ...by, tenantId, action: act.action, targetKind: act.kind, targetId, outcome };
}
