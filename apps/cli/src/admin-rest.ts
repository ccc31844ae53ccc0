import { existsSync, readFileSync } from 'node:fs';
import type { z } from 'zod';
import {
  Account,
  Accounts,
  AuditRows,
  CheckedPeople,
  CreatedInvitation,
  CreatedServiceToken,
  Devices,
  ImportedPeople,
  Invitations,
  PendingDevice,
  PendingDevices,
  Policy,
  type PolicySettings,
  ProblemBody,
  ServiceTokens,
  Tenant,
  Tenants,
  type NewInvitation,
  type NewServiceToken,
} from '../../../libs/protocol/bodies.js';
import { PROBLEMS, type ProblemCode } from '../../../libs/protocol/problems.js';
import type { Host, HttpRequest } from '../../../libs/sdk/host.js';
import { harmless } from './output.js';
import { adviceFor, Trouble } from './trouble.js';
import { serverOf, type World } from './world.js';

interface Address {
  readonly host: Host;
  readonly server: string;
  readonly token: string;
  readonly reason?: string | undefined;
}

export interface AdminOptions {
  readonly server?: string;
  readonly tokenFile?: string;
  /** For the audit. */
  readonly reason?: string;
}

/** A body that goes as it is. */
export class CsvFile {
  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {}
}

/** The admin routes, as far as commands use them. Every refusal is a Trouble with what to do about it. */
export class AdminRest {
  constructor(private readonly address: Address) {}

  createTenant(name: string) {
    return this.call('POST', '/tenants', { answer: Tenant, body: { name } });
  }

  async tenants() {
    return (await this.pages('/tenants', Tenants)).flatMap(({ tenants }) => tenants);
  }

  policy(tenantId: string) {
    return this.call('GET', `/tenants/${tenantId}/policy`, { answer: Policy });
  }

  setPolicy(tenantId: string, policy: z.infer<typeof PolicySettings>) {
    return this.call('PUT', `/tenants/${tenantId}/policy`, { answer: Policy, body: policy });
  }

  createInvitation(tenantId: string, wanted: z.input<typeof NewInvitation>) {
    return this.call('POST', `/tenants/${tenantId}/invitations`, { answer: CreatedInvitation, body: wanted });
  }

  async invitations(tenantId: string) {
    const pages = await this.pages(`/tenants/${tenantId}/invitations`, Invitations);
    return pages.flatMap(({ invitations }) => invitations);
  }

  async revokeInvitation(tenantId: string, invitationId: string): Promise<void> {
    await this.request('DELETE', `/tenants/${tenantId}/invitations/${invitationId}`);
  }

  createToken(wanted: z.input<typeof NewServiceToken>) {
    return this.call('POST', '/tokens', { answer: CreatedServiceToken, body: wanted });
  }

  async tokens() {
    return (await this.call('GET', '/tokens', { answer: ServiceTokens })).tokens;
  }

  async revokeToken(tokenId: string): Promise<void> {
    await this.request('DELETE', `/tokens/${tokenId}`);
  }

  async accounts(tenantId: string) {
    const pages = await this.pages(`/tenants/${tenantId}/accounts`, Accounts);
    return pages.flatMap(({ accounts }) => accounts);
  }

  account(tenantId: string, accountId: string) {
    return this.call('GET', `/tenants/${tenantId}/accounts/${accountId}`, { answer: Account });
  }

  async suspendAccount(tenantId: string, accountId: string): Promise<void> {
    await this.request('PUT', `/tenants/${tenantId}/accounts/${accountId}/suspension`);
  }

  async liftAccount(tenantId: string, accountId: string): Promise<void> {
    await this.request('DELETE', `/tenants/${tenantId}/accounts/${accountId}/suspension`);
  }

  async deleteAccount(tenantId: string, accountId: string): Promise<void> {
    await this.request('DELETE', `/tenants/${tenantId}/accounts/${accountId}`);
  }

  resetAccount(tenantId: string, accountId: string, expiresInHours: number) {
    const body = { expiresInHours };
    return this.call('POST', `/tenants/${tenantId}/accounts/${accountId}/reset`, { answer: CreatedInvitation, body });
  }

  createAccount(tenantId: string, accountId: string | undefined) {
    const body = accountId === undefined ? {} : { accountId };
    return this.call('POST', `/tenants/${tenantId}/accounts`, { answer: Account, body });
  }

  async revokeDevice(of: {
    readonly tenantId: string;
    readonly accountId: string;
    readonly deviceId: string;
  }): Promise<void> {
    await this.request('DELETE', `/tenants/${of.tenantId}/accounts/${of.accountId}/devices/${of.deviceId}`);
  }

  async pendingDevices(tenantId: string) {
    const pages = await this.pages(`/tenants/${tenantId}/pending-devices`, PendingDevices);
    return pages.flatMap(({ devices }) => devices);
  }

  decideDevice(of: { readonly tenantId: string; readonly deviceId: string; readonly decision: 'approve' | 'deny' }) {
    const path = `/tenants/${of.tenantId}/pending-devices/${of.deviceId}/${of.decision}`;
    return this.call('POST', path, { answer: PendingDevice });
  }

  audit(wanted: {
    readonly tenantId: string | undefined;
    readonly limit: number;
    readonly before: number | undefined;
  }) {
    const tenant = wanted.tenantId === undefined ? '' : `&tenantId=${wanted.tenantId}`;
    const before = wanted.before === undefined ? '' : `&before=${wanted.before}`;
    return this.call('GET', `/audit?limit=${wanted.limit}${tenant}${before}`, { answer: AuditRows });
  }

  checkPeople(tenantId: string, csv: CsvFile) {
    return this.call('POST', `/tenants/${tenantId}/imports/dry-run`, { answer: CheckedPeople, body: csv });
  }

  importPeople(tenantId: string, csv: CsvFile) {
    return this.call('POST', `/tenants/${tenantId}/imports`, { answer: ImportedPeople, body: csv });
  }

  async devices(tenantId: string, accountId: string) {
    return (await this.call('GET', `/tenants/${tenantId}/accounts/${accountId}/devices`, { answer: Devices })).devices;
  }

  private async pages<Page extends { readonly next: string | null }>(
    path: string,
    answer: z.ZodType<Page>,
  ): Promise<readonly Page[]> {
    const pages: Page[] = [];
    let after = '';
    for (;;) {
      const page = await this.call('GET', `${path}?limit=500${after}`, { answer });
      pages.push(page);
      if (page.next === null) return pages;
      after = `&after=${page.next}`;
    }
  }

  private async call<Answer>(
    method: HttpRequest['method'],
    path: string,
    { answer, body }: { readonly answer: z.ZodType<Answer>; readonly body?: object },
  ): Promise<Answer> {
    const parsed = answer.safeParse(await this.request(method, path, body));
    if (parsed.success) return parsed.data;
    throw new Trouble(
      `The answer of ${this.address.server} is not one of a Sotto server.`,
      'Look at the address (--server).',
    );
  }

  private async request(method: HttpRequest['method'], path: string, body?: object): Promise<unknown> {
    const { host, server, token, reason } = this.address;
    const csv = body instanceof CsvFile;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(reason === undefined ? {} : { 'sotto-reason': encodeURIComponent(reason) }),
      ...(body === undefined ? {} : { 'content-type': csv ? 'text/csv' : 'application/json' }),
    };
    const request = {
      method,
      headers,
      ...(body === undefined ? {} : { body: csv ? body.bytes : JSON.stringify(body) }),
    };
    const answer = await host.fetch(`${server}/v1/admin${path}`, request).catch(() => undefined);
    if (answer === undefined) throw noServer(server);
    const text = new TextDecoder().decode(answer.body);
    const json = parsedJson(text);
    if (answer.status < 400) return json;
    throw refusal(json, answer.status);
  }
}

export function noServer(server: string): Trouble {
  return new Trouble(
    `No server answers at ${server}.`,
    'Start one with `npm start`, or name yours with --server <url>.',
  );
}

function refusal(json: unknown, status: number): Trouble {
  const problem = ProblemBody.safeParse(json);
  if (!problem.success) return new Trouble(`The server answered ${String(status)}.`, 'Look at the address (--server).');
  const { code, title, detail, instance } = problem.data;
  const fault = instance === undefined ? '' : ` (${instance})`;
  const advice = Object.hasOwn(PROBLEMS, code)
    ? adviceFor(code as ProblemCode)
    : 'Update this command line: it does not know this answer.';
  return new Trouble(harmless(`${title}: ${detail}${fault}`), advice);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The token comes from a file or the environment, never from the arguments: those are shown to every user of the machine. */
export function adminRest(world: World, options: AdminOptions): AdminRest {
  const server = serverOf(world, options.server);
  const given = options.tokenFile === undefined ? world.env['SOTTO_ADMIN_TOKEN'] : undefined;
  const token = given ?? readToken(options.tokenFile ?? world.home.adminToken);
  return new AdminRest({ host: world.host, server, token, reason: options.reason });
}

function readToken(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Trouble(
    `There is no admin token in ${file}.`,
    'Start the server here (`npm start` writes one), name a file with --token-file, or set SOTTO_ADMIN_TOKEN.',
    2,
  );
}
