import type { Command } from 'commander';
import { SottoClient } from '../../../../libs/sdk/client.js';
import { lookupInvitation } from '../../../../libs/sdk/rest.js';
import { Store } from '../../../../libs/sdk/store/store.js';
import { custodyForNew, withCustody, type CustodyOptions } from '../custody.js';
import { checkedName, People } from '../people.js';
import { Trouble } from '../trouble.js';
import { serverOf, type World } from '../world.js';

interface EnrolOptions extends CustodyOptions {
  readonly as: string;
  readonly device: string;
  readonly server?: string;
}

export function enrolCommand(program: Command, world: World): void {
  withCustody(program.command('enrol'))
    .description('Make the first device of a person here, with an invitation code')
    .argument('<code>', 'the invitation code')
    .requiredOption('--as <name>', 'what the person is called on this machine')
    .option('--device <name>', 'what the device is called on this machine', 'phone')
    .option('--server <url>', 'the server (else SOTTO_SERVER, else the one started here)')
    .addHelpText(
      'after',
      `
The device and its keys lie in .sotto/people/<name>/<device>. Who keeps the key of that store has to be chosen with --custody;
later commands remember it. A keychain's store does not move to another machine; a passphrase's does. For demo tenants only,
the key lies beside the store when nothing is chosen.
If the answer of the server gets lost, run the same command again.

Example:
  $ sotto enrol inv_7f… --as carol --custody passphrase`,
    )
    .action((code: string, options: EnrolOptions) => enrol(world, code, options));
}

async function enrol(world: World, code: string, options: EnrolOptions): Promise<void> {
  const { out, host, home } = world;
  const name = checkedName('person', options.as);
  const device = checkedName('device', options.device);
  const people = new People(home);
  if (people.find(name) !== undefined) {
    throw new Trouble(
      `${name} has a device here already.`,
      `Add another with \`sotto link new --as ${name}\`, or take another name.`,
      2,
    );
  }
  const server = serverOf(world, options.server);
  const place = { device, demo: false };
  const folder = people.folderOf(name, place);
  if (Store.exists(folder)) out.line('Going on with an enrolment that was begun before.');
  const demo = !Store.exists(folder) && (await lookupInvitation({ host, server }, code)).demo;
  const custody = custodyForNew(world, folder, { options, demo });
  const begin = () => SottoClient.enrol({ folder, host, custody, server, code });
  const client = await out.step(`Enrolling ${name}/${device}`, begin);
  try {
    const { tenantId, accountId, deviceId, contactAddress } = client.me;
    people.save(name, {
      demo: false,
      server,
      tenantId,
      accountId,
      address: contactAddress,
      devices: { [device]: deviceId },
    });
    out.line(`Account  ${accountId}`);
    out.line(`Address  ${contactAddress}`);
    out.line('');
    out.line('Give the address to people who want to write to you. Then:');
    out.line(`  sotto chat ${name} --to <their address>`);
  } finally {
    await client.close();
  }
}
