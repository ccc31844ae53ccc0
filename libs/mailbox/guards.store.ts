import type { DeviceId, ListVersion, RegistrationId } from '../protocol/ids.js';
import type { Reader, Tx } from '../platform/postgres.js';
import type { AccountGuard, GuardedDevice, MailboxNo, NewMailbox, StreamPlace } from './guards.js';

const REVOKED = 2;

export async function insertMailbox(tx: Tx, device: NewMailbox): Promise<MailboxNo> {
  const [row] = await tx.sql<{ no: MailboxNo }>(
    'insert into mailbox (device, account, list_version, registration) values ($1, $2, $3, $4) returning no',
    [device.deviceId, device.accountNo, device.listVersion, device.registrationId],
  );
  if (row === undefined) throw new Error('insert of a mailbox returned no row');
  return row.no;
}

/** Ascending, like every statement that locks several mailboxes. */
export async function lockAccountRows(tx: Tx, accountNo: number): Promise<void> {
  await tx.sql('select no from mailbox where account = $1 order by no for no key update', [accountNo]);
}

export async function lockDeviceRows(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  await tx.sql('select no from mailbox where device = any($1::uuid[]) order by no for no key update', [deviceIds]);
}

export async function updateListVersion(tx: Tx, accountNo: number, listVersion: ListVersion): Promise<void> {
  await tx.sql('update mailbox set list_version = $2 where account = $1 and closed <> $3', [
    accountNo,
    listVersion,
    REVOKED,
  ]);
}

export async function updateRegistration(tx: Tx, deviceId: DeviceId, registrationId: RegistrationId): Promise<void> {
  await tx.sql('update mailbox set registration = $2 where device = $1 and closed <> $3', [
    deviceId,
    registrationId,
    REVOKED,
  ]);
}

export async function closeMailboxes(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
  await tx.sql('update mailbox set closed = $2, epoch = epoch + 1 where device = any($1::uuid[]) and closed <> $2', [
    deviceIds,
    REVOKED,
  ]);
}

/** From one state of `closed` to the other, with a new epoch: whoever holds the stream holds it no more. */
export async function moveMailboxes(
  tx: Tx,
  accountNo: number,
  closed: { readonly from: number; readonly to: number },
): Promise<void> {
  await tx.sql('update mailbox set closed = $3, epoch = epoch + 1 where account = $1 and closed = $2', [
    accountNo,
    closed.from,
    closed.to,
  ]);
}

export async function selectClosed(reader: Reader, mailboxNo: MailboxNo): Promise<number | undefined> {
  const [row] = await reader.query<{ closed: number }>('select closed from mailbox where no = $1', [mailboxNo]);
  return row?.closed;
}

interface GuardRow {
  account: number;
  no: MailboxNo;
  device: DeviceId;
  registration: RegistrationId;
  list_version: ListVersion;
  closed: number;
  node: number | null;
}

export async function selectGuards(reader: Reader, accountNos: readonly number[]): Promise<Map<number, AccountGuard>> {
  const rows = await reader.query<GuardRow>(
    `select account, no, device, registration, list_version, closed, node::int4 from mailbox
     where account = any($1::int8[]) and closed <> ${String(REVOKED)} order by account, device`,
    [accountNos],
    { name: 'select-guards' },
  );
  const guards = new Map<number, AccountGuard & { readonly devices: GuardedDevice[] }>();
  for (const row of rows) {
    const guard = guards.get(row.account) ?? {
      accountNo: row.account,
      listVersion: row.list_version,
      suspended: row.closed !== 0,
      devices: [],
    };
    guard.devices.push({
      deviceId: row.device,
      mailboxNo: row.no,
      registrationId: row.registration,
      node: row.node,
    });
    guards.set(row.account, guard);
  }
  return guards;
}

interface PlaceRow {
  no: MailboxNo;
  node: number | null;
}

export async function selectPlace(reader: Reader, deviceId: DeviceId): Promise<StreamPlace | undefined> {
  const rows = await reader.query<PlaceRow>(
    'select no, node from mailbox where device = $1 and closed = 0',
    [deviceId],
    { name: 'select-place' },
  );
  return rows.map(placeOf)[0];
}

export async function selectPlaces(reader: Reader, accountNo: number): Promise<readonly StreamPlace[]> {
  const rows = await reader.query<PlaceRow>('select no, node from mailbox where account = $1 and closed = 0', [
    accountNo,
  ]);
  return rows.map(placeOf);
}

function placeOf(row: PlaceRow): StreamPlace {
  return { mailboxNo: row.no, node: row.node };
}
