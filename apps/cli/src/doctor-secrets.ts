import { existsSync, readFileSync } from 'node:fs';
import { foreignSigningKeys } from '../../../libs/auth/key-rotation.js';
import { ServiceTokens, type TokenState } from '../../../libs/auth/service-tokens.js';
import { systemClock } from '../../../libs/platform/clock.js';
import { embeddedPostgresStatus } from '../../../libs/platform/embedded-postgres.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { Db } from '../../../libs/platform/postgres.js';
import type { MasterKey } from '../../../libs/platform/secrets.js';
import { bad, good, note, type Diagnosis } from './diagnosis.js';
import { masterKeyFile, masterKeyOf } from './master-key.js';
import type { World } from './world.js';

/** What the secrets in the files are worth, with the database where it answers. Uses none of them. */
export async function secretDiagnoses(world: World): Promise<readonly Diagnosis[]> {
  const url = databaseUrl(world);
  const db = url === undefined ? undefined : Db.connect({ url, max: 1, application: 'sotto-doctor' });
  try {
    return [await masterKeyDiagnosis(world, db), ...(await adminTokenDiagnoses(world, db))];
  } finally {
    await db?.close();
  }
}

async function masterKeyDiagnosis(world: World, db: Db | undefined): Promise<Diagnosis> {
  const file = masterKeyFile(world);
  if (!existsSync(file)) return note('master key', `${file} does not exist yet`, 'It is made by the first start.');
  let masterKey: MasterKey;
  try {
    masterKey = masterKeyOf(world);
  } catch (error) {
    return bad('master key', error instanceof Error ? error.message : String(error), BRING_BACK);
  }
  const foreign = db === undefined ? undefined : await foreignSigningKeys(db, masterKey).catch(() => undefined);
  if (foreign === undefined) return good('master key', `${file} holds one (${masterKey.fingerprint})`);
  if (foreign.length === 0) return good('master key', `${file} unwraps the signing keys (${masterKey.fingerprint})`);
  return bad('master key', `${file} does not unwrap ${String(foreign.length)} of the signing keys`, BRING_BACK);
}

const BRING_BACK =
  'Bring back the file that the keys were wrapped by, or finish its replacement: docs/runbooks/leaked-server-key.md';

async function adminTokenDiagnoses({ home }: World, db: Db | undefined): Promise<readonly Diagnosis[]> {
  if (db === undefined || !existsSync(home.adminToken)) return [];
  const token = readFileSync(home.adminToken, 'utf8').trim();
  const state = await new ServiceTokens(db, systemClock, systemIds).stateOf(token).catch(() => undefined);
  if (state === undefined) return [];
  if (state === 'good') return [good('admin token', `${home.adminToken} is good`)];
  return [note('admin token', `${home.adminToken} ${WORTHLESS[state]}`, 'The next `npm start` writes a new one.')];
}

const WORTHLESS: Readonly<Record<Exclude<TokenState, 'good'>, string>> = {
  expired: 'has expired',
  revoked: 'was revoked',
  unknown: 'holds no token of this database',
};

/** Of a database that runs; nothing is started for a look. */
function databaseUrl({ env, home }: World): string | undefined {
  const given = env['DATABASE_URL']?.trim() ?? '';
  if (given !== '') return given;
  const status = embeddedPostgresStatus(home.postgres);
  return status.kind === 'running' ? status.url : undefined;
}
