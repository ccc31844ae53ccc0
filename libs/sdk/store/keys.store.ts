import { LIMITS } from '../../protocol/limits.js';
import { blob, int, text, type Reader, type Tx } from './store.js';

/** Sessions and the private halves of prekeys, as libsignal serialises them. */

export function loadSession(reader: Reader, deviceId: string): Uint8Array<ArrayBuffer> | undefined {
  const row = reader.get('select record from session where device_id = ?', deviceId);
  return row === undefined ? undefined : blob(row, 'record');
}

export function sessionNames(reader: Reader): readonly string[] {
  return reader.all('select device_id from session').map((row) => text(row, 'device_id'));
}

export function saveSession(tx: Tx, deviceId: string, record: Uint8Array): void {
  tx.run(
    'insert into session (device_id, record) values (?, ?) on conflict (device_id) do update set record = excluded.record',
    deviceId,
    record,
  );
}

/** `count` ids of a row that runs through all of them before one comes again. One counter serves all kinds. */
export function takePrekeyIds(tx: Tx, count: number): readonly number[] {
  const first = int(tx.get('select next_prekey_id from self') ?? {}, 'next_prekey_id');
  const ids = Array.from({ length: count }, (_, index) => ((first - 1 + index) % LIMITS.prekeyId) + 1);
  tx.run('update self set next_prekey_id = ?', ((first - 1 + count) % LIMITS.prekeyId) + 1);
  return ids;
}

export function saveOneTime(tx: Tx, id: number, record: Uint8Array): void {
  tx.run('insert or replace into one_time_prekey (id, record) values (?, ?)', id, record);
}

export function loadOneTime(reader: Reader, id: number): Uint8Array<ArrayBuffer> | undefined {
  const row = reader.get('select record from one_time_prekey where id = ?', id);
  return row === undefined ? undefined : blob(row, 'record');
}

export function removeOneTime(tx: Tx, id: number): void {
  tx.run('delete from one_time_prekey where id = ?', id);
}

export interface StoredPrekey {
  readonly id: number;
  readonly record: Uint8Array<ArrayBuffer>;
  readonly createdAt: number;
  /** The server has confirmed it. */
  readonly uploaded: boolean;
}

export function saveSigned(tx: Tx, key: StoredPrekey): void {
  tx.run(
    'insert or replace into signed_prekey (id, record, created_at, uploaded) values (?, ?, ?, ?)',
    key.id,
    key.record,
    key.createdAt,
    Number(key.uploaded),
  );
}

export function loadSigned(reader: Reader, id: number): Uint8Array<ArrayBuffer> | undefined {
  const row = reader.get('select record from signed_prekey where id = ?', id);
  return row === undefined ? undefined : blob(row, 'record');
}

export function saveKyber(tx: Tx, key: StoredPrekey & { readonly lastResort: boolean }): void {
  tx.run(
    'insert or replace into kyber_prekey (id, record, last_resort, created_at, uploaded) values (?, ?, ?, ?, ?)',
    key.id,
    key.record,
    Number(key.lastResort),
    key.createdAt,
    Number(key.uploaded),
  );
}

export function loadKyber(
  reader: Reader,
  id: number,
): { readonly record: Uint8Array<ArrayBuffer>; readonly lastResort: boolean } | undefined {
  const row = reader.get('select record, last_resort from kyber_prekey where id = ?', id);
  return row === undefined ? undefined : { record: blob(row, 'record'), lastResort: int(row, 'last_resort') === 1 };
}

export function removeKyber(tx: Tx, id: number): void {
  tx.run('delete from kyber_prekey where id = ? and last_resort = 0', id);
}

export interface KyberUse {
  readonly kyberId: number;
  readonly signedId: number;
  readonly baseKey: Uint8Array;
}

export function wasKyberUsed(reader: Reader, use: KyberUse): boolean {
  return (
    reader.get(
      'select kyber_id from kyber_used where kyber_id = ? and signed_id = ? and base_key = ?',
      use.kyberId,
      use.signedId,
      use.baseKey,
    ) !== undefined
  );
}

export function saveKyberUse(tx: Tx, use: KyberUse): void {
  tx.run(
    'insert into kyber_used (kyber_id, signed_id, base_key) values (?, ?, ?)',
    use.kyberId,
    use.signedId,
    use.baseKey,
  );
}

/** When the current signed prekey was made; undefined when the server has none of ours. */
export function signedSince(reader: Reader): number | undefined {
  const row = reader.get(
    'select max(created_at) as since from signed_prekey where uploaded = 1 and replaced_at is null',
  );
  return row?.['since'] === null || row === undefined ? undefined : int(row, 'since');
}

/** The uploaded pair is the current one from now on; those before are kept until `prunePrekeys`. */
export function settleRotation(
  tx: Tx,
  ids: { readonly signedId: number; readonly lastResortId: number },
  now: number,
): void {
  tx.run('update signed_prekey set replaced_at = ? where replaced_at is null and id <> ?', now, ids.signedId);
  tx.run(
    'update kyber_prekey set replaced_at = ? where last_resort = 1 and replaced_at is null and id <> ?',
    now,
    ids.lastResortId,
  );
  tx.run('update signed_prekey set uploaded = 1 where id = ?', ids.signedId);
  tx.run('update kyber_prekey set uploaded = 1 where id = ?', ids.lastResortId);
}

export function prunePrekeys(tx: Tx, replacedBefore: number): void {
  tx.run(
    'delete from kyber_used where kyber_id in (select id from kyber_prekey where replaced_at < ?)',
    replacedBefore,
  );
  tx.run('delete from signed_prekey where replaced_at < ?', replacedBefore);
  tx.run('delete from kyber_prekey where replaced_at < ?', replacedBefore);
}
