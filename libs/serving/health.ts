import { z } from 'zod';
import { schemaFault } from '../platform/migrate.js';
import type { Reader } from '../platform/postgres.js';

/** One named thing that must be right before a node takes work. */
export interface HealthCheck {
  readonly name: string;
  /** Undefined: right. Else what is wrong, for the operator; a throw counts as wrong too. */
  readonly fault: () => Promise<string | undefined>;
}

export const Readiness = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string().optional() })),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof Readiness>;
export const Liveness = z.object({ live: z.literal(true) }).meta({ id: 'Liveness' });
export type Liveness = z.infer<typeof Liveness>;

const PATIENCE_MS = 2000;

/**
 * Whether this node takes work. Not ready from the moment it begins to shut down, before anything is closed (D22). Anybody may ask: those
 * who ask at once share one look at the stores, so that asking much costs these little.
 */
export class Health {
  private stopping = false;
  private looking: Promise<Readiness['checks']> | undefined;

  constructor(private readonly checks: readonly HealthCheck[]) {}

  beginShutdown(): void {
    this.stopping = true;
  }

  async readiness(): Promise<Readiness> {
    const running = { name: 'running', ok: !this.stopping, ...(this.stopping ? { detail: 'shutting down' } : {}) };
    this.looking ??= Promise.all(this.checks.map(run)).finally(() => (this.looking = undefined));
    const checks = [running, ...(await this.looking)];
    return { ready: checks.every(({ ok }) => ok), checks };
  }
}

async function run({ name, fault }: HealthCheck): Promise<Readiness['checks'][number]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, `no answer within ${PATIENCE_MS} ms`);
  });
  const detail = await Promise.race([fault().catch(() => 'cannot be reached'), late]);
  clearTimeout(timer);
  return detail === undefined ? { name, ok: true } : { name, ok: false, detail };
}

/** PostgreSQL answers, keeps what it has accepted (D1), and has a schema that this process runs on (D25). */
export function databaseChecks(reader: Reader, knownMigrations: readonly string[]): readonly HealthCheck[] {
  return [
    { name: 'database', fault: () => reader.query('select 1', []).then(() => undefined) },
    { name: 'durability', fault: () => durabilityFault(reader) },
    { name: 'schema', fault: async () => schemaFault(knownMigrations, await appliedMigrations(reader)) },
  ];
}

async function appliedMigrations(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.query<{ name: string }>(
    'select migration_name as name from _prisma_migrations where finished_at is not null and rolled_back_at is null',
  );
  return rows.map(({ name }) => name);
}

/** A configured Redis that is away slows wake-ups and shuts enrolment; the node says so. */
export function redisCheck(ping: () => Promise<boolean>): HealthCheck {
  return { name: 'redis', fault: async () => ((await ping()) ? undefined : 'cannot be reached') };
}

async function durabilityFault(reader: Reader): Promise<string | undefined> {
  const rows = await reader.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')`,
    [],
  );
  const off = rows
    .filter(({ setting }) => setting === 'off' || setting === 'local')
    .map(({ name, setting }) => `${name} = ${setting}`);
  return off.length === 0 ? undefined : `${off.join(', ')}: an accepted message could be lost`;
}
