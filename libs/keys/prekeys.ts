import { appendOutbox } from '../platform/outbox.js';
import type { Db, Reader, Tx } from '../platform/postgres.js';
import { equalBytes } from '../protocol/bytes.js';
import type { Caller, DeviceId } from '../protocol/ids.js';
import { LIMITS } from '../protocol/limits.js';
import type { OneTimePrekey, PrekeyBundle, PrekeyStock, PrekeyUpload } from '../protocol/prekeys.js';
import { problem, type Problem } from '../protocol/problems.js';
import { checkUpload, invalid, type CheckedRegistration } from './key-rules.js';
import * as store from './prekeys.store.js';

/**
 * Identity keys, registration ids and prekeys (D16, D18).
 *
 * A device id and an identity key are known once in the installation, for ever, whatever becomes of the device. A registration id is
 * used once by a device. A one-time key is handed out once: it leaves its table with the transaction that takes it, and because ids only
 * rise within a registration it cannot come back by a repeated upload. A device has a row of keys exactly while it is active.
 */
export class Prekeys {
  constructor(private readonly db: Db) {}

  /** For a device that becomes active in this transaction. After a problem the transaction must be rolled back. */
  async register(tx: Tx, registration: CheckedRegistration): Promise<undefined | Problem> {
    const { deviceId, identityKey, registrationId } = registration;
    if (!(await store.insertKnown(tx, deviceId, identityKey)))
      return problem('identity_known', 'the device id or identity key is known here');
    await store.insertRegistrationId(tx, deviceId, registrationId);
    await store.replaceKeys(tx, registration);
    return undefined;
  }

  /** A device that a restored database has forgotten: known again, without keys until it registers. False: it, or its key, is another's. */
  async admit(
    tx: Tx,
    { deviceId, identityKey }: { readonly deviceId: DeviceId; readonly identityKey: Uint8Array },
  ): Promise<boolean> {
    return store.insertKnown(tx, deviceId, identityKey);
  }

  /** Its keys, for a device that was admitted. */
  async begin(tx: Tx, registration: CheckedRegistration): Promise<void> {
    await store.insertRegistrationId(tx, registration.deviceId, registration.registrationId);
    await store.replaceKeys(tx, registration);
  }

  /** False for an active device only between `admit` and `begin`. */
  async hasKeys(tx: Tx, deviceId: DeviceId): Promise<boolean> {
    return (await store.lockKeys(tx, deviceId)) !== undefined;
  }

  /** What `register` would refuse now; whether it does is decided there. */
  async isKnown(
    reader: Reader,
    { deviceId, identityKey }: { readonly deviceId: DeviceId; readonly identityKey: Uint8Array },
  ): Promise<boolean> {
    return store.selectKnown(reader, deviceId, identityKey);
  }

  /** A device that lost its sessions begins anew: another registration id, and no key of before. */
  async reregister(tx: Tx, registration: CheckedRegistration): Promise<undefined | Problem> {
    const { deviceId, identityKey, registrationId } = registration;
    const held = await store.lockKeys(tx, deviceId);
    if (held === undefined) return noKeys();
    if (!equalBytes(held.identityKey, identityKey)) return invalid('identity_key is not that of the device');
    if (!(await store.insertRegistrationId(tx, deviceId, registrationId))) {
      return problem('registration_reused', 'choose a registration id that this device never had');
    }
    await store.replaceKeys(tx, registration);
    return undefined;
  }

  /** Refill and rotation: all of it, or nothing. The same upload may come again while its keys are in stock. */
  async upload(caller: Caller, upload: PrekeyUpload): Promise<({ readonly kind: 'stock' } & PrekeyStock) | Problem> {
    const { deviceId } = caller;
    const known = await store.selectKeys(this.db, deviceId);
    if (known === undefined) return noKeys();
    const fault = checkUpload(known.identityKey, upload);
    if (fault !== undefined) return fault;
    return this.db.transact(async (tx) => {
      const held = await store.lockKeys(tx, deviceId);
      if (held === undefined) return noKeys();
      const oneTime = await fresh(tx, {
        deviceId,
        table: 'one_time_prekey',
        keys: upload.oneTime,
        through: held.oneTimeThrough,
        stock: held.oneTime,
      });
      if ('code' in oneTime) return oneTime;
      const kyber = await fresh(tx, {
        deviceId,
        table: 'kyber_prekey',
        keys: upload.kyber,
        through: held.kyberThrough,
        stock: held.kyber,
      });
      if ('code' in kyber) return kyber;
      if (upload.signedPrekey !== undefined) await store.replaceSigned(tx, deviceId, upload.signedPrekey);
      if (upload.lastResort !== undefined) await store.replaceLastResort(tx, deviceId, upload.lastResort);
      await store.addOneTime(tx, deviceId, oneTime);
      await store.addKyber(tx, deviceId, kyber);
      const stock = stockOf(await store.selectCounts(tx, deviceId));
      if (!stock.low) await store.clearTold(tx, deviceId);
      return { kind: 'stock', ...stock };
    });
  }

  async stock(reader: Reader, deviceId: DeviceId): Promise<PrekeyStock> {
    return stockOf(await store.selectCounts(reader, deviceId));
  }

  /**
   * One bundle for each of the devices that is active, in the order of their ids. Once the transaction has committed call `noticeLow`:
   * only then do takers that ran at the same time see what they left together.
   */
  async take(tx: Tx, deviceIds: readonly DeviceId[]): Promise<readonly PrekeyBundle[]> {
    return deviceIds.length === 0 ? [] : store.takeBundles(tx, deviceIds);
  }

  /** Has the owners told whose stock has run low, once until they fill up. A notice lost here is in the device's next `ready`. */
  async noticeLow(deviceIds: readonly DeviceId[]): Promise<void> {
    const untold = await store.selectUntold(this.db, deviceIds, LIMITS.prekeysLow);
    for (const deviceId of untold) {
      await this.db.transact(async (tx) => {
        if (await store.markTold(tx, deviceId)) await appendOutbox(tx, { kind: 'prekeys-low', payload: { deviceId } });
      });
    }
  }

  /** After a restore: keys that were handed out since the backup are in stock again, so none may be. The owners fill up anew. */
  static async dropOneTime(tx: Tx): Promise<void> {
    await store.deleteOneTime(tx);
  }

  /** With the revocation of the devices. Their ids and identity keys stay known. */
  async remove(tx: Tx, deviceIds: readonly DeviceId[]): Promise<void> {
    await store.deleteKeys(tx, deviceIds);
    await store.deleteRegistrationIds(tx, deviceIds);
  }
}

interface Offered<Key extends OneTimePrekey> {
  readonly deviceId: DeviceId;
  readonly table: 'one_time_prekey' | 'kyber_prekey';
  readonly keys: readonly Key[];
  readonly through: number;
  readonly stock: number;
}

/** The keys that are new. One that was uploaded before must be in stock unchanged, or it could be handed out a second time. */
async function fresh<Key extends OneTimePrekey>(tx: Tx, offered: Offered<Key>): Promise<readonly Key[] | Problem> {
  const { deviceId, table, keys, through, stock } = offered;
  const above = keys.filter(({ id }) => id > through);
  const repeated = keys.filter(({ id }) => id <= through);
  if (repeated.length > 0 && (await store.countSame(tx, deviceId, { table, of: repeated })) !== repeated.length) {
    return invalid(`ids rise from upload to upload; the next one is above ${String(through)}`);
  }
  if (stock + above.length > LIMITS.oneTimePrekeys)
    return invalid(`a device has at most ${String(LIMITS.oneTimePrekeys)} one-time keys of a kind in stock`);
  return above;
}

function stockOf({ oneTime, kyber }: store.Counts): PrekeyStock {
  return { oneTime, kyber, low: oneTime < LIMITS.prekeysLow || kyber < LIMITS.prekeysLow };
}

function noKeys(): Problem {
  return problem('not_allowed', 'the device is not active');
}
