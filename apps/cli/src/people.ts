import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeSecretFile } from '../../../libs/platform/secrets.js';
import type { AccountId, DeviceId } from '../../../libs/protocol/ids.js';
import { SottoClient } from '../../../libs/sdk/client.js';
import type { Host } from '../../../libs/sdk/host.js';
import type { Custody } from '../../../libs/sdk/store/custody.js';
import type { Home } from './home.js';
import { movedHost } from './moved-host.js';
import { enrolWith } from './output.js';
import { Trouble } from './trouble.js';

const LocalPerson = z.object({
  /** Of the demo tenant: the store keys lie beside the stores. */
  demo: z.boolean(),
  /** The address of the server when the first device was enrolled. */
  server: z.url(),
  tenantId: z.string(),
  accountId: z.string(),
  address: z.string(),
  devices: z.record(z.string(), z.string()),
});
export type LocalPerson = z.infer<typeof LocalPerson>;

const PeopleFile = z.object({
  people: z.record(z.string(), LocalPerson),
  /** The demo conversation has been played. */
  played: z.boolean().default(false),
});
export type PeopleFile = z.infer<typeof PeopleFile>;

const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** People whose devices live on this machine, by the names used here. No secret is in the file; it is 0600 as everything in `.sotto/`. */
export class People {
  constructor(private readonly home: Home) {}

  read(): PeopleFile {
    if (!existsSync(this.home.people)) return { people: {}, played: false };
    const parsed = PeopleFile.safeParse(parseJson(readFileSync(this.home.people, 'utf8')));
    if (parsed.success) return parsed.data;
    throw new Trouble(
      `${this.home.people} is damaged.`,
      'Restore it, or move it away: the stores of the people stay, but have to be named again.',
    );
  }

  write(file: PeopleFile): void {
    writeSecretFile(this.home.people, JSON.stringify(file, undefined, 2));
  }

  find(name: string): LocalPerson | undefined {
    return this.read().people[name];
  }

  get(name: string): LocalPerson {
    const { people } = this.read();
    const person = people[name];
    if (person !== undefined) return person;
    const known = Object.keys(people);
    throw new Trouble(
      `Nobody called "${name}" has a device here.`,
      known.length === 0
        ? `Start the server with \`npm start\`, which makes alice and bob, or enrol somebody: ${enrolWith('<code>')}`
        : `People here: ${known.join(', ')}. Another one comes with: ${enrolWith('<code>', name)}`,
      2,
    );
  }

  save(name: string, person: LocalPerson): void {
    const file = this.read();
    this.write({ ...file, people: { ...file.people, [name]: person } });
  }

  addDevice(name: string, device: string, deviceId: DeviceId): void {
    const person = this.get(name);
    this.save(name, { ...person, devices: { ...person.devices, [device]: deviceId } });
  }

  forgetDevice(name: string, deviceId: string): void {
    const person = this.get(name);
    const left = Object.entries(person.devices).filter(([, id]) => id !== deviceId);
    this.save(name, { ...person, devices: Object.fromEntries(left) });
  }

  /** `alice`, or the beginning of the id of somebody who is not from here. */
  nameOf(accountId: AccountId): string {
    const found = Object.entries(this.read().people).find(([, person]) => person.accountId === accountId);
    return found?.[0] ?? `account ${accountId.slice(0, 8)}`;
  }

  /** `alice/phone`, with beginnings of ids for what is not from here. */
  deviceName(accountId: AccountId, deviceId: DeviceId): string {
    const person = Object.values(this.read().people).find((one) => one.accountId === accountId);
    const device = Object.entries(person?.devices ?? {}).find(([, id]) => id === deviceId)?.[0];
    return `${this.nameOf(accountId)}/${device ?? deviceId.slice(0, 8)}`;
  }

  folderOf(name: string, { device, demo }: { readonly device: string; readonly demo: boolean }): string {
    return join(this.home.folder, demo ? 'demo' : 'people', name, device);
  }

  /** Throws what SottoClient.open throws: `store_in_use` when another terminal has this device open. */
  async open(
    name: string,
    options: {
      readonly device: string;
      readonly host: Host;
      readonly server: string;
      readonly custody: (folder: string) => Custody;
    },
  ): Promise<SottoClient> {
    const { demo, server } = this.get(name);
    const { device } = options;
    const host = movedHost(options.host, { from: server, to: options.server });
    const folder = this.folderOf(name, { device, demo });
    const client = await SottoClient.open({ folder, host, custody: options.custody(folder) });
    this.keepAddress(name, client.me.contactAddress);
    return client;
  }

  /** A rotation or a reset of the account key makes another one; the old one is refused by whoever is given it. */
  keepAddress(name: string, address: string): void {
    const person = this.get(name);
    if (person.address !== address) this.save(name, { ...person, address });
  }
}

/** A name that is safe as a folder. */
export function checkedName(what: string, name: string): string {
  if (NAME.test(name)) return name;
  throw new Trouble(`"${name}" cannot be the name of a ${what}.`, 'Use lower-case letters, digits and hyphens.', 2);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
