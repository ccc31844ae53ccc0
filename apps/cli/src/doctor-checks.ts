import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { port, readConfig, type Settings } from '../../../libs/platform/config.js';
import { embeddedPostgresStatus } from '../../../libs/platform/embedded-postgres.js';
import { createLogger } from '../../../libs/platform/log.js';
import { knownMigrations } from '../../../libs/platform/migrate.js';
import { Db } from '../../../libs/platform/postgres.js';
import { loudSettings } from '../../../libs/platform/quiet-log.js';
import { RedisLink } from '../../../libs/platform/redis.js';
import { databaseChecks, Readiness } from '../../../libs/serving/health.js';
import { faultsOfDoor } from '../../../libs/serving/open-door.js';
import { HTTP_SETTINGS } from '../../../libs/serving/settings.js';
import { bad, good, note, type Diagnosis } from './diagnosis.js';
import { stateDiagnoses } from './doctor-database.js';
import { diskDiagnosis } from './doctor-disk.js';
import { migrationsFolder } from './home.js';
import { serverOf, type World } from './world.js';

const LEAST_NODE = [24, 9] as const;

export function nodeDiagnosis(versionText: string): Diagnosis {
  const [major = 0, minor = 0] = versionText.split('.').map(Number);
  const fits = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const what = `Node ${versionText}`;
  if (fits) return good('node', what);
  return bad('node', `${what} is too old`, 'Run it as ./sotto (which brings Node 24), or install Node >= 24.9.');
}

/** The native libraries of the client: loaded, not only found. */
export async function libraryDiagnosis(): Promise<Diagnosis> {
  try {
    await import('../../../libs/sdk/client.js');
    return good('libraries', 'libsignal and SQLCipher can be loaded');
  } catch (error) {
    return bad(
      'libraries',
      error instanceof Error ? error.message : String(error),
      'Sotto needs glibc (not musl) and libstdc++6; then: npm ci',
    );
  }
}

export function homeDiagnoses({ home }: World): readonly Diagnosis[] {
  let place = home.folder;
  while (!existsSync(place)) place = join(place, '..');
  const { bavail, bsize } = statfsSync(place);
  return [diskDiagnosis(bavail * bsize, place), ...fileDiagnoses(home.folder)];
}

/** Everything in `.sotto` that is a secret must be for its owner alone. */
function fileDiagnoses(folder: string): readonly Diagnosis[] {
  if (!existsSync(folder))
    return [note('files', `${folder} does not exist yet`, 'It is made by the first `npm start`.')];
  const open = secretFiles(folder).filter((path) => (statSync(path).mode & 0o077) !== 0);
  if (open.length === 0 || process.platform === 'win32')
    return [good('files', `the secrets in ${folder} are for their owner alone`)];
  return open.map((path) =>
    bad('files', `${path} can be read by others`, `chmod 600 ${path}; and replace it if somebody could have read it`),
  );
}

function secretFiles(folder: string): readonly string[] {
  const named = ['admin-token', 'master-key', 'people.json', 'postgres.json', 'server.json'].map((name) =>
    join(folder, name),
  );
  const keys = join(folder, 'keys');
  const inKeys = existsSync(keys) ? readdirSync(keys).map((name) => join(keys, name)) : [];
  const demo = join(folder, 'demo');
  const inDemo = existsSync(demo)
    ? readdirSync(demo, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('demo.key'))
        .map((name) => join(demo, name))
    : [];
  return [...named, ...inKeys, ...inDemo].filter((path) => existsSync(path));
}

export async function databaseDiagnoses({ env, home }: World): Promise<readonly Diagnosis[]> {
  const given = env['DATABASE_URL']?.trim() ?? '';
  const status = embeddedPostgresStatus(home.postgres);
  if (given !== '') return lookInto(given, 'the database of DATABASE_URL');
  if (status.kind === 'absent')
    return [note('database', 'no embedded PostgreSQL yet', 'It is made by the first `npm start`.')];
  if (status.kind === 'damaged')
    return [
      bad('database', `${home.postgres}.json is damaged`, 'Start the server: it looks for the data, or says more.'),
    ];
  if (status.kind === 'stopped')
    return [good('database', `the embedded PostgreSQL is stopped; its data lies in ${status.data}`)];
  const orphan =
    status.owner === null
      ? [
          note(
            'database',
            `the embedded PostgreSQL (process ${String(status.pid)}) runs without its server`,
            'The next `npm start` takes it over; nothing is lost.',
          ),
        ]
      : [];
  return [...orphan, ...(await lookInto(status.url, 'the embedded PostgreSQL'))];
}

async function lookInto(url: string, name: string): Promise<readonly Diagnosis[]> {
  const db = Db.connect({ url, max: 1, application: 'sotto-doctor' });
  try {
    const [row] = await db.query<{ version: string }>('select current_setting($1) as version', ['server_version']);
    const found = row?.version ?? 'unknown';
    const major = Number.parseInt(found, 10);
    const fits = major >= 15 && major <= 18;
    const version = fits
      ? good('database', `${name} answers (PostgreSQL ${found})`)
      : bad('database', `${name} is PostgreSQL ${found}`, 'Use 15 to 18.');
    const checks = databaseChecks(db, knownMigrations(migrationsFolder())).filter((check) => check.name !== 'database');
    const looked = await Promise.all(
      checks.map(async (check) => ({ check: check.name, fault: await check.fault().catch(String) })),
    );
    return [
      version,
      ...looked.map(({ check, fault }) =>
        fault === undefined
          ? good(check, HELD[check] ?? 'as it must be')
          : bad(check, fault, MEND[check] ?? 'See above.'),
      ),
      await logDiagnosis(db),
      ...(await stateDiagnoses(db)),
      await demoTenant(db),
    ];
  } catch (error) {
    return [
      bad(
        'database',
        `${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
        'Look whether it runs, and at address, user and password in DATABASE_URL.',
      ),
    ];
  } finally {
    await db.close();
  }
}

const HELD: Readonly<Record<string, string>> = {
  durability: 'fsync, synchronous_commit and full_page_writes are on: accepted means on disk',
  schema: 'the schema fits this release',
};
const MEND: Readonly<Record<string, string>> = {
  durability: 'Switch them on in postgresql.conf or with ALTER SYSTEM, and reload.',
  schema: 'Run: sotto migrate',
};

/** D24 counts PostgreSQL's own log in. */
async function logDiagnosis(db: Db): Promise<Diagnosis> {
  const loud = await loudSettings(db);
  if (loud.length === 0) return good('log', "PostgreSQL's log gets no values of Sotto's rows and statements");
  const names = loud.map((setting) => setting.split(' ')[0]).join(', ');
  return bad(
    'log',
    `PostgreSQL may write ciphertext and ids into its log: ${loud.join(', ')}`,
    `Let the role of DATABASE_URL see to it itself: GRANT SET ON PARAMETER ${names} TO <role>; or set it in postgresql.conf (SECURITY.md).`,
  );
}

async function demoTenant(db: Db): Promise<Diagnosis> {
  const rows = await db.query<{ n: number }>('select count(*) as n from tenant where demo').catch(() => []);
  if ((rows[0]?.n ?? 0) === 0) return good('demo', 'no demo tenant');
  return note(
    'demo',
    'this installation has the demo tenant, whose keys lie in the open',
    'For real use start with an empty database: sotto up --no-demo',
  );
}

export async function redisDiagnosis({ env }: World): Promise<Diagnosis> {
  const url = env['REDIS_URL']?.trim() ?? '';
  if (url === '') return good('redis', 'not configured: one process serves everything');
  const redis = new RedisLink(url, createLogger({ level: 'silent', app: 'doctor' }));
  try {
    for (let tries = 0; tries < 10; tries += 1) {
      if (await redis.ping()) return good('redis', 'answers');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return bad(
      'redis',
      'does not answer',
      'Look whether it runs and at REDIS_URL. Mail still arrives, within seconds; enrolment and linking wait.',
    );
  } finally {
    redis.close();
  }
}

export async function serverDiagnosis(world: World): Promise<Diagnosis> {
  const server = serverOf(world, undefined);
  const answer = await world.host.fetch(`${server}/readyz`, { method: 'GET', headers: {} }).catch(() => undefined);
  if (answer === undefined) return note('server', `nothing answers at ${server}`, 'Start it with `npm start`.');
  const parsed = Readiness.safeParse(parseJson(new TextDecoder().decode(answer.body)));
  if (!parsed.success)
    return bad('server', `another program answers at ${server}`, 'Choose another port: SOTTO_PORT=8081 npm start');
  if (parsed.data.ready) return good('server', `${server} is ready`);
  const faults = parsed.data.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail ?? 'no'}`);
  return bad('server', `${server} is not ready: ${faults.join('; ')}`, `Its log lies in ${world.home.serverLog}.`);
}

/** The settings as the server would read them. */
export function doorDiagnosis({ env }: World): Diagnosis {
  const table = { ...HTTP_SETTINGS, port: { ...HTTP_SETTINGS.port, schema: port.default(8080) } } satisfies Settings;
  try {
    const { host, tlsCertFile, trustedProxies } = readConfig(table, env);
    const tls = tlsCertFile !== undefined;
    const faults = faultsOfDoor({ host, tls, trustedProxies, demoTenant: false });
    if (faults.length > 0) return bad('exposure', faults.join('; '), 'The server refuses to start like this.');
    const how = tls
      ? 'TLS'
      : trustedProxies.length > 0
        ? 'behind a proxy that ends TLS'
        : 'this machine only, without TLS';
    return good('exposure', `${host}: ${how}`);
  } catch (error) {
    return bad(
      'settings',
      error instanceof Error ? error.message : String(error),
      'docs/configuration.md lists what each variable wants.',
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
