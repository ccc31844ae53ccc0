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
  const expected = except === undefined ? guard.devices : guard.devices.filter(({ deviceId }) => deviceId !== except);
  const extra: DeviceId[] = [];
  const stale: DeviceId[] = [];
  // An account has a few devices, and never more than 64: to look through them costs less than to index them for one request.
  for (const { deviceId, registrationId } of recipient.envelopes) {
    const current = expected.find((device) => device.deviceId === deviceId);
    if (current === undefined) extra.push(deviceId);
    else if (current.registrationId !== registrationId) stale.push(deviceId);
  }
  const isNamed = ({ deviceId }: { readonly deviceId: DeviceId }): boolean =>
    recipient.envelopes.some((envelope) => envelope.deviceId === deviceId);
  const isComplete = recipient.coverage === 'selected' || expected.every(isNamed);
  if (isComplete && extra.length + stale.length === 0) return undefined;
  const missing = isComplete ? [] : expected.filter((device) => !isNamed(device)).map(({ deviceId }) => deviceId);
  return { missing, extra, stale };
}
