import { SottoError } from '../errors.js';

/** One secret of the keychain of the operating system. */
export interface KeychainEntry {
  /** Null or undefined when there is none. */
  getSecret(): Promise<ArrayLike<number> | null | undefined>;
  setSecret(secret: Uint8Array): Promise<void>;
  deleteCredential(): Promise<boolean>;
}

export type OpenKeychain = (service: string, name: string) => Promise<KeychainEntry>;

const SERVICE = 'sotto';

/**
 * macOS Keychain, Windows Credential Manager, Secret Service. On Linux the library would fall back to the kernel's keyring, which is empty
 * after the next boot: only the Secret Service will do.
 */
export const systemKeychain: OpenKeychain = async (service, name) => {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  return new AsyncEntry(service, name, { linux: { store: 'secret-service' } });
};

/** The key in the entry with this name, made there when `make` is given and there is none. Throws `store_locked`. */
export async function keychainKey(
  open: OpenKeychain,
  { entry, make }: { readonly entry: string; readonly make: (() => Uint8Array) | undefined },
): Promise<Uint8Array> {
  const held = await asked(open, entry, async (keychain) => {
    const found = await keychain.getSecret();
    if (make === undefined || (found !== null && found !== undefined)) return found;
    await keychain.setSecret(make());
    return keychain.getSecret();
  });
  if (held?.length === 32) return Uint8Array.from(held);
  throw new SottoError('store_locked', {
    detail: `The keychain of this user has no key "store ${entry}". A store with keychain custody does not move to another machine or user.`,
  });
}

/** Of a store that was never finished. */
export async function forgetKeychainKey(open: OpenKeychain, entry: string): Promise<void> {
  await asked(open, entry, (keychain) => keychain.deleteCredential());
}

async function asked<Result>(
  open: OpenKeychain,
  entry: string,
  work: (keychain: KeychainEntry) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await open(SERVICE, `store ${entry}`));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const said = cause instanceof Error ? cause.message : String(cause);
    const detail = missing
      ? 'The optional package @napi-rs/keyring is not installed: npm install @napi-rs/keyring'
      : `The keychain does not answer (${said}). On Linux a Secret Service (GNOME Keyring, KWallet) must run and be unlocked in this session.`;
    throw new SottoError('store_locked', { detail: `${detail} Without it, choose passphrase or file custody.`, cause });
  }
}
