import type { Command } from 'commander';
import { existsSync, readFileSync } from 'node:fs';
import { adminRest, CsvFile, type AdminOptions } from '../admin-rest.js';
import { enrolWith, harmless, minute, table } from '../output.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';
import { withAdmin, withReason } from './admin-options.js';

interface ImportOptions extends AdminOptions {
  readonly tenant: string;
  readonly dryRun?: boolean;
}

export function importCommand(program: Command, world: World): void {
  withReason(
    withAdmin(
      program
        .command('import')
        .description('Make accounts and invitations for the people of a CSV file: all of them, or nobody')
        .argument('<file>', 'with a header line: name, and account_id if wanted')
        .requiredOption('--tenant <id>', 'id of the tenant, from `sotto tenant list`')
        .option('--dry-run', 'only list the faults'),
    ),
  )
    .addHelpText(
      'after',
      '\nThe codes are shown once; the names are not stored.\n\nExamples:\n  $ sotto import people.csv --tenant 0b1c… --dry-run\n  $ sotto import people.csv --tenant 0b1c…',
    )
    .action((file: string, options: ImportOptions) => importPeople(world, file, options));
}

async function importPeople(world: World, file: string, options: ImportOptions): Promise<void> {
  if (!existsSync(file)) throw new Trouble(`There is no file ${file}.`, 'Name a CSV file.', 2);
  const csv = new CsvFile(readFileSync(file));
  const admin = adminRest(world, options);
  const { people, faults } = await admin.checkPeople(options.tenant, csv);
  for (const { line, fault } of faults) world.out.line(`line ${line}: ${harmless(fault)}`);
  if (faults.length > 0) throw new Trouble('Nobody was imported.', 'Mend the file and try again.');
  if (options.dryRun === true) {
    world.out.line(`${people} people, no faults.`);
    return;
  }
  const rows = (await admin.importPeople(options.tenant, csv)).people.map((one) => [
    one.code,
    one.accountId,
    minute(one.expiresAt),
    one.name,
  ]);
  for (const line of table([['CODE', 'ACCOUNT', 'EXPIRES (UTC)', 'NAME'], ...rows])) world.out.line(line);
  world.out.error(`The codes are shown only now. Each person enrols with: ${enrolWith('<code>')}`);
}
