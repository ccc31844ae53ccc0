import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { systemClock } from '../../../libs/platform/clock.js';
import { ConfigError, environment } from '../../../libs/platform/config.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { Limiter } from '../../../libs/platform/limiter.js';
import { createLogger, type Logger } from '../../../libs/platform/log.js';
import { Metrics } from '../../../libs/platform/metrics.js';
import { knownMigrations } from '../../../libs/platform/migrate.js';
import { Db } from '../../../libs/platform/postgres.js';
import { RedisLink } from '../../../libs/platform/redis.js';
import { readOrCreateMasterKey } from '../../../libs/platform/secrets.js';
import { Doorbell } from '../../../libs/realtime/doorbell.js';
import { databaseChecks, Health, redisCheck } from '../../../libs/serving/health.js';
import { createHttpApp } from '../../../libs/serving/http-app.js';
import { folderAbove } from '../../../libs/serving/project-folder.js';
import { stopOnSignal } from '../../../libs/serving/stop-on-signal.js';
import { apiModule } from './api.module.js';
import { apiConfig, type ApiConfig } from './config.js';
import { buildApi, checkDoor } from './services.js';

const CONNECTIONS = 10;

async function main(): Promise<void> {
  const config = apiConfig(environment());
  const log = createLogger({ level: config.logLevel, app: 'api' });
  const db = Db.connect({ url: config.databaseUrl, max: CONNECTIONS, application: 'sotto-api' });
  const redis = config.redisUrl === undefined ? undefined : new RedisLink(config.redisUrl, log);
  const close = async (): Promise<void> => {
    redis?.close();
    await db.close();
  };
  const api = await serve(config, { db, log, redis }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  stopOnSignal(log, async () => {
    await api.stop();
    await close();
  });
}

async function serve(
  config: ApiConfig,
  { db, log, redis }: { readonly db: Db; readonly log: Logger; readonly redis: RedisLink | undefined },
) {
  const masterKey = readOrCreateMasterKey(config.masterKeyFile);
  const metrics = new Metrics();
  const { version } = JSON.parse(readFileSync(folderAbove(import.meta.dirname, 'package.json'), 'utf8')) as {
    version: string;
  };
  const limiter = new Limiter(masterKey.subkey('limiter'), redis?.commands);
  const doorbell = new Doorbell(redis);
  const parts = { db, clock: systemClock, ids: systemIds, log, metrics, masterKey, limiter, doorbell, version };
  const services = buildApi(config, parts);
  await checkDoor(config, services.tenants);
  await services.control.start();
  const migrations = knownMigrations(folderAbove(import.meta.dirname, 'prisma/migrations'));
  const checks = [...databaseChecks(db, migrations), ...(redis === undefined ? [] : [redisCheck(() => redis.ping())])];
  const health = new Health(checks);
  const { tls, trustedProxies } = config;
  const { app } = await createHttpApp([apiModule(services)], {
    ids: systemIds,
    log,
    metrics,
    health,
    version,
    tls,
    trustedProxies,
  });
  await app.listen(config.port, config.host);
  log.info({ url: await app.getUrl() }, 'serving');
  const stop = async (): Promise<void> => {
    health.beginShutdown();
    await app.close();
    await services.control.stop();
  };
  return { stop };
}

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
}
