import { z } from 'zod';
import { MOST_INT4 } from './limits.js';

/** One schema per JSON body and query: validation, types, OpenAPI and the client come from here. Times are milliseconds since the epoch. */

/** In seconds. */
const DAY = 24 * 60 * 60;
/** The largest number that a limit may be set to, and the largest of bytes. */
const MANY = 1_000_000;
const BYTES = 1024 ** 4;
const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'a lower-case UUID');
/** Without control and formatting characters, which would speak to the terminal or page that shows it. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'a name has no control or formatting characters');
const time = z.int().min(0);
const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/, 'base64url without padding');

export const SCOPES = [
  'tenants',
  'tokens',
  'accounts',
  'invitations',
  'devices:revoke',
  'account:reset',
  'audit:read',
  'policy',
] as const;
export type Scope = (typeof SCOPES)[number];

export const idParam = uuid;
export const AccountPath = z.object({ tenantId: uuid, accountId: uuid });
export const DevicePath = z.object({ tenantId: uuid, accountId: uuid, deviceId: uuid });

// ── Clients ──

export const InvitationLookup = z.strictObject({ code: z.string().min(1).max(100) }).meta({ id: 'InvitationLookup' });
export const InvitationFound = z
  .object({
    tenantId: uuid,
    tenantName: name,
    accountId: uuid.nullable().describe('The account this invitation is for; null: choose a random UUID'),
    expiresAt: time,
    demo: z.boolean().optional().describe('The tenant is for trying out only; absent: it is not'),
    reset: z
      .object({ epoch: z.int(), previousHash: base64url, listVersion: z.int() })
      .optional()
      .describe('The account was reset: list 1 of this epoch follows the list with this hash'),
  })
  .meta({ id: 'InvitationFound' });
export const Enrolled = z
  .object({ tenantId: uuid, accountId: uuid, deviceId: uuid, listVersion: z.int() })
  .meta({ id: 'Enrolled' });

export const TokenGrant = z
  .object({
    grant_type: z.literal('urn:ietf:params:oauth:grant-type:jwt-bearer'),
    assertion: z.string().max(4096),
  })
  .meta({ id: 'TokenGrant' });
export const TokenGranted = z
  .object({ access_token: z.string(), token_type: z.enum(['DPoP', 'Bearer']), expires_in: z.int().describe('Seconds') })
  .meta({ id: 'TokenGranted' });

/** What the tenant asks of its clients. A client follows what is stricter than its own rules and never what is looser. */
export const ClientPolicy = z
  .object({
    trust: z.enum(['first-use', 'address', 'verified']),
    // Servers of before linked as the person wished.
    linking: z.enum(['off', 'user', 'user+admin']).default('user'),
    demo: z.boolean().optional().describe('The tenant is for trying out only; absent: it is not'),
  })
  .meta({ id: 'ClientPolicy' });

/** How far a new device is: `open` needs no admin. When it is linked, or its time is over, there is no such thing any more. */
export const PendingState = z
  .object({ state: z.enum(['open', 'waiting', 'approved', 'denied']), expiresAt: time })
  .meta({ id: 'PendingState' });
export type PendingState = z.infer<typeof PendingState>;

export const ListStored = z.object({ listVersion: z.int() }).meta({ id: 'ListStored' });
export const Stock = z.object({ oneTime: z.int(), kyber: z.int(), low: z.boolean() }).meta({ id: 'Stock' });
export const BundleRequest = z
  .strictObject({
    devices: z.array(uuid).min(1).max(64).optional().describe('Only these devices; all active ones when absent'),
  })
  .meta({ id: 'BundleRequest' });
export const MessageAccepted = z.object({ acceptedAt: time }).meta({ id: 'MessageAccepted' });
export const ServerInfo = z
  .object({
    issuer: z.url().describe('`aud` of token assertions'),
    gateway: z.url().describe('WebSocket address of the gateway, without path'),
    version: z.string(),
    serverTime: time,
  })
  .meta({ id: 'ServerInfo' });

// ── Admin ──

export const NewTenant = z.strictObject({ name }).meta({ id: 'NewTenant' });
export const Tenant = z.object({ tenantId: uuid, name, createdAt: time }).meta({ id: 'Tenant' });
export const Tenants = z.object({ tenants: z.array(Tenant), next: uuid.nullable() }).meta({ id: 'Tenants' });

const policyValues = {
  devicesPerAccount: z.int().min(1).max(64).describe('Active devices an account may have'),
  prekeyFetches: z
    .int()
    .min(1)
    .max(100_000)
    .describe('Bundles that the devices of an account together may fetch of one account at once'),
  prekeyFetchesPerHour: z.int().min(1).max(1_000_000).describe('The same, sustained'),
  invitationDays: z.int().min(1).max(365).describe('Longest life of an invitation'),
  tokens: z.enum(['dpop', 'bearer']).describe('`dpop`: access tokens are bound to the auth key of the device'),
  idleDays: z.int().min(7).max(3650).describe('Days after which a device that was not seen is removed'),
  retentionSeconds: z
    .int()
    .min(1)
    .max(365 * DAY)
    .describe('Age at which mail that nobody acked is removed, with a gap'),
  mailboxBytes: z
    .int()
    .min(64 * 1024)
    .max(Number.MAX_SAFE_INTEGER)
    .describe('What a mailbox may hold of content; of more the oldest is removed, with a gap'),
  trust: z
    .enum(['first-use', 'address', 'verified'])
    .describe('What clients must know of an account before they write to it'),
  linking: z
    .enum(['off', 'user', 'user+admin'])
    .describe('Who lets a further device into an account: nobody, its person, or its person and then an admin'),
  messagesPerMinute: z.int().min(1).max(MANY).describe('Messages of a device, sustained; as many at once'),
  pairBurst: z.int().min(1).max(MANY).describe('Messages of an account to another at once'),
  pairPerSecond: z.number().min(0.001).max(MANY).describe('The same, sustained'),
  burstBytes: z.int().min(1024).max(BYTES).describe('Bytes of envelopes that a mailbox takes at once'),
  rateBytesPerSecond: z.int().min(1).max(BYTES).describe('The same, sustained'),
  failedAuthPerMinute: z
    .int()
    .min(1)
    .max(MANY)
    .describe('Failed authentications and enrolments from a network (IPv4: /24, IPv6: /56)'),
  requestsPerMinute: z.int().min(1).max(MANY).describe('REST requests of a device, polls too'),
  grantsPerMinute: z.int().min(1).max(MANY).describe('Access tokens of a device, and as many streams that it opens'),
  listsPerHour: z.int().min(1).max(MANY).describe('Device lists that the devices of an account bring'),
};

/** What a tenant has set; what is left out follows the default, now and after an update. */
export const PolicySettings = z.strictObject(policyValues).partial().meta({ id: 'PolicySettings' });

/** The policy in force. */
export const Policy = z
  .strictObject({
    devicesPerAccount: policyValues.devicesPerAccount.default(6),
    prekeyFetches: policyValues.prekeyFetches.default(60),
    prekeyFetchesPerHour: policyValues.prekeyFetchesPerHour.default(360),
    invitationDays: policyValues.invitationDays.default(7),
    tokens: policyValues.tokens.default('dpop'),
    idleDays: policyValues.idleDays.default(45),
    retentionSeconds: policyValues.retentionSeconds.default(30 * DAY),
    mailboxBytes: policyValues.mailboxBytes.default(16 * 1024 ** 3),
    trust: policyValues.trust.default('first-use'),
    linking: policyValues.linking.default('user'),
    messagesPerMinute: policyValues.messagesPerMinute.default(100),
    pairBurst: policyValues.pairBurst.default(60),
    pairPerSecond: policyValues.pairPerSecond.default(1),
    burstBytes: policyValues.burstBytes.default(64 * 1024 * 1024),
    rateBytesPerSecond: policyValues.rateBytesPerSecond.default(512),
    failedAuthPerMinute: policyValues.failedAuthPerMinute.default(10),
    requestsPerMinute: policyValues.requestsPerMinute.default(600),
    grantsPerMinute: policyValues.grantsPerMinute.default(30),
    listsPerHour: policyValues.listsPerHour.default(60),
  })
  .meta({ id: 'Policy' });
export type Policy = z.infer<typeof Policy>;

export const NewAccount = z.strictObject({ accountId: uuid.optional() }).meta({ id: 'NewAccount' });
const ACCOUNT_STATES = ['active', 'suspended', 'deleted'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];
export const Account = z
  .object({
    accountId: uuid,
    createdAt: time,
    state: z.enum(ACCOUNT_STATES),
    enrolled: z.boolean(),
    listVersion: z.int(),
    activeDevices: z.int(),
  })
  .meta({ id: 'Account' });
export const Accounts = z.object({ accounts: z.array(Account), next: uuid.nullable() }).meta({ id: 'Accounts' });
export const Device = z
  .object({
    deviceId: uuid,
    addedOn: z.iso.date(),
    mayLink: z.boolean(),
    active: z.boolean(),
    reason: z.enum(['owner', 'admin', 'idle', 'reset']).nullable(),
    lastSeenOn: z.iso.date().nullable().describe('Day of its last token, UTC, and never finer; null: removed'),
  })
  .meta({ id: 'Device' });
export const Devices = z.object({ devices: z.array(Device) }).meta({ id: 'Devices' });

export const PendingPath = z.object({ tenantId: uuid, deviceId: uuid });
export const PendingDevice = z
  .object({
    accountId: uuid,
    deviceId: uuid,
    addedBy: uuid.describe('The device of the account that answered the link text'),
    fingerprint: z.string().describe('Of its identity key: the same stands on the screens of both devices'),
    state: z.enum(['open', 'waiting', 'approved', 'denied']),
    createdAt: time,
    expiresAt: time,
  })
  .meta({ id: 'PendingDevice' });
export const PendingDevices = z
  .object({ devices: z.array(PendingDevice), next: uuid.nullable() })
  .meta({ id: 'PendingDevices' });

export const NewInvitation = z
  .strictObject({
    accountId: uuid.optional().describe('For this account only; absent: each use makes a new account'),
    uses: z.int().min(1).max(10_000).default(1),
    expiresInHours: z.int().min(1).max(8760).default(72),
  })
  .meta({ id: 'NewInvitation' });
export const NewReset = z
  .strictObject({ expiresInHours: z.int().min(1).max(8760).default(72) })
  .meta({ id: 'NewReset' });
export const Invitation = z
  .object({
    invitationId: uuid,
    accountId: uuid.nullable(),
    uses: z.int(),
    used: z.int(),
    createdAt: time,
    expiresAt: time,
    revoked: z.boolean(),
  })
  .meta({ id: 'Invitation' });
export const CreatedInvitation = z
  .object({ ...Invitation.shape, code: z.string().describe('Shown once; the server keeps only a hash') })
  .meta({ id: 'CreatedInvitation' });
export const Invitations = z
  .object({ invitations: z.array(Invitation), next: uuid.nullable() })
  .meta({ id: 'Invitations' });

export const NewServiceToken = z
  .strictObject({
    name,
    scopes: z.array(z.enum(SCOPES)).min(1),
    tenantId: uuid.optional().describe('Good for this tenant only; absent: for the whole installation'),
    expiresInDays: z.int().min(1).max(3650).default(90),
  })
  .meta({ id: 'NewServiceToken' });
export const ServiceToken = z
  .object({
    tokenId: uuid,
    name,
    scopes: z.array(z.enum(SCOPES)),
    tenantId: uuid.nullable(),
    createdAt: time,
    expiresAt: time,
    revoked: z.boolean(),
    lastUsedOn: z.iso.date().nullable().describe('UTC; null: never'),
  })
  .meta({ id: 'ServiceToken' });
export const CreatedServiceToken = z
  .object({ ...ServiceToken.shape, token: z.string().describe('Shown once; the server keeps only a hash') })
  .meta({ id: 'CreatedServiceToken' });
export const ServiceTokens = z.object({ tokens: z.array(ServiceToken) }).meta({ id: 'ServiceTokens' });

export const AUDIT_ACTIONS = [
  'tenant.create',
  'policy.set',
  'account.create',
  'account.suspend',
  'account.lift',
  'account.delete',
  'account.reset',
  'device.revoke',
  'device.approve',
  'device.deny',
  'people.import',
  'invitation.create',
  'invitation.revoke',
  'token.create',
  'token.revoke',
  'signing-key.rotate',
  'signing-key.rewrap',
  'installation.restore',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
const AUDIT_TARGETS = ['tenant', 'account', 'device', 'invitation', 'token', 'signing-key', 'installation'] as const;
export type AuditTarget = (typeof AUDIT_TARGETS)[number];

export const ImportedPeople = z
  .object({
    people: z
      .array(z.object({ line: z.int(), name: z.string(), accountId: uuid, code: z.string(), expiresAt: time }))
      .describe('Codes are shown once; the server keeps only their hashes, and no names'),
  })
  .meta({ id: 'ImportedPeople' });
export const CheckedPeople = z
  .object({
    people: z.int().describe('Lines that name somebody'),
    faults: z
      .array(z.object({ line: z.int(), fault: z.string() }))
      .describe('All of them, in the order of their lines'),
  })
  .meta({ id: 'CheckedPeople' });

/** In the header `Sotto-Reason` of a change, percent-encoded. */
export const AuditReason = z
  .string()
  .trim()
  .max(300)
  .regex(/^[^\p{Cc}]+$/u);
export const AuditRow = z
  .object({
    no: z.int(),
    at: time,
    tenantId: uuid.nullable().describe('null: of the whole installation'),
    tokenId: uuid,
    action: z.enum(AUDIT_ACTIONS),
    targetKind: z.enum(AUDIT_TARGETS),
    targetId: uuid.nullable().describe('null: nothing came into being'),
    outcome: z.string().describe('`done`, or the code of the problem with which it was refused'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'AuditRow' });
export const AuditRows = z
  .object({ rows: z.array(AuditRow), next: z.int().nullable().describe('`before` of the next page') })
  .meta({ id: 'AuditRows' });

/** No `.meta({ id })` on a query: the OpenAPI generator would lose its parameters. */
export const PageQuery = z.object({
  after: uuid.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const PollQuery = z.object({
  wait: z.coerce.number().int().min(0).max(60).default(30).describe('Seconds to wait for something to say'),
  stream: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_INT4)
    .optional()
    .describe('Of an earlier answer; absent: take the stream'),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('Skips up to it, and acks nothing'),
  incarnation: base64url.max(11).optional().describe('Of an earlier answer: to be told when sequences begin anew'),
});
export const SetAsideQuery = z.object({
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
  limit: z.coerce.number().int().min(1).max(16).default(16),
});
export const AuditQuery = z.object({
  tenantId: uuid.optional().describe('Only of this tenant'),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const ChainQuery = z.object({
  epoch: z.coerce
    .number()
    .int()
    .min(1)
    .max(MOST_INT4)
    .optional()
    .describe('First epoch wanted; absent: the current one'),
  from: z.coerce.number().int().min(1).max(MOST_INT4).default(1).describe('First signed version wanted, in that epoch'),
});

// ── Problems ──

export const ProblemBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string().optional().describe('Id of a fault, to be found in the log'),
    retryAfterMs: z.int().optional(),
    serverTime: time.optional(),
    mismatch: base64url.optional().describe('device_list_mismatch: a `sotto.v1.Mismatch`'),
    winner: base64url.optional().describe('list_conflict: the `sotto.v1.DeviceChain` that won'),
  })
  .meta({ id: 'Problem' });
