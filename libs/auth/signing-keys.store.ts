import type { Reader, Tx } from '../platform/postgres.js';

export interface StoredKey {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  readonly wrapped: Uint8Array;
  readonly createdAt: number;
}

interface Row {
  kid: string;
  public_key: Buffer;
  wrapped: Buffer;
  created_at: number;
}

/** Any constant that nothing else locks: held while the first key is made. */
const SIGNING_KEY_LOCK = 7_073_843;

export async function lockKeys(tx: Tx): Promise<void> {
  await tx.sql('select pg_advisory_xact_lock($1)', [SIGNING_KEY_LOCK]);
}

/** Newest first. */
export async function selectKeys(reader: Reader): Promise<readonly StoredKey[]> {
  const rows = await reader.query<Row>(
    'select kid, public_key, wrapped, created_at from signing_key order by created_at desc, kid',
    [],
  );
  return rows.map((row) => ({
    kid: row.kid,
    publicKey: row.public_key,
    wrapped: row.wrapped,
    createdAt: row.created_at,
  }));
}

export async function insertKey(tx: Tx, key: StoredKey): Promise<void> {
  await tx.sql('insert into signing_key (kid, public_key, wrapped, created_at) values ($1, $2, $3, $4)', [
    key.kid,
    key.publicKey,
    key.wrapped,
    key.createdAt,
  ]);
}
