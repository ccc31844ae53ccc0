import type { AccountGuard } from '../mailbox/guards.js';
import type { DeviceId } from '../protocol/ids.js';
import type { Recipient } from '../protocol/send-request.js';

/** What is wrong with the devices that a send names for one account; at least one of the three is not empty. */
export interface DeviceDifference {
  /** Active, not named. */
  readonly missing: readonly DeviceId[];
  /** Named, not active. */
  readonly extra: readonly DeviceId[];
  /** Named under a registration id that is no longer theirs. */
  readonly stale: readonly DeviceId[];
}

/**
 * The rule of D3 for one account: with COMPLETE coverage the envelopes name exactly the active devices, each under its current registration
 * id; with SELECTED coverage only the named devices are checked. `except` is the sending device, which never writes to itself.
 * The version that the sender claims is not compared: a list that changed without changing a device changes no verdict.
 */
export function compareDeviceList(
  recipient: Recipient,
  guard: AccountGuard,
  except?: DeviceId,
): DeviceDifference | undefined {
  const expected = new Map<DeviceId, number>();
  for (const device of guard.devices)
    if (device.deviceId !== except) expected.set(device.deviceId, device.registrationId);
  const extra: DeviceId[] = [];
  const stale: DeviceId[] = [];
  for (const { deviceId, registrationId } of recipient.envelopes) {
    const current = expected.get(deviceId);
    if (current === undefined) extra.push(deviceId);
    else if (current !== registrationId) stale.push(deviceId);
    expected.delete(deviceId);
  }
  const missing = recipient.coverage === 'complete' ? [...expected.keys()] : [];
  return missing.length + extra.length + stale.length === 0 ? undefined : { missing, extra, stale };
}
