import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import type { Ids } from '../platform/ids.js';
import type { Db, Tx } from '../platform/postgres.js';
import type { Scope } from '../protocol/bodies.js';
import type { Brand } from '../protocol/brand.js';
import { concatBytes, fromBase64url, toBase64url } from '../protocol/bytes.js';
import { uuidFromBytes, uuidToBytes, type TenantId } from '../protocol/ids.js';
import { problem, type Problem } from '../protocol/problems.js';
import * as store from './service-tokens.store.js';

export type ServiceTokenId = Brand<string, 'ServiceTokenId'>;

export interface ServiceToken {
  readonly id: ServiceTokenId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Good for this tenant only; undefined: for the whole installation. */
  readonly tenantId: TenantId | undefined;
  /** Milliseconds since the epoch, both. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revoked: boolean;
  /** Days since the epoch; undefined: never used. */
  readonly lastUsedDay: number | undefined;
}

export interface NewServiceToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly tenantId?: TenantId | undefined;
  readonly lifeMs: number;
}

/** Who calls an admin route, as far as the porch has proved it. */
export interface Admin {
  readonly kind: 'admin';
  readonly tokenId: ServiceTokenId;
  readonly tenantId: TenantId | undefined;
  readonly scopes: readonly Scope[];
}

export type TokenState = 'good' | 'expired' | 'revoked' | 'unknown';

const PREFIX = 'sat_';
const SECRET_BYTES = 32;
const DAY = 86_400_000;
const NO_HASH = Buffer.alloc(32);

/**
 * Admins' credentials: `sat_` and base64url of the token's id (16 bytes) and its secret (32 bytes). The table holds SHA-256 of the
 * secret, which is looked up by id and compared in constant time; whether id, secret, expiry or revocation was wrong is not told.
 */
export class ServiceTokens {
  constructor(
    private readonly db: Db,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The token in clear is shown here and never again. */
  async create(
    wanted: NewServiceToken,
    within?: Tx,
  ): Promise<{ readonly serviceToken: ServiceToken; readonly token: string }> {
    const id = this.ids.uuid<ServiceTokenId>();
    const secret = this.ids.bytes(SECRET_BYTES);
    const createdAt = this.clock.now();
    const serviceToken: ServiceToken = {
      id,
      name: wanted.name,
      scopes: [...new Set(wanted.scopes)],
      tenantId: wanted.tenantId,
      createdAt,
      expiresAt: createdAt + wanted.lifeMs,
      revoked: false,
      lastUsedDay: undefined,
    };
    await this.db.within(within, (tx) => store.insertToken(tx, serviceToken, hashOf(secret)));
    return { serviceToken, token: PREFIX + toBase64url(concatBytes(uuidToBytes(id), secret)) };
  }

  /** All, or one tenant's; the first 1,000. */
  async list(tenantId: TenantId | undefined): Promise<readonly ServiceToken[]> {
    return store.selectTokens(this.db, tenantId);
  }

  /** Final and repeatable. With a tenant, only a token of that tenant; told is the one that it was good for. */
  async revoke(
    id: ServiceTokenId,
    tenantId: TenantId | undefined,
    within?: Tx,
  ): Promise<{ readonly kind: 'revoked'; readonly tenantId: TenantId | undefined } | Problem> {
    const revoked = await this.db.within(within, (tx) => store.markRevoked(tx, id, tenantId));
    return revoked === undefined ? problem('not_found', 'there is no such token') : { kind: 'revoked', ...revoked };
  }

  async verify(token: string): Promise<Admin | Problem> {
    const now = this.clock.now();
    const stored = await this.find(token);
    if (stored === undefined || stateAt(stored, now) !== 'good')
      return problem('unauthenticated', 'the service token is not valid');
    const { id, tenantId, scopes, lastUsedDay } = stored;
    const today = Math.floor(now / DAY);
    if (lastUsedDay === undefined || lastUsedDay < today) await store.setLastUsedDay(this.db, id, today);
    return { kind: 'admin', tokenId: id, tenantId, scopes };
  }

  /** What it is worth, for whoever holds the database; that is no use of it. */
  async stateOf(token: string): Promise<TokenState> {
    const stored = await this.find(token);
    return stored === undefined ? 'unknown' : stateAt(stored, this.clock.now());
  }

  private async find(token: string): Promise<ServiceToken | undefined> {
    const parts = read(token);
    const stored = parts === undefined ? undefined : await store.selectToken(this.db, parts.id);
    const right = timingSafeEqual(hashOf(parts?.secret ?? NO_HASH), stored?.hash ?? NO_HASH);
    return right ? stored?.token : undefined;
  }
}

function stateAt({ revoked, expiresAt }: ServiceToken, now: number): Exclude<TokenState, 'unknown'> {
  if (revoked) return 'revoked';
  return expiresAt <= now ? 'expired' : 'good';
}

function read(token: string): { readonly id: ServiceTokenId; readonly secret: Uint8Array } | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  const bytes = fromBase64url(token.slice(PREFIX.length));
  const id = uuidFromBytes<ServiceTokenId>(bytes?.subarray(0, 16) ?? NO_HASH);
  if (bytes?.length !== 16 + SECRET_BYTES || id === undefined) return undefined;
  return { id, secret: bytes.subarray(16) };
}

function hashOf(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}
