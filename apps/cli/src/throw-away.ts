import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoPlace } from './demo-people.js';
import { firstStart, type FirstStart } from './first-start.js';
import { Guests } from './guests.js';
import { homeAt } from './home.js';
import { Installation } from './installation.js';
import { orInterrupted, type World } from './world.js';

export interface ThrowAway {
  readonly installation: Installation;
  readonly place: DemoPlace;
  readonly adminToken: string;
}

/** An installation on a temporary folder and free ports, gone when `work` ends, however that is. The one of this machine is not touched. */
export async function onThrowAway<Result>(
  world: World,
  options: { readonly preload?: readonly string[] },
  work: (made: ThrowAway) => Promise<Result>,
): Promise<Result> {
  const home = homeAt(mkdtempSync(join(tmpdir(), 'sotto-demo-')));
  const guests = new Guests();
  let installation: Installation | undefined;
  try {
    let begun: FirstStart | undefined;
    installation = await Installation.start({
      ...world,
      ...options,
      home,
      env: withoutSettings(world.env),
      bind: '127.0.0.1',
      port: 0,
      throwAway: true,
      prepare: async (url) => {
        begun = await firstStart(url, { home, demo: true });
      },
    });
    if (begun?.demoTenant === undefined) throw new Error('there is no demo tenant');
    const place = { home, host: world.host, server: installation.url, tenantId: begun.demoTenant, guests };
    const { adminToken } = begun;
    return await orInterrupted(world.interrupted, work({ installation, place, adminToken }));
  } finally {
    await guests.close();
    await installation?.stop();
    rmSync(home.folder, { recursive: true, force: true });
  }
}

/** The installation of this machine is none of its business. */
function withoutSettings(env: World['env']): World['env'] {
  const ours = /^(SOTTO_|DATABASE_URL$|REDIS_URL$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}
