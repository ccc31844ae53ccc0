import { join } from 'node:path';
import type { AccountId } from '../../libs/protocol/ids.js';
import { SottoClient } from '../../libs/sdk/client.js';
import { Device } from './device.js';
import type { WorldHost } from './host.js';
import { hostFor } from './host.js';
import type { World } from './world.js';

/** Somebody with an account and one or more devices; each further device is linked by the first. */
export class Person {
  private readonly held: Device[] = [];
  private lives = 1;

  private constructor(
    private readonly world: World,
    readonly name: string,
    private readonly folder: string,
    private readonly hostOf: (index: number) => WorldHost,
  ) {}

  /** `host`: by which way the device with this index reaches the server. */
  static async enrol(
    world: World,
    {
      name,
      folder,
      host = (index) => hostFor(world.place, index),
    }: { readonly name: string; readonly folder: string; readonly host?: (index: number) => WorldHost },
  ): Promise<Person> {
    const person = new Person(world, name, folder, host);
    const place = person.placeOf('phone', 0);
    const client = await SottoClient.enrol({ ...place, server: world.place.api, code: await world.invitation() });
    person.held.push(await Device.started(client, { ...place, label: `${name}'s phone` }));
    return person;
  }

  get phone(): Device {
    const [first] = this.held;
    if (first === undefined) throw new Error(`${this.name} has no device`);
    return first;
  }

  get accountId(): AccountId {
    return this.phone.client.me.accountId;
  }

  get devices(): readonly Device[] {
    return this.held;
  }

  /** Enrols a new first device with the code of a reset; the ones of before are gone. */
  async startOver(code: string): Promise<Device> {
    this.lives += 1;
    const place = this.placeOf(`phone of life ${String(this.lives)}`, this.held.length);
    const client = await SottoClient.enrol({ ...place, server: this.world.place.api, code });
    await Promise.all(this.held.splice(0).map(async (device) => device.close()));
    const device = await Device.started(client, { ...place, label: `${this.name}'s new phone` });
    this.held.push(device);
    return device;
  }

  /** Links one more device, on the next gateway where there are several; `by` the first unless said. */
  async device(label: string, by = this.phone): Promise<Device> {
    const place = this.placeOf(label, this.held.length);
    const link = await SottoClient.openLink({
      server: this.world.place.api,
      platform: 'test',
      name: label,
      host: place.host,
    });
    const approval = by.client.approveLink(link.text, { confirm: () => Promise.resolve(true) });
    approval.catch(() => undefined);
    await link.account();
    const client = await SottoClient.finishLink(link, place);
    await approval;
    const device = await Device.started(client, { ...place, label: `${this.name}'s ${label}` });
    this.held.push(device);
    return device;
  }

  async close(): Promise<void> {
    await Promise.all(this.held.map(async (device) => device.close()));
  }

  private placeOf(label: string, index: number) {
    return {
      folder: join(this.folder, label),
      custody: { kind: 'key', key: new Uint8Array(32).fill(7) } as const,
      host: this.hostOf(index),
    };
  }
}
