import type { TombstoneReason } from '../protocol/device-list.js';
import type { DeviceId } from '../protocol/ids.js';
import type { HeldAccount } from './store/accounts.store.js';

/** A device as the verified list and the tombstones show it. */
export interface ListedDevice {
  readonly deviceId: DeviceId;
  readonly mayLink: boolean;
  /** Days since 1970-01-01; undefined for a removed device that the last list does not name any more. */
  readonly addedOnDay: number | undefined;
  readonly active: boolean;
  readonly reason: TombstoneReason | undefined;
}

/** Those of the last list, and behind them those that only a tombstone names any more. */
export function devicesIn({ last, tombstones }: HeldAccount): readonly ListedDevice[] {
  const removed = new Map(tombstones.map(({ deviceId, reason }) => [deviceId, reason]));
  const entries = last.list.entries.map(({ deviceId, mayLink, addedOnDay }) => {
    const reason = removed.get(deviceId);
    removed.delete(deviceId);
    return { deviceId, mayLink, addedOnDay, active: reason === undefined, reason };
  });
  const gone = [...removed].map(([deviceId, reason]) => {
    return { deviceId, mayLink: false, addedOnDay: undefined, active: false, reason };
  });
  return [...entries, ...gone];
}
