import type { Provider } from '@nestjs/common';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { CLOCK, IDS } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import { Tenants } from './tenants.js';

export const tenancyProviders: Provider[] = [
  {
    provide: Tenants,
    useFactory: (db: Db, clock: Clock, ids: Ids) => new Tenants(db, clock, ids),
    inject: [Db, CLOCK, IDS],
  },
];
