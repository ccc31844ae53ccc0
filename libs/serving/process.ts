import { readFileSync } from 'node:fs';
import { systemClock } from '../platform/clock.js';
import { ConfigError, type Configured } from '../platform/config.js';
import { systemIds } from '../platform/ids.js';
import { Installation } from '../platform/installation.js';
import { Limiter } from '../platform/limiter.js';
import { createLogger } from '../platform/log.js';
import { Metrics } from '../platform/metrics.js';
import { knownMigrations } from '../platform/migrate.js';
import type { Platform } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import { RedisLink } from '../platform/redis.js';
import { LiveNodes } from '../realtime/live-nodes.js';
import { readMasterKey, readOrCreateMasterKey } from '../platform/secrets.js';
import { databaseChecks, Health, redisCheck } from './health.js';
import { dropOutdated } from './restored.js';
import { folderAbove } from './project-folder.js';
import type { PROCESS_SETTINGS } from './settings.js';
import { stopOnSignal } from './stop-on-signal.js';

/** A process that has opened its stores and keys. */
export interface OpenProcess extends Platform {
  readonly health: Health;
  readonly version: string;
}

/** Opens what the configuration names, runs `serve`, and stops in the reverse order on SIGTERM or SIGINT. What fails on the way is for `main`. */
export async function runProcess(
  app: string,
  config: Configured<typeof PROCESS_SETTINGS> & { readonly connections: number },
  serve: (process: OpenProcess) => Promise<{ stop(): Promise<void> }>,
): Promise<void> {
  const log = createLogger({ level: config.logLevel, app });
  const { previousMasterKeyFile: before } = config;
  const previous = before === undefined ? undefined : readMasterKey(before);
  const masterKey = readOrCreateMasterKey(config.masterKeyFile, previous);
  const db = Db.connect({ url: config.databaseUrl, max: config.connections, application: `sotto-${app}` });
  const redis = config.redisUrl === undefined ? undefined : new RedisLink(config.redisUrl, log);
  const checks = [...databaseChecks(db, knownMigrations(folderAbove(import.meta.dirname, 'prisma/migrations')))];
  if (redis !== undefined) checks.push(redisCheck(async () => redis.ping()));
  const shared = redis === undefined ? undefined : { redis: redis.commands, secret: masterKey.subkey('limiter') };
  const nodes = new LiveNodes(db, systemClock);
  const metrics = new Metrics();
  const away = metrics.counter({
    name: 'limiter_fallbacks_total',
    help: 'Limits decided by this process alone because Redis did not answer',
  });
  const limiter = new Limiter(
    systemClock,
    shared,
    async () => nodes.count(),
    (decisions) => {
      away.inc(decisions);
    },
  );
  watchStores(metrics, db, redis);
  // Before anything is served: on a restored database the first process that looks mends what must be mended.
  const parts = { clock: systemClock, ids: systemIds, log, onRestored: dropOutdated };
  const installation = new Installation(db, parts);
  await installation.start();
  const platform = { ...parts, db, redis, metrics, masterKey, limiter, installation };
  const served = await serve({ ...platform, health: new Health(checks), version: versionOf() });
  stopOnSignal(log, async () => {
    await served.stop();
    await installation.stop();
    redis?.close();
    await db.close();
  });
}

function watchStores(metrics: Metrics, db: Db, redis: RedisLink | undefined): void {
  metrics.sampled(
    { name: 'database_pool_busy', help: 'Connections to PostgreSQL at work for this process' },
    () => db.load.busy,
  );
  metrics.sampled(
    { name: 'database_pool_waiting', help: 'Callers in this process who wait for a connection to PostgreSQL' },
    () => db.load.waiting,
  );
  if (redis !== undefined)
    metrics.sampled(
      { name: 'redis_up', help: '1: the connection of this process to Redis is open; 0: it is not' },
      () => Number(redis.isOpen),
    );
}

/**
 * The last line of every `main.ts`: a configuration error is told as it is, everything else with its stack. What fails while it starts ends
 * with 1, whatever it has opened by then: a supervisor starts anew what has ended, and not what only stands there.
 */
export async function main(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const text = error instanceof ConfigError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${String(text)}\n`);
    // eslint-disable-next-line no-restricted-properties -- nothing was served, and what was opened may hold the process up for ever
    process.exit(1);
  }
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(folderAbove(import.meta.dirname, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
