import { existsSync, readFileSync } from 'node:fs';
import { systemClock } from '../../../libs/platform/clock.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { Db } from '../../../libs/platform/postgres.js';
import { writeSecretFile } from '../../../libs/platform/secrets.js';
import { Audit } from '../../../libs/audit/audit.js';
import { OPERATOR } from '../../../libs/auth/operator.js';
import { ServiceTokens, type ServiceToken } from '../../../libs/auth/service-tokens.js';
import { SCOPES } from '../../../libs/protocol/bodies.js';
import type { TenantId } from '../../../libs/protocol/ids.js';
import { Tenants } from '../../../libs/tenancy/tenants.js';
import type { Home } from './home.js';

const TOKEN_LIFE_MS = 24 * 60 * 60 * 1000;

/** What an installation needs before anybody can ask it for anything: said by whoever may write its database. */
export interface FirstStart {
  /** Of an admin of the whole installation, good for 24 hours; also in `.sotto/admin-token`. */
  readonly adminToken: string;
  /** Undefined where no demo is wanted and there is none. */
  readonly demoTenant: TenantId | undefined;
}

/** A new admin token at each start; the demo tenant at the first. */
export async function firstStart(
  databaseUrl: string,
  { home, demo }: { readonly home: Home; readonly demo: boolean },
): Promise<FirstStart> {
  const db = Db.connect({ url: databaseUrl, max: 1, application: 'sotto-cli' });
  try {
    const tenants = new Tenants(db, systemClock, systemIds);
    const existing = await tenants.demo();
    const made = existing ?? (demo ? await makeDemo(tenants) : undefined);
    const tokens = new ServiceTokens(db, systemClock, systemIds);
    const token = await newToken(db, tokens, home);
    writeSecretFile(home.adminToken, token);
    return { adminToken: token, demoTenant: made?.id };
  } finally {
    await db.close();
  }
}

/** Whoever tries the demo by hand may do so with plain bearer tokens; the SDK binds its own all the same. */
async function makeDemo(tenants: Tenants) {
  const tenant = await tenants.create('Demo', { demo: true });
  await tenants.setPolicy(tenant.id, { tokens: 'bearer' });
  return tenant;
}

/** One is enough: the token of the last start ends with this one. Both stand in the audit. */
async function newToken(db: Db, tokens: ServiceTokens, home: Home): Promise<string> {
  const [by, audit] = [{ ...OPERATOR, reason: 'sotto up' }, new Audit(db)];
  const held = existsSync(home.adminToken) ? readFileSync(home.adminToken, 'utf8').trim() : '';
  const last = await tokens.verify(held);
  if (last.kind === 'admin') {
    const end = { action: 'token.revoke', tenantId: undefined, kind: 'token', target: last.tokenId } as const;
    await audit.record(by, end, (tx) => tokens.revoke(last.tokenId, undefined, tx));
  }
  const target = ({ serviceToken }: { readonly serviceToken: ServiceToken }) => serviceToken.id;
  const begin = { action: 'token.create', tenantId: undefined, kind: 'token', target } as const;
  const wanted = { name: 'sotto up', scopes: SCOPES, lifeMs: TOKEN_LIFE_MS };
  return (await audit.record(by, begin, (tx) => tokens.create(wanted, tx))).token;
}
