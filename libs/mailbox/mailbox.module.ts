import type { Provider } from '@nestjs/common';
import { Db } from '../platform/postgres.js';
import { Guards } from './guards.js';
import { Mailbox } from './mailbox.js';

export const mailboxProviders: Provider[] = [
  { provide: Guards, useFactory: () => new Guards() },
  { provide: Mailbox, useFactory: (db: Db) => new Mailbox(db), inject: [Db] },
];
