import { concatBytes, domain, fromBase64url, toBase64url } from './bytes.js';
import { uuidFromBytes, uuidToBytes, type AccountId } from './ids.js';

/**
 * Account id and 128 bits of a hash of the account key, exchanged between people: with it there is nothing to trust (IDENTITY "First contact").
 *
 *     sotto:1/<base64url of account:16 + key hash:16>       key hash = first 16 bytes of SHA-256("sotto/contact/1\0" account_key:33)
 */
export interface ContactAddress {
  readonly accountId: AccountId;
  readonly keyHash: Uint8Array;
}

const SCHEME = 'sotto:';
const CONTACT_DOMAIN = domain('sotto/contact/1');

export function accountKeyHash(accountKey: Uint8Array, sha256: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  return sha256(concatBytes(CONTACT_DOMAIN, accountKey)).slice(0, 16);
}

export function formatContactAddress(address: ContactAddress): string {
  return `${SCHEME}1/${toBase64url(concatBytes(uuidToBytes(address.accountId), address.keyHash))}`;
}

export type ContactAddressFault = 'link_text' | 'not_an_address' | 'unknown_version' | 'damaged';

export function parseContactAddress(
  text: string,
):
  | { readonly kind: 'address'; readonly address: ContactAddress }
  | { readonly kind: 'refused'; readonly reason: ContactAddressFault } {
  const trimmed = text.trim();
  if (trimmed.startsWith('sotto-link:')) return { kind: 'refused', reason: 'link_text' };
  if (!trimmed.startsWith(SCHEME)) return { kind: 'refused', reason: 'not_an_address' };
  if (!trimmed.startsWith(`${SCHEME}1/`)) return { kind: 'refused', reason: 'unknown_version' };
  const bytes = fromBase64url(trimmed.slice(SCHEME.length + 2));
  const accountId = bytes?.length === 32 ? uuidFromBytes<AccountId>(bytes.subarray(0, 16)) : undefined;
  if (bytes === undefined || accountId === undefined) return { kind: 'refused', reason: 'damaged' };
  return { kind: 'address', address: { accountId, keyHash: bytes.slice(16) } };
}
