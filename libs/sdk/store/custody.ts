import { argon2 } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { toBase64url } from '../../protocol/bytes.js';
import { SottoError } from '../errors.js';
import type { Host } from '../host.js';
import {
  eraseRecord,
  newTerms,
  readRecord,
  replaceRecord,
  writeFirstRecord,
  type CustodyRecord,
  type PassphraseTerms,
} from './custody-record.js';
import { readKeyFile } from './key-file.js';
import { forgetKeychainKey, keychainKey, systemKeychain, type OpenKeychain } from './keychain.js';
import { prepareFolder, Store } from './store.js';

/**
 * Who keeps the store's key. It is chosen, never guessed: when the chosen one cannot give the key, `store_locked`.
 * `keychain`: the operating system's; bound to this user and machine. `passphrase`: in a head; `ask` is called at each opening.
 * `file`: base64 of 32 bytes, not in the folder of the store, guarded by its mode. `key`: the embedding application, 32 random bytes.
 * `demo`: a file beside the store, so whoever copies the folder can read everything; the tenant must be a demo tenant.
 */
export type Custody =
  | { readonly kind: 'keychain'; readonly open?: OpenKeychain }
  | { readonly kind: 'passphrase'; ask(how: Creating): Promise<string> }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'key'; readonly key: Uint8Array }
  | { readonly kind: 'demo' };

interface Place {
  readonly folder: string;
  readonly host: Host;
}

/** There is no store yet. */
interface Creating {
  readonly creating: boolean;
}

const DEMO_FILE = 'demo.key';
const SHORTEST_PASSPHRASE = 12;

/** The custody that the store in this folder was made with; undefined where there is none. No secret. Throws `store_damaged`. */
export function custodyOf(folder: string): (Pick<CustodyRecord, 'kind'> & { readonly path?: string }) | undefined {
  const record = readRecord(folder);
  if (record === undefined) return undefined;
  return record.kind === 'file' ? { kind: record.kind, path: record.path } : { kind: record.kind };
}

/** The key of the store in this folder, or of the one that is going to be made there. Throws `store_locked`, `store_unsafe`, `store_damaged`. */
export async function storeKey(custody: Custody, place: Place): Promise<Uint8Array> {
  prepareFolder(place.folder);
  const creating = !Store.exists(place.folder);
  const record = recorded(custody, { ...place, creating });
  switch (custody.kind) {
    case 'key':
      if (custody.key.length !== 32) throw new SottoError('store_locked', { detail: 'A store key has 32 bytes.' });
      return custody.key;
    case 'file':
      return fileKey(custody.path, record, place);
    case 'demo':
      return demoKey({ ...place, creating });
    case 'passphrase':
      if (record.kind !== 'passphrase') throw new TypeError('a record of another kind');
      return derive(await passphrase(custody, { creating }), record);
    case 'keychain':
      if (record.kind !== 'keychain') throw new TypeError('a record of another kind');
      return keychainKey(custody.open ?? systemKeychain, {
        entry: record.entry,
        make: creating ? () => place.host.random(32) : undefined,
      });
  }
}

/** After the store itself was taken away: nothing of its custody stays, but for a key file, which is somebody's own. */
export async function eraseCustody(custody: Custody, folder: string): Promise<void> {
  const record = readRecord(folder);
  rmSync(join(folder, DEMO_FILE), { force: true });
  eraseRecord(folder);
  if (record?.kind === 'keychain' && custody.kind === 'keychain')
    await forgetKeychainKey(custody.open ?? systemKeychain, record.entry);
}

function recorded(custody: Custody, { folder, host, creating }: Place & Creating): CustodyRecord {
  const held = readRecord(folder);
  if (held?.kind === custody.kind) return held;
  if (creating) {
    const fresh = freshRecord(custody, host);
    if (held !== undefined) {
      replaceRecord(folder, fresh, host);
      return fresh;
    }
    const first = writeFirstRecord(folder, fresh, host);
    if (first.kind !== custody.kind) throw new SottoError('store_in_use', { detail: folder });
    return first;
  }
  throw new SottoError('store_locked', {
    detail:
      held === undefined
        ? `${join(folder, 'custody.json')} is missing. Restore it with the store.`
        : `This store was made with ${held.kind} custody.`,
  });
}

function freshRecord(custody: Custody, host: Host): CustodyRecord {
  switch (custody.kind) {
    case 'file':
      return { kind: 'file', path: resolve(custody.path) };
    case 'keychain':
      return { kind: 'keychain', entry: toBase64url(host.random(16)) };
    case 'passphrase':
      return { kind: 'passphrase', ...newTerms(host) };
    default:
      return { kind: custody.kind };
  }
}

function fileKey(given: string, record: CustodyRecord, { folder, host }: Place): Uint8Array {
  const path = resolve(given);
  const key = readKeyFile(path, { storeFolder: folder });
  if (record.kind === 'file' && record.path !== path) replaceRecord(folder, { kind: 'file', path }, host);
  return key;
}

async function passphrase(custody: Custody & { kind: 'passphrase' }, { creating }: Creating): Promise<string> {
  const text = (await custody.ask({ creating })).normalize('NFC');
  if (creating && Array.from(text).length < SHORTEST_PASSPHRASE)
    throw new SottoError('store_locked', {
      detail: `A passphrase has at least ${String(SHORTEST_PASSPHRASE)} characters.`,
    });
  return text;
}

/** Argon2id (RFC 9106), 32 bytes, over the UTF-8 of the passphrase in NFC. */
async function derive(text: string, { salt, memoryKib, passes, lanes }: PassphraseTerms): Promise<Uint8Array> {
  const message = Buffer.from(text, 'utf8');
  const terms = { message, nonce: salt, parallelism: lanes, tagLength: 32, memory: memoryKib, passes };
  try {
    return new Uint8Array(await promisify(argon2)('argon2id', terms));
  } finally {
    message.fill(0);
  }
}

function demoKey({ folder, host, creating }: Place & Creating): Uint8Array {
  host.warn(
    `warning: the key of ${folder} lies beside it (demo custody). Anyone who can read the folder can read the messages.`,
  );
  const path = join(folder, DEMO_FILE);
  if (creating && !existsSync(path)) {
    writeFileSync(path, host.random(32), { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  if (!existsSync(path)) throw new SottoError('store_locked', { detail: `${path} is missing.` });
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new SottoError('store_unsafe', { detail: path });
  const key = readFileSync(path);
  if (key.length !== 32) throw new SottoError('store_locked', { detail: `${path} is damaged.` });
  return key;
}
