import type { SottoClient } from '../../../libs/sdk/client.js';
import { sottoError } from '../../../libs/sdk/errors.js';
import { custodyFor, type CustodyOptions } from './custody.js';
import type { People } from './people.js';
import { Trouble } from './trouble.js';
import { serverOf, type World } from './world.js';

export interface ChatDevice {
  readonly name: string;
  readonly client: SottoClient;
}

/**
 * The devices of a person that no other program has open: the one that is asked for, or all of them. Each stays locked to this process
 * until it is closed.
 */
export async function openDevices(
  world: World,
  people: People,
  wanted: {
    readonly person: string;
    readonly device: string | undefined;
    readonly options: CustodyOptions & { readonly server?: string };
  },
): Promise<readonly ChatDevice[]> {
  const { person, device, options } = wanted;
  const local = people.get(person);
  const known = Object.keys(local.devices);
  if (device !== undefined && !known.includes(device)) {
    throw new Trouble(`${person} has no device "${device}" here.`, `Devices here: ${known.join(', ')}.`, 2);
  }
  const server = serverOf(world, options.server ?? (local.demo ? undefined : local.server), local.server);
  const custody = (folder: string) => custodyFor(world, folder, options);
  const opened: ChatDevice[] = [];
  for (const name of device === undefined ? known : [device]) {
    try {
      opened.push({ name, client: await people.open(person, { device: name, host: world.host, server, custody }) });
    } catch (error) {
      if (sottoError(error)?.code !== 'store_in_use') throw error;
      world.out.error(world.out.paint('dim', `${person}/${name} is open in another program and is left to it.`));
    }
  }
  if (opened.length > 0) return opened;
  throw new Trouble(
    `Every device of ${person} is open in another program.`,
    `Close that one, or open only one device there: sotto chat ${person} --device ${known[0] ?? 'phone'}`,
  );
}
