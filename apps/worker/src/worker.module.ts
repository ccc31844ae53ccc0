import type { Provider } from '@nestjs/common';
import { IdleDevices } from '../../../libs/devices/idle.js';
import { PendingDevices } from '../../../libs/devices/pending.js';
import { Prekeys } from '../../../libs/keys/prekeys.js';
import { MailboxDepth } from '../../../libs/mailbox/depth.js';
import { Guards } from '../../../libs/mailbox/guards.js';
import { Mailbox } from '../../../libs/mailbox/mailbox.js';
import { Retention } from '../../../libs/messaging/retention.js';
import type { Clock } from '../../../libs/platform/clock.js';
import type { Logger } from '../../../libs/platform/log.js';
import { Metrics } from '../../../libs/platform/metrics.js';
import { CLOCK, LOG } from '../../../libs/platform/platform.module.js';
import { Db } from '../../../libs/platform/postgres.js';
import { MasterKey, namespaceOf } from '../../../libs/platform/secrets.js';
import { Doorbell } from '../../../libs/realtime/doorbell.js';
import { JobEvents } from './jobs.js';
import { Statistics } from './statistics.js';
import { WorkerLoop } from './worker.js';

const statistics: Provider = {
  provide: Statistics,
  useFactory: (db: Db, depth: MailboxDepth, clock: Clock, metrics: Metrics) =>
    new Statistics({ db, depth, clock }, metrics),
  inject: [Db, MailboxDepth, CLOCK, Metrics],
};

interface Stores {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}

export function workerProviders({ databaseUrl, redisUrl }: Stores): Provider[] {
  return [
    {
      provide: WorkerLoop,
      useFactory: (
        db: Db,
        guards: Guards,
        mailbox: Mailbox,
        prekeys: Prekeys,
        pending: PendingDevices,
        idle: IdleDevices,
        retention: Retention,
        doorbell: Doorbell,
        key: MasterKey,
        clock: Clock,
        log: Logger,
        metrics: Metrics,
        statistics: Statistics,
      ) =>
        new WorkerLoop(
          {
            db,
            guards,
            mailbox,
            prekeys,
            pending,
            idle,
            retention,
            statistics,
            doorbell,
            clock,
            events: new JobEvents(metrics, log),
          },
          { postgresUrl: databaseUrl, redisUrl, namespace: namespaceOf(key) },
          log,
        ),
      inject: [
        Db,
        Guards,
        Mailbox,
        Prekeys,
        PendingDevices,
        IdleDevices,
        Retention,
        Doorbell,
        MasterKey,
        CLOCK,
        LOG,
        Metrics,
        Statistics,
      ],
    },
    statistics,
  ];
}
