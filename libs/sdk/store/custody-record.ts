import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromBase64url, toBase64url } from '../../protocol/bytes.js';
import { SottoError } from '../errors.js';
import type { Host } from '../host.js';

/** Argon2id (RFC 9106): memory in KiB, passes, lanes, and 16 random bytes. */
export interface PassphraseTerms {
  readonly salt: Uint8Array;
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** How the key of a store is kept, without the key: `custody.json` beside the store. */
export type CustodyRecord =
  | { readonly kind: 'key' | 'demo' }
  /** `path`: where the key file was at the last opening. */
  | { readonly kind: 'file'; readonly path: string }
  /** `entry`: 16 random bytes in base64url, the name of the keychain's entry. */
  | { readonly kind: 'keychain'; readonly entry: string }
  | ({ readonly kind: 'passphrase' } & PassphraseTerms);

const FILE = 'custody.json';
const VERSION = 1;
const LONGEST = 8192;
/** From what is made here to what a small machine still bears: a damaged file cannot ask for 100 GiB, nor for a weak key. */
const BOUNDS = { memoryKib: [65_536, 1_048_576], passes: [3, 16], lanes: [1, 4] } as const;

export function newTerms(host: Host): PassphraseTerms {
  return { salt: host.random(16), memoryKib: 65_536, passes: 3, lanes: 1 };
}

/** Undefined where there is none. Throws `store_damaged`, and `store_too_new` for a later version of the file. */
export function readRecord(folder: string): CustodyRecord | undefined {
  const path = join(folder, FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const fields = text.length > LONGEST ? undefined : parse(text);
  if (typeof fields?.['version'] === 'number' && fields['version'] > VERSION)
    throw new SottoError('store_too_new', { detail: path });
  const record = fields?.['version'] === VERSION ? recordOf(fields) : undefined;
  if (record === undefined) throw new SottoError('store_damaged', { detail: `${path} is damaged.` });
  return record;
}

/** The first of two that write at once counts for both, and is returned. */
export function writeFirstRecord(folder: string, record: CustodyRecord, host: Host): CustodyRecord {
  const beside = writeBeside(folder, record, host);
  try {
    linkSync(beside, join(folder, FILE));
    return record;
  } catch (error) {
    const first = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readRecord(folder) : undefined;
    if (first === undefined) throw error;
    return first;
  } finally {
    rmSync(beside, { force: true });
  }
}

export function replaceRecord(folder: string, record: CustodyRecord, host: Host): void {
  renameSync(writeBeside(folder, record, host), join(folder, FILE));
}

export function eraseRecord(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}

function writeBeside(folder: string, record: CustodyRecord, host: Host): string {
  const path = join(folder, `${FILE}.${toBase64url(host.random(6))}`);
  const { kind, ...rest } = record;
  const fields = 'salt' in rest ? { ...rest, salt: toBase64url(rest.salt) } : rest;
  const text = `${JSON.stringify({ version: VERSION, custody: kind, ...fields })}\n`;
  writeFileSync(path, text, { mode: 0o600, flag: 'wx', flush: true });
  return path;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function recordOf(fields: Readonly<Record<string, unknown>>): CustodyRecord | undefined {
  const { custody: kind, path, entry } = fields;
  switch (kind) {
    case 'key':
    case 'demo':
      return { kind };
    case 'file':
      return typeof path === 'string' && path !== '' ? { kind, path } : undefined;
    case 'keychain':
      return typeof entry === 'string' && fromBase64url(entry)?.length === 16 ? { kind, entry } : undefined;
    case 'passphrase': {
      const terms = termsOf(fields);
      return terms === undefined ? undefined : { kind, ...terms };
    }
    default:
      return undefined;
  }
}

function termsOf(fields: Readonly<Record<string, unknown>>): PassphraseTerms | undefined {
  const salt = typeof fields['salt'] === 'string' ? fromBase64url(fields['salt']) : undefined;
  const within = (name: keyof typeof BOUNDS): number | undefined => {
    const value = fields[name];
    const [least, most] = BOUNDS[name];
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  };
  const [memoryKib, passes, lanes] = [within('memoryKib'), within('passes'), within('lanes')];
  if (salt?.length !== 16 || memoryKib === undefined || passes === undefined || lanes === undefined) return undefined;
  return { salt, memoryKib, passes, lanes };
}
