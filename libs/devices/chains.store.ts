import type { Reader, Tx } from '../platform/postgres.js';
import { reasonOf } from '../protocol/chain-wire.js';
import type { SignedList, VerifiedList } from '../protocol/device-chain.js';
import { TOMBSTONE_REASONS, type Tombstone } from '../protocol/device-list.js';
import type { DeviceId, ListVersion } from '../protocol/ids.js';

interface ChainRow {
  part: 'version' | 'list' | 'tombstone';
  /** Version of the account or of the list; day of a tombstone. */
  number: number;
  bytes: Buffer | null;
  signature: Buffer | null;
  device: DeviceId | null;
  reason: number | null;
  rotation: Buffer | null;
}

export interface ChainRows {
  readonly listVersion: ListVersion;
  readonly lists: readonly SignedList[];
  readonly tombstones: readonly Tombstone[];
}

/** One statement, so that lists, tombstones and the version that counts both are of one moment. */
const CHAIN = `
select 'version' as part, null::int4 as epoch, greatest(
    (select coalesce(max(list_version), 0) from device_list where account_no = $1),
    (select coalesce(max(list_version), 0) from tombstone where account_no = $1)) as number,
  null::bytea as bytes, null::bytea as signature, null::uuid as device, null::int4 as reason, null::bytea as rotation
union all (
select 'list', epoch, version, bytes, signature, signer, null, rotation_signature from device_list
  where account_no = $1 and (epoch, version) >= (
    coalesce($2, (select max(epoch) from device_list where account_no = $1)),
    coalesce($3, (select version from device_list where account_no = $1 order by epoch desc, version desc limit 1)))
  order by epoch, version limit $4)
union all
select 'tombstone', null, day, null, null, device_id, reason, null from tombstone where account_no = $1
order by part, epoch, number, device`;

/** Where a part of a chain begins. Without an epoch: in the current one. */
export interface ChainStart {
  readonly epoch?: number | undefined;
  readonly version: number;
  readonly limit?: number;
}

/** Undefined: the last list only. At most `limit` lists when one is named. */
export async function selectChain(reader: Reader, accountNo: number, from: ChainStart | undefined): Promise<ChainRows> {
  const values = [accountNo, from?.epoch ?? null, from?.version ?? null, from?.limit ?? null];
  const rows = await reader.query<ChainRow>(CHAIN, values, { name: 'select-device-chain' });
  const lists: SignedList[] = [];
  const tombstones: Tombstone[] = [];
  let listVersion = 0;
  for (const { part, number, bytes, signature, device, reason, rotation } of rows) {
    const named = reasonOf(reason ?? 0);
    if (part === 'version') listVersion = number;
    else if (bytes !== null && signature !== null) {
      const signed = { bytes, signature, signer: device ?? ('account-key' as const) };
      lists.push(rotation === null ? signed : { ...signed, rotationSignature: rotation });
    } else if (device !== null && named !== undefined)
      tombstones.push({ deviceId: device, day: number, reason: named });
  }
  return { listVersion: listVersion as ListVersion, lists, tombstones };
}

export async function insertList(
  tx: Tx,
  accountNo: number,
  stored: VerifiedList & { readonly listVersion: ListVersion },
): Promise<void> {
  const { list, signed, hash, listVersion } = stored;
  await tx.sql(
    `insert into device_list (account_no, epoch, version, bytes, signature, signer, hash, list_version, rotation_signature, stored_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, (extract(epoch from now()) * 1000)::int8)`,
    [
      accountNo,
      list.epoch,
      list.version,
      signed.bytes,
      signed.signature,
      signed.signer === 'account-key' ? null : signed.signer,
      hash,
      listVersion,
      signed.rotationSignature ?? null,
    ],
  );
}

/** How long ago the list was stored that stands this many places before the next one, in milliseconds; undefined when there are fewer. */
export async function ageOfList(reader: Reader, accountNo: number, places: number): Promise<number | undefined> {
  const [row] = await reader.query<{ age: number }>(
    `select (extract(epoch from now()) * 1000)::int8 - stored_at as age from device_list where account_no = $1
     order by epoch desc, version desc offset $2 limit 1`,
    [accountNo, places - 1],
  );
  return row?.age;
}

export async function insertTombstone(
  tx: Tx,
  accountNo: number,
  stone: Tombstone & { readonly listVersion: ListVersion },
): Promise<void> {
  await tx.sql('insert into tombstone (device_id, account_no, day, reason, list_version) values ($1, $2, $3, $4, $5)', [
    stone.deviceId,
    accountNo,
    stone.day,
    TOMBSTONE_REASONS[stone.reason],
    stone.listVersion,
  ]);
}
