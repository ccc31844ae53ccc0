import type { Provider } from '@nestjs/common';
import { Db } from '../platform/postgres.js';
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
  { provide: Expiry, useFactory: (db: Db) => new Expiry(db), inject: [Db] },
];
