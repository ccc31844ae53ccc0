import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../libs/platform/embedded-redis.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../libs/platform/embedded-postgres.js';
import { Db } from '../../libs/platform/postgres.js';
import { emptyDatabase } from '../../libs/platform/testing/database.js';
import { startThrowAwayPostgres } from '../../libs/platform/throw-away-postgres.js';
import { folderAbove } from '../../libs/serving/project-folder.js';
import type { Pids } from './machine.js';
import { World } from '../world/world.js';
import { GeneratorProcess } from './generator/process.js';
import type { Where } from './generator/generator.js';

/** `local`: everybody on one gateway. `across`: whoever sends on one, whoever receives on the other. */
export type Side = 'floor' | 'local' | 'across';

interface Floor {
  readonly child: ChildProcess;
  url: string;
  log: string;
}

/** What the tenant of all players may; limits are counted as always, and reached by nobody. */
const POLICY = {
  messagesPerMinute: 6_000,
  pairBurst: 100_000,
  requestsPerMinute: 100_000,
  grantsPerMinute: 100_000,
  prekeyFetches: 100_000,
  prekeyFetchesPerHour: 1_000_000,
};

/** Statements are counted, and one in a hundred that are slow leaves its plan in PostgreSQL's log. */
const WATCHED = {
  shared_preload_libraries: 'pg_stat_statements,auto_explain',
  'auto_explain.log_min_duration': "'5ms'",
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_parameter_max_length': '0',
  'auto_explain.sample_rate': '0.03',
};

const INSPECT = '--inspect=127.0.0.1:0';

/**
 * Everything that runs in a benchmark: one PostgreSQL with its own settings for the floor and for Sotto, each in a database of its own, a real
 * Redis, the built processes (api, two gateways, worker), the floor, and the generator. While one side is measured the other is idle.
 */
export class Stage {
  private constructor(
    readonly postgres: EmbeddedPostgres,
    readonly world: World,
    readonly generator: GeneratorProcess,
    readonly db: Db,
    readonly floorDb: Db,
    private floor: Floor,
    private readonly more: {
      readonly redis: EmbeddedRedis;
      readonly redisPid: number;
      readonly floorUrl: string;
      readonly inspected: boolean;
    },
  ) {}

  /** `inspected`: processes can be profiled, and PostgreSQL counts statements. */
  static async start({ inspected }: { readonly inspected: boolean }): Promise<Stage> {
    const [postgres, redis] = await Promise.all([
      startPostgres({ inspected }),
      startEmbeddedRedis({ cache: cacheFolder() }),
    ]);
    const env = inspected ? { NODE_OPTIONS: INSPECT } : {};
    const world = await World.alone('split', { postgresUrl: postgres.url, redisUrl: redis.url, env });
    await world.policy(POLICY);
    const floorUrl = (await emptyDatabase(postgres.url)).url;
    const { api, gateways, databaseUrl } = world.place;
    const generator = GeneratorProcess.start({ api, gatewayUrl: gateways[0] ?? '' }, inspected ? [INSPECT] : []);
    const [db, floorDb] = [databaseUrl, floorUrl].map((url) => Db.connect({ url, max: 2, application: 'bench' })) as [
      Db,
      Db,
    ];
    const floor = await startFloor(floorUrl, { inspected });
    const redisPid = await pidOfRedis(redis.url);
    return new Stage(postgres, world, generator, db, floorDb, floor, { redis, redisPid, floorUrl, inspected });
  }

  where(side: Side): Where {
    if (side === 'floor') return { wire: 'floor', writers: this.floor.url, mail: this.floor.url };
    const [first = '', second = ''] = this.world.place.gateways;
    return { wire: 'sotto', writers: first, mail: side === 'local' ? first : second };
  }

  /** The disk that PostgreSQL writes to. */
  get diskFolder(): string {
    return join(this.postgres.data, '..');
  }

  async postgresVersion(): Promise<string> {
    const [row] = await this.db.query<{ version: string }>(`select current_setting('server_version') as version`);
    return row?.version ?? '';
  }

  get floorHttp(): string {
    return this.floor.url.replace('ws', 'http');
  }

  /** Every process that works for this side, PostgreSQL and Redis too. */
  pids(side: Side): Pids {
    const postgres = Number(readFileSync(join(this.postgres.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    if (side === 'floor') return { postgres, floor: this.floorPid };
    const { 'gateway-2': second = 0, ...others } = this.world.processes.pids;
    return { postgres, redis: this.more.redisPid, ...others, ...(side === 'across' ? { 'gateway-2': second } : {}) };
  }

  get floorPid(): number {
    return this.floor.child.pid ?? 0;
  }

  /** What inspectable processes have said on their way up, by name. */
  get logs(): Readonly<Record<string, string>> {
    const { processes } = this.world;
    const logs = Object.keys(processes.pids).map((name) => [name, processes.logOf(name)] as const);
    return { ...Object.fromEntries(logs), floor: this.floor.log, generator: this.generator.log };
  }

  /** Each round begins without the dead rows and dirty pages of the one before, whoever's they are. */
  async settle(): Promise<void> {
    await this.db.query('vacuum envelope, mailbox');
    await this.floorDb.query('vacuum floor_mail');
    await this.db.query('checkpoint');
  }

  /** With memory that has served nobody; the floor's mail is gone. */
  async freshProcesses(): Promise<void> {
    this.floor.child.kill('SIGTERM');
    this.floor = await startFloor(this.more.floorUrl, this.more);
    for (const name of ['gateway-1', 'gateway-2']) await this.world.processes.restart(name);
  }

  async close(): Promise<void> {
    await this.generator.stop();
    this.floor.child.kill('SIGTERM');
    await Promise.all([this.db.close(), this.floorDb.close()]);
    await this.world.close();
    await Promise.all([this.postgres.stop(), this.more.redis.stop()]);
  }
}

export function cacheFolder(): string {
  const folder = join(folderAbove(import.meta.dirname, 'package.json'), '../.cache');
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function startPostgres({ inspected }: { readonly inspected: boolean }): Promise<EmbeddedPostgres> {
  const postgres = await startThrowAwayPostgres();
  if (!inspected) return postgres;
  const db = Db.connect({ url: postgres.url, max: 1, application: 'bench' });
  for (const [name, value] of Object.entries(WATCHED)) await db.query(`alter system set ${name} = ${value}`);
  await db.close();
  // The folder with its data stays: it comes up again with what is set now, and the first handle removes it.
  await postgres.kill();
  const again = await startEmbeddedPostgres({ folder: postgres.data, port: postgres.port });
  return { ...again, url: postgres.url, stop: async () => postgres.stop() };
}

async function startFloor(url: string, { inspected }: { readonly inspected: boolean }): Promise<Floor> {
  const child = spawn(process.execPath, [...(inspected ? [INSPECT] : []), join(import.meta.dirname, 'floor/main.js')], {
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const floor = { child, url: '', log: '' };
  child.stderr.on('data', (data: Buffer) => (floor.log += data.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      const said = /^floor (\d+)/.exec(data.toString())?.[1];
      if (said !== undefined) resolve(said);
    });
    child.once('exit', () => {
      reject(new Error(`the floor did not come up:\n${floor.log}`));
    });
  });
  floor.url = `ws://127.0.0.1:${port}`;
  return floor;
}

async function pidOfRedis(url: string): Promise<number> {
  const redis = new Redis(url);
  try {
    return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
  } finally {
    redis.disconnect();
  }
}
