import type { Provider } from '@nestjs/common';
import { Bundles } from '../devices/bundles.js';
import { Accounts } from '../directory/accounts.js';
import { Guards } from '../mailbox/guards.js';
import { Mailbox } from '../mailbox/mailbox.js';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { Installation } from '../platform/installation.js';
import type { Logger } from '../platform/log.js';
import { Metrics } from '../platform/metrics.js';
import { CLOCK, IDS, LOG } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import { Doorbell } from '../realtime/doorbell.js';
import { DeviceSets } from './device-sets.js';
import { Drain } from './drain.js';
import { MessagingEvents } from './events.js';
import { Sender, type SenderParts } from './send.js';

const SENDER_PARTS = Symbol('SenderParts');

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
    provide: SENDER_PARTS,
    useFactory: (
      sets: DeviceSets,
      mailbox: Mailbox,
      bundles: Bundles,
      doorbell: Doorbell,
      events: MessagingEvents,
    ): SenderParts => ({ sets, mailbox, bundles, doorbell, events }),
    inject: [DeviceSets, Mailbox, Bundles, Doorbell, MessagingEvents],
  },
  {
    provide: Sender,
    useFactory: (db: Db, parts: SenderParts, clock: Clock, ids: Ids) => new Sender(db, parts, clock, ids),
    inject: [Db, SENDER_PARTS, CLOCK, IDS],
  },
  {
    provide: Drain,
    useFactory: (mailbox: Mailbox, events: MessagingEvents, log: Logger) => new Drain(mailbox, events, log),
    inject: [Mailbox, MessagingEvents, LOG],
  },
];
