import type { Command } from 'commander';
import { adminRest, type AdminOptions } from '../admin-rest.js';
import { enrolWith, minute, table } from '../output.js';
import type { World } from '../world.js';
import { wholeNumber, withAdmin, withReason } from './admin-options.js';

interface InviteOptions extends AdminOptions {
  readonly tenant: string;
}

interface CreateOptions extends InviteOptions {
  readonly account?: string;
  readonly uses: number;
  readonly hours: number;
}

const TENANT = ['--tenant <id>', 'id of the tenant, from `sotto tenant list`'] as const;

export function inviteCommand(program: Command, world: World): void {
  const invite = program.command('invite').description('Invitations: codes with which people enrol their first device');
  withReason(
    withAdmin(
      invite
        .command('create')
        .description('Make an invitation; its code is shown once')
        .requiredOption(...TENANT)
        .option('--account <id>', 'for this account only; otherwise each use makes a new account')
        .option('--uses <n>', 'how many people may use it', wholeNumber('--uses'), 1)
        .option('--hours <n>', 'hours until it expires', wholeNumber('--hours'), 72),
    ),
  )
    .addHelpText('after', '\nExample:\n  $ sotto invite create --tenant 0b1c… --uses 20 --hours 24')
    .action((options: CreateOptions) => create(world, options));
  withAdmin(
    invite
      .command('list')
      .description('All invitations of a tenant')
      .requiredOption(...TENANT),
  )
    .addHelpText('after', '\nExample:\n  $ sotto invite list --tenant 0b1c…')
    .action((options: InviteOptions) => list(world, options));
  withReason(
    withAdmin(
      invite
        .command('revoke')
        .description('Make an invitation worthless; whoever came in by it stays')
        .argument('<invitation>', 'its id, from `sotto invite list`')
        .requiredOption(...TENANT),
    ),
  )
    .addHelpText('after', '\nExample:\n  $ sotto invite revoke 77aa… --tenant 0b1c…')
    .action((id: string, options: InviteOptions) => revoke(world, id, options));
}

async function create(world: World, options: CreateOptions): Promise<void> {
  const { tenant, account, uses, hours } = options;
  const wanted = { uses, expiresInHours: hours, ...(account === undefined ? {} : { accountId: account }) };
  const made = await adminRest(world, options).createInvitation(tenant, wanted);
  world.out.line(made.code);
  world.out.error(`Shown only now; good for ${String(made.uses)} until ${minute(made.expiresAt)} UTC.`);
  world.out.error(`The person enrols with: ${enrolWith(made.code)}`);
}

async function list(world: World, options: InviteOptions): Promise<void> {
  const rows = (await adminRest(world, options).invitations(options.tenant)).map((one) => [
    one.invitationId,
    minute(one.expiresAt),
    `${String(one.used)} of ${String(one.uses)}`,
    one.revoked ? 'revoked' : one.expiresAt < world.host.now() ? 'expired' : one.used >= one.uses ? 'used up' : 'good',
    one.accountId ?? 'new accounts',
  ]);
  for (const line of table([['INVITATION', 'EXPIRES (UTC)', 'USED', 'STATE', 'FOR'], ...rows])) world.out.line(line);
}

async function revoke(world: World, invitationId: string, options: InviteOptions): Promise<void> {
  await adminRest(world, options).revokeInvitation(options.tenant, invitationId);
  world.out.line('Revoked.');
}
