import type { AccountId, ListVersion } from '../../protocol/ids.js';
import { blob, int, text, type Reader, type Row, type Tx } from './store.js';

/** What an encrypted content of `by` said of `about`, and no list that is held here shows yet. */
export interface Claim {
  readonly about: AccountId;
  readonly by: AccountId;
  readonly listVersion: ListVersion;
  readonly hash: Uint8Array;
}

/** One claim a pair: the highest. */
export function saveClaim(tx: Tx, { about, by, listVersion, hash }: Claim): void {
  tx.run(
    `insert into claim (about_account, by_account, list_version, hash) values (?, ?, ?, ?)
     on conflict (about_account, by_account) do update set list_version = excluded.list_version, hash = excluded.hash
       where excluded.list_version > claim.list_version`,
    about,
    by,
    listVersion,
    hash,
  );
}

export function claimsAbout(reader: Reader, about: AccountId): readonly Claim[] {
  return reader.all('select * from claim where about_account = ?', about).map(claimOf);
}

export function loadClaim(reader: Reader, { about, by }: Pick<Claim, 'about' | 'by'>): Claim | undefined {
  const row = reader.get('select * from claim where about_account = ? and by_account = ?', about, by);
  return row === undefined ? undefined : claimOf(row);
}

export function deleteClaim(tx: Tx, { about, by }: Pick<Claim, 'about' | 'by'>): void {
  tx.run('delete from claim where about_account = ? and by_account = ?', about, by);
}

function claimOf(row: Row): Claim {
  return {
    about: text(row, 'about_account'),
    by: text(row, 'by_account'),
    listVersion: int(row, 'list_version') as ListVersion,
    hash: blob(row, 'hash'),
  };
}
