import { Account, type First } from './account.js';
import { ask, JSON_TYPE, patiently, type Answer } from './rest.js';
import type { Stream } from './stream.js';

/** Where the installation is reached, and what it says of itself. */
export interface Place {
  readonly api: string;
  /** WebSocket addresses, one or two. */
  readonly gateways: readonly string[];
  readonly adminToken: string;
  /** `aud` of assertions, and the address in proofs. */
  readonly issuer: string;
  /** The public address of the gateways, in proofs. */
  readonly gateway: string;
  /** Fields of a policy that this installation has, from its OpenAPI document. */
  readonly policyFields: ReadonlySet<string>;
}

/** What the contract says that a policy holds. */
export interface PolicyValues {
  readonly devicesPerAccount: number;
  readonly prekeyFetches: number;
  readonly prekeyFetchesPerHour: number;
  readonly idleDays: number;
  readonly retentionSeconds: number;
  readonly mailboxBytes: number;
  readonly rateBytesPerSecond: number;
  readonly burstBytes: number;
  readonly messagesPerMinute: number;
  readonly pairBurst: number;
  readonly pairPerSecond: number;
  readonly failedAuthPerMinute: number;
  readonly requestsPerMinute: number;
  readonly grantsPerMinute: number;
  readonly listsPerHour: number;
}

/** Wide enough that no limit stands in the way of a clause about something else. */
const WIDE: Partial<PolicyValues> = {
  devicesPerAccount: 16,
  prekeyFetches: 10_000,
  prekeyFetchesPerHour: 100_000,
  messagesPerMinute: 100_000,
  pairBurst: 100_000,
  pairPerSecond: 10_000,
  failedAuthPerMinute: 10_000,
  requestsPerMinute: 100_000,
  grantsPerMinute: 10_000,
  listsPerHour: 10_000,
};

/** The policy API lacks a field that the contract asks for. */
export class PolicyMissing extends Error {
  override readonly name = 'PolicyMissing';
}

export async function findPlace(of: {
  readonly api: string;
  readonly gateways: readonly string[];
  readonly adminToken: string;
}): Promise<Place> {
  const { json } = await ask(of.api, { method: 'GET', path: '/v1/server' });
  const { json: openApi } = await ask(of.api, { method: 'GET', path: '/openapi.json' });
  const [issuer, gateway] = [json['issuer'], json['gateway']];
  if (typeof issuer !== 'string' || typeof gateway !== 'string') throw new Error(`${of.api} is no Sotto`);
  const { components } = openApi as { components?: { schemas?: Record<string, { properties?: object }> } };
  const policyFields = new Set(Object.keys(components?.schemas?.['PolicySettings']?.properties ?? {}));
  const { api, adminToken } = of;
  return {
    api,
    adminToken,
    gateways: of.gateways.length === 0 ? [gateway] : of.gateways,
    issuer,
    gateway,
    policyFields,
  };
}

/** A tenant of a clause's own, over the admin API. */
export class Tenant {
  private readonly streams: Stream[] = [];

  private constructor(
    readonly place: Place,
    readonly id: string,
  ) {}

  static async create(place: Place, policy: Partial<PolicyValues> = {}): Promise<Tenant> {
    const missing = Object.keys(policy).filter((field) => !place.policyFields.has(field));
    if (missing.length > 0) throw new PolicyMissing(`the policy API has no ${missing.join(', ')}`);
    const { tenantId } = await admin<{ tenantId: string }>(place, 'POST', '/v1/admin/tenants', { name: 'conformance' });
    const offered = Object.entries(WIDE).filter(([field]) => place.policyFields.has(field));
    const tenant = new Tenant(place, tenantId);
    await tenant.admin('PUT', '/policy', { ...Object.fromEntries(offered), ...policy });
    return tenant;
  }

  async account(more?: First): Promise<Account> {
    return Account.enrol(this, more);
  }

  async tryEnrol(more: First): Promise<Answer> {
    return patiently(async () => (await Account.tryEnrol(this, more)).answer);
  }

  async accounts(count: number): Promise<Account[]> {
    return Promise.all(Array.from({ length: count }, async () => this.account()));
  }

  async two(): Promise<[Account, Account]> {
    return Promise.all([this.account(), this.account()]);
  }

  async three(): Promise<[Account, Account, Account]> {
    return Promise.all([this.account(), this.account(), this.account()]);
  }

  async four(): Promise<[Account, Account, Account, Account]> {
    return Promise.all([this.account(), this.account(), this.account(), this.account()]);
  }

  async invitation(): Promise<string> {
    return (await this.admin<{ code: string }>('POST', '/invitations', {})).code;
  }

  /** `path` below this tenant. Throws for every answer that is not 2xx. */
  async admin<Body>(method: string, path: string, body?: object): Promise<Body> {
    return admin<Body>(this.place, method, `/v1/admin/tenants/${this.id}${path}`, body);
  }

  async askAdmin(method: string, path: string, body?: object): Promise<Answer> {
    return askAdmin(this.place, { method, path: `/v1/admin/tenants/${this.id}${path}`, body });
  }

  remember(stream: Stream): void {
    this.streams.push(stream);
  }

  close(): void {
    for (const stream of this.streams) stream.cut();
  }
}

async function admin<Body>(place: Place, method: string, ...[path, body]: [string, object?]): Promise<Body> {
  const answer = await askAdmin(place, { method, path, body });
  if (answer.status >= 300)
    throw new Error(`${method} ${path} was answered with ${answer.status}: ${JSON.stringify(answer.json)}`);
  return answer.json as Body;
}

async function askAdmin(
  { api, adminToken }: Place,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body: object | undefined },
): Promise<Answer> {
  return ask(api, {
    method,
    path,
    headers: { authorization: `Bearer ${adminToken}` },
    ...(body === undefined ? {} : { type: JSON_TYPE, body: JSON.stringify(body) }),
  });
}
