import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-binaries.js';

/** What is known about one data folder between runs; lies beside it as `<folder>.json`, mode 0600. */
export interface Memory {
  /** Where the data really is: the folder itself, or a place that PostgreSQL's user can reach. */
  data: string;
  password: string;
  port: number;
  /** There was a database at `data`: without one there now, something is wrong. */
  made: boolean;
}

/** Null when nothing is remembered, or nothing that can be read (`isDamaged`). */
export function recall(folder: string): Memory | null {
  try {
    const memory = JSON.parse(readFileSync(`${folder}.json`, 'utf8')) as Partial<Memory>;
    const { data, password, port } = memory;
    const whole = typeof data === 'string' && typeof password === 'string' && typeof port === 'number';
    // A project that was moved takes its data along.
    const moved = whole && !existsSync(data) && isData(folder);
    return whole ? { data: moved ? folder : data, password, port, made: memory.made === true } : null;
  } catch {
    return null;
  }
}

export function remember(folder: string, memory: Memory): void {
  const file = `${folder}.json`;
  writeFileSync(`${file}.new`, `${JSON.stringify(memory)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function isDamaged(folder: string): boolean {
  return existsSync(`${folder}.json`) && recall(folder) === null;
}

/** So that data that lies elsewhere is found again, and does not outlive a project in a temporary folder for ever. */
export function noteOrigin(data: string, folder: string): void {
  writeFileSync(`${data}.origin`, folder);
}

/** The folder that an `.origin` file names; null when somebody else has just removed it. */
export function originIn(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** The data of a folder whose memory was lost: in it, or elsewhere, made for it. Throws when there is more than one. */
export function adoptable(folder: string, elsewhere: string): string | null {
  if (isData(folder)) return folder;
  const found = readdirSync(elsewhere)
    .filter((name) => name.endsWith('.origin') && originIn(join(elsewhere, name)) === folder)
    .map((name) => join(elsewhere, name.slice(0, -'.origin'.length)))
    .filter(isData);
  if (found.length <= 1) return found[0] ?? null;
  throw new EmbeddedPostgresError(
    'broken-data',
    `${folder}.json is lost, and several databases were made for this folder: ${found.join(', ')}.`,
    `Nothing was changed. Move all but the right one away, each with its .origin file, and start again.`,
  );
}

/** Called where a new database would be made: refuses when there was one before. */
export function mustBeFirst(folder: string, memory: Memory | null): void {
  if (memory?.made === true)
    throw new EmbeddedPostgresError(
      'broken-data',
      `The database of ${folder} is gone: there is nothing in ${memory.data}.`,
      `Nothing was changed. Bring it back (is a disk missing?), or, to begin with an empty database: rm ${folder}.json`,
    );
  if (memory === null && isDamaged(folder))
    throw new EmbeddedPostgresError(
      'broken-data',
      `${folder}.json is damaged, and no database was found that was made for this folder.`,
      `Nothing was changed. Restore the file, or, to begin with an empty database: rm ${folder}.json`,
    );
}

function isData(place: string): boolean {
  return existsSync(join(place, 'PG_VERSION'));
}
