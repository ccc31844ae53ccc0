import { spawn, execFile, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { ServiceTokens } from '../../../libs/auth/service-tokens.js';
import { systemClock } from '../../../libs/platform/clock.js';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../../libs/platform/embedded-redis.js';
import { systemIds } from '../../../libs/platform/ids.js';
import { migrate } from '../../../libs/platform/migrate.js';
import { nodeFlags } from '../../../libs/platform/node-flags.js';
import { Db } from '../../../libs/platform/postgres.js';
import { SCOPES } from '../../../libs/protocol/bodies.js';
import { NotRun } from '../clause.js';
import type { Control, Process, Verb } from '../control/control.js';
import { compiledCode } from './compiled.js';
import { quietPort } from './ports.js';
import { RedisLine } from './redis-line.js';
import { Store } from './store.js';

const ROOT = projectFolder();
/** On a machine that does nothing else it is one second; on one that does thirty other things, forty. */
const READY_WITHIN = 90_000;
const ANSWERS_WITHIN = 5_000;
const TOKEN_LIFE = 3_600_000;

export type Kind = 'embedded' | 'split';

interface Part {
  readonly app: 'server' | 'api' | 'gateway' | 'worker';
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  /** Where a node listens for the others. */
  readonly linkPort: number;
  readonly line: RedisLine | undefined;
  child?: ChildProcess;
  /** After `term`: until it is gone. */
  ended?: Promise<unknown>;
}

/** An installation of the kit's own, with a store of its own, and the same control over it that `--control` gives over another. */
export class OwnInstallation implements Control {
  private redis: EmbeddedRedis | undefined;
  private token = '';
  private compiled = '';

  private constructor(
    private readonly store: Store,
    private readonly parts: ReadonlyMap<string, Part>,
    private readonly folder: string,
  ) {}

  static async start(kind: Kind): Promise<OwnInstallation> {
    const store = await Store.start();
    const folder = mkdtempSync(join(tmpdir(), 'sotto-conformance-'));
    const parts = new Map<string, Part>();
    const installation = new OwnInstallation(store, parts, folder);
    try {
      await migrate(store.url, join(ROOT, 'prisma/migrations'));
      installation.token = await adminToken(store.url);
      const common = {
        DATABASE_URL: store.url,
        SOTTO_MASTER_KEY_FILE: join(folder, 'master-key'),
        SOTTO_LOG_LEVEL: 'info',
      };
      installation.compiled = await compiledCode(ROOT);
      if (kind === 'split')
        installation.redis = await startEmbeddedRedis({ cache: join(ROOT, '.cache'), port: await quietPort() });
      for (const [name, part] of await partsOf(common, installation.redis)) parts.set(name, part);
      await Promise.all([...parts.keys()].map(async (name) => installation.startPart(name)));
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  get adminToken(): string {
    return this.token;
  }

  get api(): string {
    const part = [...this.parts.values()].find(({ app }) => app === 'server' || app === 'api');
    return `http://127.0.0.1:${part?.port ?? 0}`;
  }

  get gateways(): readonly string[] {
    return [...this.parts.values()].flatMap((part) => wsOf(part) ?? []);
  }

  get databaseUrl(): string {
    return this.store.url;
  }

  /** Process ids of Sotto's own processes that run, by name. */
  get pids(): ReadonlyMap<string, number> {
    const running = [...this.parts].filter(([, { child }]) => child !== undefined && isRunning(child));
    return new Map(running.map(([name, { child }]) => [name, child?.pid ?? 0]));
  }

  /** Ports of the node link, by name. */
  get linkPorts(): ReadonlyMap<string, number> {
    return new Map([...this.parts].map(([name, { linkPort }]) => [name, linkPort]));
  }

  processes(): Promise<readonly Process[]> {
    const own: Process[] = [...this.parts].map(([name, part]) => ({ name, role: part.app, ws: wsOf(part) }));
    const stores: Process[] = [{ name: 'postgres', role: 'postgres', ws: undefined }];
    if (this.redis !== undefined) stores.push({ name: 'redis', role: 'redis', ws: undefined });
    return Promise.resolve([...own, ...stores]);
  }

  async act(verb: Verb, name = ''): Promise<void> {
    switch (verb) {
      case 'kill':
      case 'term':
      case 'pause':
      case 'resume':
      case 'start':
        if (name === 'postgres') return this.store[verb]();
        if (name === 'redis') return this.actOnRedis(verb);
        return this.actOnPart(verb, name);
      case 'hold': {
        this.lineOf(name).hold();
        return;
      }
      case 'release':
        return this.lineOf(name).release();
      case 'drop':
        for (const { line } of this.parts.values()) line?.drop();
        return;
      case 'fill':
      case 'drain':
      case 'backup':
        return this.store[verb]();
      case 'restore':
        return this.restore();
      case 'migrate':
        return this.migrate();
      case 'logs':
        return this.writeLogs(name);
    }
  }

  async stop(): Promise<void> {
    this.store.resume();
    await Promise.all([...this.parts.keys()].map(async (name) => this.end(name, 'SIGKILL')));
    await Promise.all([...this.parts.values()].map(async ({ line }) => line?.close()));
    await this.redis?.stop();
    await this.store.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async actOnPart(verb: 'kill' | 'term' | 'pause' | 'resume' | 'start', name: string): Promise<void> {
    if (verb === 'start') return this.startPart(name);
    if (verb === 'kill') return this.end(name, 'SIGKILL');
    const part = this.part(name);
    const { child } = part;
    if (child === undefined || !isRunning(child)) return;
    if (verb === 'term') part.ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(verb === 'term' ? 'SIGTERM' : verb === 'pause' ? 'SIGSTOP' : 'SIGCONT');
  }

  private async actOnRedis(verb: 'kill' | 'term' | 'pause' | 'resume' | 'start'): Promise<void> {
    const { redis } = this;
    if (redis === undefined) throw new NotRun('this installation has no redis');
    if (verb === 'kill') await redis.kill();
    else if (verb === 'term') await redis.stop();
    else if (verb === 'start') this.redis = await startEmbeddedRedis({ cache: join(ROOT, '.cache'), port: redis.port });
    else throw new NotRun(`${verb} redis`);
  }

  private async startPart(name: string): Promise<void> {
    const part = this.part(name);
    await part.ended;
    if (part.child !== undefined && isRunning(part.child)) return;
    const child = spawn(process.execPath, [...nodeFlags(part.app), join(ROOT, 'dist/apps', part.app, 'src/main.js')], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        NODE_ENV: 'production',
        NODE_COMPILE_CACHE: this.compiled,
        ...part.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    part.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        if (existsSync(this.folder)) appendFileSync(join(this.folder, `${name}.log`), data);
      });
    await ready(part, child);
  }

  private async end(name: string, signal: NodeJS.Signals): Promise<void> {
    const { child } = this.part(name);
    if (child === undefined || !isRunning(child)) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** Everything stopped, the database put back, the product told where it can be told, everything started. */
  private async restore(): Promise<void> {
    await Promise.all([...this.parts.keys()].map(async (name) => this.end(name, 'SIGKILL')));
    await this.store.restore();
    if (existsSync(join(ROOT, 'dist/apps/cli/src/commands/restored.js')))
      await promisify(execFile)(process.execPath, [join(ROOT, 'dist/apps/cli/src/main.js'), 'restored'], {
        env: { ...process.env, DATABASE_URL: this.store.url },
      });
    await Promise.all([...this.parts.keys()].map(async (name) => this.startPart(name)));
  }

  /** What a next release may do: a column more in the tables of the heart, in the order in which sends lock them (else: a deadlock), a table more. */
  private async migrate(): Promise<void> {
    const folder = join(this.folder, 'migrations');
    cpSync(join(ROOT, 'prisma/migrations'), folder, { recursive: true });
    mkdirSync(join(folder, '9999_conformance'));
    writeFileSync(
      join(folder, '9999_conformance/migration.sql'),
      'alter table mailbox add column conformance_next int4 not null default 7;\nalter table envelope add column conformance_next int4;\ncreate table conformance_next (no int8 primary key);\n',
    );
    await migrate(this.store.url, folder);
  }

  private async writeLogs(to: string): Promise<void> {
    mkdirSync(to, { recursive: true });
    for (const file of readdirSync(this.folder).filter((name) => name.endsWith('.log')))
      cpSync(join(this.folder, file), join(to, `log-${file}`));
    for (const file of readdirSync(this.store.logFolder))
      cpSync(join(this.store.logFolder, file), join(to, `log-${file}`));
    for (const [name, { port, line }] of this.parts) {
      const metrics = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
      if (metrics !== undefined) writeFileSync(join(to, `metrics-${name}`), await metrics.text());
      if (line !== undefined) writeFileSync(join(to, `redis-said-${name}`), line.everythingSaid);
    }
    if (this.redis !== undefined) writeFileSync(join(to, 'redis-dump'), await dumpOf(this.redis.url));
  }

  private lineOf(name: string): RedisLine {
    const { line } = this.part(name);
    if (line === undefined) throw new NotRun('hold: in one process a wake-up is a function call');
    return line;
  }

  private part(name: string): Part {
    const part = this.parts.get(name);
    if (part === undefined) throw new NotRun(`this installation has no ${name}`);
    return part;
  }
}

type Env = Readonly<Record<string, string>>;

async function partsOf(common: Env, redis: EmbeddedRedis | undefined): Promise<ReadonlyMap<string, Part>> {
  return redis === undefined ? embeddedParts(common) : splitParts(common, redis.port);
}

async function embeddedParts(common: Env): Promise<ReadonlyMap<string, Part>> {
  const [port, linkPort] = [await quietPort(), await quietPort()];
  const env = { ...common, SOTTO_PORT: String(port), SOTTO_LINK_PORT: String(linkPort) };
  return new Map([['server', { app: 'server', env, port, linkPort, line: undefined }]]);
}

async function splitParts(common: Env, redisPort: number): Promise<ReadonlyMap<string, Part>> {
  const names = { api: 'api', 'gateway-1': 'gateway', 'gateway-2': 'gateway', worker: 'worker' } as const;
  const ports = await Promise.all(Object.keys(names).map(async () => quietPort()));
  const [api = 0, gateway = 0] = ports;
  const parts = Object.entries(names).map(async ([name, app], index): Promise<[string, Part]> => {
    const line = await RedisLine.open(redisPort);
    const [port, linkPort] = [ports[index] ?? 0, await quietPort()];
    const env = {
      ...common,
      REDIS_URL: line.url,
      SOTTO_ISSUER: `http://127.0.0.1:${api}`,
      SOTTO_GATEWAY_URL: `ws://127.0.0.1:${gateway}`,
      SOTTO_PORT: String(port),
      SOTTO_LINK_PORT: String(linkPort),
    };
    return [name, { app, env, port, linkPort, line }];
  });
  return new Map(await Promise.all(parts));
}

function wsOf({ app, port }: Part): string | undefined {
  return app === 'server' || app === 'gateway' ? `ws://127.0.0.1:${port}` : undefined;
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Neither ready nor ended: nothing would ever start it anew. */
export class Stuck extends Error {}

async function ready({ app, port }: Part, child: ChildProcess): Promise<void> {
  for (const end = Date.now() + READY_WITHIN; Date.now() < end && isRunning(child);) {
    await sleep(30);
    const status = await statusOf(`http://127.0.0.1:${port}/readyz`);
    if (status === 200) return;
  }
  if (!isRunning(child)) throw new Error(`${app} ended before it was ready`);
  child.kill('SIGKILL');
  throw new Stuck(`${app} was neither ready nor gone ${READY_WITHIN / 1_000} s after its start`);
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWERS_WITHIN) });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return undefined;
  }
}

/** All values as they are; `rdbcompression` would hide what is looked for. */
async function dumpOf(url: string): Promise<Buffer> {
  const redis = new Redis(url);
  try {
    await redis.config('SET', 'rdbcompression', 'no');
    const keys = await redis.keysBuffer('*');
    const values = await Promise.all(keys.map(async (key) => redis.dumpBuffer(key)));
    return Buffer.concat(keys.flatMap((key, index) => [key, values[index] ?? Buffer.alloc(0)]));
  } finally {
    redis.disconnect();
  }
}

async function adminToken(databaseUrl: string): Promise<string> {
  const db = Db.connect({ url: databaseUrl, max: 1, application: 'sotto-conformance' });
  try {
    const tokens = new ServiceTokens(db, systemClock, systemIds);
    return (await tokens.create({ name: 'conformance', scopes: SCOPES, lifeMs: TOKEN_LIFE })).token;
  } finally {
    await db.close();
  }
}

function projectFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'prisma/migrations'))) return folder;
  throw new Error('the project is not above this file');
}
