import 'reflect-metadata';
import { systemClock } from '../../../../libs/platform/clock.js';
import { systemIds } from '../../../../libs/platform/ids.js';
import { Installation } from '../../../../libs/platform/installation.js';
import { Limiter } from '../../../../libs/platform/limiter.js';
import { createLogger } from '../../../../libs/platform/log.js';
import { Metrics } from '../../../../libs/platform/metrics.js';
import { Db } from '../../../../libs/platform/postgres.js';
import { MasterKey } from '../../../../libs/platform/secrets.js';
import { coreProviders } from '../../../../libs/serving/core.js';
import { Health } from '../../../../libs/serving/health.js';
import { dropOutdated } from '../../../../libs/serving/restored.js';
import { createHttpApp, type HttpApp } from '../../../../libs/serving/http-app.js';
import { apiControllers, apiProviders } from '../api.module.js';

/** The whole porch over a database that refuses connections: what needs none is tested with it, and what comes when it is away. */
export async function unconnectedApi(): Promise<HttpApp> {
  return apiOver(Db.connect({ url: 'postgres://nobody@127.0.0.1:1/none', max: 1, application: 'spec' }));
}

export async function apiOver(db: Db, failedAuthPerMinute = 1_000): Promise<HttpApp> {
  const masterKey = new MasterKey(new Uint8Array(32));
  const parts = { clock: systemClock, ids: systemIds, log: createLogger({ level: 'silent', app: 'api' }) };
  const platform = {
    ...parts,
    db,
    redis: undefined,
    installation: new Installation(db, { ...parts, onRestored: dropOutdated }),
    metrics: new Metrics(),
    masterKey,
    limiter: new Limiter(systemClock),
  };
  const about = { issuer: 'http://127.0.0.1', gatewayUrl: 'ws://127.0.0.1', version: '0.0.0', failedAuthPerMinute };
  const providers = [...coreProviders(platform, about), ...apiProviders(about)];
  return createHttpApp(
    { controllers: apiControllers, providers },
    { ...platform, health: new Health([]), version: about.version },
  );
}
