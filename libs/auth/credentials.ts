import type { Db, Tx } from '../platform/postgres.js';
import type { Caller, DeviceId } from '../protocol/ids.js';
import * as store from './credentials.store.js';

/** What a device proves itself with. The server holds no secret of it. */
export interface Credential {
  readonly caller: Caller;
  /** Ed25519, 32 raw bytes. */
  readonly authKey: Uint8Array;
}

/** A device and the day of its last token, in days since 1970-01-01. */
export interface Unseen {
  readonly caller: Caller;
  readonly lastSeenDay: number;
}

export interface StoredCredential extends Credential {
  /** The account is suspended: no token is granted. */
  readonly suspended: boolean;
}

/** Exists exactly while the device is active: written by enrolment and linking, removed by revocation, in their transactions. */
export class Credentials {
  constructor(private readonly db: Db) {}

  /** The counter of a device that was known before goes on: a new key does not open old assertions. */
  async save(tx: Tx, credential: Credential): Promise<void> {
    await store.upsertCredential(tx, credential.caller, credential.authKey);
  }

  async remove(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
    await store.deleteCredentials(tx, deviceIds);
  }

  async suspend(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
    await store.updateSuspended(tx, deviceIds, { to: true });
  }

  async resume(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
    await store.updateSuspended(tx, deviceIds, { to: false });
  }

  async find(deviceId: DeviceId): Promise<StoredCredential | undefined> {
    return store.selectCredential(this.db, deviceId);
  }

  /** Devices without a token since that day, in the order of their ids. */
  async unseen(page: {
    readonly before: number;
    readonly after: DeviceId | undefined;
    readonly limit: number;
  }): Promise<readonly Unseen[]> {
    return store.selectUnseen(this.db, page);
  }

  /** Whether the device took no token after that day; until `tx` ends it takes none. */
  async lockUnseen(tx: Tx, deviceId: DeviceId, day: number): Promise<boolean> {
    return store.lockUnseen(tx, deviceId, day);
  }

  /** The day of the last token of each device that is active, in days since the epoch. Nothing finer is stored. */
  async lastSeen(deviceIds: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, number>> {
    return store.selectLastSeen(this.db, deviceIds);
  }

  /** True once for each `n` that is higher than all before it; also the day on which the device was seen. */
  async advance(deviceId: DeviceId, n: number): Promise<boolean> {
    return store.advanceCounter(this.db, deviceId, n);
  }
}
