import pg from 'pg';
import { BytesClient } from './pg-bytes.js';
import { HUSH } from './quiet-log.js';

/**
 * The one door to PostgreSQL. Readers take `Reader`; functions that write take `Tx`, which only `transact` makes, so writing outside a
 * transaction does not compile. `Db.commit` is for a single statement that is its own transaction: the batches of the heart.
 * int8 comes as a number (every one of ours is a safe integer), bytea as a Buffer, uuid as text.
 */
export interface Reader {
  query<Row extends object>(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]>;
}

export interface QueryOptions {
  /** Prepared once a connection under this name. */
  readonly name?: string;
  /** Results in binary: every column is a Buffer, or null. */
  readonly binary?: boolean;
}

declare const transaction: unique symbol;

export interface Tx extends Reader {
  readonly [transaction]: true;
  sql<Row extends object>(text: string, values?: readonly unknown[], options?: QueryOptions): Promise<Row[]>;
}

export interface PostgresOptions {
  readonly url: string;
  /** Connections at most. */
  readonly max: number;
  /** Shown in pg_stat_activity. */
  readonly application: string;
}

const { INT8 } = pg.types.builtins;
const ATTEMPTS = 3;
/** Serialisation failure, deadlock: the same transaction may succeed when it is run again. */
const AGAIN = new Set(['40001', '40P01']);
const RAW: pg.CustomTypesConfig = { getTypeParser: () => (value: unknown) => value };

/**
 * What every session sets. An open transaction that does nothing holds back vacuum for the whole installation, so it is ended after 10 s;
 * acceptance waits for the disk (D1). Tables that are emptied as fast as they are filled have statistics of another moment: a plan made
 * while `envelope` was empty would read all of it for every page and ack, so where there is an index it is used, and in its order: a bitmap
 * gathers all versions of a row first, and the newest is wanted. A prepared statement is planned once: for a single ack or page PostgreSQL
 * would else choose to plan anew each time, which costs three times the statement.
 */
const SESSION = [
  'synchronous_commit=on',
  'idle_in_transaction_session_timeout=10s',
  'statement_timeout=30s',
  'timezone=UTC',
  'enable_seqscan=off',
  'enable_bitmapscan=off',
  'plan_cache_mode=force_generic_plan',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export class Db implements Reader {
  private constructor(private readonly pool: pg.Pool) {}

  static connect(options: PostgresOptions): Db {
    // `pg-pool` knows `onConnect`, its types do not yet.
    const config: pg.PoolConfig & { onConnect(client: pg.ClientBase): Promise<unknown> } = {
      Client: BytesClient,
      connectionString: options.url,
      max: options.max,
      application_name: options.application,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      options: SESSION,
      onConnect: (client) => client.query(HUSH),
      types: { getTypeParser: parserFor as never },
    };
    const pool = new pg.Pool(config);
    // A connection that PostgreSQL closes, idle or while a transaction waits for something else, is replaced: the next use of it fails and
    // tells. Without a listener the event would end the process, and `pg` listens only to the idle ones.
    pool.on('error', () => undefined);
    pool.on('connect', (client) => client.on('error', () => undefined));
    return new Db(pool);
  }

  async query<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    options: QueryOptions = {},
  ): Promise<Row[]> {
    return run<Row>(this.pool, { text, values, options });
  }

  /** One statement, one transaction: committed when it resolves; run again, up to three times, after a deadlock. */
  async commit<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    options: QueryOptions = {},
  ): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run<Row>(this.pool, { text, values, options });
      } catch (error) {
        if (attempt >= ATTEMPTS || !AGAIN.has(codeOf(error))) throw error;
      }
    }
  }

  /** Commits when `work` resolves, rolls back when it throws; run again, up to three times, after a deadlock. */
  async transact<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.transactOnce(work);
      } catch (error) {
        if (attempt >= ATTEMPTS || !AGAIN.has(codeOf(error))) throw error;
      }
    }
  }

  /** In the caller's transaction where there is one, else in one of its own. */
  async within<Result>(tx: Tx | undefined, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return tx === undefined ? this.transact(work) : work(tx);
  }

  /** Connections of this pool that work, and callers who wait for one. */
  get load(): { readonly busy: number; readonly waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { busy: totalCount - idleCount, waiting: waitingCount };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async transactOnce<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(txOn(client));
      const { command } = await client.query('commit');
      // PostgreSQL answers ROLLBACK, and no error, when a statement failed and the work went on as if it had not.
      if (command !== 'COMMIT')
        throw new Error('the transaction was rolled back: its work hid a statement that failed');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error(String(failure));
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}

function txOn(client: pg.PoolClient): Tx {
  const sql = async <Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    options: QueryOptions = {},
  ): Promise<Row[]> => run<Row>(client, { text, values, options });
  return { query: sql, sql } as unknown as Tx;
}

async function run<Row extends object>(
  on: pg.Pool | pg.PoolClient,
  {
    text,
    values,
    options,
  }: { readonly text: string; readonly values: readonly unknown[]; readonly options: QueryOptions },
): Promise<Row[]> {
  const { name, binary } = options;
  const { rows } = await on.query<Row>({
    text,
    values: values as unknown[],
    ...(name === undefined ? {} : { name }),
    ...(binary === true ? { binary, types: RAW } : {}),
  } as pg.QueryConfig);
  return rows;
}

function parserFor(oid: number): (value: Buffer) => unknown {
  const parse = oid === (INT8 as number) ? parseInt8 : (pg.types.getTypeParser(oid) as (text: string) => unknown);
  return (value) => parse(value.toString());
}

function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('an int8 that is no safe integer');
  return value;
}

export type PostgresTrouble = 'unavailable' | 'full' | 'read-only';

const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '57014',
  '53300',
  '55P03',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
]);

/** The state of the database that made a statement fail; undefined when it is none of these but a bug. */
export function postgresTrouble(error: unknown): PostgresTrouble | undefined {
  const code = codeOf(error);
  if (code === '53100') return 'full';
  if (code === '25006') return 'read-only';
  if (UNAVAILABLE.has(code)) return 'unavailable';
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    message,
  )
    ? 'unavailable'
    : undefined;
}

/** The statement would have waited for a lock longer than its `lock_timeout`. */
export function lockNotGranted(error: unknown): boolean {
  return codeOf(error) === '55P03';
}

/** The row would break a unique key, and which one. */
export function violatedKey(error: unknown): string | undefined {
  return codeOf(error) === '23505' ? ((error as { constraint?: string }).constraint ?? '') : undefined;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
