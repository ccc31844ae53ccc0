import type { Command } from 'commander';
import { SCOPES, type Scope } from '../../../../libs/protocol/bodies.js';
import { adminRest, type AdminOptions } from '../admin-rest.js';
import { minute, table } from '../output.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';
import { wholeNumber, withAdmin, withReason } from './admin-options.js';

interface CreateOptions extends AdminOptions {
  readonly scope: readonly string[];
  readonly tenant?: string;
  readonly days: number;
}

export function tokenCommand(program: Command, world: World): void {
  const token = program.command('token').description('Service tokens: what programs and admins use at the admin API');
  withReason(
    withAdmin(
      token
        .command('create')
        .description('Make a token; it is shown once')
        .argument('<name>', 'what it is for, for example "hr sync"')
        .requiredOption('--scope <scopes...>', SCOPES.join(', '))
        .option('--tenant <id>', 'good for this tenant only')
        .option('--days <days>', 'days until it expires', wholeNumber('--days'), 90),
    ),
  )
    .addHelpText(
      'after',
      '\nExample:\n  $ sotto token create "hr sync" --scope accounts invitations --tenant 0b1c… --days 30',
    )
    .action((name: string, options: CreateOptions) => create(world, name, options));
  withAdmin(token.command('list').description('All tokens, without their secrets'))
    .addHelpText('after', '\nExample:\n  $ sotto token list')
    .action((options: AdminOptions) => list(world, options));
  withReason(
    withAdmin(
      token
        .command('revoke')
        .description('Make a token worthless, for good')
        .argument('<token>', 'its id, from `sotto token list`'),
    ),
  )
    .addHelpText('after', '\nExample:\n  $ sotto token revoke 5d0e…')
    .action((tokenId: string, options: AdminOptions) => revoke(world, tokenId, options));
}

async function create(world: World, name: string, options: CreateOptions): Promise<void> {
  const scopes = parseScopes(options.scope);
  const made = await adminRest(world, options).createToken({
    name,
    scopes,
    expiresInDays: options.days,
    ...(options.tenant === undefined ? {} : { tenantId: options.tenant }),
  });
  world.out.line(made.token);
  world.out.error(`Shown only now. Its id is ${made.tokenId}; it expires ${minute(made.expiresAt)} UTC.`);
}

async function list(world: World, options: AdminOptions): Promise<void> {
  const rows = (await adminRest(world, options).tokens()).map((token) => [
    token.tokenId,
    minute(token.expiresAt),
    token.revoked ? 'revoked' : token.expiresAt < world.host.now() ? 'expired' : 'good',
    token.tenantId ?? 'all tenants',
    token.lastUsedOn ?? 'never',
    token.scopes.length === SCOPES.length ? 'everything' : token.scopes.join(','),
    token.name,
  ]);
  for (const line of table([['TOKEN', 'EXPIRES (UTC)', 'STATE', 'TENANT', 'LAST USED', 'SCOPES', 'NAME'], ...rows]))
    world.out.line(line);
}

async function revoke(world: World, tokenId: string, options: AdminOptions): Promise<void> {
  await adminRest(world, options).revokeToken(tokenId);
  world.out.line('Revoked.');
}

/** `accounts,invitations` or separate words. */
export function parseScopes(given: readonly string[]): Scope[] {
  return given
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const scope = SCOPES.find((known) => known === text);
      if (scope === undefined) throw new Trouble(`There is no scope "${text}".`, `There are: ${SCOPES.join(', ')}.`, 2);
      return scope;
    });
}
