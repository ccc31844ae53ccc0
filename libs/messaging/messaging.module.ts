import type { Provider } from '@nestjs/common';
import { Bundles } from '../devices/bundles.js';
import { Accounts } from '../directory/accounts.js';
import { Expiry } from '../mailbox/expiry.js';
import { Gaps } from '../mailbox/gaps.js';
import { Guards } from '../mailbox/guards.js';
import { Mailbox } from '../mailbox/mailbox.js';
import { Refusals } from '../mailbox/refusals.js';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { Installation } from '../platform/installation.js';
import { Limiter } from '../platform/limiter.js';
import type { Logger } from '../platform/log.js';
import { Metrics } from '../platform/metrics.js';
import { CLOCK, IDS, LOG, REDIS } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import type { RedisLink } from '../platform/redis.js';
import { Doorbell } from '../realtime/doorbell.js';
import { NodeLink } from '../realtime/node-link.js';
import { Tenants } from '../tenancy/tenants.js';
import { DeviceSets } from './device-sets.js';
import { Drain, type DrainParts } from './drain.js';
import { Ephemerals } from './ephemerals.js';
import { MessagingEvents } from './events.js';
import { SendLimits } from './limits.js';
import { LongPolls } from './polls.js';
import { Retention } from './retention.js';
import { Sender, type SenderParts } from './send.js';

const SENDER_PARTS = Symbol('SenderParts');
const DRAIN_PARTS = Symbol('DrainParts');

export const messagingProviders: Provider[] = [
  { provide: MessagingEvents, useFactory: (metrics: Metrics) => new MessagingEvents(metrics), inject: [Metrics] },
  {
    provide: DeviceSets,
    useFactory: (accounts: Accounts, guards: Guards, installation: Installation) => {
      const sets = new DeviceSets(accounts, guards);
      installation.onChanged(() => {
        sets.forget();
      });
      return sets;
    },
    inject: [Accounts, Guards, Installation],
  },
  {
    provide: SendLimits,
    useFactory: (limiter: Limiter, tenants: Tenants) => new SendLimits(limiter, tenants),
    inject: [Limiter, Tenants],
  },
  {
    provide: SENDER_PARTS,
    useFactory: (
      limits: SendLimits,
      sets: DeviceSets,
      mailbox: Mailbox,
      bundles: Bundles,
      doorbell: Doorbell,
      ephemerals: Ephemerals,
      events: MessagingEvents,
    ): SenderParts => ({ limits, sets, mailbox, bundles, doorbell, ephemerals, events }),
    inject: [SendLimits, DeviceSets, Mailbox, Bundles, Doorbell, Ephemerals, MessagingEvents],
  },
  {
    provide: Sender,
    useFactory: (db: Db, parts: SenderParts, clock: Clock, ids: Ids) => new Sender(db, parts, clock, ids),
    inject: [Db, SENDER_PARTS, CLOCK, IDS],
  },
  {
    provide: DRAIN_PARTS,
    useFactory: (
      mailbox: Mailbox,
      gaps: Gaps,
      refusals: Refusals,
      doorbell: Doorbell,
      events: MessagingEvents,
      log: Logger,
    ): DrainParts => ({ mailbox, gaps, refusals, doorbell, events, log }),
    inject: [Mailbox, Gaps, Refusals, Doorbell, MessagingEvents, LOG],
  },
  { provide: Drain, useFactory: (parts: DrainParts) => new Drain(parts), inject: [DRAIN_PARTS] },
  { provide: LongPolls, useFactory: (parts: DrainParts) => new LongPolls(parts), inject: [DRAIN_PARTS] },
  {
    provide: Retention,
    useFactory: (db: Db, expiry: Expiry, accounts: Accounts, tenants: Tenants) =>
      new Retention({ db, expiry, accounts, tenants }),
    inject: [Db, Expiry, Accounts, Tenants],
  },
  {
    provide: Ephemerals,
    // One process needs no link: every stream is its own.
    useFactory: (drain: Drain, doorbell: Doorbell, clock: Clock, link: NodeLink, redis?: RedisLink) =>
      new Ephemerals(drain, doorbell, clock, redis === undefined ? undefined : link),
    inject: [Drain, Doorbell, CLOCK, NodeLink, REDIS],
  },
];
