import type { Command } from 'commander';
import { adminRest, type AdminOptions } from '../admin-rest.js';
import { confirmed, needsSomebody } from '../ask.js';
import { enrolWith, minute, table } from '../output.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';
import { wholeNumber, withAdmin, withReason } from './admin-options.js';

interface AccountOptions extends AdminOptions {
  readonly tenant: string;
  readonly yes?: boolean;
}

const TENANT = ['--tenant <id>', 'id of the tenant, from `sotto tenant list`'] as const;

export function accountCommand(program: Command, world: World): void {
  const account = program.command('account').description('The accounts of a tenant, as its admin sees them');
  const of = (name: string, what: string): Command =>
    withAdmin(
      account
        .command(name)
        .description(what)
        .argument('<account>', 'its id, from `sotto account list`')
        .requiredOption(...TENANT),
    ).addHelpText('after', `\nExample:\n  $ sotto account ${name} 9d2f… --tenant 0b1c…`);
  withAdmin(
    account
      .command('list')
      .description('All accounts, oldest first')
      .requiredOption(...TENANT),
  )
    .addHelpText('after', '\nExample:\n  $ sotto account list --tenant 0b1c…')
    .action((options: AccountOptions) => list(world, options));
  of('show', 'One account and its devices').action((id: string, options: AccountOptions) => show(world, id, options));
  withReason(
    withAdmin(
      account
        .command('create')
        .description('Make an account without devices; an invitation for it enrols the first')
        .argument('[account]', 'its id, where you have one for it; else one is made')
        .requiredOption(...TENANT),
    ),
  )
    .addHelpText('after', '\nExample:\n  $ sotto account create --tenant 0b1c…')
    .action((id: string | undefined, options: AccountOptions) => create(world, id, options));
  withReason(of('reset', 'For a person who lost everything: removes all devices, shows the code that opens it again'))
    .option('--hours <n>', 'hours until the code expires', wholeNumber('--hours'), 72)
    .option('--yes', 'without asking')
    .action((id: string, options: AccountOptions & { readonly hours: number }) => reset(world, id, options));
  withReason(of('suspend', 'Shut an account out until `lift`; its keys, devices and waiting mail stay')).action(
    (id: string, options: AccountOptions) => suspend(world, id, options),
  );
  withReason(of('lift', 'Let a suspended account in again')).action((id: string, options: AccountOptions) =>
    lift(world, id, options),
  );
  withReason(of('delete', 'Remove an account for good: its devices, its mail, and its id'))
    .option('--yes', 'without asking')
    .action((id: string, options: AccountOptions) => remove(world, id, options));
  withReason(
    withAdmin(
      account
        .command('revoke-device')
        .description('Remove a device of an account for good')
        .argument('<account>', 'id of the account')
        .argument('<device>', 'its id, from `sotto account show`')
        .requiredOption(...TENANT),
    ),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ sotto account revoke-device 9d2f… 41c0… --tenant 0b1c… --reason "phone stolen"',
    )
    .action((id: string, device: string, options: AccountOptions) => revokeDevice(world, { id, device, options }));
}

async function list(world: World, options: AccountOptions): Promise<void> {
  const rows = (await adminRest(world, options).accounts(options.tenant)).map((one) => [
    one.accountId,
    minute(one.createdAt),
    one.state === 'active' && !one.enrolled ? 'invited' : one.state,
    String(one.activeDevices),
  ]);
  for (const line of table([['ACCOUNT', 'CREATED (UTC)', 'STATE', 'DEVICES'], ...rows])) world.out.line(line);
}

async function show(world: World, id: string, options: AccountOptions): Promise<void> {
  const admin = adminRest(world, options);
  const { accountId, createdAt, state, enrolled, listVersion } = await admin.account(options.tenant, id);
  const facts = [
    ['account', accountId],
    ['created (UTC)', minute(createdAt)],
    ['state', state === 'active' && !enrolled ? 'invited' : state],
    ['list version', String(listVersion)],
  ];
  for (const line of table(facts)) world.out.line(line);
  const devices = await admin.devices(options.tenant, id);
  const rows = devices.map(({ deviceId, addedOn, lastSeenOn, mayLink, active, reason }) => [
    deviceId,
    addedOn,
    lastSeenOn ?? '-',
    mayLink ? 'yes' : 'no',
    active ? 'active' : `removed (${reason ?? 'unknown'})`,
  ]);
  world.out.line();
  for (const line of table([['DEVICE', 'ADDED', 'LAST SEEN', 'MAY LINK', 'STATE'], ...rows])) world.out.line(line);
}

async function create(world: World, id: string | undefined, options: AccountOptions): Promise<void> {
  const { accountId } = await adminRest(world, options).createAccount(options.tenant, id);
  world.out.line(accountId);
  world.out.error(`Made. Invite its person: sotto invite create --tenant ${options.tenant} --account ${accountId}`);
}

async function reset(world: World, id: string, options: AccountOptions & { readonly hours: number }): Promise<void> {
  const yes = options.yes === true;
  needsSomebody(world, { yes });
  if (!(await confirmed(world, `Remove all devices of account ${id}, for good, and change its key?`, { yes })))
    throw new Trouble('Nothing was reset.', '');
  const made = await adminRest(world, options).resetAccount(options.tenant, id, options.hours);
  world.out.line(made.code);
  world.out.error(`Shown only now; good once, until ${minute(made.expiresAt)} UTC: ${enrolWith(made.code)}`);
  world.out.error('Everybody who writes to the account is stopped until they accept its new key.');
}

async function suspend(world: World, id: string, options: AccountOptions): Promise<void> {
  await adminRest(world, options).suspendAccount(options.tenant, id);
  world.out.line('Suspended. Its sockets close and its tokens are refused within two seconds.');
}

async function lift(world: World, id: string, options: AccountOptions): Promise<void> {
  await adminRest(world, options).liftAccount(options.tenant, id);
  world.out.line('Lifted. Its devices come back by themselves.');
}

async function remove(world: World, id: string, options: AccountOptions): Promise<void> {
  const yes = options.yes === true;
  needsSomebody(world, { yes });
  if (!(await confirmed(world, `Delete account ${id} with its devices and mail, for good?`, { yes })))
    throw new Trouble('Nothing was deleted.', '');
  await adminRest(world, options).deleteAccount(options.tenant, id);
  world.out.line('Deleted.');
}

async function revokeDevice(
  world: World,
  asked: { readonly id: string; readonly device: string; readonly options: AccountOptions },
): Promise<void> {
  await adminRest(world, asked.options).revokeDevice({
    tenantId: asked.options.tenant,
    accountId: asked.id,
    deviceId: asked.device,
  });
  world.out.line('Removed.');
}
