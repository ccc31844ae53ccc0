import 'reflect-metadata';
import { systemClock } from '../../../../libs/platform/clock.js';
import { systemIds } from '../../../../libs/platform/ids.js';
import { Limiter } from '../../../../libs/platform/limiter.js';
import { createLogger } from '../../../../libs/platform/log.js';
import { Metrics } from '../../../../libs/platform/metrics.js';
import { Db } from '../../../../libs/platform/postgres.js';
import { MasterKey } from '../../../../libs/platform/secrets.js';
import { Doorbell } from '../../../../libs/realtime/doorbell.js';
import { Health } from '../../../../libs/serving/health.js';
import { createHttpApp, type HttpApp } from '../../../../libs/serving/http-app.js';
import { apiModule } from '../api.module.js';
import { buildApi } from '../services.js';

/** The whole porch over a database that refuses connections: what needs none is tested with it, and what comes when it is away. */
export async function unconnectedApi(): Promise<HttpApp> {
  const log = createLogger({ level: 'silent', app: 'api' });
  const db = Db.connect({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, application: 'spec' });
  const masterKey = new MasterKey(new Uint8Array(32));
  const metrics = new Metrics();
  const parts = {
    db,
    clock: systemClock,
    ids: systemIds,
    log,
    metrics,
    masterKey,
    limiter: new Limiter(masterKey.subkey('limiter')),
    doorbell: new Doorbell(),
    version: '0.0.0',
  };
  const services = buildApi({ issuer: 'http://127.0.0.1', gatewayUrl: 'ws://127.0.0.1' }, parts);
  return createHttpApp([apiModule(services)], {
    ids: systemIds,
    log,
    metrics,
    health: new Health([]),
    version: '0.0.0',
  });
}
