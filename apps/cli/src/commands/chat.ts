import type { Command } from 'commander';
import { Chat } from '../chat.js';
import { openDevices } from '../chat-devices.js';
import { withCustody, type CustodyOptions } from '../custody.js';
import { chatScreen } from '../chat-screen.js';
import { onlyOther, partnerFrom } from '../conversation-partner.js';
import { People } from '../people.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';

interface ChatOptions extends CustodyOptions {
  readonly to?: string;
  readonly device?: string;
  readonly server?: string;
  readonly wait: string;
}

export function chatCommand(program: Command, world: World): void {
  withCustody(program.command('chat'))
    .description('Chat as a person who has devices here')
    .argument('<person>', 'name of the person, for example alice')
    .option('--to <who>', 'a name from here, a contact address (sotto:1/…) or an account id')
    .option('--device <name>', 'open only this device; all of them otherwise')
    .option('--server <url>', 'where the server is now')
    .option('--wait <seconds>', 'from a pipe: how long to wait for mail after the last line', '2')
    .addHelpText(
      'after',
      `
Opens every device of the person that no other program has open. Lines are sent from the first one; what arrives is
shown once for each device that decrypted it, as "[device] sender/device (trust: …): text". /help lists what can be typed.

From a pipe every line is sent as it is; when the input ends, chat waits until everything is accepted, then --wait
seconds for mail. Exit code 1 when a line could not be sent.

Examples:
  $ sotto chat alice
  $ sotto chat bob --device tablet
  $ echo "on my way" | sotto chat alice --wait 0
  $ sotto chat carol --to sotto:1/…`,
    )
    .action((person: string, options: ChatOptions) => chat(world, person, options));
}

async function chat(world: World, person: string, options: ChatOptions): Promise<void> {
  const people = new People(world.home);
  const wait = Number(options.wait);
  if (!Number.isFinite(wait) || wait < 0)
    throw new Trouble(`"${options.wait}" is no number of seconds.`, 'For example: --wait 5', 2);
  people.get(person);
  const partner = options.to === undefined ? onlyOther(people, person) : partnerFrom(people, options.to);
  const devices = await openDevices(world, people, { person, device: options.device, options });
  const [first] = devices;
  if (first === undefined) throw new Error('no device was opened');
  const terminal = world.input.isTTY === true && world.out.terminal;
  if (terminal) {
    const names = devices.map(({ name }) => name).join(', ');
    world.out.line(
      world.out.paint('dim', `Open as ${person}: ${names}. /help lists what can be typed; Ctrl-C leaves.`),
    );
  }
  const lingerMs = terminal ? 0 : wait * 1_000;
  const { out, interrupted } = world;
  const parts = { out, interrupted, screen: chatScreen(world), people, person, commands: terminal, lingerMs };
  try {
    const failures = await new Chat(parts, devices, first, partner).run();
    if (failures > 0) throw new Trouble(`Lines not sent: ${String(failures)}.`, 'The reasons stand above.');
  } finally {
    await Promise.all(devices.map(({ client }) => client.close()));
  }
}
