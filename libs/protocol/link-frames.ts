import type { sotto } from './generated/sotto.js';
import { registrationFromWire, registrationToWire, type DeviceRegistration } from './prekeys.js';

/** One step of linking, on the socket of the new device or the stream of the old one; `session` is 16 random bytes. */
export type LinkFrame = { readonly session: Uint8Array } & LinkStep;

export type LinkStep =
  | { readonly step: 'opened'; readonly expiresAt: number }
  | { readonly step: 'claim' }
  | { readonly step: 'claimed' }
  | { readonly step: 'sealed'; readonly sealed: Uint8Array }
  | { readonly step: 'register'; readonly registration: DeviceRegistration }
  /** `approvalUntil`: an admin must approve the device before then; absent: nobody is asked. */
  | { readonly step: 'registered'; readonly approvalUntil?: number }
  | { readonly step: 'ended'; readonly reason: LinkEnd };

export type LinkEnd = 'unknown' | 'expired' | 'taken' | 'left' | 'refused' | 'off';
const ENDS: readonly string[] = ['unknown', 'expired', 'taken', 'left', 'refused', 'off'] satisfies LinkEnd[];

export function linkToWire(link: LinkFrame): sotto.v1.Link.$Properties {
  const { session } = link;
  switch (link.step) {
    case 'opened':
      return { session, opened: { expiresAt: link.expiresAt } };
    case 'claim':
      return { session, claim: {} };
    case 'claimed':
      return { session, claimed: {} };
    case 'sealed':
      return { session, sealed: link.sealed };
    case 'register':
      return { session, register: registrationToWire(link.registration) };
    case 'registered':
      return { session, registered: link.approvalUntil === undefined ? {} : { approvalUntil: link.approvalUntil } };
    case 'ended':
      return { session, ended: { reason: link.reason } };
  }
}

/** Undefined for a step this version does not know, a session that is none, and an incomplete registration. */
export function linkFromWire(wire: sotto.v1.Link.$Properties): LinkFrame | undefined {
  const session = wire.session ?? new Uint8Array();
  const step = stepFromWire(wire);
  return step === undefined || session.length !== 16 ? undefined : { session, ...step };
}

function stepFromWire(wire: sotto.v1.Link.$Properties): LinkStep | undefined {
  if (wire.sealed) return { step: 'sealed', sealed: wire.sealed };
  if (wire.opened) return { step: 'opened', expiresAt: wire.opened.expiresAt ?? 0 };
  if (wire.claim) return { step: 'claim' };
  if (wire.claimed) return { step: 'claimed' };
  if (wire.registered) return registeredOf(wire.registered.approvalUntil ?? 0);
  if (wire.ended) return { step: 'ended', reason: endOf(wire.ended.reason) };
  const registration = wire.register ? registrationFromWire(wire.register) : undefined;
  return registration === undefined ? undefined : { step: 'register', registration };
}

function registeredOf(approvalUntil: number): LinkStep {
  return approvalUntil === 0 ? { step: 'registered' } : { step: 'registered', approvalUntil };
}

function endOf(reason: string | null | undefined): LinkEnd {
  return ENDS.includes(reason ?? '') ? (reason as LinkEnd) : 'unknown';
}
