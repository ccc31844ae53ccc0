import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import {
  __wbg_set_wasm,
  SchemaEngine,
  type DiffTarget,
  type MigrationList,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/**
 * Migrations with Prisma's schema engine in its WebAssembly build, which needs no download: it writes the ordinary `_prisma_migrations`
 * table, so the ordinary Prisma CLI may be used on the same folder.
 */
const LOCK = 7_306_000;
const NO_FILTER = { externalTables: [], externalEnums: [] };

/**
 * Applies what is missing and names it. Two processes may do so at once: one waits for the other. One that failed, as on its lock timeout, has
 * left nothing, and is applied by the next call.
 */
export async function migrate(url: string, folder: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'sotto-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await forgetFailed(client);
    const input = { migrationsList: migrationList(folder), filters: NO_FILTER };
    const { appliedMigrationNames } = await withEngine(url, async (engine) => engine.applyMigrations(input));
    return appliedMigrationNames;
  } finally {
    await client.end();
  }
}

/** A migration is one transaction: what is not finished, while nobody else is at it, was rolled back. The engine would wait for somebody to say so. */
async function forgetFailed(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as there`,
  );
  if (rows[0]?.there !== true) return;
  await client.query(
    'update _prisma_migrations set rolled_back_at = now() where finished_at is null and rolled_back_at is null',
  );
}

/** The SQL that makes an empty database what the models say; `url` is any PostgreSQL, nothing is changed in it. */
export async function modelsAsSql(url: string, modelFolder: string): Promise<string> {
  const to: DiffTarget = { tag: 'schemaDatamodel', files: modelFiles(modelFolder) };
  const { stdout } = await withEngine(url, async (engine) =>
    engine.diff({ from: { tag: 'empty' }, to, script: true, exitCode: null, filters: NO_FILTER }),
  );
  return stdout ?? '';
}

/** Names of the migrations in the folder, oldest first. */
export function knownMigrations(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/**
 * Whether a process that knows these migrations may run on a database that has those (D25): all of its own, and at most one newer.
 * Answers what is wrong, for people.
 */
export function schemaFault(known: readonly string[], applied: readonly string[]): string | undefined {
  const missing = known.filter((name) => !applied.includes(name));
  if (missing.length > 0) return `migrations are missing: ${missing.join(', ')}; run \`sotto migrate\``;
  const newer = applied.filter((name) => !known.includes(name));
  return newer.length > 1
    ? `the database is ${String(newer.length)} migrations ahead of this release; update it`
    : undefined;
}

/** Node has it; its type comes with the DOM library only. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, unknown>,
  ): Promise<{ readonly instance: { readonly exports: Record<string, unknown> } }>;
};

let loaded: Promise<void> | undefined;

/** Leaves no connection behind: the engine itself never closes the ones it asked for. */
async function withEngine<Result>(url: string, work: (engine: SchemaEngine) => Promise<Result>): Promise<Result> {
  loaded ??= loadWasm();
  await loaded;
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'sotto-migrate' });
  const scripts = new WholeScripts(pool);
  const engine = await SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(scripts),
  );
  try {
    return await work(engine);
  } catch (error) {
    throw scripts.fault ?? error;
  } finally {
    engine.free();
    await pool.end();
  }
}

/** The stock adapter cuts a script at every semicolon, in comments too, and runs the pieces one by one; here a migration is one transaction. */
class WholeScripts extends PrismaPg {
  /** What PostgreSQL said, which the engine keeps to itself. */
  fault: Error | undefined;

  constructor(private readonly pool: pg.Pool) {
    // The adapter brings type declarations of pg of its own.
    super(pool as never);
  }

  override async connect(): ReturnType<PrismaPg['connect']> {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await this.pool.query(script).catch((error: unknown) => {
        this.fault = error instanceof Error ? error : new Error(String(error));
        throw this.fault;
      });
    };
    return adapter;
  }
}

async function loadWasm(): Promise<void> {
  const require = createRequire(import.meta.url);
  const wasmPath = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm');
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  // The engine's own timers would keep a process alive that is done.
  const imports = Object.fromEntries(
    Object.entries(bindings).map(([name, value]) => [
      name,
      name.startsWith('__wbg_setTimeout') ? unrefTimer(value) : value,
    ]),
  );
  const { instance } = await WebAssembly.instantiate(readFileSync(wasmPath), { './schema_engine_bg.js': imports });
  __wbg_set_wasm(instance.exports);
  (instance.exports['__wbindgen_start'] as () => void)();
}

function unrefTimer(start: unknown): (...args: unknown[]) => unknown {
  return (...args) => (start as (...args: unknown[]) => NodeJS.Timeout)(...args).unref();
}

function migrationList(folder: string): MigrationList {
  const migrationDirectories = knownMigrations(folder).map((name) => ({
    path: name,
    migrationFile: {
      path: 'migration.sql',
      content: { tag: 'ok' as const, value: readFileSync(join(folder, name, 'migration.sql'), 'utf8') },
    },
  }));
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

function modelFiles(folder: string): { path: string; content: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .map((name) => ({ path: basename(name), content: readFileSync(join(folder, name), 'utf8') }));
}
