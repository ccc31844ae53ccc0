import type { Reader, Tx } from './postgres.js';

/** What the database says of itself, and what was written down of it. */
export interface InstallationRow {
  /** 8 bytes: the number does not fit a JavaScript one. */
  readonly incarnation: Buffer;
  readonly notBefore: number;
  /** PostgreSQL is another one, or on another timeline, than was written down. */
  readonly moved: boolean;
  /** Nothing was written down yet. */
  readonly unseen: boolean;
}

/**
 * The timeline is read from the name of the current WAL file, because the control file shows the new one only after the first checkpoint.
 * A standby has neither a WAL file of its own nor anything to tell: it is read-only, and counts as unmoved. Nothing here needs more than
 * the right to connect.
 */
const NOW = `
with here as materialized (
  select (pg_control_system()).system_identifier,
    case when not pg_is_in_recovery() then
      ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int4 end as timeline)`;

const STATE = `${NOW}
select int8send(i.incarnation) as incarnation, i.not_before as "notBefore", i.system_identifier is null as unseen,
  h.timeline is not null and i.system_identifier is not null
    and (i.system_identifier, i.timeline) is distinct from (h.system_identifier, h.timeline) as moved
from installation i cross join here h`;

export async function selectInstallation(reader: Reader): Promise<InstallationRow> {
  return only(await reader.query<InstallationRow>(STATE));
}

/** Whoever decides by it holds the row until the end of the transaction. */
export async function lockInstallation(tx: Tx): Promise<InstallationRow> {
  await tx.sql('select 1 from installation for update');
  return only(await tx.sql<InstallationRow>(STATE));
}

/** Writes down where the database is now. */
export async function updatePlace(tx: Tx): Promise<void> {
  await tx.sql(
    `${NOW} update installation i set system_identifier = h.system_identifier, timeline = h.timeline
     from here h where h.timeline is not null`,
  );
}

export async function updateIncarnation(
  tx: Tx,
  next: { readonly incarnation: Buffer; readonly notBefore: number },
): Promise<void> {
  await tx.sql('update installation set incarnation = $1, not_before = greatest(not_before, $2)', [
    next.incarnation.readBigInt64BE().toString(),
    next.notBefore,
  ]);
}

function only(rows: readonly InstallationRow[]): InstallationRow {
  const [row] = rows;
  if (row === undefined) throw new Error('the table `installation` is empty: was the database migrated?');
  return row;
}
