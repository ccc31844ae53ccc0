import type { SignedList } from '../protocol/device-chain.js';
import type { Tombstone } from '../protocol/device-list.js';
import type { Envelope } from '../protocol/frames.js';
import type { AccountId, ListVersion } from '../protocol/ids.js';
import type { DeviceRegistration } from '../protocol/prekeys.js';
import type { FakeStream } from './testing-relay.js';

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
