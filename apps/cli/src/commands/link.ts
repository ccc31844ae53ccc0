import type { Command } from 'commander';
import { SottoClient } from '../../../../libs/sdk/client.js';
import { sottoError } from '../../../../libs/sdk/errors.js';
import { confirmed, needsSomebody } from '../ask.js';
import { custodyForNew, withCustody, type CustodyOptions } from '../custody.js';
import { movedHost } from '../moved-host.js';
import { harmless } from '../output.js';
import { checkedName, People } from '../people.js';
import { Trouble } from '../trouble.js';
import { serverOf, type World } from '../world.js';
import { openDevices } from '../chat-devices.js';

interface LinkOptions extends CustodyOptions {
  readonly as: string;
  readonly device: string;
  readonly server?: string;
  readonly yes?: boolean;
}

interface ApproveOptions extends CustodyOptions {
  readonly as: string;
  readonly device?: string;
  readonly mayLink?: boolean;
  readonly yes?: boolean;
  readonly server?: string;
}

export function linkCommand(program: Command, world: World): void {
  const link = program
    .command('link')
    .description('Add a device: `link new` on the new one shows a text, `link approve` on an old one takes it');
  withCustody(link.command('new'))
    .description('The new device: shows a link text, waits, asks whether the account is right')
    .requiredOption('--as <name>', 'the person, as called on this machine')
    .requiredOption('--device <name>', 'what the new device is called')
    .option('--server <url>', 'the server (else SOTTO_SERVER, else the one of the person)')
    .option('--yes', 'take the account that is shown without asking')
    .addHelpText('after', '\nExample:\n  $ sotto link new --as carol --device laptop --custody passphrase')
    .action((options: LinkOptions) => linkNew(world, options));
  withCustody(link.command('approve'))
    .description('An old device: shows who asks, and adds it when you say yes')
    .argument('<text>', 'the link text that the new device shows (in quotes)')
    .requiredOption('--as <name>', 'the person, as called on this machine')
    .option('--device <name>', 'the old device; its first one otherwise')
    .option('--may-link', 'the new device may add others')
    .option('--server <url>', 'where the server is now')
    .option('--yes', 'add it without asking')
    .addHelpText(
      'after',
      `
Never approve a text that somebody sent you: whoever made it becomes one of your devices.

Example:
  $ sotto link approve 'sotto-link:1?…' --as carol`,
    )
    .action((text: string, options: ApproveOptions) => approve(world, text, options));
}

async function linkNew(world: World, options: LinkOptions): Promise<void> {
  needsSomebody(world, { yes: options.yes === true });
  const { out, home } = world;
  const name = checkedName('person', options.as);
  const device = checkedName('device', options.device);
  const people = new People(home);
  const local = people.find(name);
  if (local?.devices[device] !== undefined)
    throw new Trouble(`${name} has a device "${device}" already.`, 'Choose another name: --device <name>', 2);
  const place = { device, demo: local?.demo ?? false };
  const folder = people.folderOf(name, place);
  const custody = custodyForNew(world, folder, { options, demo: place.demo });
  // The text names the server as the old device knows it.
  const server = options.server ?? local?.server ?? serverOf(world, undefined);
  const host = movedHost(world.host, { from: server, to: serverOf(world, options.server) });
  const link = await SottoClient.openLink({ host, server, platform: process.platform, name: device });
  world.interrupted.addEventListener('abort', () => {
    link.cancel();
  });
  out.line('Within two minutes, on a device that the person has already:');
  out.line();
  out.line(`  ./sotto link approve '${link.text}' --as ${name}`);
  out.line();
  const shown = await link.account();
  out.line(`Account ${shown.accountId}, devices so far: ${String(shown.devices)}.`);
  const known =
    local === undefined
      ? ''
      : local.accountId === shown.accountId
        ? ` This is ${name}.`
        : ` This is NOT ${name} as known here!`;
  if (!(await confirmed(world, `Add this device to that account?${known}`, { yes: options.yes === true }))) {
    link.cancel();
    throw new Trouble('Nothing was added.', 'Begin again when you are sure.');
  }
  const client = await SottoClient.finishLink(link, { folder, host, custody });
  try {
    const { tenantId, accountId, contactAddress, deviceId } = client.me;
    const devices = { ...local?.devices, [device]: deviceId };
    people.save(name, { demo: place.demo, server, tenantId, accountId, address: contactAddress, devices });
    out.line(`Linked. Chat with it: ./sotto chat ${name} --device ${device}`);
  } finally {
    await client.close();
  }
}

async function approve(world: World, text: string, options: ApproveOptions): Promise<void> {
  needsSomebody(world, { yes: options.yes === true });
  const { out } = world;
  const people = new People(world.home);
  const device = options.device ?? Object.keys(people.get(options.as).devices)[0];
  const [old] = await openDevices(world, people, { person: options.as, device, options });
  if (old === undefined) throw new Error('no device was opened');
  try {
    await old.client.connect();
    const added = await old.client.approveLink(text, {
      mayLink: options.mayLink === true,
      confirm: ({ deviceId, platform, name }) => {
        out.line(`A new device asks: "${harmless(name)}" on ${harmless(platform)}, id ${deviceId}`);
        return confirmed(world, 'Is it yours, in front of you?', { yes: options.yes === true });
      },
    });
    out.line(`Added: ${harmless(added.name)}. From now on it gets everything that is written to ${options.as}.`);
  } catch (error) {
    if (sottoError(error)?.code === 'link_refused')
      throw new Trouble('Nothing was added.', 'The new device has been told.');
    throw error;
  } finally {
    await old.client.close();
  }
}
