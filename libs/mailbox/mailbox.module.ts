import type { Provider } from '@nestjs/common';
import { Metrics } from '../platform/metrics.js';
import { Db } from '../platform/postgres.js';
import { MailboxDepth } from './depth.js';
import { Expiry } from './expiry.js';
import { Gaps } from './gaps.js';
import { Guards } from './guards.js';
import { Mailbox } from './mailbox.js';
import { Refusals } from './refusals.js';

export const mailboxProviders: Provider[] = [
  { provide: Guards, useFactory: () => new Guards() },
  { provide: Mailbox, useFactory: (db: Db) => new Mailbox(db), inject: [Db] },
  { provide: Gaps, useFactory: (db: Db) => new Gaps(db), inject: [Db] },
  { provide: Refusals, useFactory: (db: Db) => new Refusals(db), inject: [Db] },
  {
    provide: Expiry,
    useFactory: (db: Db, metrics: Metrics) => {
      const gaps = metrics.counter({
        name: 'gap_envelopes_total',
        help: 'Envelopes removed without an ack, which their devices are told of as gaps, by reason',
        labelNames: ['reason'],
      });
      return new Expiry(db, (reason, envelopes) => {
        gaps.inc({ reason }, envelopes);
      });
    },
    inject: [Db, Metrics],
  },
  { provide: MailboxDepth, useFactory: (db: Db) => new MailboxDepth(db), inject: [Db] },
];
