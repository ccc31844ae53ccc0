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
}

export interface ChainRows {
  readonly listVersion: ListVersion;
  readonly lists: readonly SignedList[];
  readonly tombstones: readonly Tombstone[];
}

/** One statement, so that lists, tombstones and the version that counts both are of one moment. */
const CHAIN = `
select 'version' as part, greatest(
    (select coalesce(max(list_version), 0) from device_list where account_no = $1),
    (select coalesce(max(list_version), 0) from tombstone where account_no = $1)) as number,
  null::bytea as bytes, null::bytea as signature, null::uuid as device, null::int4 as reason
union all
select 'list', version, bytes, signature, signer, null from device_list
  where account_no = $1 and epoch = (select max(epoch) from device_list where account_no = $1)
    and version >= coalesce($2, (select version from device_list where account_no = $1 order by epoch desc, version desc limit 1))
union all
select 'tombstone', day, null, null, device_id, reason from tombstone where account_no = $1
order by part, number, device`;

/** From the version on, in the current epoch; from undefined: the last list only. */
export async function selectChain(reader: Reader, accountNo: number, from: number | undefined): Promise<ChainRows> {
  const rows = await reader.query<ChainRow>(CHAIN, [accountNo, from ?? null], { name: 'select-device-chain' });
  const lists: SignedList[] = [];
  const tombstones: Tombstone[] = [];
  let listVersion = 0;
  for (const { part, number, bytes, signature, device, reason } of rows) {
    const named = reasonOf(reason ?? 0);
    if (part === 'version') listVersion = number;
    else if (bytes !== null && signature !== null) lists.push({ bytes, signature, signer: device ?? 'account-key' });
    else if (device !== null && named !== undefined) tombstones.push({ deviceId: device, day: number, reason: named });
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
    `insert into device_list (account_no, epoch, version, bytes, signature, signer, hash, list_version)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      accountNo,
      list.epoch,
      list.version,
      signed.bytes,
      signed.signature,
      signed.signer === 'account-key' ? null : signed.signer,
      hash,
      listVersion,
    ],
  );
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
