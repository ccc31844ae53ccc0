import type { DeviceId } from '../protocol/ids.js';
import type { ClientEvent } from './events.js';
import type { HeldAccount } from './store/accounts.store.js';

/**
 * What a person must hear of their own account: who came, who went. From the difference between two verified states, so a device that was offline
 * hears it at its next look, and no server can keep a device from being announced to those that encrypt to it.
 */
export function newsOfDevices(
  before: HeldAccount,
  after: HeldAccount,
  of: { readonly self: DeviceId; readonly nameOf: (deviceId: DeviceId) => string | undefined },
): readonly ClientEvent[] {
  const known = new Set(before.last.list.entries.map(({ deviceId }) => deviceId));
  const gone = new Set(before.tombstones.map(({ deviceId }) => deviceId));
  const added = after.last.list.entries
    .filter(({ deviceId }) => deviceId !== of.self && !known.has(deviceId))
    .map(({ deviceId, addedOnDay, addedBy, mayLink }): ClientEvent => {
      return { kind: 'device-added', deviceId, name: of.nameOf(deviceId), addedOnDay, addedBy, mayLink };
    });
  const removed = after.tombstones
    .filter(({ deviceId }) => deviceId !== of.self && !gone.has(deviceId))
    .map(({ deviceId, day, reason }): ClientEvent => {
      return { kind: 'device-removed', deviceId, name: of.nameOf(deviceId), day, reason };
    });
  return [...added, ...removed];
}
