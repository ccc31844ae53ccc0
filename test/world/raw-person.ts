import type { DeviceList } from '../../libs/protocol/device-list.js';
import { encodeEnrolment, encodeSignedList } from '../../libs/protocol/chain-wire.js';
import type { AccountId, ListVersion } from '../../libs/protocol/ids.js';
import type { LinkStep } from '../../libs/protocol/link-frames.js';
import { systemIds } from '../../libs/platform/ids.js';
import {
  firstList,
  listEntry,
  nextList,
  registrationOf,
  signList,
  testAccount,
  testDevice,
  type TestAccount,
} from '../../libs/signal/testing.js';
import { ask, PROTOBUF, type Answer } from './ask.js';
import { Line } from './line.js';
import { RawDevice } from './raw-device.js';
import type { World } from './world.js';

/** An account with real keys and lists, whose devices do only what a story says. */
export class RawPerson {
  readonly devices: RawDevice[] = [];
  listVersion = 1 as ListVersion;

  private constructor(
    private readonly world: World,
    readonly account: TestAccount,
    private list: DeviceList,
  ) {}

  /** With a phone that has this many one-time prekeys of each kind. */
  static async enrol(world: World, name: string, keys = 2): Promise<RawPerson> {
    const account = testAccount(unique(name), world.tenantId);
    const phone = testDevice(unique('phone'));
    const list = firstList(account, phone);
    const enrolment = {
      code: await world.invitation(),
      list: signList(list, account),
      registration: registrationOf(phone, { keys }),
    };
    const body = encodeEnrolment(enrolment);
    expectStatus(201, await ask(world.place.api, { method: 'POST', path: '/v1/enrolments', type: PROTOBUF, body }));
    const person = new RawPerson(world, account, list);
    person.devices.push(new RawDevice(person, phone, world.place));
    return person;
  }

  get accountId(): AccountId {
    return this.account.accountId;
  }

  get phone(): RawDevice {
    const [first] = this.devices;
    if (first === undefined) throw new Error('this person has no device');
    return first;
  }

  /** Links one more device by its own socket on a gateway, over a stream of the phone on another where there are several. */
  async link(line?: Line): Promise<RawDevice> {
    const device = await this.pending(line);
    const answer = await this.storeList(device);
    if (answer.status !== 201) throw new Error(`linking: ${JSON.stringify(answer.json)}`);
    return device;
  }

  /** A new device up to the point where only the list is missing. */
  async pending(line?: Line): Promise<RawDevice> {
    const device = new RawDevice(this, testDevice(unique('device')), this.world.place);
    const old = line ?? (await this.phone.connect(1));
    const fresh = await Line.open(`${this.world.place.gateways[0] ?? ''}/v1/link`);
    const { session } = (await fresh.next('link')).link;
    const say = (on: Line, step: LinkStep): void => on.say({ kind: 'link', link: { session, ...step } });
    say(old, { step: 'claim' });
    await fresh.next('link');
    say(fresh, { step: 'register', registration: registrationOf(device.keys) });
    const { link } = await fresh.next('link');
    if (link.step !== 'registered') throw new Error(`linking ended with ${link.step}`);
    await fresh.close();
    if (line === undefined) await old.close();
    return device;
  }

  /** The phone signs the next list, with this device in it. */
  async storeList(device: RawDevice): Promise<Answer> {
    const { phone, account } = this;
    const standing = this.list.entries.filter(({ deviceId }) => this.devices.some(({ id }) => id === deviceId));
    const next = nextList(this.list, [...standing, listEntry(account, device.keys, { addedBy: phone.id })]);
    const body = encodeSignedList(signList(next, phone.keys));
    const answer = await phone.ask({ method: 'POST', path: '/v1/devices/lists', type: PROTOBUF, body });
    if (answer.status !== 201) return answer;
    this.list = next;
    this.listVersion = answer.json?.['listVersion'] as ListVersion;
    this.devices.push(device);
    return answer;
  }

  /** By the phone. */
  async revoke(device: RawDevice): Promise<void> {
    const answer = await this.phone.ask({ method: 'DELETE', path: `/v1/devices/${device.id}` });
    expectStatus(200, answer);
    this.forget(device, answer.json?.['listVersion'] as ListVersion);
  }

  forget(device: RawDevice, listVersion: ListVersion): void {
    this.devices.splice(this.devices.indexOf(device), 1);
    this.listVersion = listVersion;
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map(async (device) => device.close()));
  }
}

function expectStatus(status: number, answer: Answer): void {
  if (answer.status !== status) throw new Error(`answered with ${answer.status}: ${JSON.stringify(answer.json)}`);
}

/** Keys follow from names, and the whole run shares one installation. */
function unique(name: string): string {
  return `${name} ${systemIds.uuid()}`;
}
