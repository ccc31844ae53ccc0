import { randomUUID } from 'node:crypto';
import { PrivateKey } from '@signalapp/libsignal-client';
import { Device } from './device.js';
import {
  listBytes,
  newDeviceKeys,
  publicKeyOf,
  registration,
  sha256,
  signed,
  statement,
  type DeviceKeys,
  type Entry,
  type List,
} from './keys.js';
import { ask, patiently, PROTOBUF, type Answer } from './rest.js';
import { Stream, UpgradeRefused } from './stream.js';
import type { Tenant } from './tenant.js';
import { encode, uuidBytes, type Frame } from './wire.js';

/** What may be chosen of a first device. */
export interface First {
  readonly deviceId?: string;
  readonly keys?: DeviceKeys;
  readonly oneTime?: number;
}

/** An account with real keys and lists. Its devices do only what a clause says. */
export class Account {
  /** The active ones. */
  readonly devices: Device[] = [];
  listVersion = 1;
  private brought: { readonly body: Buffer; readonly list: List; readonly device: Device } | undefined;

  private constructor(
    readonly tenant: Tenant,
    readonly id: string,
    private list: List,
  ) {}

  /** With a first device, which has this many one-time prekeys of each kind. */
  static async enrol(tenant: Tenant, more: First = {}): Promise<Account> {
    const { answer, account } = await patiently(async () => {
      const tried = await Account.tryEnrol(tenant, more);
      return { ...tried, code: tried.answer.code };
    });
    expectStatus(201, answer);
    return account;
  }

  /** Says what came of it. */
  static async tryEnrol(tenant: Tenant, more: First): Promise<{ readonly answer: Answer; readonly account: Account }> {
    const { deviceId = randomUUID(), keys = newDeviceKeys(), oneTime = 2 } = more;
    const key = PrivateKey.generate();
    const of = { tenantId: tenant.id, accountId: randomUUID(), accountKey: publicKeyOf(key) };
    const entry: Entry = {
      deviceId,
      identityKey: publicKeyOf(keys.identity),
      mayLink: true,
      addedBy: undefined,
      statement: statement(of, deviceId, keys),
    };
    const list: List = { ...of, version: 1, previousHash: Buffer.alloc(32), entries: [entry] };
    const bytes = listBytes(list);
    const body = encode('Enrolment', {
      code: await tenant.invitation(),
      list: { list: bytes, signature: signed(key, bytes) },
      registration: registration({ deviceId, keys, registrationId: 1, oneTime }),
    });
    const answer = await ask(tenant.place.api, { method: 'POST', path: '/v1/enrolments', type: PROTOBUF, body });
    const account = new Account(tenant, of.accountId, list);
    account.devices.push(new Device(account, deviceId, keys));
    return { answer, account };
  }

  get phone(): Device {
    const [first] = this.devices;
    if (first === undefined) throw new Error('this account has no device');
    return first;
  }

  /** One more device, over a linking session on the first gateway. */
  async link(): Promise<Device> {
    const device = await this.pending();
    expectStatus(201, await this.storeList(device));
    return device;
  }

  /** A new device that is registered and waits for a list that names it. Takes the phone's stream for a moment. */
  async pending(old?: Stream): Promise<Device> {
    const device = new Device(this, randomUUID(), newDeviceKeys());
    const opened = await patiently(async () => openLink(this.tenant.place.gateways[0] ?? ''));
    if (opened instanceof UpgradeRefused) throw opened;
    const { stream: fresh } = opened;
    const stream = old ?? (await this.phone.connect());
    const { session } = await fresh.next('link');
    stream.say({ link: { session, claim: {} } });
    await fresh.next('link');
    const { id: deviceId, keys } = device;
    fresh.say({ link: { session, register: registration({ deviceId, keys, registrationId: 1, oneTime: 2 }) } });
    const isRegistered = ({ kind, body }: Frame): boolean => kind === 'link' && body.step === 'registered';
    await fresh.until(() => fresh.heard.some(isRegistered), 'the registration of a pending device');
    await fresh.close();
    if (old === undefined) await stream.close();
    return device;
  }

  /** The phone signs the next list, with this device in it, and stores it. */
  async storeList(device: Device): Promise<Answer> {
    const { phone, list } = this;
    const standing = list.entries.filter(({ deviceId }) => this.devices.some(({ id }) => id === deviceId));
    const entry: Entry = {
      deviceId: device.id,
      identityKey: publicKeyOf(device.keys.identity),
      mayLink: false,
      addedBy: phone.id,
      statement: statement(list, device.id, device.keys),
    };
    const previousHash = sha256(listBytes(list));
    const next: List = { ...list, version: list.version + 1, previousHash, entries: [...standing, entry] };
    const bytes = listBytes(next);
    const signedList = { list: bytes, signature: signed(phone.keys.identity, bytes), signer: uuidBytes(phone.id) };
    this.brought = { body: encode('SignedList', signedList), list: next, device };
    return this.bringList();
  }

  /** Brings the list that was signed last, once more when the answer to the first time was lost. */
  async bringList(): Promise<Answer> {
    if (this.brought === undefined) throw new Error('no list was signed');
    const { body, list, device } = this.brought;
    const path = '/v1/devices/lists';
    const answer = await patiently(async () => this.phone.ask({ method: 'POST', path, type: PROTOBUF, body }));
    if (answer.status === 201) {
      this.list = list;
      this.listVersion = answer.json['listVersion'] as number;
      if (!this.devices.includes(device)) this.devices.push(device);
    }
    return answer;
  }

  /** By this device of the account. */
  async revoke(device: Device, by = this.phone): Promise<Answer> {
    const answer = await by.ask({ method: 'DELETE', path: `/v1/devices/${device.id}` });
    if (answer.status === 200) {
      this.devices.splice(this.devices.indexOf(device), 1);
      this.listVersion = answer.json['listVersion'] as number;
    }
    return answer;
  }
}

async function openLink(gateway: string): Promise<{ readonly stream: Stream; readonly code: '' } | UpgradeRefused> {
  try {
    return { stream: await Stream.open(`${gateway}/v1/link`, {}), code: '' };
  } catch (error) {
    if (error instanceof UpgradeRefused) return error;
    throw error;
  }
}

export function expectStatus(status: number, answer: Answer): Answer {
  if (answer.status !== status)
    throw new Error(`answered with ${answer.status} in place of ${status}: ${JSON.stringify(answer.json)}`);
  return answer;
}
