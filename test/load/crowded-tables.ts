import type { Db } from '../../libs/platform/postgres.js';
import type { AccountId, DeviceId, TenantId } from '../../libs/protocol/ids.js';
import { newKeys, type Household } from './people.js';

const PIECE = 20_000;
/** Of so many accounts one has a second device. */
const TWO_IN = 3;

/**
 * People of whom only the rows exist, so that tables and indices have the size of a large installation: accounts with a mailbox, a credential
 * and keys. Identity keys and signatures are random bytes.
 */
export async function seedCrowd(db: Db, tenantId: TenantId, to: number): Promise<void> {
  const [row] = await db.query<{ count: number }>('select count(*)::int4 as count from account where tenant_id = $1', [
    tenantId,
  ]);
  for (let done = row?.count ?? 0; done < to; done += PIECE)
    await db.transact(async (tx) => {
      await tx.sql(`set local statement_timeout = '10min'`);
      await tx.sql(CROWD, [tenantId, Math.min(PIECE, to - done)]);
    });
  // Vacuum too: it writes what the first reader of a fresh row would, and what autovacuum would soon do in the middle of a window.
  for (const table of ['account', 'mailbox', 'device_credential', 'known_device', 'device_keys', 'used_registration'])
    await db.query(`vacuum (analyze) ${table}`);
}

const CROWD = `
with person as (
  insert into account (tenant_id, id, list_version, created_at)
  select $1::uuid, gen_random_uuid(), 1, 0 from generate_series(1, $2::int4) returning no, id
), device as (
  select gen_random_uuid() as device_id, p.no as account, p.id as account_id
  from person p cross join lateral generate_series(1, case when p.no % ${String(TWO_IN)} = 0 then 2 else 1 end)
), boxed as (
  insert into mailbox (device, account, list_version, registration) select device_id, account, 1, 1 from device
), credited as (
  insert into device_credential (device_id, tenant_id, account_id, auth_key, last_seen_day)
  select device_id, $1::uuid, account_id, decode(md5(device_id::text) || md5(account_id::text), 'hex'), floor(extract(epoch from now()) / 86400)::int4 from device
), known as (
  insert into known_device (device_id, identity_key)
  select device_id, decode('05' || md5(device_id::text) || md5(device_id::text || 'b'), 'hex') from device
), used as (
  insert into used_registration (device_id, registration_id) select device_id, 1 from device
)
insert into device_keys (device_id, registration_id, registration_signature, signed_id, signed_key, signed_signature, last_resort_id,
  last_resort_key, last_resort_signature)
select device_id, 1, ''::bytea, 1, ''::bytea, ''::bytea, 1, ''::bytea, ''::bytea from device`;

/** Mail that nobody comes for: one envelope of 600 bytes in each of so many mailboxes, as the statement that stores leaves it. */
export async function seedWaiting(db: Db, tenantId: TenantId, envelopes: number): Promise<void> {
  for (let done = 0; done < envelopes; done += PIECE)
    await db.transact(async (tx) => {
      await tx.sql(`set local statement_timeout = '10min'`);
      await tx.sql(WAITING, [tenantId, PIECE]);
    });
  for (const table of ['envelope', 'mailbox']) await db.query(`vacuum (analyze) ${table}`);
}

const WAITING = `
with filled as (
  update mailbox m set head = m.head + 1, bytes_in = m.bytes_in + 600 from (
    select m.no from mailbox m join account a on a.no = m.account where a.tenant_id = $1::uuid and m.node is null and m.head = 0
    order by m.no limit $2::int4
  ) next where m.no = next.no returning m.no, m.head
)
insert into envelope (mailbox, seq, id, at, registration, kind, sender, content)
select no, head, 1, (extract(epoch from now()) * 1000)::int8, 1, 2, decode(md5(no::text) || md5(no::text), 'hex'), decode(repeat('07', 600), 'hex') from filled`;

/** So many accounts with so many devices, from all over the tables, others for each name, given keys that somebody has: they can be played. */
export async function pick(
  db: Db,
  tenantId: TenantId,
  wanted: { readonly households: number; readonly devices: 1 | 2; readonly name: string },
): Promise<Household[]> {
  const rows = await db.query<{ account_id: AccountId; device_id: DeviceId }>(
    `with picked as (
       select a.no, a.id from account a where a.tenant_id = $1 and (a.no % ${String(TWO_IN)} = 0) = ($3::int4 = 2) order by md5(a.no::text || $4) limit $2
     )
     select c.account_id, c.device_id from picked s join mailbox m on m.account = s.no
     join device_credential c on c.device_id = m.device order by s.no, m.no`,
    [tenantId, wanted.households, wanted.devices, wanted.name],
  );
  const households = new Map<AccountId, Household>();
  const keys: [DeviceId, string][] = [];
  for (const { account_id: accountId, device_id: deviceId } of rows) {
    const { player, publicKey } = newKeys({ accountId, deviceId });
    keys.push([deviceId, publicKey.toString('hex')]);
    households.set(accountId, [...(households.get(accountId) ?? []), player]);
  }
  await db.commit(
    `update device_credential c set auth_key = decode(k.auth_key, 'hex') from unnest($1::uuid[], $2::text[]) as k(device_id, auth_key)
     where c.device_id = k.device_id`,
    [keys.map(([deviceId]) => deviceId), keys.map(([, key]) => key)],
  );
  return [...households.values()];
}
