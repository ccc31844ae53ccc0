import { closeSync, fstatSync, openSync, readFileSync, realpathSync, type Stats } from 'node:fs';
import { dirname, sep } from 'node:path';
import { SottoError } from '../errors.js';

/** 32 bytes in base64 or base64url, padded or not, and at most a line break. */
const KEY_TEXT = /^[A-Za-z0-9+/_-]{43}=?\r?\n?$/;
const LONGEST = 256;

/**
 * A key that lies in a file: of systemd (`LoadCredential=`), of a Kubernetes secret, of one's own. Links are followed, as both use
 * them; what counts is the file at the end. Throws `store_locked` and `store_unsafe`.
 */
export function readKeyFile(path: string, { storeFolder }: { readonly storeFolder: string }): Uint8Array {
  const text = readGuarded(path, { notIn: storeFolder });
  if (!KEY_TEXT.test(text))
    throw new SottoError('store_locked', {
      detail: `${path} must hold 32 bytes in base64 (openssl rand -base64 32 makes some).`,
    });
  return new Uint8Array(Buffer.from(text.trim(), 'base64'));
}

/** The first line of a file that is guarded like a key. */
export function readPassphraseFile(path: string): string {
  return /^[^\r\n]*/.exec(readGuarded(path, {}))?.[0] ?? '';
}

function readGuarded(path: string, { notIn }: { readonly notIn?: string }): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new SottoError('store_locked', { detail: `${path} cannot be read (${codeOf(cause)}).`, cause });
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > LONGEST)
      throw new SottoError('store_locked', { detail: `${path} is no file of a key.` });
    if (openToOthers(stats)) throw new SottoError('store_unsafe', { detail: `${path}: chmod 600, as its owner.` });
    if (notIn !== undefined && (dirname(realpathSync(path)) + sep).startsWith(realpathSync(notIn) + sep))
      throw new SottoError('store_unsafe', { detail: `${path} lies in the folder of the store: keep it elsewhere.` });
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/**
 * The owner must be this user or root, and nobody else may read or write. One exception: a file of root may be read by its group, as
 * systemd (an ACL for the service's user shows as group bits) and Kubernetes (`fsGroup`) mount it.
 */
function openToOthers({ mode, uid }: Pick<Stats, 'mode' | 'uid'>): boolean {
  if (process.platform === 'win32') return false;
  if (uid !== 0 && uid !== process.geteuid?.()) return true;
  return (mode & (uid === 0 ? 0o037 : 0o077)) !== 0;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
