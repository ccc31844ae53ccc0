import { Direction } from '@signalapp/libsignal-client';
import { equalBytes } from '../protocol/bytes.js';
import type { AccountId, DeviceId } from '../protocol/ids.js';
import { SottoError } from './errors.js';
import { activeDevice, activeDevices, isTrustedLess, loadAccount, type KnownDevice } from './store/accounts.store.js';
import { loadClaim } from './store/claims.store.js';
import { trustFloor } from './store/self.store.js';
import type { Reader } from './store/store.js';

declare const passed: unique symbol;

/** A device of a verified list minus tombstones. Only the gate makes these, and the ratchet takes nothing else. */
export type TrustedDevice = Pick<KnownDevice, 'accountId' | 'deviceId' | 'identityKey'> & { readonly [passed]: true };

/**
 * The one gate (IDENTITY "One gate in the SDK"). It has no state: every answer is read from the verified lists at the moment it is asked.
 * libsignal does not ask its identity store on every path, so the only addresses that `ratchet.ts` accepts come from here.
 */
export class TrustGate {
  constructor(
    private readonly reader: Reader,
    private readonly own: { readonly accountId: AccountId; readonly deviceId: DeviceId },
  ) {}

  /**
   * The devices to encrypt to: all active ones of the account, of the own account all others.
   * Throws when sending to the account has stopped (`account_reset`, `account_rotated`, `device_list_fork`, `device_list_withheld`), it is
   * trusted too little, or it is not held.
   */
  recipients(accountId: AccountId): readonly TrustedDevice[] {
    const account = loadAccount(this.reader, accountId);
    if (account === undefined) throw new SottoError('unknown_account', { detail: accountId });
    if (account.halted !== undefined) throw new SottoError(account.halted, { detail: accountId });
    if (account.wanted > account.listVersion) throw new SottoError('device_list_withheld', { detail: accountId });
    const own = accountId === this.own.accountId;
    if (!own) this.refuseWithheld(accountId);
    if (!own && isTrustedLess(account.trust, trustFloor(this.reader)))
      throw new SottoError('trust_too_low', { detail: accountId });
    const devices = activeDevices(this.reader, accountId);
    if (!own) return devices.map(pass);
    if (!devices.some(({ deviceId }) => deviceId === this.own.deviceId)) throw new SottoError('not_listed');
    return devices.filter(({ deviceId }) => deviceId !== this.own.deviceId).map(pass);
  }

  /** This contact knows a newer list of the own account than is held here, after the server was asked for it. */
  private refuseWithheld(contact: AccountId): void {
    const about = this.own.accountId;
    const claim = loadClaim(this.reader, { about, by: contact });
    if (claim !== undefined && claim.listVersion > (loadAccount(this.reader, about)?.listVersion ?? 0))
      throw new SottoError('device_list_withheld', { detail: about });
  }

  /** Undefined unless the device is an active one of exactly this account; never the own device. */
  sender(accountId: AccountId, deviceId: DeviceId): TrustedDevice | undefined {
    const device = activeDevice(this.reader, deviceId);
    return device === undefined || device.accountId !== accountId || deviceId === this.own.deviceId
      ? undefined
      : pass(device);
  }

  /** libsignal's question; `name` is a device id. For sending, a stopped account has no trusted key at all. */
  isTrusted(name: string, key: Uint8Array, direction: Direction): boolean {
    const device = activeDevice(this.reader, name);
    if (device === undefined || !equalBytes(device.identityKey, key)) return false;
    return direction === Direction.Receiving || device.halted === undefined;
  }

  identity(name: string): Uint8Array<ArrayBuffer> | undefined {
    return activeDevice(this.reader, name)?.identityKey;
  }
}

function pass(device: KnownDevice): TrustedDevice {
  return { accountId: device.accountId, deviceId: device.deviceId, identityKey: device.identityKey } as TrustedDevice;
}
