import type { Command } from 'commander';
import type { AccountId } from '../../../../libs/protocol/ids.js';
import type { ListedDevice } from '../../../../libs/sdk/listed-devices.js';
import { confirmed, needsSomebody } from '../ask.js';
import { openDevices, type ChatDevice } from '../chat-devices.js';
import { withCustody, type CustodyOptions } from '../custody.js';
import { day, table } from '../output.js';
import { People } from '../people.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';

interface DevicesOptions extends CustodyOptions {
  readonly server?: string;
  readonly yes?: boolean;
}

export function devicesCommand(program: Command, world: World): void {
  const devices = program.command('devices').description('The devices of a person, from the verified list');
  withCustody(devices.command('list'))
    .description('All devices that the account has or had')
    .argument('<person>', 'name of the person, for example alice')
    .option('--server <url>', 'where the server is now')
    .addHelpText('after', '\nExample:\n  $ sotto devices list alice')
    .action((person: string, options: DevicesOptions) => list(world, person, options));
  withCustody(devices.command('revoke'))
    .description('Remove a device for good: its mail goes, nobody encrypts to it again')
    .argument('<person>', 'name of the person')
    .argument('<device>', 'its name here, or its id or the beginning of it')
    .option('--server <url>', 'where the server is now')
    .option('--yes', 'without asking')
    .addHelpText('after', '\nExample:\n  $ sotto devices revoke bob tablet')
    .action((person: string, device: string, options: DevicesOptions) => revoke(world, { person, device, options }));
}

async function list(world: World, person: string, options: DevicesOptions): Promise<void> {
  const people = new People(world.home);
  await withOne(world, { person, options, not: undefined }, async ({ client }) => {
    const rows = (await client.devices()).map((device) => rowOf(people, client.me.accountId, device));
    for (const line of table([['DEVICE', 'ID', 'ADDED', 'MAY LINK', 'STATE'], ...rows])) world.out.line(line);
  });
}

async function revoke(
  world: World,
  asked: { readonly person: string; readonly device: string; readonly options: DevicesOptions },
): Promise<void> {
  const { person, device, options } = asked;
  needsSomebody(world, { yes: options.yes === true });
  const people = new People(world.home);
  const named = people.get(person).devices[device];
  await withOne(world, { person, options, not: device }, async ({ client }) => {
    const found = (await client.devices()).filter(
      ({ deviceId, active }) => active && (deviceId === named || deviceId.startsWith(device)),
    );
    const [target] = found;
    if (target === undefined || found.length > 1) {
      throw new Trouble(`There is no one device "${device}".`, `Look: sotto devices list ${person}`, 2);
    }
    const question = `Remove ${people.deviceName(client.me.accountId, target.deviceId)} for good?`;
    if (!(await confirmed(world, question, { yes: options.yes === true })))
      throw new Trouble('Nothing was removed.', '');
    await client.revokeDevice(target.deviceId);
    people.forgetDevice(person, target.deviceId);
    world.out.line('Removed.');
  });
}

/** One device to ask with; if there is a choice, not the one that is to go. */
export async function withOne(
  world: World,
  asked: {
    readonly person: string;
    readonly options: CustodyOptions & { readonly server?: string };
    readonly not: string | undefined;
    readonly device?: string | undefined;
  },
  work: (device: ChatDevice) => Promise<void>,
): Promise<void> {
  const opened = await openDevices(world, new People(world.home), {
    person: asked.person,
    device: asked.device,
    options: asked.options,
  });
  const one = opened.find(({ name }) => name !== asked.not) ?? opened[0];
  try {
    if (one !== undefined) await work(one);
  } finally {
    await Promise.all(opened.map(({ client }) => client.close()));
  }
}

function rowOf(people: People, accountId: AccountId, device: ListedDevice): readonly string[] {
  const { deviceId, addedOnDay, mayLink, active, reason } = device;
  const name = people.deviceName(accountId, deviceId);
  return [
    name,
    deviceId,
    addedOnDay === undefined ? '-' : day(addedOnDay),
    mayLink ? 'yes' : 'no',
    active ? 'active' : `removed (${reason ?? 'unknown'})`,
  ];
}
