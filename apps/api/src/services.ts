import { Control } from '../../../libs/auth/control.js';
import { Credentials } from '../../../libs/auth/credentials.js';
import { ServiceTokens } from '../../../libs/auth/service-tokens.js';
import { SigningKeys } from '../../../libs/auth/signing-keys.js';
import { Tokens } from '../../../libs/auth/tokens.js';
import { Activation } from '../../../libs/devices/activation.js';
import { Bundles } from '../../../libs/devices/bundles.js';
import { DeviceChains } from '../../../libs/devices/chains.js';
import { Enrolments } from '../../../libs/devices/enrolment.js';
import { PendingDevices } from '../../../libs/devices/pending.js';
import { Registrations } from '../../../libs/devices/registration.js';
import { Revocations } from '../../../libs/devices/revocation.js';
import { DeviceLists } from '../../../libs/devices/store-list.js';
import { Accounts } from '../../../libs/directory/accounts.js';
import { Invitations } from '../../../libs/directory/invitations.js';
import { Prekeys } from '../../../libs/keys/prekeys.js';
import { Guards } from '../../../libs/mailbox/guards.js';
import { Mailbox } from '../../../libs/mailbox/mailbox.js';
import { DeviceSets } from '../../../libs/messaging/device-sets.js';
import { MessagingEvents } from '../../../libs/messaging/events.js';
import { Sender } from '../../../libs/messaging/send.js';
import type { Clock } from '../../../libs/platform/clock.js';
import { ConfigError } from '../../../libs/platform/config.js';
import type { Ids } from '../../../libs/platform/ids.js';
import type { Limiter } from '../../../libs/platform/limiter.js';
import type { Logger } from '../../../libs/platform/log.js';
import type { Metrics } from '../../../libs/platform/metrics.js';
import type { Db } from '../../../libs/platform/postgres.js';
import type { MasterKey } from '../../../libs/platform/secrets.js';
import type { Doorbell } from '../../../libs/realtime/doorbell.js';
import { faultsOfDoor } from '../../../libs/serving/open-door.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import type { ApiConfig } from './config.js';

/** What a process has before it has an API. In the one server the doorbell is the gateway's too. */
export interface ApiParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly masterKey: MasterKey;
  readonly limiter: Limiter;
  readonly doorbell: Doorbell;
  readonly version: string;
}

export type ApiServices = ReturnType<typeof buildApi>;

/** Everything behind the routes, by plain constructors. Nothing runs yet: `control.start()` is the caller's. */
export function buildApi(config: Pick<ApiConfig, 'issuer' | 'gatewayUrl'>, parts: ApiParts) {
  const { db, clock, ids } = parts;
  const identity = buildIdentity(config, parts);
  const devices = buildDevices(identity, parts);
  const { accounts, guards, bundles } = { ...identity, ...devices };
  const sets = new DeviceSets(accounts, guards);
  const events = new MessagingEvents(parts.metrics);
  const mailbox = new Mailbox(db);
  const sender = new Sender(db, { sets, mailbox, bundles, doorbell: parts.doorbell, events }, clock, ids);
  const info = { issuer: config.issuer, gateway: config.gatewayUrl, version: parts.version, clock };
  return { info, db, ...identity, ...devices, mailbox, events, sender };
}

function buildIdentity({ issuer }: Pick<ApiConfig, 'issuer'>, { db, clock, ids, log, masterKey }: ApiParts) {
  const tenants = new Tenants(db, clock, ids);
  const accounts = new Accounts(clock, ids);
  const invitations = new Invitations(db, { tenants, accounts, clock, ids });
  const credentials = new Credentials(db);
  const keys = new SigningKeys(db, { masterKey, clock, ids });
  const tokens = new Tokens({ credentials, keys, clock, issuer });
  const serviceTokens = new ServiceTokens(db, clock, ids);
  const control = new Control(db, { clock, log });
  return { tenants, accounts, invitations, credentials, tokens, serviceTokens, control };
}

function buildDevices(identity: ReturnType<typeof buildIdentity>, { db, clock, limiter, log }: ApiParts) {
  const { tenants, accounts, invitations, credentials } = identity;
  const guards = new Guards();
  const prekeys = new Prekeys(db);
  const chains = new DeviceChains();
  const pending = new PendingDevices(db, { accounts, prekeys }, clock);
  const activation = new Activation({ accounts, guards, prekeys, credentials, chains });
  return {
    guards,
    prekeys,
    chains,
    pending,
    enrolments: new Enrolments(db, { invitations, accounts, activation }),
    lists: new DeviceLists(db, { accounts, tenants, chains, pending, activation }),
    registrations: new Registrations(db, { accounts, chains, guards, prekeys }),
    revocations: new Revocations(db, { accounts, chains, guards, prekeys, credentials, pending }, clock),
    bundles: new Bundles(db, { accounts, tenants, guards, prekeys, limiter, log }),
  };
}

/** Throws ConfigError when the server would be reachable in a way it must not be. Before `listen`. */
export async function checkDoor(
  config: Pick<ApiConfig, 'host' | 'tls' | 'trustedProxies'>,
  tenants: Tenants,
): Promise<void> {
  const demoTenant = (await tenants.demo()) !== undefined;
  const faults = faultsOfDoor({
    host: config.host,
    tls: config.tls !== undefined,
    trustedProxies: config.trustedProxies,
    demoTenant,
  });
  if (faults.length > 0) throw new ConfigError(faults.join('\n'));
}
