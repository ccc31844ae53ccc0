import type { Command } from 'commander';
import { systemClock } from '../../../../libs/platform/clock.js';
import { systemIds } from '../../../../libs/platform/ids.js';
import { Db } from '../../../../libs/platform/postgres.js';
import { declareRestored } from '../../../../libs/serving/restored.js';
import { Trouble } from '../trouble.js';
import type { World } from '../world.js';
import { withDatabase } from '../database.js';

export function restoredCommand(program: Command, world: World): void {
  program
    .command('restored')
    .description('Say that the database was restored from a backup; before the server is started on it')
    .option('--reason <text>', 'for the audit')
    .addHelpText(
      'after',
      `
Uses DATABASE_URL, else the embedded PostgreSQL in .sotto/. A recovery to a point in time and a promoted standby are noticed without it;
a base backup or a copied data folder that was started as it was is not. Every client is told to begin anew, tokens of before are refused,
one-time prekeys are dropped. Saying it once too often does no harm.

Example:
  $ DATABASE_URL=postgres://sotto:secret@db:5432/sotto sotto restored --reason 'disk of db1 lost, backup of 02:00'`,
    )
    .action((options: { readonly reason?: string }) => restored(world, options.reason));
}

async function restored(world: World, reason: string | undefined): Promise<void> {
  const { out } = world;
  const incarnation = await withDatabase(world, async (url) => {
    const db = Db.connect({ url, max: 1, application: 'sotto-restored' });
    try {
      return await declareRestored(db, { clock: systemClock, ids: systemIds, reason });
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      throw new Trouble(
        `It could not be written down: ${what}`,
        'Look at DATABASE_URL, and run `sotto migrate` first.',
      );
    } finally {
      await db.close();
    }
  });
  out.line(`Written down; the incarnation is ${Buffer.from(incarnation).toString('hex')}. Start the server now.`);
}
