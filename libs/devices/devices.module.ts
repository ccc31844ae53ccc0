import type { Provider } from '@nestjs/common';
import { Credentials } from '../auth/credentials.js';
import { Accounts } from '../directory/accounts.js';
import { Invitations } from '../directory/invitations.js';
import { Prekeys } from '../keys/prekeys.js';
import { Guards } from '../mailbox/guards.js';
import type { Clock } from '../platform/clock.js';
import { Limiter } from '../platform/limiter.js';
import { Installation } from '../platform/installation.js';
import { CLOCK } from '../platform/platform.module.js';
import { Db } from '../platform/postgres.js';
import { Tenants } from '../tenancy/tenants.js';
import { AccountStates } from './account-states.js';
import { Activation } from './activation.js';
import { Bundles } from './bundles.js';
import { DeviceChains } from './chains.js';
import { Enrolments } from './enrolment.js';
import { Histories } from './history.js';
import { IdleDevices } from './idle.js';
import { PendingDevices } from './pending.js';
import { Registrations } from './registration.js';
import { Resets } from './resets.js';
import { Revocations } from './revocation.js';
import { DeviceLists } from './store-list.js';

export const devicesProviders: Provider[] = [
  { provide: DeviceChains, useFactory: () => new DeviceChains() },
  {
    provide: PendingDevices,
    useFactory: (db: Db, accounts: Accounts, prekeys: Prekeys, tenants: Tenants, clock: Clock) =>
      new PendingDevices(db, { accounts, prekeys, tenants }, clock),
    inject: [Db, Accounts, Prekeys, Tenants, CLOCK],
  },
  {
    provide: Activation,
    useFactory: (
      accounts: Accounts,
      guards: Guards,
      prekeys: Prekeys,
      credentials: Credentials,
      chains: DeviceChains,
    ) => new Activation({ accounts, guards, prekeys, credentials, chains }),
    inject: [Accounts, Guards, Prekeys, Credentials, DeviceChains],
  },
  {
    provide: Enrolments,
    useFactory: (db: Db, invitations: Invitations, accounts: Accounts, chains: DeviceChains, activation: Activation) =>
      new Enrolments(db, { invitations, accounts, chains, activation }),
    inject: [Db, Invitations, Accounts, DeviceChains, Activation],
  },
  {
    provide: DeviceLists,
    useFactory: (
      db: Db,
      accounts: Accounts,
      tenants: Tenants,
      chains: DeviceChains,
      pending: PendingDevices,
      activation: Activation,
    ) => new DeviceLists(db, { accounts, tenants, chains, pending, activation }),
    inject: [Db, Accounts, Tenants, DeviceChains, PendingDevices, Activation],
  },
  {
    provide: Registrations,
    useFactory: (db: Db, accounts: Accounts, chains: DeviceChains, guards: Guards, prekeys: Prekeys) =>
      new Registrations(db, { accounts, chains, guards, prekeys }),
    inject: [Db, Accounts, DeviceChains, Guards, Prekeys],
  },
  {
    provide: Revocations,
    useFactory: (
      db: Db,
      accounts: Accounts,
      chains: DeviceChains,
      guards: Guards,
      prekeys: Prekeys,
      credentials: Credentials,
      pending: PendingDevices,
      clock: Clock,
    ) => new Revocations(db, { accounts, chains, guards, prekeys, credentials, pending }, clock),
    inject: [Db, Accounts, DeviceChains, Guards, Prekeys, Credentials, PendingDevices, CLOCK],
  },
  {
    provide: Resets,
    useFactory: (
      db: Db,
      accounts: Accounts,
      tenants: Tenants,
      invitations: Invitations,
      chains: DeviceChains,
      revocations: Revocations,
    ) => new Resets(db, { accounts, tenants, invitations, chains, revocations }),
    inject: [Db, Accounts, Tenants, Invitations, DeviceChains, Revocations],
  },
  {
    provide: Histories,
    useFactory: (
      db: Db,
      accounts: Accounts,
      tenants: Tenants,
      chains: DeviceChains,
      guards: Guards,
      prekeys: Prekeys,
      credentials: Credentials,
      revocations: Revocations,
      installation: Installation,
      clock: Clock,
    ) =>
      new Histories(db, {
        accounts,
        tenants,
        chains,
        guards,
        prekeys,
        credentials,
        revocations,
        installation,
        clock,
      }),
    inject: [Db, Accounts, Tenants, DeviceChains, Guards, Prekeys, Credentials, Revocations, Installation, CLOCK],
  },
  {
    provide: IdleDevices,
    useFactory: (credentials: Credentials, tenants: Tenants, revocations: Revocations, clock: Clock) =>
      new IdleDevices({ credentials, tenants, revocations, clock }),
    inject: [Credentials, Tenants, Revocations, CLOCK],
  },
  {
    provide: AccountStates,
    useFactory: (
      accounts: Accounts,
      guards: Guards,
      credentials: Credentials,
      revocations: Revocations,
      clock: Clock,
    ) => new AccountStates({ accounts, guards, credentials, revocations }, clock),
    inject: [Accounts, Guards, Credentials, Revocations, CLOCK],
  },
  {
    provide: Bundles,
    useFactory: (db: Db, accounts: Accounts, tenants: Tenants, guards: Guards, prekeys: Prekeys, limiter: Limiter) =>
      new Bundles(db, { accounts, tenants, guards, prekeys, limiter }),
    inject: [Db, Accounts, Tenants, Guards, Prekeys, Limiter],
  },
];
