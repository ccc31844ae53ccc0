import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SottoError } from '../errors.js';
import type { Host } from '../host.js';
import { prepareFolder } from './store.js';

/**
 * Who keeps the store's key. `key`: the caller, 32 random bytes. `demo`: a file beside the store, so whoever copies the folder can read
 * everything; for demo tenants only, with a warning at each open.
 */
export type Custody = { readonly kind: 'key'; readonly key: Uint8Array } | { readonly kind: 'demo' };

const KEY_FILE = 'demo.key';

export function storeKey(
  custody: Custody,
  { folder, host }: { readonly folder: string; readonly host: Host },
): Uint8Array {
  if (custody.kind === 'key') {
    if (custody.key.length !== 32) throw new SottoError('store_locked', { detail: 'A store key has 32 bytes.' });
    return custody.key;
  }
  host.warn(
    `warning: the key of ${folder} lies beside it (demo custody). Anyone who can read the folder can read the messages.`,
  );
  prepareFolder(folder);
  const path = join(folder, KEY_FILE);
  if (!existsSync(path)) {
    writeFileSync(path, host.random(32), { mode: 0o600, flag: 'wx' });
    chmodSync(path, 0o600);
  }
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new SottoError('store_unsafe', { detail: path });
  const key = readFileSync(path);
  if (key.length !== 32) throw new SottoError('store_locked', { detail: `${path} is damaged.` });
  return key;
}
