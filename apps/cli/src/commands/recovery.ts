import type { Command } from 'commander';
import type { SottoClient } from '../../../../libs/sdk/client.js';
import { secretLine } from '../ask.js';
import { withCustody, type CustodyOptions } from '../custody.js';
import { People } from '../people.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';
import { withOne } from './devices.js';

interface RecoveryOptions extends CustodyOptions {
  readonly server?: string;
  readonly device?: string;
  readonly lost?: readonly string[];
}

export function recoveryCommand(program: Command, world: World): void {
  const recovery = program.command('recovery').description('The recovery code of a person, and what it heals');
  const add = (name: string, description: string, example: string): Command =>
    withCustody(recovery.command(name))
      .description(description)
      .argument('<person>', 'name of the person, for example alice')
      .option('--device <name>', 'on this device; otherwise the first one here that no other program has open')
      .option('--server <url>', 'where the server is now')
      .addHelpText('after', `\nExample:\n  $ sotto recovery ${example}`);
  add('show', 'Show the code, to be written down', 'show alice --device phone').action(
    (person: string, options: RecoveryOptions) => show(world, person, options),
  );
  add(
    'confirm',
    'Type the code in; then it is erased here and nowhere but on paper',
    'confirm alice --device phone',
  ).action((person: string, options: RecoveryOptions) => confirm(world, person, options));
  add('use', 'After a loss: let this device add others again', 'use alice --device laptop --lost phone')
    .option('--lost <device...>', 'devices to remove: names here, ids, or beginnings of ids')
    .action((person: string, options: RecoveryOptions) => use(world, person, options));
  add(
    'renew',
    'Somebody may have seen the code: a new account key, a new code, a new address; all devices stay',
    'renew alice --device phone',
  ).action((person: string, options: RecoveryOptions) => renew(world, person, options));
}

async function show(world: World, person: string, options: RecoveryOptions): Promise<void> {
  await withOne(world, { person, options, device: options.device, not: undefined }, ({ client }) => {
    world.out.line(client.recoveryCode());
    world.out.error(`Write it down and keep it apart from your devices. Then: sotto recovery confirm ${person}`);
    return Promise.resolve();
  });
}

async function confirm(world: World, person: string, options: RecoveryOptions): Promise<void> {
  await withOne(world, { person, options, device: options.device, not: undefined }, async ({ client }) => {
    client.confirmRecovery(await secretLine(world, 'The recovery code:'));
    world.out.line('Confirmed. It is not on this device any more.');
  });
}

async function use(world: World, person: string, options: RecoveryOptions): Promise<void> {
  const people = new People(world.home);
  const { devices } = people.get(person);
  await withOne(world, { person, options, device: options.device, not: options.lost?.[0] }, async ({ client }) => {
    const wanted = (options.lost ?? []).map((name) => devices[name] ?? name);
    const lost = await Promise.all(wanted.map(async (name) => idOf(client, { name, person })));
    await client.recover(await secretLine(world, 'The recovery code:'), { lost });
    const names = lost.map((deviceId) => people.deviceName(client.me.accountId, deviceId));
    for (const deviceId of lost) people.forgetDevice(person, deviceId);
    const removed = names.length === 0 ? '' : ` Removed: ${names.join(', ')}.`;
    world.out.line(`This device may add others now.${removed} Your safety numbers stay as they are.`);
  });
}

async function renew(world: World, person: string, options: RecoveryOptions): Promise<void> {
  const people = new People(world.home);
  await withOne(world, { person, options, device: options.device, not: undefined }, async ({ client }) => {
    await client.rotateAccountKey(await secretLine(world, 'The recovery code until now:'));
    people.keepAddress(person, client.me.contactAddress);
    world.out.line(client.recoveryCode());
    world.out.error(`Write it down; the one before is worth nothing. Then: sotto recovery confirm ${person}`);
    world.out.error(`Your address is now ${client.me.contactAddress}; the one before is refused.`);
    world.out.error('Who compared numbers with you is stopped until they accept the new one.');
  });
}

async function idOf(client: SottoClient, asked: { readonly name: string; readonly person: string }) {
  const found = (await client.devices()).filter(({ deviceId, active }) => active && deviceId.startsWith(asked.name));
  const [device] = found;
  if (device === undefined || found.length > 1)
    throw new Trouble(
      `There is no one device "${asked.name}".`,
      `A device of another machine goes by its id or the beginning of it: sotto devices list ${asked.person}`,
      2,
    );
  return device.deviceId;
}
