import type { DeviceId } from '../../protocol/ids.js';
import { blob, int, text, type Reader, type Row, type Tx } from './store.js';

/** A new device that the person has confirmed on this one, with all that the list which adds it needs. */
export interface ConfirmedDevice {
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly platform: string;
  readonly identityKey: Uint8Array;
  readonly authKey: Uint8Array;
  /** Its signature over the device statement, made in this epoch. */
  readonly statement: Uint8Array;
  readonly epoch: number;
  readonly mayLink: boolean;
  /** Milliseconds since the epoch: afterwards the server has surely forgotten it. */
  readonly until: number;
}

export function saveConfirmed(tx: Tx, device: ConfirmedDevice): void {
  tx.run(
    `insert or replace into confirmed (device_id, name, platform, identity_key, auth_key, statement, epoch, may_link, until)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    device.deviceId,
    device.name,
    device.platform,
    device.identityKey,
    device.authKey,
    device.statement,
    device.epoch,
    device.mayLink ? 1 : 0,
    device.until,
  );
}

export function loadConfirmed(reader: Reader): readonly ConfirmedDevice[] {
  return reader.all('select * from confirmed order by until, device_id').map(confirmedOf);
}

export function removeConfirmed(tx: Tx, deviceId: DeviceId): void {
  tx.run('delete from confirmed where device_id = ?', deviceId);
}

export function saveDeviceName(tx: Tx, deviceId: DeviceId, name: string): void {
  tx.run('insert or replace into device_name (device_id, name) values (?, ?)', deviceId, name);
}

/** Undefined for a device whose name this one was never told. */
export function deviceNameOf(reader: Reader, deviceId: DeviceId): string | undefined {
  const row = reader.get('select name from device_name where device_id = ?', deviceId);
  return row === undefined ? undefined : text(row, 'name');
}

function confirmedOf(row: Row): ConfirmedDevice {
  return {
    deviceId: text(row, 'device_id'),
    name: text(row, 'name'),
    platform: text(row, 'platform'),
    identityKey: blob(row, 'identity_key'),
    authKey: blob(row, 'auth_key'),
    statement: blob(row, 'statement'),
    epoch: int(row, 'epoch'),
    mayLink: int(row, 'may_link') === 1,
    until: int(row, 'until'),
  };
}
