import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceTokens } from '../../libs/auth/service-tokens.js';
import { systemClock } from '../../libs/platform/clock.js';
import { systemIds } from '../../libs/platform/ids.js';
import { migrate } from '../../libs/platform/migrate.js';
import { nodeFlags } from '../../libs/platform/node-flags.js';
import { Db } from '../../libs/platform/postgres.js';
import { emptyDatabase } from '../../libs/platform/testing/database.js';
import { folderAbove } from '../../libs/serving/project-folder.js';
import { SCOPES } from '../../libs/protocol/bodies.js';
import { quietPort } from '../conformance/own/ports.js';

const ROOT = join(folderAbove(import.meta.dirname, 'package.json'), '..');
const READY_WITHIN = 60_000;
const LOG_KEPT = 8_000_000;

export type Kind = 'embedded' | 'split';

/** Where a running installation is reached; plain data, so that the processes of a test run can hand it on. */
export interface Place {
  readonly kind: Kind;
  readonly api: string;
  /** WebSocket addresses; embedded: one, the API's own. */
  readonly gateways: readonly string[];
  /** Where each process serves HTTP, the worker too. */
  readonly urls: readonly string[];
  readonly adminToken: string;
  readonly databaseUrl: string;
  readonly masterKeyFile: string;
}

/** What an installation of its own may have of its own. */
export interface Own {
  readonly redisUrl?: string | undefined;
  /** URL of a superuser on another PostgreSQL than that of the run. */
  readonly postgresUrl?: string;
  /** For every process, over what they have anyway. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Part {
  readonly app: 'server' | 'api' | 'gateway' | 'worker';
  readonly env: Record<string, string>;
  readonly url: string;
  child?: ChildProcess;
  log: string;
}

/** Real processes of the built apps on a fresh database: one server, or api, two gateways and a worker with Redis. */
export class Installation {
  private constructor(
    readonly place: Place,
    private readonly parts: Map<string, Part>,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async start(kind: Kind, own: Own = {}): Promise<Installation> {
    const database = await emptyDatabase(own.postgresUrl);
    const redisUrl = own.redisUrl ?? process.env['SOTTO_TEST_REDIS'];
    const folder = mkdtempSync(join(tmpdir(), 'sotto-world-'));
    await migrate(database.url, join(ROOT, 'prisma/migrations'));
    const common = {
      DATABASE_URL: database.url,
      SOTTO_MASTER_KEY_FILE: join(folder, 'master-key'),
      SOTTO_LOG_LEVEL: 'info',
      // All stories come from one address; one that is about networks says in X-Forwarded-For where it comes from.
      SOTTO_FAILED_AUTH_PER_MINUTE: '100000',
      SOTTO_TRUSTED_PROXIES: '127.0.0.1',
      ...own.env,
    };
    const parts = kind === 'embedded' ? await embeddedParts(common) : await splitParts(common, redisUrl);
    const gateways = [...parts.values()]
      .filter(({ app }) => app === 'server' || app === 'gateway')
      .map(({ url }) => url.replace('http', 'ws'));
    const api = [...parts.values()].find(({ app }) => app === 'server' || app === 'api')?.url ?? '';
    const place = {
      kind,
      api,
      gateways,
      urls: [...parts.values()].map(({ url }) => url),
      adminToken: await adminToken(database.url),
      databaseUrl: database.url,
      masterKeyFile: common.SOTTO_MASTER_KEY_FILE,
    };
    const installation = new Installation(place, parts, async () => {
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    });
    try {
      await installation.startAll();
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  /** Process ids by name: `server`, or `api`, `gateway-1`, `gateway-2`, `worker`. */
  get pids(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.parts].map(([name, { child }]) => [name, child?.pid ?? 0]));
  }

  /** Where each process serves HTTP, by name. */
  get urls(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.parts].map(([name, { url }]) => [name, url]));
  }

  logOf(name: string): string {
    return this.part(name).log;
  }

  /** `kill -9`, and wait until it is gone. */
  async kill(name: string): Promise<void> {
    await this.end(name, 'SIGKILL');
  }

  /** `kill -9` of every process, all at once. */
  async killAll(): Promise<void> {
    await Promise.all([...this.parts.keys()].map(async (name) => this.kill(name)));
  }

  async startAll(): Promise<void> {
    await Promise.all([...this.parts.keys()].map(async (name) => this.startPart(name)));
  }

  async startPart(name: string): Promise<void> {
    const part = this.part(name);
    const child = spawn(process.execPath, [...nodeFlags(part.app), join(ROOT, 'dist/apps', part.app, 'src/main.js')], {
      env: { ...bareEnvironment(), ...part.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    part.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (part.log = (part.log + data.toString()).slice(-LOG_KEPT)));
    await ready(name, part);
  }

  /** For every process that is started from now on. */
  configure(env: Readonly<Record<string, string>>): void {
    for (const part of this.parts.values()) Object.assign(part.env, env);
  }

  signal(name: string, signal: NodeJS.Signals): void {
    this.part(name).child?.kill(signal);
  }

  /** What ended the process: its exit code, or the signal. */
  async gone(name: string): Promise<number | NodeJS.Signals | null> {
    const { child } = this.part(name);
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null)
      await new Promise((resolve) => child.once('exit', resolve));
    return child.exitCode ?? child.signalCode;
  }

  async restart(name: string): Promise<void> {
    await this.end(name, 'SIGTERM');
    await this.startPart(name);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.parts.keys()].map(async (name) => this.end(name, 'SIGTERM')));
    await this.cleanUp();
  }

  private async end(name: string, signal: NodeJS.Signals): Promise<void> {
    const { child } = this.part(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  private part(name: string): Part {
    const part = this.parts.get(name);
    if (part === undefined)
      throw new Error(`this installation has no ${name}, only ${[...this.parts.keys()].join(', ')}`);
    return part;
  }
}

type Env = Record<string, string>;

async function embeddedParts(common: Env): Promise<Map<string, Part>> {
  const port = await quietPort();
  return new Map([['server', partOf('server', port, { ...common, SOTTO_PORT: String(port) })]]);
}

async function splitParts(common: Env, redisUrl: string | undefined): Promise<Map<string, Part>> {
  if (redisUrl === undefined) throw new Error('SOTTO_TEST_REDIS is not set; run the stories with `npm test`');
  const [api, first, second, worker] = await Promise.all([quietPort(), quietPort(), quietPort(), quietPort()]);
  const env = {
    ...common,
    REDIS_URL: redisUrl,
    SOTTO_ISSUER: `http://127.0.0.1:${String(api)}`,
    SOTTO_GATEWAY_URL: `ws://127.0.0.1:${String(first)}`,
  };
  const part = (app: Part['app'], port: number): Part => partOf(app, port, { ...env, SOTTO_PORT: String(port) });
  return new Map([
    ['api', part('api', api)],
    ['gateway-1', part('gateway', first)],
    ['gateway-2', part('gateway', second)],
    ['worker', part('worker', worker)],
  ]);
}

function partOf(app: Part['app'], port: number, env: Env): Part {
  return { app, env, url: `http://127.0.0.1:${String(port)}`, log: '' };
}

function bareEnvironment(): Env {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NODE_ENV: 'production' };
}

async function ready(name: string, part: Part): Promise<void> {
  const end = Date.now() + READY_WITHIN;
  while (Date.now() < end) {
    const status = await fetch(`${part.url}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    if (part.child?.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`${name} did not become ready:\n${part.log}`);
}

async function adminToken(databaseUrl: string): Promise<string> {
  const db = Db.connect({ url: databaseUrl, max: 1, application: 'sotto-world' });
  try {
    const { token } = await new ServiceTokens(db, systemClock, systemIds).create({
      name: 'world',
      scopes: SCOPES,
      lifeMs: 3_600_000,
    });
    return token;
  } finally {
    await db.close();
  }
}
