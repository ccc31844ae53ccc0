import { z } from 'zod';

/** One schema per JSON body and query: validation, types, OpenAPI and the client come from here. Times are milliseconds since the epoch. */

/** The largest number of lists and versions. */
const INT4 = 2_147_483_647;
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
  .object({ trust: z.enum(['first-use', 'address', 'verified']) })
  .meta({ id: 'ClientPolicy' });

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
  prekeyFetches: z.int().min(1).max(100_000).describe('Bundles a device may fetch of one account at once'),
  prekeyFetchesPerHour: z.int().min(1).max(1_000_000).describe('The same, sustained'),
  invitationDays: z.int().min(1).max(365).describe('Longest life of an invitation'),
  tokens: z.enum(['dpop', 'bearer']).describe('`dpop`: access tokens are bound to the auth key of the device'),
  idleDays: z.int().min(7).max(3650).describe('Days after which a device that was not seen is removed'),
  trust: z
    .enum(['first-use', 'address', 'verified'])
    .describe('What clients must know of an account before they write to it'),
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
    trust: policyValues.trust.default('first-use'),
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
  })
  .meta({ id: 'Device' });
export const Devices = z.object({ devices: z.array(Device) }).meta({ id: 'Devices' });

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
  'people.import',
  'invitation.create',
  'invitation.revoke',
  'token.create',
  'token.revoke',
  'installation.restore',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
const AUDIT_TARGETS = ['tenant', 'account', 'device', 'invitation', 'token', 'installation'] as const;
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
export const AuditQuery = z.object({
  tenantId: uuid.optional().describe('Only of this tenant'),
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const ChainQuery = z.object({
  epoch: z.coerce.number().int().min(1).max(INT4).optional().describe('First epoch wanted; absent: the current one'),
  from: z.coerce.number().int().min(1).max(INT4).default(1).describe('First signed version wanted, in that epoch'),
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
