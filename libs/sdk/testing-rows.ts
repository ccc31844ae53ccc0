import { equalBytes } from '../protocol/bytes.js';
import { decodeDeviceChain, type DeviceChain } from '../protocol/chain-wire.js';
import type { SignedList } from '../protocol/device-chain.js';
import type { Tombstone } from '../protocol/device-list.js';
import type { Envelope } from '../protocol/frames.js';
import type { AccountId, ListVersion } from '../protocol/ids.js';
import { decodeDeviceRegistration, type DeviceRegistration } from '../protocol/prekeys.js';
import { problem } from '../protocol/problems.js';
import type { HttpAnswer } from './host.js';
import { okJson, refusal, type FakeStream } from './testing-relay.js';

/** What the server in memory keeps. */
export interface FakeDevice {
  registration: DeviceRegistration;
  oneTime: DeviceRegistration['prekeys']['oneTime'][number][];
  kyber: DeviceRegistration['prekeys']['kyber'][number][];
  counter: number;
  sequence: number;
  mail: Envelope[];
  stream: FakeStream | undefined;
}

export interface FakeAccount {
  readonly accountId: AccountId;
  readonly lists: SignedList[];
  readonly tombstones: Tombstone[];
  listVersion: ListVersion;
}

/** What the real server does with a history, without its checks. */
export function bringBack(
  body: Uint8Array,
  accounts: ReadonlyMap<AccountId, FakeAccount>,
  histories: DeviceChain[],
): HttpAnswer {
  const offered = decodeDeviceChain(body);
  const account = offered === undefined ? undefined : accounts.get(offered.accountId);
  if (offered === undefined || account === undefined) return refusal(problem('malformed', 'history'));
  histories.push(offered);
  const lists = offered.lists.filter(({ bytes }) => account.lists.every((held) => !equalBytes(held.bytes, bytes)));
  const stones = offered.tombstones.filter(({ deviceId }) =>
    account.tombstones.every((held) => held.deviceId !== deviceId),
  );
  account.lists.push(...lists);
  account.tombstones.push(...stones);
  account.listVersion = (account.listVersion + lists.length + stones.length) as ListVersion;
  return okJson({ listVersion: account.listVersion });
}

/** Another registration id, and keys in place of all old ones. */
export function reregister(device: FakeDevice | undefined, body: Uint8Array): HttpAnswer {
  const registration = decodeDeviceRegistration(body);
  if (registration === undefined || device === undefined) return refusal(problem('malformed', 'registration'));
  if (registration.registrationId === device.registration.registrationId)
    return refusal(problem('registration_reused', 'known'));
  Object.assign(device, {
    registration,
    oneTime: [...registration.prekeys.oneTime],
    kyber: [...registration.prekeys.kyber],
  });
  return okJson({ oneTime: 100, kyber: 100, low: false });
}
