import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBinaries, sharedFolder } from './embedded-binaries.js';
import { originIn } from './embedded-memory.js';
import { type EmbeddedPostgres, startEmbeddedPostgres, stopAbandoned } from './embedded-postgres.js';
import { claim, livingOwner } from './local-process.js';

const PREFIX = 'throw-away-';
/** Claimed by the process that made the place, until it is gone: also while a test has killed what runs there, or puts a backup back. */
const RUN = 'run';
/** Again where another run sweeps the same folder at the same time. */
const GONE = { recursive: true, force: true, maxRetries: 5 } as const;

/** An instance for tests and demos: same settings as always, a folder of its own, gone after `stop`. */
export async function startThrowAwayPostgres(): Promise<EmbeddedPostgres> {
  await sweepThrowAways();
  const place = mkdtempSync(join(sharedFolder(openBinaries(null).user), PREFIX));
  claim(join(place, RUN));
  chmodSync(place, 0o711);
  const postgres = await startEmbeddedPostgres({ folder: join(place, 'postgres') });
  return {
    ...postgres,
    stop: async () => {
      await postgres.stop();
      rmSync(place, GONE);
    },
  };
}

/** Stops and removes what killed test runs left: throw-away instances, and the data of projects in temporary folders that are gone. */
export async function sweepThrowAways(): Promise<void> {
  const home = sharedFolder(openBinaries(null).user);
  for (const name of readdirSync(home)) {
    const path = join(home, name);
    const isOwned = (): boolean => ['postgres', RUN].some((what) => livingOwner(join(path, what)) !== null);
    if (name.startsWith(PREFIX) && !isOwned() && !isYoung(path)) {
      await stopAbandoned(join(path, 'postgres'));
      rmSync(path, GONE);
    }
    if (name.endsWith('.origin') && isGone(originIn(path) ?? '')) {
      const data = path.slice(0, -'.origin'.length);
      await stopAbandoned(data);
      for (const left of [data, `${data}.new`, path]) rmSync(left, GONE);
    }
  }
}

/** Another process may be between making the folder and claiming it. */
function isYoung(place: string): boolean {
  const mtimeMs = statSync(place, { throwIfNoEntry: false })?.mtimeMs;
  // Another run sweeps too: what is gone by now is swept.
  return mtimeMs === undefined || (!existsSync(join(place, 'postgres.json')) && Date.now() - mtimeMs < 60_000);
}

/** Elsewhere a missing folder may be a disk that is not mounted: its data is kept. */
function isGone(folder: string): boolean {
  return (
    [tmpdir(), '/tmp', '/var/tmp'].some((place) => folder.startsWith(`${place}/`)) && !existsSync(`${folder}.json`)
  );
}
