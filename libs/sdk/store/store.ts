import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '@signalapp/sqlcipher';
import type { Brand } from '../../protocol/brand.js';
import { plain } from '../crypto.js';
import { SottoError } from '../errors.js';
import { MIGRATIONS } from './schema.js';

export type Value = string | number | Uint8Array | null;
export type Row = Record<string, string | number | Uint8Array<ArrayBuffer> | null>;

/** Read access, inside or outside a transaction. */
export interface Reader {
  get(sql: string, ...values: readonly Value[]): Row | undefined;
  all(sql: string, ...values: readonly Value[]): readonly Row[];
}

/** Write access: exists only inside `Store.transact`. */
export type Tx = Brand<Reader & { run(sql: string, ...values: readonly Value[]): number }, 'Tx'>;

const FILE = 'sotto.db';
const PAGE = 4096;

/**
 * One SQLCipher database in a folder of its own (0700), opened by one process at a time. `transact` is synchronous: nothing of this
 * process can come between its statements, and it has happened as a whole, on disk, when it returns (`synchronous = FULL`).
 */
export class Store implements Reader {
  private constructor(
    private readonly database: Database,
    private readonly tx: Tx,
  ) {}

  static exists(folder: string): boolean {
    return existsSync(join(folder, FILE));
  }

  /**
   * `key`: 32 bytes. Makes the store where there is none; one that was cut short is never made anew. Throws store_in_use, store_locked,
   * store_damaged, store_unsafe, store_too_new.
   */
  static open(folder: string, key: Uint8Array): Store {
    prepareFolder(folder);
    const size = statSync(join(folder, FILE), { throwIfNoEntry: false })?.size;
    if (size !== undefined && size < PAGE) throw new SottoError('store_damaged', { detail: folder });
    const database = new Database(join(folder, FILE), { cacheStatements: true });
    try {
      unlock(database, key);
      if (size !== undefined) checkWhole(database, folder);
      migrate(database);
    } catch (error) {
      database.close();
      throw openError(error);
    }
    return new Store(database, access(database));
  }

  /** Takes away a store that nobody has open. */
  static erase(folder: string): void {
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(join(folder, FILE + ending), { force: true });
  }

  get(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.tx.get(sql, ...values);
  }

  all(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.tx.all(sql, ...values);
  }

  /** All of `work` is committed, or, when it throws, nothing. */
  transact<Result>(work: (tx: Tx) => Result): Result {
    this.database.exec('begin immediate');
    try {
      const result = work(this.tx);
      this.database.exec('commit');
      return result;
    } catch (error) {
      this.database.exec('rollback');
      throw error;
    }
  }

  /** From here on no loss of the write-ahead log takes away what was committed. */
  settle(): void {
    this.database.pragma('wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.database.close();
  }
}

export function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const { uid } = lstatSync(folder);
  if (uid !== process.geteuid?.())
    throw new SottoError('store_unsafe', { detail: `${folder} belongs to another user.` });
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

function unlock(database: Database, key: Uint8Array): void {
  database.pragma('cipher_log_level = NONE');
  database.pragma(`key = "x'${Buffer.from(key).toString('hex')}'"`);
  database.pragma('busy_timeout = 0');
  database.pragma('temp_store = MEMORY');
  database.pragma('secure_delete = ON');
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // A write takes the lock that exclusive mode then never gives back.
  database.exec('begin immediate; commit');
}

/**
 * Reads every page: one that is lost would be noticed only when its session is needed, and after a crash SQLite fills the gaps with
 * zeros. A store is made whole before it is of use to anybody (`settle`), so one without tables has lost them.
 */
function checkWhole(database: Database, folder: string): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version === 0 || database.pragma('quick_check(1)', { simple: true }) !== 'ok')
    throw new SottoError('store_damaged', { detail: folder });
}

function migrate(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) throw new SottoError('store_too_new');
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index >= version) database.exec(`begin; ${sql}; pragma user_version = ${String(index + 1)}; commit`);
  }
}

function openError(error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED') return new SottoError('store_in_use', { cause: error });
  if (code === 'SQLITE_CORRUPT' || (typeof code === 'string' && code.startsWith('SQLITE_IOERR')))
    return new SottoError('store_damaged', { cause: error });
  return code === 'SQLITE_NOTADB' ? new SottoError('store_locked', { cause: error }) : error;
}

function access(database: Database): Tx {
  const bind = (values: readonly Value[]) =>
    values.map((value) => (value instanceof Uint8Array ? plain(value) : value));
  const reader = {
    get: (sql: string, ...values: readonly Value[]) => database.prepare(sql).get<Row>(bind(values)),
    all: (sql: string, ...values: readonly Value[]) => database.prepare(sql).all<Row>(bind(values)),
    run: (sql: string, ...values: readonly Value[]) => database.prepare(sql).run(bind(values)).changes,
  };
  return reader as unknown as Tx;
}

/** Columns that the schema declares as such; strict tables make anything else impossible. */
export function blob(row: Row, column: string): Uint8Array<ArrayBuffer> {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`${column} is not a blob`);
  return value;
}

export function optionalBlob(row: Row, column: string): Uint8Array<ArrayBuffer> | undefined {
  return row[column] === null ? undefined : blob(row, column);
}

export function int(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is not a number`);
  return value;
}

export function text<Text extends string = string>(row: Row, column: string): Text {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is not text`);
  return value as Text;
}

export function optionalText<Text extends string = string>(row: Row, column: string): Text | undefined {
  return row[column] === null ? undefined : text<Text>(row, column);
}
