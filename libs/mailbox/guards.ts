import type { Brand } from '../protocol/brand.js';
import type { DeviceId, ListVersion, RegistrationId } from '../protocol/ids.js';
import type { Reader, Tx } from '../platform/postgres.js';
import * as store from './guards.store.js';

/** The server's own number of a mailbox; it never leaves the server. */
export type MailboxNo = Brand<number, 'MailboxNo'>;

/** What a sender must cover of one account: its active devices at one list version. */
export interface AccountGuard {
  readonly accountNo: number;
  readonly listVersion: ListVersion;
  readonly suspended: boolean;
  readonly devices: readonly GuardedDevice[];
}

export interface GuardedDevice {
  readonly deviceId: DeviceId;
  readonly mailboxNo: MailboxNo;
  readonly registrationId: RegistrationId;
  /** Who held the stream when this was read, or held it last; null: it never connected. */
  readonly node: number | null;
}

/** Where a device's stream was last held; null: it never connected. */
export interface StreamPlace {
  readonly mailboxNo: MailboxNo;
  readonly node: number | null;
}

const OPEN = 0;
const SUSPENDED = 1;

/**
 * The guard rows: one a mailbox, with all that a send must know (D4). Whoever changes an account's devices changes all of its
 * rows in the same transaction, after locking the account row; rows are locked ascending by number.
 */
export class Guards {
  async open(tx: Tx, device: NewMailbox): Promise<MailboxNo> {
    return store.insertMailbox(tx, device);
  }

  /** Every open mailbox of the account expects this list version from now on. */
  async setListVersion(tx: Tx, accountNo: number, listVersion: ListVersion): Promise<void> {
    await store.lockAccountRows(tx, accountNo);
    await store.updateListVersion(tx, accountNo, listVersion);
  }

  async setRegistration(tx: Tx, deviceId: DeviceId, registrationId: RegistrationId): Promise<void> {
    await store.updateRegistration(tx, deviceId, registrationId);
  }

  /** Closed for good: no send, read or ack succeeds once this commits (D17). Envelopes are deleted by the worker. */
  async close(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
    await store.lockDeviceRows(tx, deviceIds);
    await store.closeMailboxes(tx, deviceIds);
  }

  /** Closed until `resume`: what waits keeps its place and its age (D17). */
  async suspend(tx: Tx, accountNo: number): Promise<void> {
    await store.lockAccountRows(tx, accountNo);
    await store.moveMailboxes(tx, accountNo, { from: OPEN, to: SUSPENDED });
  }

  async resume(tx: Tx, accountNo: number): Promise<void> {
    await store.lockAccountRows(tx, accountNo);
    await store.moveMailboxes(tx, accountNo, { from: SUSPENDED, to: OPEN });
  }

  async isSuspended(reader: Reader, mailboxNo: MailboxNo): Promise<boolean> {
    return (await store.selectClosed(reader, mailboxNo)) === SUSPENDED;
  }

  /** Accounts without any open mailbox are not in the map. */
  async read(reader: Reader, accountNos: readonly number[]): Promise<Map<number, AccountGuard>> {
    return store.selectGuards(reader, accountNos);
  }

  /** Undefined for a device without an open mailbox. */
  async placeOf(reader: Reader, deviceId: DeviceId): Promise<StreamPlace | undefined> {
    return store.selectPlace(reader, deviceId);
  }

  async placesOf(reader: Reader, accountNo: number): Promise<readonly StreamPlace[]> {
    return store.selectPlaces(reader, accountNo);
  }
}

export interface NewMailbox {
  readonly accountNo: number;
  readonly deviceId: DeviceId;
  readonly registrationId: RegistrationId;
  readonly listVersion: ListVersion;
}
