import type { Reader, Tx } from '../platform/postgres.js';

export interface StoredKey {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  readonly wrapped: Uint8Array;
  /** Milliseconds since the epoch, all three. */
  readonly createdAt: number;
  readonly signsFrom: number;
  /** Undefined: no key has taken its place. */
  readonly endsAt: number | undefined;
  /** Fingerprint of the master key; undefined: written before there were names for them. */
  readonly wrappedBy: string | undefined;
}

interface Row {
  kid: string;
  public_key: Buffer;
  wrapped: Buffer;
  created_at: number;
  signs_from: number;
  ends_at: number | null;
  wrapped_by: string | null;
}

const COLUMNS = 'kid, public_key, wrapped, created_at, signs_from, ends_at, wrapped_by';
/** Any constant that nothing else locks: held while a key is made. */
const SIGNING_KEY_LOCK = 7_073_843;

export async function lockKeys(tx: Tx): Promise<void> {
  await tx.sql('select pg_advisory_xact_lock($1)', [SIGNING_KEY_LOCK]);
}

/** Newest first; of keys of one moment the one that no other has ended. */
export async function selectKeys(reader: Reader): Promise<readonly StoredKey[]> {
  const rows = await reader.query<Row>(
    `select ${COLUMNS} from signing_key order by signs_from desc, created_at desc, ends_at desc nulls first, kid`,
    [],
    { name: 'select-signing-keys' },
  );
  return rows.map(keyOf);
}

/** The key and its row, locked; undefined when it was pruned meanwhile. */
export async function lockKey(tx: Tx, kid: string): Promise<StoredKey | undefined> {
  const rows = await tx.sql<Row>(`select ${COLUMNS} from signing_key where kid = $1 for update`, [kid]);
  return rows.map(keyOf)[0];
}

export async function insertKey(tx: Tx, key: StoredKey): Promise<void> {
  await tx.sql(`insert into signing_key (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7)`, [
    key.kid,
    key.publicKey,
    key.wrapped,
    key.createdAt,
    key.signsFrom,
    key.endsAt ?? null,
    key.wrappedBy ?? null,
  ]);
}

/** All but one; what ends earlier stays so. */
export async function endOthers(tx: Tx, kid: string, at: number): Promise<void> {
  await tx.sql('update signing_key set ends_at = $2 where kid <> $1 and (ends_at is null or ends_at > $2)', [kid, at]);
}

export async function updateWrapped(
  tx: Tx,
  kid: string,
  { wrapped, by }: { readonly wrapped: Uint8Array; readonly by: string },
): Promise<void> {
  await tx.sql('update signing_key set wrapped = $2, wrapped_by = $3 where kid = $1', [kid, wrapped, by]);
}

export async function deleteEnded(tx: Tx, before: number): Promise<number> {
  return (await tx.sql('delete from signing_key where ends_at < $1 returning kid', [before])).length;
}

function keyOf(row: Row): StoredKey {
  return {
    kid: row.kid,
    publicKey: row.public_key,
    wrapped: row.wrapped,
    createdAt: row.created_at,
    signsFrom: row.signs_from,
    endsAt: row.ends_at ?? undefined,
    wrappedBy: row.wrapped_by ?? undefined,
  };
}
