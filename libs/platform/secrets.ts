import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from './config.js';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The installation's one secret outside the database. It wraps what lies in PostgreSQL (AES-256-GCM, the context as associated data, layout
 * nonce:12 tag:16 ciphertext) and yields keys for other purposes by HKDF-SHA-256, each under a label of its own.
 */
export class MasterKey {
  constructor(private readonly key: Uint8Array) {
    if (key.length !== KEY_BYTES)
      throw new ConfigError(`a master key has ${String(KEY_BYTES)} bytes, this one has ${String(key.length)}`);
  }

  wrap(secret: Uint8Array, context: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.subkey('wrap'), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws when the bytes were not wrapped by this key under this context. */
  unwrap(wrapped: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(wrapped);
    const decipher = createDecipheriv('aes-256-gcm', this.subkey('wrap'), bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    }).setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch (error) {
      throw new ConfigError(
        'a secret in the database was wrapped by another master key: start with the key file it was made with',
        { cause: error },
      );
    }
  }

  /** 32 bytes for one purpose. */
  subkey(label: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, Buffer.alloc(0), `sotto/${label}/1`, KEY_BYTES));
  }
}

/** Reads the key, which must be 32 bytes in base64url in a file that only its owner can read; makes it when there is none. */
export function readOrCreateMasterKey(path: string): MasterKey {
  return new MasterKey(
    Buffer.from(
      readOrCreateSecretFile(path, () => randomBytes(KEY_BYTES).toString('base64url')),
      'base64url',
    ),
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
