import { generateKeyPairSync } from 'node:crypto';
import type { Db } from '../../libs/platform/postgres.js';
import { systemIds } from '../../libs/platform/ids.js';
import type { AccountId, DeviceId, TenantId } from '../../libs/protocol/ids.js';

/** A device as the generator plays it: plain data, handed from process to process. */
export interface Player {
  /** Its mailbox at the floor. */
  readonly no: number;
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  /** Private Ed25519 key, PKCS #8, base64. */
  readonly authKey: string;
}

/** One account's devices. */
export type Household = readonly Player[];

/** Who writes to whom: each writer has a phone that sends and a laptop that gets the copies, and writes to some of the readers in turn. */
export interface Cast {
  readonly writers: readonly Household[];
  readonly readers: readonly Household[];
  /** How many readers each writer writes to. */
  readonly partners: number;
}

/** Of one tenant: as many as `households`, with so many devices each. */
export interface Wanted {
  readonly tenantId: TenantId;
  readonly households: number;
  readonly devices: number;
  /** One-time prekeys of each kind and device. */
  readonly prekeys?: number;
}

let lastNo = 0;

/**
 * What enrolment leaves behind, written in SQL: a hundred thousand accounts by way of the API would take longer than everything that is
 * measured. Identity keys and prekeys are random bytes, which the server hands out and never looks into; auth keys are real.
 */
export async function seed(db: Db, { tenantId, households, devices, prekeys = 0 }: Wanted): Promise<Household[]> {
  const seeded = Array.from({ length: households }, () => {
    const accountId = systemIds.uuid<AccountId>();
    return Array.from({ length: devices }, () => newKeys({ accountId, deviceId: systemIds.uuid<DeviceId>() }));
  });
  const players = seeded.flat();
  await db.transact(async (tx) => {
    await tx.sql(
      'insert into account (tenant_id, id, list_version, created_at) select $1::uuid, id, 1, 0 from unnest($2::uuid[]) as a(id)',
      [tenantId, seeded.map(([first]) => first?.player.accountId)],
    );
    await tx.sql(DEVICES, [
      tenantId,
      players.map(({ player }) => player.accountId),
      players.map(({ player }) => player.deviceId),
      players.map(({ publicKey }) => publicKey.toString('hex')),
    ]);
    await tx.sql(KEYS, [players.map(({ player }) => player.deviceId), prekeys]);
  });
  return seeded.map((household) => household.map(({ player }) => player));
}

/** Keys for a device that is to be played. */
export function newKeys(device: Pick<Player, 'accountId' | 'deviceId'>): {
  readonly player: Player;
  readonly publicKey: Buffer;
} {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  lastNo += 1;
  return {
    player: { no: lastNo, ...device, authKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64') },
    publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  };
}

const DEVICES = `
with device as (
  select a.no as account, d.* from unnest($2::uuid[], $3::uuid[], $4::text[]) as d(account_id, device_id, auth_key)
  join account a on a.tenant_id = $1::uuid and a.id = d.account_id
), boxed as (
  insert into mailbox (device, account, list_version, registration) select device_id, account, 1, 1 from device
)
insert into device_credential (device_id, tenant_id, account_id, auth_key, last_seen_day)
select device_id, $1::uuid, account_id, decode(auth_key, 'hex'), floor(extract(epoch from now()) / 86400)::int4 from device`;

/** As many bytes as the real ones have. */
const bytes = (length: number): string =>
  `decode(rpad('05', ${String(2 * length)}, md5(device_id::text) || md5(random()::text)), 'hex')`;

const KEYS = `
with device as (
  select device_id from unnest($1::uuid[]) as d(device_id)
), known as (
  insert into known_device (device_id, identity_key) select device_id, ${bytes(33)} from device
), kept as (
  insert into device_keys (device_id, registration_id, registration_signature, signed_id, signed_key, signed_signature, last_resort_id,
    last_resort_key, last_resort_signature, one_time_through, kyber_through)
  select device_id, 1, ${bytes(64)}, 1, ${bytes(33)}, ${bytes(64)}, 1, ${bytes(1_569)}, ${bytes(64)}, $2::int4, $2::int4 from device
), used as (
  insert into used_registration (device_id, registration_id) select device_id, 1 from device
), once as (
  insert into one_time_prekey (device_id, id, public_key) select device_id, id, ${bytes(33)} from device, generate_series(1, $2::int4) id
)
insert into kyber_prekey (device_id, id, public_key, signature)
select device_id, id, ${bytes(1_569)}, ${bytes(64)} from device, generate_series(1, $2::int4) id`;
