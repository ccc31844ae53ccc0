import type { Command } from 'commander';
import { withCustody, type CustodyOptions } from '../custody.js';
import { groups } from '../output.js';
import { partnerFrom } from '../conversation-partner.js';
import { People } from '../people.js';
import type { World } from '../world.js';
import { withOne } from './devices.js';

interface TrustOptions extends CustodyOptions {
  readonly server?: string;
  readonly device?: string;
  readonly verified?: string;
  readonly accept?: string | true;
}

export function trustCommand(program: Command, world: World): void {
  withCustody(program.command('trust'))
    .description('How well somebody is known, and the number to compare with them')
    .argument('<person>', 'name of the person, for example alice')
    .argument('<who>', 'a name from here, a contact address (sotto:1/…) or an account id')
    .option('--device <name>', 'on this device; each keeps its own mind')
    .option('--server <url>', 'where the server is now')
    .option('--verified <number>', 'you compared this safety number with them')
    .option('--accept [number]', 'take the account key that changed; with the number that you compared, only that one')
    .addHelpText(
      'after',
      `
Examples:
  $ sotto trust alice bob
  $ sotto trust alice bob --verified "12345 67890 …"
  $ sotto trust alice bob --accept`,
    )
    .action((person: string, who: string, options: TrustOptions) => trust(world, { person, who, options }));
}

async function trust(
  world: World,
  asked: { readonly person: string; readonly who: string; readonly options: TrustOptions },
): Promise<void> {
  const { person, who, options } = asked;
  const { accountId, address } = partnerFrom(new People(world.home), who);
  await withOne(world, { person, options, device: options.device, not: undefined }, async ({ client }) => {
    if (options.accept !== undefined)
      await client.acceptAccountKey(accountId, options.accept === true ? undefined : options.accept);
    // An address binds here as it does in a chat; where a changed key is taken, the old address would only stand in the way.
    else if (address !== undefined) client.addContact(address);
    if (options.verified !== undefined) await client.markVerified(accountId, options.verified);
    const { text } = await client.safetyNumber(accountId);
    world.out.line(`trust: ${client.trustOf(accountId) ?? 'first-use'}`);
    world.out.line(`safety number: ${groups(text)}`);
    const held = client.held().filter(({ recipient }) => recipient === accountId).length;
    if (held > 0) world.out.line(`held back until you accept the changed key: ${String(held)}`);
  });
}
