import type { Command } from 'commander';
import { embeddedPostgresStatus, startEmbeddedPostgres } from '../../../../libs/platform/embedded-postgres.js';
import { migrate } from '../../../../libs/platform/migrate.js';
import { makeHome, migrationsFolder } from '../home.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';

export function migrateCommand(program: Command, world: World): void {
  program
    .command('migrate')
    .description('Bring the database up to date; changes nothing that is there already')
    .addHelpText(
      'after',
      `
Uses DATABASE_URL, else the embedded PostgreSQL in .sotto/ (started for the moment if it is not running).
Run it before you roll out a new release: processes of this release and of the one before work on the result.

Example:
  $ DATABASE_URL=postgres://sotto:secret@db:5432/sotto sotto migrate`,
    )
    .action(() => run(world));
}

async function run(world: World): Promise<void> {
  const { out } = world;
  const applied = await withDatabase(world, (url) => out.step('Bringing the database up to date', () => apply(url)));
  for (const name of applied) out.line(`  ${name}`);
  out.line(applied.length === 0 ? 'Nothing was missing.' : `${String(applied.length)} migrations applied.`);
}

async function apply(url: string): Promise<readonly string[]> {
  try {
    return await migrate(url, migrationsFolder());
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Trouble(
      `The database could not be brought up to date: ${what}`,
      'Look at DATABASE_URL and at the rights of its user.',
    );
  }
}

/** With DATABASE_URL, else with the embedded PostgreSQL, which is started for the moment if it does not run. */
export async function withDatabase<Result>(world: World, work: (url: string) => Promise<Result>): Promise<Result> {
  const { env, home } = world;
  const given = env['DATABASE_URL']?.trim() ?? '';
  if (given !== '') return work(given);
  const status = embeddedPostgresStatus(home.postgres);
  if (status.kind === 'running' && status.owner !== null) return work(status.url);
  makeHome(home);
  const postgres = await world.out.step('Starting PostgreSQL', () => startEmbeddedPostgres({ folder: home.postgres }));
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}
