import { concatBytes, domain, fromBase64url, toBase64url } from './bytes.js';

/**
 * What a new device shows, as text or QR code, and an old one reads (IDENTITY "Linking"):
 *
 *     sotto-link:1?server=<URL of the API>&session=<base64url, 16 bytes>&expires=<ms since the epoch>&secret=<base64url, 32 bytes>
 *
 * The secret never goes to the server. Contact addresses have another scheme, and each parser names what it was given instead.
 */
export interface LinkText {
  readonly server: string;
  readonly session: Uint8Array;
  readonly expiresAt: number;
  readonly secret: Uint8Array;
}

const SCHEME = 'sotto-link:';

export function formatLinkText(link: LinkText): string {
  const query = new URLSearchParams({
    server: link.server,
    session: toBase64url(link.session),
    expires: String(link.expiresAt),
    secret: toBase64url(link.secret),
  });
  return `${SCHEME}1?${query.toString()}`;
}

export type LinkTextFault = 'contact_address' | 'not_a_link' | 'unknown_version' | 'damaged';

export function parseLinkText(
  text: string,
): { readonly kind: 'link'; readonly link: LinkText } | { readonly kind: 'refused'; readonly reason: LinkTextFault } {
  const trimmed = text.trim();
  if (trimmed.startsWith('sotto:')) return { kind: 'refused', reason: 'contact_address' };
  if (!trimmed.startsWith(SCHEME)) return { kind: 'refused', reason: 'not_a_link' };
  if (!trimmed.startsWith(`${SCHEME}1?`)) return { kind: 'refused', reason: 'unknown_version' };
  const query = new URLSearchParams(trimmed.slice(SCHEME.length + 2));
  const server = query.get('server') ?? '';
  const session = fromBase64url(query.get('session') ?? '');
  const secret = fromBase64url(query.get('secret') ?? '');
  const expiresAt = Number(query.get('expires') ?? Number.NaN);
  const whole =
    URL.canParse(server) && session?.length === 16 && secret?.length === 32 && Number.isSafeInteger(expiresAt);
  if (!whole) return { kind: 'refused', reason: 'damaged' };
  return { kind: 'link', link: { server, session, secret, expiresAt } };
}

/**
 * HKDF-SHA-256 input for the key of one sealed message: salt = session id, info as returned, 32 bytes out.
 * Each (direction, step) has a key of its own and is used once, so the AES-256-GCM-SIV nonce is twelve zeros; associated data = session id.
 */
export function linkKeyInfo(
  direction: 'new-to-old' | 'old-to-new',
  step: 'hello' | 'account' | 'statement' | 'done',
): Uint8Array {
  return concatBytes(domain('sotto/link/1'), domain(direction), domain(step));
}
