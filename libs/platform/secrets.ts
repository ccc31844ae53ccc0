import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fromBase64url } from '../protocol/bytes.js';
import { ConfigError } from './config.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The installation's one secret outside the database. It wraps what lies in PostgreSQL (AES-256-GCM, the context as associated data, layout
 * nonce:12 tag:16 ciphertext) and yields keys for other purposes by HKDF-SHA-256, each under a label of its own. While it is being
 * replaced a process has the one before too: that still unwraps, and the keys for other purposes stay its own, because all processes of
 * an installation need the same ones.
 */
export class MasterKey {
  constructor(
    private readonly key: Uint8Array,
    private readonly previous?: MasterKey,
  ) {
    if (key.length !== KEY_BYTES)
      throw new ConfigError(`a master key has ${String(KEY_BYTES)} bytes, this one has ${String(key.length)}`);
  }

  /** Names the key and tells nothing of it: stands beside what it wrapped. */
  get fingerprint(): string {
    return derive(this.key, 'fingerprint').toString('hex', 0, 8);
  }

  wrap(secret: Uint8Array, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', derive(this.key, 'wrap'), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws ConfigError when the bytes were wrapped under another context, or neither by this key nor by the one before. */
  unwrap(wrapped: Uint8Array, context: string): Buffer {
    try {
      return this.open(wrapped, context);
    } catch (error) {
      if (this.previous !== undefined) return this.previous.unwrap(wrapped, context);
      throw new ConfigError(
        'a secret in the database was wrapped by another master key: start with the key file it was made with',
        { cause: error },
      );
    }
  }

  /** 32 bytes for one purpose. */
  subkey(label: string): Buffer {
    return this.previous?.subkey(label) ?? derive(this.key, label);
  }

  private open(wrapped: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(wrapped);
    const decipher = createDecipheriv('aes-256-gcm', derive(this.key, 'wrap'), bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    }).setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  }
}

function derive(key: Uint8Array, label: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `sotto/${label}/1`, KEY_BYTES));
}

/** Reads the key, which must be 32 bytes in base64url in a file that only its owner can read; makes it when there is none. */
export function readOrCreateMasterKey(path: string, previous?: MasterKey): MasterKey {
  const text = readOrCreateSecretFile(path, () => randomBytes(KEY_BYTES).toString('base64url'));
  return new MasterKey(keyIn(path, text), previous);
}

/** The same, of a file that must be there. */
export function readMasterKey(path: string, previous?: MasterKey): MasterKey {
  const text = readSecretFile(path);
  if (text === undefined) throw new ConfigError(`there is no master key in ${path}`);
  return new MasterKey(keyIn(path, text), previous);
}

function keyIn(path: string, text: string): Uint8Array {
  const bytes = fromBase64url(text);
  if (bytes?.length === KEY_BYTES) return bytes;
  throw new ConfigError(
    `${path} holds no master key, which is ${String(KEY_BYTES)} bytes in base64url: bring back the file that was made`,
  );
}

/**
 * The text of a secret file of mode 0600; `make` yields it the first time. Of several processes that start at once the first one's
 * secret counts for all: two master keys for one database would lose what one of them wraps. Refuses a file that others can read.
 */
export function readOrCreateSecretFile(path: string, make: () => string): string {
  const held = readSecretFile(path);
  if (held !== undefined) return held;
  const made = make();
  const complete = writeBeside(path, made);
  try {
    linkSync(complete, path);
    return made;
  } catch (error) {
    const first = codeOf(error) === 'EEXIST' ? readSecretFile(path) : undefined;
    if (first === undefined) throw error;
    return first;
  } finally {
    rmSync(complete, { force: true });
  }
}

/** Replaces a secret file, whole or not at all; the folder is made for the owner alone. */
export function writeSecretFile(path: string, text: string): void {
  renameSync(writeBeside(path, text), path);
}

function readSecretFile(path: string): string | undefined {
  try {
    const mode = statSync(path).mode & 0o077;
    if (mode !== 0 && process.platform !== 'win32')
      throw new ConfigError(`${path} can be read by others: chmod 600 it, and replace the secret if they could have`);
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** A complete file on the disk under another name in the same folder, for its owner alone. */
function writeBeside(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(beside, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return beside;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** A short name for everything this installation calls its own in a Redis that it may share; tells nothing of the key. */
export function namespaceOf(key: MasterKey): string {
  return `sotto-${key.subkey('namespace').toString('hex', 0, 6)}`;
}

/** Compares secrets in constant time; differing lengths are different. */
export function equalSecrets(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
