import type { Command } from 'commander';
import { adminRest, type AdminOptions } from '../admin-rest.js';
import { harmless, minute, table } from '../output.js';
import type { World } from '../world.js';
import { wholeNumber, withAdmin } from './admin-options.js';

interface AuditOptions extends AdminOptions {
  readonly tenant?: string;
  readonly last: number;
  readonly before?: number;
}

export function auditCommand(program: Command, world: World): void {
  withAdmin(
    program
      .command('audit')
      .description('What admins did, newest first')
      .option('--tenant <id>', 'only in this tenant')
      .option('--last <n>', 'how many, at most 500', wholeNumber('--last'), 50)
      .option('--before <no>', 'older than this row', wholeNumber('--before')),
  )
    .addHelpText('after', '\nExample:\n  $ sotto audit --tenant 0b1c… --last 20')
    .action((options: AuditOptions) => audit(world, options));
}

async function audit(world: World, options: AuditOptions): Promise<void> {
  const { tenant, last, before } = options;
  const { rows, next } = await adminRest(world, options).audit({ tenantId: tenant, limit: last, before });
  const lines = rows.map((row) => [
    String(row.no),
    minute(row.at),
    row.action,
    row.outcome,
    row.targetId ?? '-',
    row.tokenId,
    harmless(row.reason ?? ''),
  ]);
  for (const line of table([['NO', 'AT (UTC)', 'ACTION', 'OUTCOME', 'TARGET', 'TOKEN', 'REASON'], ...lines]))
    world.out.line(line);
  if (next !== null) world.out.error(`Older ones: sotto audit --before ${next}`);
}
