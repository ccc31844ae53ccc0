import { ClientPolicy, Enrolled, InvitationFound, ListStored, PendingState, ServerInfo } from '../protocol/bodies.js';
import { fromBase64url } from '../protocol/bytes.js';
import { decodeDeviceChain, encodeDeviceChain, encodeSignedList, type DeviceChain } from '../protocol/chain-wire.js';
import type { SignedList } from '../protocol/device-chain.js';
import { decodeDeviceList } from '../protocol/device-list.js';
import type { AccountId, DeviceId, ListVersion, TenantId } from '../protocol/ids.js';
import {
  decodePrekeyBundles,
  encodeDeviceRegistration,
  encodePrekeyUpload,
  type DeviceRegistration,
  type PrekeyBundles,
  type PrekeyUpload,
} from '../protocol/prekeys.js';
import type { ListPlace } from './accounts.js';
import { refusedBy, SottoError } from './errors.js';
import { call, type Call, type CallAnswer, type RestAddress } from './http.js';
import type { Trust } from './store/accounts.store.js';
import type { Tokens } from './tokens.js';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
/** Beyond it a server only wants to keep us busy. */
const LONGEST_CHAIN = 100_000;

interface Schema<Body> {
  safeParse(value: unknown): { readonly success: true; readonly data: Body } | { readonly success: false };
}

/** What an invitation is for. `reset`: the account opens this epoch, after the list with this hash. */
export interface Invited {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly accountId: AccountId | undefined;
  /** The tenant is for trying out only. */
  readonly demo: boolean;
  readonly reset: { readonly epoch: number; readonly previousHash: Uint8Array } | undefined;
}

/** The calls that need no token. All throw a SottoError: `unreachable`, `answer_unreadable`, or the server's refusal. */
export async function serverInfo(address: RestAddress): Promise<{ readonly issuer: string; readonly gateway: string }> {
  return parsed(ServerInfo, await call(address, { method: 'GET', path: '/v1/server' }));
}

export async function lookupInvitation(address: RestAddress, code: string): Promise<Invited> {
  const answer = await call(address, {
    method: 'POST',
    path: '/v1/invitations/lookup',
    body: JSON.stringify({ code }),
    contentType: JSON_TYPE,
  });
  const { tenantId, tenantName, accountId, demo, reset } = parsed(InvitationFound, answer);
  const previousHash = fromBase64url(reset?.previousHash ?? '');
  return {
    tenantId: tenantId as TenantId,
    tenantName,
    demo: demo === true,
    accountId: (accountId ?? undefined) as AccountId | undefined,
    reset: reset === undefined || previousHash?.length !== 32 ? undefined : { epoch: reset.epoch, previousHash },
  };
}

/** `enrolment`: the encoded body. */
export async function postEnrolment(address: RestAddress, enrolment: Uint8Array): Promise<ListVersion> {
  const answer = await call(address, {
    method: 'POST',
    path: '/v1/enrolments',
    body: enrolment,
    contentType: PROTOBUF,
  });
  return parsed(Enrolled, answer).listVersion as ListVersion;
}

/** How far a device is that is being linked; undefined: it is linked, or nobody waits for it any more. */
export async function pendingState(address: RestAddress, deviceId: DeviceId): Promise<PendingState | undefined> {
  const answer = await call(address, { method: 'GET', path: `/v1/pending-devices/${deviceId}` });
  return answer.kind === 'refused' && answer.problem.code === 'not_found' ? undefined : parsed(PendingState, answer);
}

/** What a device says to the API. A token that the server no longer takes is replaced once, and a clock it finds wrong is mended once. */
export class Rest {
  constructor(
    private readonly address: RestAddress,
    private readonly tokens: Tokens,
  ) {}

  /** All pages of it. Throws `answer_unreadable` when they do not get on. */
  async chain(accountId: AccountId, from: ListPlace): Promise<DeviceChain> {
    let page = await this.page(accountId, from);
    const lists = [...page.lists];
    for (let before = from; page.more === true;) {
      const last = decodeDeviceList(page.lists.at(-1)?.bytes ?? new Uint8Array());
      const next = last === undefined ? undefined : { epoch: last.epoch, version: last.version + 1 };
      if (next === undefined || !isLater(next, before) || lists.length > LONGEST_CHAIN) return unreadable();
      page = await this.page(accountId, next);
      lists.push(...page.lists);
      before = next;
    }
    // Lists never change: with those before it, the last page is the account at the moment of that page.
    const { listVersion, tombstones } = page;
    return { accountId: page.accountId, listVersion, lists, tombstones };
  }

  private async page(accountId: AccountId, { epoch, version }: ListPlace): Promise<DeviceChain> {
    const path = `/v1/accounts/${accountId}/devices?epoch=${String(epoch)}&from=${String(version)}`;
    const answer = await this.call({ method: 'GET', path });
    return decodeDeviceChain(bodyOf(answer)) ?? unreadable();
  }

  async bundles(accountId: AccountId, devices: readonly DeviceId[]): Promise<PrekeyBundles> {
    const body = JSON.stringify({ devices });
    const answer = await this.call({
      method: 'POST',
      path: `/v1/accounts/${accountId}/bundles`,
      body,
      contentType: JSON_TYPE,
    });
    return decodePrekeyBundles(bodyOf(answer)) ?? unreadable();
  }

  async uploadKeys(upload: PrekeyUpload): Promise<void> {
    bodyOf(
      await this.call({ method: 'POST', path: '/v1/keys', body: encodePrekeyUpload(upload), contentType: PROTOBUF }),
    );
  }

  async register(registration: DeviceRegistration): Promise<void> {
    bodyOf(
      await this.call({
        method: 'PUT',
        path: '/v1/keys/registration',
        body: encodeDeviceRegistration(registration),
        contentType: PROTOBUF,
      }),
    );
  }

  /** `conflict`: another list was stored first; `winner` is the chain to verify and to sign anew upon. */
  async storeList(
    list: SignedList,
  ): Promise<
    | { readonly kind: 'stored'; readonly listVersion: ListVersion }
    | { readonly kind: 'conflict'; readonly winner: DeviceChain | undefined }
  > {
    const answer = await this.call({
      method: 'POST',
      path: '/v1/devices/lists',
      body: encodeSignedList(list),
      contentType: PROTOBUF,
    });
    if (answer.kind === 'refused' && answer.problem.code === 'list_conflict') {
      const winner = answer.winner === undefined ? undefined : decodeDeviceChain(answer.winner);
      // Not all of it: the whole has to be fetched.
      return { kind: 'conflict', winner: winner?.more === true ? undefined : winner };
    }
    return { kind: 'stored', listVersion: parsed(ListStored, answer).listVersion as ListVersion };
  }

  /** Brings back what a restored server has forgotten of the own account. */
  async offerHistory(history: DeviceChain): Promise<ListVersion> {
    const answer = await this.call({
      method: 'POST',
      path: '/v1/devices/history',
      body: encodeDeviceChain(history),
      contentType: PROTOBUF,
    });
    return parsed(ListStored, answer).listVersion as ListVersion;
  }

  /** What the tenant asks for. */
  async policy(): Promise<{
    readonly trust: Trust;
    readonly linking: 'off' | 'user' | 'user+admin';
    readonly demo?: boolean | undefined;
  }> {
    return parsed(ClientPolicy, await this.call({ method: 'GET', path: '/v1/policy' }));
  }

  async revoke(deviceId: DeviceId): Promise<ListVersion> {
    return parsed(ListStored, await this.call({ method: 'DELETE', path: `/v1/devices/${deviceId}` }))
      .listVersion as ListVersion;
  }

  private async call(request: Omit<Call, 'credentials'>): Promise<CallAnswer> {
    const { token, headers } = await this.credentials(request);
    const answer = await call(this.address, { ...request, credentials: headers });
    if (answer.kind === 'ok') return answer;
    const { code, serverTime } = answer.problem;
    // The key that signed the token may have been taken back; whoever is gone for good gets no other token.
    if (code === 'token_expired' || code === 'unauthenticated') this.tokens.drop(token);
    else if (code === 'clock_skew' && serverTime !== undefined) this.tokens.heal(serverTime);
    else return answer;
    const again = await this.credentials(request).catch((error: unknown) => {
      if (code === 'unauthenticated') return undefined;
      throw error;
    });
    return again === undefined ? answer : call(this.address, { ...request, credentials: again.headers });
  }

  private credentials({ method, path }: Pick<Call, 'method' | 'path'>) {
    return this.tokens.credentials({ method, url: this.tokens.urlOf(path) });
  }
}

function isLater(place: ListPlace, before: ListPlace): boolean {
  return place.epoch > before.epoch || (place.epoch === before.epoch && place.version > before.version);
}

function bodyOf(answer: CallAnswer): Uint8Array<ArrayBuffer> {
  if (answer.kind === 'refused') throw refusedBy(answer.problem);
  return answer.body;
}

function parsed<Body>(schema: Schema<Body>, answer: CallAnswer): Body {
  if (answer.kind === 'refused') throw refusedBy(answer.problem);
  const result = schema.safeParse(answer.json());
  return result.success ? result.data : unreadable();
}

function unreadable(): never {
  throw new SottoError('answer_unreadable');
}
