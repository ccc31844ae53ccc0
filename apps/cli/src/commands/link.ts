import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { SottoClient, type Place } from '../../../../libs/sdk/client.js';
import { sottoError } from '../../../../libs/sdk/errors.js';
import type { NewLink } from '../../../../libs/sdk/link-new.js';
import { adminRest, type AdminOptions } from '../admin-rest.js';
import { confirmed, needsSomebody } from '../ask.js';
import { custodyForNew, withCustody, type CustodyOptions } from '../custody.js';
import { movedHost } from '../moved-host.js';
import { harmless, minute, table } from '../output.js';
import { checkedName, People, type LocalPerson } from '../people.js';
import { withAdmin, withReason } from './admin-options.js';
import { Trouble } from '../trouble.js';
import { serverOf, type World } from '../world.js';
import { openDevices } from '../chat-devices.js';

interface LinkOptions extends CustodyOptions {
  readonly as: string;
  readonly device: string;
  readonly server?: string;
  readonly yes?: boolean;
}

interface DecideOptions extends AdminOptions {
  readonly tenant: string;
  readonly yes?: boolean;
}

interface ApproveOptions extends AdminOptions, CustodyOptions {
  readonly as?: string;
  readonly tenant?: string;
  readonly device?: string;
  readonly mayLink?: boolean;
  readonly yes?: boolean;
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
  approveCommand(link, world);
  adminCommands(link, world);
}

function approveCommand(link: Command, world: World): void {
  withCustody(withReason(withAdmin(link.command('approve'))))
    .description(
      'An old device: shows who asks, and adds it when you say yes. An admin, with --tenant: lets a device in',
    )
    .argument('<text>', 'the link text that the new device shows (in quotes); with --tenant the id of the new device')
    .option('--as <name>', 'the person, as called on this machine')
    .option('--tenant <id>', 'as an admin of this tenant')
    .option('--device <name>', 'the old device; its first one otherwise')
    .option('--may-link', 'the new device may add others')
    .option('--yes', 'add it without asking')
    .addHelpText(
      'after',
      `
Never approve a text that somebody sent you: whoever made it becomes one of your devices.

Examples:
  $ sotto link approve 'sotto-link:1?…' --as carol
  $ sotto link approve 41c0… --tenant 0b1c… --reason "read to me by phone"`,
    )
    .action((text: string, options: ApproveOptions) => {
      if (options.tenant !== undefined) return decide(world, text, { ...options, decision: 'approve' });
      if (options.as !== undefined) return approve(world, text, { ...options, as: options.as });
      throw new Trouble('Whose device is it?', 'Say --as <person>, or --tenant <id> as an admin.', 2);
    });
}

/** Where the policy is `linking: user+admin`. */
function adminCommands(link: Command, world: World): void {
  withAdmin(link.command('pending').description('An admin: the devices of a tenant that are being linked'))
    .requiredOption('--tenant <id>', 'id of the tenant, from `sotto tenant list`')
    .addHelpText('after', '\nExample:\n  $ sotto link pending --tenant 0b1c…')
    .action((options: DecideOptions) => pending(world, options));
  withReason(
    withAdmin(
      link
        .command('deny')
        .description('An admin: refuses a device that waits')
        .argument('<device>', 'its id, from `sotto link pending`'),
    ),
  )
    .requiredOption('--tenant <id>', 'id of the tenant')
    .addHelpText('after', '\nExample:\n  $ sotto link deny 41c0… --tenant 0b1c… --reason "nobody knows it"')
    .action((device: string, options: DecideOptions) => decide(world, device, { ...options, decision: 'deny' }));
}

async function pending(world: World, options: DecideOptions): Promise<void> {
  const devices = await adminRest(world, options).pendingDevices(options.tenant);
  const rows = devices.map((device) => [
    device.deviceId,
    device.accountId,
    device.state,
    minute(device.expiresAt),
    device.fingerprint,
  ]);
  for (const line of table([['DEVICE', 'ACCOUNT', 'STATE', 'UNTIL (UTC)', 'FINGERPRINT'], ...rows]))
    world.out.line(line);
  if (devices.some(({ state }) => state === 'waiting'))
    world.out.error('Ask the person for the fingerprint on their screen before you approve.');
}

async function decide(
  world: World,
  device: string,
  options: Omit<DecideOptions, 'tenant'> & { readonly tenant?: string; readonly decision: 'approve' | 'deny' },
): Promise<void> {
  const { tenant = '', decision, yes } = options;
  const admin = adminRest(world, options);
  const found = (await admin.pendingDevices(tenant)).filter(({ deviceId }) => deviceId.startsWith(device));
  const [target] = found;
  if (target === undefined || found.length > 1)
    throw new Trouble(
      `There is no one device "${device}" that waits.`,
      `Look: sotto link pending --tenant ${tenant}`,
      2,
    );
  if (decision === 'approve') {
    needsSomebody(world, { yes: yes === true });
    world.out.line(`Fingerprint  ${target.fingerprint}`);
    if (!(await confirmed(world, 'Is this what the person reads on both screens?', { yes: yes === true })))
      throw new Trouble('Nothing was approved.', 'Deny it when it is not theirs: sotto link deny');
  }
  const { state, accountId } = await admin.decideDevice({ tenantId: tenant, deviceId: target.deviceId, decision });
  world.out.line(`${state === 'approved' ? 'Approved' : 'Denied'}: ${target.deviceId} of account ${accountId}`);
}

interface NewPlace {
  readonly name: string;
  readonly device: string;
  readonly server: string;
  readonly local: LocalPerson | undefined;
  readonly people: People;
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
  const demo = local?.demo ?? false;
  const folder = people.folderOf(name, { device, demo });
  const custody = custodyForNew(world, folder, { options, demo });
  // The text names the server as the old device knows it.
  const server = options.server ?? local?.server ?? serverOf(world, undefined);
  const host = movedHost(world.host, { from: server, to: serverOf(world, options.server) });
  const of = { name, device, server, local, people };
  const place = { folder, host, custody };
  const begun = existsSync(folder) ? await goneOn(place) : undefined;
  if (begun !== undefined) {
    await keep(world, begun, of);
    return;
  }
  const link = await SottoClient.openLink({ host, server, platform: process.platform, name: device });
  world.interrupted.addEventListener('abort', () => {
    link.cancel();
  });
  await compare(world, link, { ...of, yes: options.yes === true });
  const onWaiting = ({ until }: { readonly until: number }): void => {
    out.line(`An admin is asked, at the latest until ${minute(until)} UTC. Leave this open, or run it again later.`);
  };
  await keep(world, await SottoClient.finishLink(link, place, { onWaiting, signal: world.interrupted }), of);
}

/** A linking that was left open here; undefined when it came to nothing. */
async function goneOn(place: Place): Promise<SottoClient | undefined> {
  try {
    return await SottoClient.open(place);
  } catch (error) {
    if (['store_missing', 'link_unfinished', 'link_denied'].includes(sottoError(error)?.code ?? '')) return undefined;
    throw error;
  }
}

/** Shows the text, then the account of whoever answers it. */
async function compare(world: World, link: NewLink, of: NewPlace & { readonly yes: boolean }): Promise<void> {
  const { out } = world;
  const { name, local, yes } = of;
  out.line('Within two minutes, on a device that the person has already:');
  out.line();
  out.line(`  ./sotto link approve '${link.text}' --as ${name}`);
  out.line();
  const shown = await link.account();
  out.line(`Account ${shown.accountId}, devices so far: ${String(shown.devices)}.`);
  out.line(`Fingerprint  ${link.fingerprint}  (the same on the old device)`);
  const known =
    local === undefined
      ? ''
      : local.accountId === shown.accountId
        ? ` This is ${name}.`
        : ` This is NOT ${name} as known here!`;
  if (await confirmed(world, `Add this device to that account?${known}`, { yes })) return;
  link.cancel();
  throw new Trouble('Nothing was added.', 'Begin again when you are sure.');
}

async function keep({ out }: World, client: SottoClient, of: NewPlace): Promise<void> {
  const { name, device, server, local, people } = of;
  try {
    const { tenantId, accountId, contactAddress, deviceId } = client.me;
    const devices = { ...local?.devices, [device]: deviceId };
    people.save(name, { demo: local?.demo ?? false, server, tenantId, accountId, address: contactAddress, devices });
    out.line(`Linked. Chat with it: ./sotto chat ${name} --device ${device}`);
  } finally {
    await client.close();
  }
}

async function approve(world: World, text: string, options: ApproveOptions & { readonly as: string }): Promise<void> {
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
      confirm: ({ deviceId, platform, name, fingerprint }) => {
        out.line(`A new device asks: "${harmless(name)}" on ${harmless(platform)}, id ${deviceId}`);
        out.line(`Fingerprint  ${fingerprint}  (the same on the new device)`);
        return confirmed(world, 'Is it yours, in front of you?', { yes: options.yes === true });
      },
    });
    if (added.waitingUntil !== undefined) {
      out.line(
        `An admin is asked. ${harmless(added.name)} is added when they approve, at the latest ${minute(added.waitingUntil)} UTC;`,
      );
      out.line(`this device does it, so let it be online then: ./sotto chat ${options.as}`);
      return;
    }
    out.line(`Added: ${harmless(added.name)}. From now on it gets everything that is written to ${options.as}.`);
  } catch (error) {
    if (sottoError(error)?.code === 'link_refused')
      throw new Trouble('Nothing was added.', 'The new device has been told.');
    throw error;
  } finally {
    await old.client.close();
  }
}
