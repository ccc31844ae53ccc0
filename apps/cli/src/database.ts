import { embeddedPostgresStatus, startEmbeddedPostgres } from '../../../libs/platform/embedded-postgres.js';
import { makeHome } from './home.js';
import type { World } from './world.js';

/** With DATABASE_URL, else the embedded PostgreSQL in `.sotto/`, which is started for the moment when it is not running. */
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
