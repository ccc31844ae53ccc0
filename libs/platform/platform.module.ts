import type { Provider } from '@nestjs/common';
import type { Clock } from './clock.js';
import type { Ids } from './ids.js';
import { Installation } from './installation.js';
import { Limiter } from './limiter.js';
import type { Logger } from './log.js';
import { Metrics } from './metrics.js';
import { Db } from './postgres.js';
import type { RedisLink } from './redis.js';
import { MasterKey } from './secrets.js';

/** Names for what is an interface and not a class. */
export const CLOCK = Symbol('Clock');
export const IDS = Symbol('Ids');
export const LOG = Symbol('Logger');
/** A RedisLink, or undefined in the one process that needs none. */
export const REDIS = Symbol('Redis');

/** What a process opens before anything else. */
export interface Platform {
  readonly db: Db;
  readonly redis: RedisLink | undefined;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly masterKey: MasterKey;
  readonly limiter: Limiter;
  readonly installation: Installation;
}

export function platformProviders(platform: Platform): Provider[] {
  return [
    { provide: Db, useValue: platform.db },
    { provide: REDIS, useValue: platform.redis },
    { provide: CLOCK, useValue: platform.clock },
    { provide: IDS, useValue: platform.ids },
    { provide: LOG, useValue: platform.log },
    { provide: Metrics, useValue: platform.metrics },
    { provide: MasterKey, useValue: platform.masterKey },
    { provide: Limiter, useValue: platform.limiter },
    { provide: Installation, useValue: platform.installation },
  ];
}
