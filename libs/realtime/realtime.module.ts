import type { Provider } from '@nestjs/common';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Logger } from '../platform/log.js';
import { CLOCK, IDS, LOG, REDIS } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import type { RedisLink } from '../platform/redis.js';
import { MasterKey, namespaceOf } from '../platform/secrets.js';
import { Tenants } from '../tenancy/tenants.js';
import { Doorbell } from './doorbell.js';
import { LinkingSessions } from './linking-session.js';
import { NodeLease } from './node-lease.js';
import { NodeLink } from './node-link.js';

export const realtimeProviders: Provider[] = [
  {
    provide: Doorbell,
    useFactory: (key: MasterKey, redis?: RedisLink) => new Doorbell(redis, namespaceOf(key)),
    inject: [MasterKey, REDIS],
  },
  {
    provide: NodeLease,
    useFactory: (db: Db, ids: Ids, log: Logger) => new NodeLease(db, ids, log),
    inject: [Db, IDS, LOG],
  },
  {
    provide: NodeLink,
    useFactory: (lease: NodeLease, key: MasterKey, clock: Clock, log: Logger) =>
      new NodeLink(lease, key.subkey('node-link'), clock, log),
    inject: [NodeLease, MasterKey, CLOCK, LOG],
  },
  {
    provide: LinkingSessions,
    useFactory: (ids: Ids, clock: Clock, tenants: Tenants, link: NodeLink) =>
      new LinkingSessions(ids, clock, tenants, link),
    inject: [IDS, CLOCK, Tenants, NodeLink],
  },
];
