import { byteaArray, int4Array } from '../platform/pg-arrays.js';
import type { Reader, Tx } from '../platform/postgres.js';
import type { DeviceId, RegistrationId } from '../protocol/ids.js';
import type { DeviceRegistration, OneTimePrekey, PrekeyBundle, SignedPrekey } from '../protocol/prekeys.js';

/** How many one-time keys of each kind wait for a taker. */
export interface Counts {
  readonly oneTime: number;
  readonly kyber: number;
}

/** What an upload is judged by. */
export interface KeyState extends Counts {
  readonly identityKey: Uint8Array;
  readonly registrationId: RegistrationId;
  readonly oneTimeThrough: number;
  readonly kyberThrough: number;
}

const COUNTS = `(select count(*)::int4 from one_time_prekey o where o.device_id = d.device_id) as one_time,
  (select count(*)::int4 from kyber_prekey k where k.device_id = d.device_id) as kyber`;

/** False when the device id or the identity key was ever known in this installation; waits for a concurrent insert of either. */
export async function insertKnown(tx: Tx, deviceId: DeviceId, identityKey: Uint8Array): Promise<boolean> {
  const rows = await tx.sql(
    'insert into known_device (device_id, identity_key) values ($1, $2) on conflict do nothing returning device_id',
    [deviceId, identityKey],
  );
  return rows.length === 1;
}

export async function selectKnown(reader: Reader, deviceId: DeviceId, identityKey: Uint8Array): Promise<boolean> {
  const rows = await reader.query('select device_id from known_device where device_id = $1 or identity_key = $2', [
    deviceId,
    identityKey,
  ]);
  return rows.length > 0;
}

/** False when the device has used the registration id before. */
export async function insertRegistrationId(
  tx: Tx,
  deviceId: DeviceId,
  registrationId: RegistrationId,
): Promise<boolean> {
  const rows = await tx.sql(
    'insert into used_registration (device_id, registration_id) values ($1, $2) on conflict do nothing returning device_id',
    [deviceId, registrationId],
  );
  return rows.length === 1;
}

/** Begins anew under this registration: whatever keys the device had before are gone. */
export async function replaceKeys(tx: Tx, registration: DeviceRegistration): Promise<void> {
  const { deviceId, registrationId, registrationSignature, prekeys } = registration;
  const { signedPrekey, lastResort, oneTime, kyber } = prekeys;
  await deleteKeys(tx, [deviceId]);
  await tx.sql(
    `insert into device_keys (device_id, registration_id, registration_signature, signed_id, signed_key, signed_signature,
       last_resort_id, last_resort_key, last_resort_signature)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [deviceId, registrationId, registrationSignature, ...fieldsOf(signedPrekey), ...fieldsOf(lastResort)],
  );
  await addOneTime(tx, deviceId, oneTime);
  await addKyber(tx, deviceId, kyber);
}

export async function deleteKeys(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  for (const table of ['device_keys', 'one_time_prekey', 'kyber_prekey']) {
    await tx.sql(`delete from ${table} where device_id = any($1::uuid[])`, [deviceIds]);
  }
}

export async function deleteOneTime(tx: Tx): Promise<void> {
  await tx.sql('delete from one_time_prekey');
  await tx.sql('delete from kyber_prekey');
  await tx.sql('update device_keys set low_told = false where low_told');
}

export async function deleteRegistrationIds(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  await tx.sql('delete from used_registration where device_id = any($1::uuid[])', [deviceIds]);
}

export async function replaceSigned(tx: Tx, deviceId: DeviceId, key: SignedPrekey): Promise<void> {
  await tx.sql('update device_keys set signed_id = $2, signed_key = $3, signed_signature = $4 where device_id = $1', [
    deviceId,
    ...fieldsOf(key),
  ]);
}

export async function replaceLastResort(tx: Tx, deviceId: DeviceId, key: SignedPrekey): Promise<void> {
  await tx.sql(
    'update device_keys set last_resort_id = $2, last_resort_key = $3, last_resort_signature = $4 where device_id = $1',
    [deviceId, ...fieldsOf(key)],
  );
}

export async function addOneTime(tx: Tx, deviceId: DeviceId, keys: readonly OneTimePrekey[]): Promise<void> {
  if (keys.length === 0) return;
  const ids = keys.map(({ id }) => id);
  await tx.sql(
    'insert into one_time_prekey (device_id, id, public_key) select $1::uuid, * from unnest($2::int4[], $3::bytea[])',
    [deviceId, int4Array(ids), byteaArray(keys.map(({ publicKey }) => publicKey))],
  );
  await tx.sql('update device_keys set one_time_through = greatest(one_time_through, $2) where device_id = $1', [
    deviceId,
    Math.max(...ids),
  ]);
}

export async function addKyber(tx: Tx, deviceId: DeviceId, keys: readonly SignedPrekey[]): Promise<void> {
  if (keys.length === 0) return;
  const ids = keys.map(({ id }) => id);
  const [publicKeys, signatures] = [keys.map(({ publicKey }) => publicKey), keys.map(({ signature }) => signature)];
  await tx.sql(
    `insert into kyber_prekey (device_id, id, public_key, signature)
     select $1::uuid, * from unnest($2::int4[], $3::bytea[], $4::bytea[])`,
    [deviceId, int4Array(ids), byteaArray(publicKeys), byteaArray(signatures)],
  );
  await tx.sql('update device_keys set kyber_through = greatest(kyber_through, $2) where device_id = $1', [
    deviceId,
    Math.max(...ids),
  ]);
}

/** One upload of a device after another; takes do not wait for it. Undefined: the device has no keys, so it is not active. */
export async function lockKeys(tx: Tx, deviceId: DeviceId): Promise<KeyState | undefined> {
  await tx.sql('select device_id from device_keys where device_id = $1 for no key update', [deviceId]);
  return selectKeys(tx, deviceId);
}

export async function selectKeys(reader: Reader, deviceId: DeviceId): Promise<KeyState | undefined> {
  const [row] = await reader.query<{
    identity_key: Buffer;
    registration_id: RegistrationId;
    one_time_through: number;
    kyber_through: number;
    one_time: number;
    kyber: number;
  }>(
    `select i.identity_key, d.registration_id, d.one_time_through, d.kyber_through, ${COUNTS}
     from device_keys d join known_device i on i.device_id = d.device_id where d.device_id = $1`,
    [deviceId],
  );
  if (row === undefined) return undefined;
  return {
    identityKey: row.identity_key,
    registrationId: row.registration_id,
    oneTimeThrough: row.one_time_through,
    kyberThrough: row.kyber_through,
    oneTime: row.one_time,
    kyber: row.kyber,
  };
}

export async function selectCounts(reader: Reader, deviceId: DeviceId): Promise<Counts> {
  const [row] = await reader.query<{ one_time: number; kyber: number }>(
    `select ${COUNTS} from (select $1::uuid as device_id) d`,
    [deviceId],
    { name: 'select-prekey-counts' },
  );
  return { oneTime: row?.one_time ?? 0, kyber: row?.kyber ?? 0 };
}

/** How many of these very keys are still in stock: an upload whose answer was lost may come again. */
export async function countSame(
  reader: Reader,
  deviceId: DeviceId,
  keys: { readonly table: 'one_time_prekey' | 'kyber_prekey'; readonly of: readonly OneTimePrekey[] },
): Promise<number> {
  const [row] = await reader.query<{ same: number }>(
    `select count(*)::int4 as same from unnest($2::int4[], $3::bytea[]) as u(id, public_key)
     join ${keys.table} s on s.device_id = $1 and s.id = u.id and s.public_key = u.public_key`,
    [deviceId, int4Array(keys.of.map(({ id }) => id)), byteaArray(keys.of.map(({ publicKey }) => publicKey))],
  );
  return row?.same ?? 0;
}

interface TakenRow {
  device_id: DeviceId;
  identity_key: Buffer;
  registration_id: RegistrationId;
  registration_signature: Buffer;
  signed_id: number;
  signed_key: Buffer;
  signed_signature: Buffer;
  kyber_id: number;
  kyber_key: Buffer;
  kyber_signature: Buffer;
  one_time_id: number | null;
  one_time_key: Buffer | null;
}

/**
 * Takes the lowest free key of each kind of each device. A key that another transaction is taking is skipped, so takers never wait for
 * each other; deleting marks a row and writes nothing of its 1.7 KB again.
 */
const TAKE = `
with wanted as (
  select d.*, i.identity_key from device_keys d join known_device i on i.device_id = d.device_id where d.device_id = any($1::uuid[])
), one_time as (
  delete from one_time_prekey p using (
    select f.device_id, f.id from wanted w cross join lateral (
      select device_id, id from one_time_prekey o where o.device_id = w.device_id order by id limit 1 for update skip locked) f
  ) t where p.device_id = t.device_id and p.id = t.id returning p.device_id, p.id, p.public_key
), kyber as (
  delete from kyber_prekey p using (
    select f.device_id, f.id from wanted w cross join lateral (
      select device_id, id from kyber_prekey o where o.device_id = w.device_id order by id limit 1 for update skip locked) f
  ) t where p.device_id = t.device_id and p.id = t.id returning p.device_id, p.id, p.public_key, p.signature
)
select w.device_id, w.identity_key, w.registration_id, w.registration_signature, w.signed_id, w.signed_key, w.signed_signature,
  coalesce(k.id, w.last_resort_id) as kyber_id, coalesce(k.public_key, w.last_resort_key) as kyber_key,
  coalesce(k.signature, w.last_resort_signature) as kyber_signature, o.id as one_time_id, o.public_key as one_time_key
from wanted w left join one_time o on o.device_id = w.device_id left join kyber k on k.device_id = w.device_id
order by w.device_id`;

export async function takeBundles(tx: Tx, deviceIds: readonly DeviceId[]): Promise<readonly PrekeyBundle[]> {
  const rows = await tx.sql<TakenRow>(TAKE, [deviceIds]);
  return rows.map((row) => ({
    deviceId: row.device_id,
    registrationId: row.registration_id,
    registrationSignature: row.registration_signature,
    identityKey: row.identity_key,
    signedPrekey: { id: row.signed_id, publicKey: row.signed_key, signature: row.signed_signature },
    kyber: { id: row.kyber_id, publicKey: row.kyber_key, signature: row.kyber_signature },
    oneTime:
      row.one_time_id === null || row.one_time_key === null
        ? undefined
        : { id: row.one_time_id, publicKey: row.one_time_key },
  }));
}

const IS_LOW = `(
  (select count(*) from (select 1 from one_time_prekey o where o.device_id = d.device_id limit $2) a) < $2
  or (select count(*) from (select 1 from kyber_prekey k where k.device_id = d.device_id limit $2) b) < $2)`;

/** Devices whose stock has fallen below `low` and whose owners have not been told. */
export async function selectUntold(
  reader: Reader,
  deviceIds: readonly DeviceId[],
  low: number,
): Promise<readonly DeviceId[]> {
  const rows = await reader.query<{ device_id: DeviceId }>(
    `select d.device_id from device_keys d where d.device_id = any($1::uuid[]) and not d.low_told and ${IS_LOW}`,
    [deviceIds, low],
  );
  return rows.map((row) => row.device_id);
}

/** Of two that notice at once, one tells. */
export async function markTold(tx: Tx, deviceId: DeviceId): Promise<boolean> {
  const rows = await tx.sql(
    'update device_keys set low_told = true where device_id = $1 and not low_told returning device_id',
    [deviceId],
  );
  return rows.length === 1;
}

export async function clearTold(tx: Tx, deviceId: DeviceId): Promise<void> {
  await tx.sql('update device_keys set low_told = false where device_id = $1 and low_told', [deviceId]);
}

function fieldsOf(key: SignedPrekey): readonly [number, Uint8Array, Uint8Array] {
  return [key.id, key.publicKey, key.signature];
}
