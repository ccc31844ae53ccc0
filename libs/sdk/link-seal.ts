import { Aes256GcmSiv, hkdf } from '@signalapp/libsignal-client';
import { linkKeyInfo } from '../protocol/link-text.js';
import { plain } from './crypto.js';
import { SottoError } from './errors.js';

export type LinkDirection = Parameters<typeof linkKeyInfo>[0];
export type LinkSealStep = Parameters<typeof linkKeyInfo>[1];

/** The secret of the link text (32 bytes, never sent) and the session (16 bytes). */
export interface LinkSecret {
  readonly session: Uint8Array;
  readonly secret: Uint8Array;
}

/** Each (direction, step) has a key of its own that is used once, so one nonce serves all. */
const NONCE = new Uint8Array(12);

/** Seals one message of linking: AES-256-GCM-SIV under an HKDF-SHA-256 key of this direction and step, session as associated data. */
export function sealLink(
  link: LinkSecret,
  of: { readonly direction: LinkDirection; readonly step: LinkSealStep; readonly message: Uint8Array },
): Uint8Array {
  return cipherOf(link, of).encrypt(plain(of.message), NONCE, plain(link.session));
}

/** Throws `link_not_authentic` for anything that the other side did not seal for exactly this step. */
export function openLink(
  link: LinkSecret,
  of: { readonly direction: LinkDirection; readonly step: LinkSealStep; readonly sealed: Uint8Array },
): Uint8Array {
  try {
    return cipherOf(link, of).decrypt(plain(of.sealed), NONCE, plain(link.session));
  } catch (cause) {
    throw new SottoError('link_not_authentic', { detail: of.step, cause });
  }
}

function cipherOf(
  link: LinkSecret,
  { direction, step }: { readonly direction: LinkDirection; readonly step: LinkSealStep },
): Aes256GcmSiv {
  return Aes256GcmSiv.new(hkdf(32, plain(link.secret), plain(linkKeyInfo(direction, step)), plain(link.session)));
}
