import type { Provider } from '@nestjs/common';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import { CLOCK, IDS } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import { Tenants } from '../tenancy/tenants.js';
import { Accounts } from './accounts.js';
import { Invitations } from './invitations.js';
import { PeopleImport } from './people-import.js';

export const directoryProviders: Provider[] = [
  { provide: Accounts, useFactory: (clock: Clock, ids: Ids) => new Accounts(clock, ids), inject: [CLOCK, IDS] },
  {
    provide: Invitations,
    useFactory: (db: Db, tenants: Tenants, accounts: Accounts, clock: Clock, ids: Ids) =>
      new Invitations(db, { tenants, accounts, clock, ids }),
    inject: [Db, Tenants, Accounts, CLOCK, IDS],
  },
  {
    provide: PeopleImport,
    useFactory: (db: Db, accounts: Accounts, invitations: Invitations) =>
      new PeopleImport(db, { accounts, invitations }),
    inject: [Db, Accounts, Invitations],
  },
];
