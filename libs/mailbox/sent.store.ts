import type { Reader, Tx } from '../platform/postgres.js';
import type { AcceptedKey } from './mailbox.js';

/**
 * Accepted keys lie in partitions of six hours of the time in the client's UUIDv7, named after the hour they begin at. A key may be a day
 * old (D5), so about ten of them exist; a partition is dropped when its newest key is older than that.
 */
const SPAN = 6 * 60 * 60 * 1000;
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
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
  await lockPartitions(tx);
  const existing = new Set((await partitions(tx)).map((partition) => partition.from));
  for (let from = Math.floor((now - DAY) / SPAN) * SPAN; from <= now + DAY; from += SPAN) {
    if (existing.has(from)) continue;
    // Names and bounds are numbers computed here: DDL takes no parameters. Attaching, unlike making it in place, lets sends go on.
    await tx.sql(`create table ${nameOf(from)} (like sent including all)`);
    await tx.sql(
      `alter table sent attach partition ${nameOf(from)} for values from ('${bound(from)}') to ('${bound(from + SPAN)}')`,
    );
  }
}

/** An hour later than a key may be used, because the clocks of nodes differ. */
export async function dropPartitions(tx: Tx, now: number): Promise<number> {
  await lockPartitions(tx);
  const old = (await partitions(tx)).filter((partition) => partition.from + SPAN <= now - DAY - HOUR);
  for (const { from } of old) await tx.sql(`drop table ${nameOf(from)}`);
  return old.length;
}

/** One maker or dropper at a time; behind somebody's open snapshot it gives up at once, or all sends would wait with it. */
async function lockPartitions(tx: Tx): Promise<void> {
  await tx.sql('select pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
  await tx.sql(`set local lock_timeout = '200ms'`);
}

async function partitions(tx: Tx): Promise<readonly { from: number }[]> {
  const rows = await tx.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'sent'::regclass`,
  );
  return rows.map((row) => ({ from: Number(row.name.slice('sent_'.length)) * HOUR }));
}

function nameOf(from: number): string {
  return `sent_${String(from / HOUR)}`;
}

/** The smallest UUID whose first 48 bits are this time. */
function bound(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
