import type { Reader, Tx } from '../platform/postgres.js';
import type { AcceptedKey } from './mailbox.js';

/**
 * Accepted keys lie in partitions of six hours of the time in the client's UUIDv7, named after the hour they begin at. A key may be a day
 * old (D5), so about ten of them exist; a partition is dropped when its newest key is older than that.
 */
const SPAN = 6 * 60 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;
/** Serialises makers and droppers; any number that no other lock uses. */
const PARTITION_LOCK = 7_306_001;

export async function selectAccepted(reader: Reader, key: Uint8Array): Promise<AcceptedKey | undefined> {
  const [row] = await reader.query<{ digest: Buffer; at: number }>(
    'select digest, at from sent where key = $1',
    [uuidText(key)],
    { name: 'select-accepted' },
  );
  return row === undefined ? undefined : { digest: row.digest, acceptedAt: row.at };
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export async function createPartitions(tx: Tx, now: number): Promise<void> {
  await tx.sql('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
  const existing = new Set((await partitions(tx)).map((partition) => partition.from));
  for (let from = Math.floor((now - DAY) / SPAN) * SPAN; from <= now + DAY; from += SPAN) {
    // Names and bounds are numbers computed here: DDL takes no parameters.
    if (!existing.has(from))
      await tx.sql(
        `create table ${nameOf(from)} partition of sent for values from ('${bound(from)}') to ('${bound(from + SPAN)}')`,
      );
  }
}

export async function dropPartitions(tx: Tx, now: number): Promise<number> {
  await tx.sql('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
  const old = (await partitions(tx)).filter((partition) => partition.from + SPAN <= now - DAY);
  for (const { from } of old) await tx.sql(`drop table ${nameOf(from)}`);
  return old.length;
}

async function partitions(tx: Tx): Promise<readonly { from: number }[]> {
  const rows = await tx.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'sent'::regclass`,
  );
  return rows.map((row) => ({ from: Number(row.name.slice('sent_'.length)) * 3_600_000 }));
}

function nameOf(from: number): string {
  return `sent_${String(from / 3_600_000)}`;
}

/** The smallest UUID whose first 48 bits are this time. */
function bound(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
