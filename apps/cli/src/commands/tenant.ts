import type { Command } from 'commander';
import type { z } from 'zod';
import { Policy, PolicySettings } from '../../../../libs/protocol/bodies.js';
import { adminRest, type AdminOptions } from '../admin-rest.js';
import { minute, table } from '../output.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';
import { withAdmin, withReason } from './admin-options.js';

export function tenantCommand(program: Command, world: World): void {
  const tenant = program
    .command('tenant')
    .description('Tenants: the customers of this installation, walled off from each other');
  withReason(
    withAdmin(
      tenant.command('create').description('Make a tenant').argument('<name>', 'for people, for example "Acme"'),
    ),
  )
    .addHelpText('after', '\nExample:\n  $ sotto tenant create Acme')
    .action((name: string, options: AdminOptions) => create(world, name, options));
  withAdmin(tenant.command('list').description('All tenants, oldest first'))
    .addHelpText('after', '\nExample:\n  $ sotto tenant list')
    .action((options: AdminOptions) => list(world, options));
  addPolicy(tenant, 'tenant policy', world);
}

/** `sotto policy`: the same as `sotto tenant policy`. */
export function policyCommand(program: Command, world: World): void {
  addPolicy(program, 'policy', world);
}

function addPolicy(parent: Command, called: string, world: World): void {
  const rules = Object.entries(Policy.shape).map(([name, schema]) => `  ${name.padEnd(22)}${schema.description ?? ''}`);
  withReason(
    withAdmin(
      parent
        .command('policy')
        .description('Show the policy of a tenant, or change values of it')
        .argument('<tenant>', 'id of the tenant')
        .argument('[changes...]', 'name=value'),
    ),
  )
    .addHelpText(
      'after',
      `\nValues:\n${rules.join('\n')}\n\nExamples:\n  $ sotto ${called} 0b1c…\n  $ sotto ${called} 0b1c… devicesPerAccount=10`,
    )
    .action((tenantId: string, changes: readonly string[], options: AdminOptions) =>
      policy(world, { tenantId, changes, options }),
    );
}

async function create(world: World, name: string, options: AdminOptions): Promise<void> {
  const { tenantId } = await adminRest(world, options).createTenant(name);
  world.out.line(tenantId);
  world.out.error(`Made. Invite its first person: sotto invite create --tenant ${tenantId}`);
}

async function list(world: World, options: AdminOptions): Promise<void> {
  const tenants = await adminRest(world, options).tenants();
  const rows = tenants.map(({ tenantId, name, createdAt }) => [tenantId, minute(createdAt), name]);
  for (const line of table([['TENANT', 'CREATED (UTC)', 'NAME'], ...rows])) world.out.line(line);
}

async function policy(
  world: World,
  asked: { readonly tenantId: string; readonly changes: readonly string[]; readonly options: AdminOptions },
): Promise<void> {
  const admin = adminRest(world, asked.options);
  const changes = parseChanges(asked.changes);
  const now = await admin.policy(asked.tenantId);
  const shown = Object.keys(changes).length === 0 ? now : await admin.setPolicy(asked.tenantId, { ...now, ...changes });
  const rows = Object.entries(shown).map(([name, value]) => [name, String(value)]);
  for (const line of table(rows)) world.out.line(line);
}

/** `devicesPerAccount=10` -> a policy with that value. Names and ranges come from the schema. */
export function parseChanges(changes: readonly string[]): z.infer<typeof PolicySettings> {
  const values: Record<string, number | string> = {};
  for (const change of changes) {
    const [name = '', text = ''] = change.split('=', 2);
    if (!(name in Policy.shape)) {
      throw new Trouble(
        `There is no policy value "${name}".`,
        `There are: ${Object.keys(Policy.shape).join(', ')}.`,
        2,
      );
    }
    values[name] = /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text.trim();
  }
  const parsed = PolicySettings.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Trouble(
    `${String(issue?.path.join('.'))}: ${issue?.message ?? 'not valid'}.`,
    'Give name=value, for example devicesPerAccount=10 or tokens=dpop.',
    2,
  );
}
