import { Credentials } from '../auth/credentials.js';
import { Accounts } from '../directory/accounts.js';
import { Invitations } from '../directory/invitations.js';
import { Prekeys } from '../keys/prekeys.js';
import { Guards } from '../mailbox/guards.js';
import { systemIds } from '../platform/ids.js';
import { Limiter } from '../platform/limiter.js';
import type { Db } from '../platform/postgres.js';
import { FakeClock } from '../platform/testing/fakes.js';
import type { DeviceList } from '../protocol/device-list.js';
import type { AccountId, Caller, TenantId } from '../protocol/ids.js';
import {
  firstList,
  listEntry,
  nextList,
  registrationOf,
  signList,
  testAccount,
  testDevice,
  type TestAccount,
  type TestDevice,
} from '../signal/testing.js';
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

/** A person of a spec, with the list that stands. */
export interface TestPerson {
  readonly account: TestAccount;
  readonly phone: TestDevice;
  readonly list: DeviceList;
  /** The phone's. */
  readonly caller: Caller;
}

/** The real classes over a real database, wired as the modules do, and the few acts that specs repeat. */
export class DeviceWorld {
  readonly clock = new FakeClock();
  readonly tenants: Tenants;
  readonly accounts: Accounts;
  readonly invitations: Invitations;
  readonly chains = new DeviceChains();
  readonly guards = new Guards();
  readonly prekeys: Prekeys;
  readonly credentials: Credentials;
  readonly enrolments: Enrolments;
  readonly pending: PendingDevices;
  readonly lists: DeviceLists;
  readonly revocations: Revocations;
  readonly resets: Resets;
  readonly idle: IdleDevices;
  readonly histories: Histories;
  /** As if the database had been restored a moment ago. */
  readonly installation = { notBefore: this.clock.now() };
  readonly states: AccountStates;
  readonly registrations: Registrations;
  readonly bundles: Bundles;
  tenantId!: TenantId;

  constructor(readonly db: Db) {
    const { chains, clock, guards } = this;
    const tenants = (this.tenants = new Tenants(db, clock, systemIds));
    const accounts = (this.accounts = new Accounts(clock, systemIds));
    const invitations = (this.invitations = new Invitations(db, { tenants, accounts, clock, ids: systemIds }));
    const prekeys = (this.prekeys = new Prekeys(db));
    const credentials = (this.credentials = new Credentials(db));
    const activation = new Activation({ accounts, guards, prekeys, credentials, chains });
    const pending = (this.pending = new PendingDevices(db, { accounts, prekeys, tenants }, clock));
    this.enrolments = new Enrolments(db, { invitations, accounts, chains, activation });
    this.lists = new DeviceLists(db, { accounts, tenants, chains, pending, activation });
    const revocations = new Revocations(db, { accounts, chains, guards, prekeys, credentials, pending }, clock);
    this.revocations = revocations;
    this.resets = new Resets(db, { accounts, tenants, invitations, chains, revocations });
    this.idle = new IdleDevices({ credentials, tenants, revocations, clock });
    const { installation } = this;
    this.histories = new Histories(db, {
      accounts,
      tenants,
      chains,
      guards,
      prekeys,
      credentials,
      revocations,
      installation,
      clock,
    });
    this.states = new AccountStates({ accounts, guards, credentials, revocations }, clock);
    this.registrations = new Registrations(db, { accounts, chains, guards, prekeys });
    this.bundles = new Bundles(db, { accounts, tenants, guards, prekeys, limiter: new Limiter(clock) });
  }

  static async create(db: Db): Promise<DeviceWorld> {
    const world = new DeviceWorld(db);
    world.tenantId = (await world.tenants.create('spec')).id;
    return world;
  }

  async invite(options: { readonly accountId?: AccountId; readonly uses?: number } = {}): Promise<string> {
    const created = await this.invitations.create(this.tenantId, { uses: 1, expiresInHours: 1, ...options });
    if (created.kind === 'problem') throw new Error(created.detail);
    return created.code;
  }

  /** Enrolled, with a phone that has this many one-time keys of each kind. */
  async person(name: string, keys = 2): Promise<TestPerson> {
    const account = testAccount(name, this.tenantId);
    const phone = testDevice(`${name}'s phone`);
    const list = firstList(account, phone);
    const enrolled = await this.enrolments.enrol({
      code: await this.invite(),
      list: signList(list, account),
      registration: registrationOf(phone, { keys }),
    });
    if (enrolled.kind === 'problem') throw new Error(enrolled.detail);
    return { account, phone, list, caller: callerOf(account, phone) };
  }

  /** Held for linking by the person's phone. */
  async hold(person: TestPerson, device: TestDevice, keys = 2): Promise<void> {
    const held = await this.pending.hold({
      session: systemIds.bytes(16),
      caller: person.caller,
      registration: registrationOf(device, { keys }),
    });
    if (held.kind === 'problem') throw new Error(held.detail);
  }

  /** The person as it stands after the phone has linked the device. */
  async link(person: TestPerson, device: TestDevice, keys = 2): Promise<TestPerson> {
    await this.hold(person, device, keys);
    const list = withDevice(person, device);
    const outcome = await this.lists.storeList(person.caller, signList(list, person.phone));
    if (outcome.kind !== 'stored')
      throw new Error(`linking: ${outcome.kind === 'problem' ? outcome.detail : outcome.kind}`);
    return { ...person, list };
  }
}

export function callerOf(account: TestAccount, device: TestDevice): Caller {
  return { tenantId: account.tenantId, accountId: account.accountId, deviceId: device.deviceId };
}

/** The next list of the person, with one device more, added by the phone. */
export function withDevice({ account, phone, list }: TestPerson, device: TestDevice): DeviceList {
  return nextList(list, [...list.entries, listEntry(account, device, { addedBy: phone.deviceId })]);
}
