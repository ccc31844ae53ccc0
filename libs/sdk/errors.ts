import type { Problem, ProblemCode } from '../protocol/problems.js';

/**
 * Everything that the SDK itself refuses, with what a person or program should do about it.
 * Refusals of the server keep their code of `protocol/problems.ts`.
 */
const ADVICE = {
  store_in_use: 'Another process has this folder open. Close it, or use a folder of its own for this client.',
  store_locked: 'The store stays locked. Give the custody and the key that it was made with; nothing else is tried.',
  store_damaged:
    'Part of the store is lost. Restore the whole folder, or remove this device from another one and link it anew.',
  demo_only:
    'Demo custody leaves the key beside the messages and is for demo tenants only. Choose keychain, passphrase or file.',
  store_missing: 'There is no client in this folder. Enrol or link one first.',
  store_exists: 'There is a client in this folder already. Open it, or take another folder.',
  store_unsafe:
    'Other users of this machine may read the folder or the key file. Restrict them (chmod 700, chmod 600).',
  store_too_new: 'The store was written by a newer version of the SDK. Update the SDK.',
  unreachable: 'The server could not be reached. Look at the address and the network, then try again.',
  answer_unreadable: 'The answer is not one of a Sotto server. Look at the address.',
  token_not_bound:
    'The server gave a token that is not bound to the key of this device. It was not used. Report it to whoever runs the server.',
  not_connected: 'This needs a connection: call connect() first.',
  closed: 'The client was closed. Open it again.',
  stopped: 'The server ended the connection for good. Look at the code of the close event.',
  displaced: 'A newer connection of the same device took over. Connect again only if that one is gone.',
  revoked: 'This device was removed from its account. Link or enrol a new one.',
  unknown_to_server:
    'The server does not know this device: it was removed, or the server was restored from a backup older than the device. Connect again after another device of the account has connected; without one, ask an admin for an invitation.',
  clock_skew: 'The clock of this machine is wrong and could not be worked around. Set it.',
  unknown_account: 'There is no such account on this server. Ask for the address again.',
  account_closed: 'The account is suspended or has no device. Try again later.',
  no_other_device: 'The account has no other device that could receive this.',
  message_too_large: 'The text is too long for a message. Send it in parts.',
  outcome_unknown:
    'The message was sent more than a day ago without an answer; it may have arrived. Ask before sending it again.',
  still_mismatched: 'The device list changed at each of four attempts. Try again.',
  bundle_missing: 'The server gave no keys for a device of the recipient. Try again later.',
  bundle_invalid:
    'The server gave keys that the device did not sign. Nothing was sent. Report it to whoever runs the server.',
  device_list_rollback:
    'The server showed an older device list than before. Nothing was sent. Report it to whoever runs the server.',
  device_list_fork:
    'Two different device lists exist for one version; both are kept as evidence. Sending to the account has stopped.',
  device_list_withheld:
    'Another device knows a newer device list than the server shows. Sending has stopped until the server shows it.',
  device_revoked_returned: 'A removed device came back in a device list. The list was refused; nothing was sent.',
  device_list_wrong_signer: 'A device list was signed by someone who may not. It was refused; nothing was sent.',
  device_list_bad_signature: 'The signature of a device list is wrong. It was refused; nothing was sent.',
  device_list_bad_statement:
    'A device stands in a list without having agreed to it. The list was refused; nothing was sent.',
  device_list_invalid: 'A device list breaks a rule. It was refused; nothing was sent.',
  foreign_device: 'A device list names a device or key of another account. It was refused; nothing was sent.',
  account_reset:
    'The account key changed. Sending has stopped; compare the new safety number with the person before going on.',
  account_rotated:
    'The account key was renewed. Sending has stopped; compare the new safety number with the person before going on.',
  trust_too_low:
    'The account is known less well than is asked for here. Take the contact address of the person, or compare safety numbers.',
  safety_number_differs:
    'This is not the safety number of the account. Do not go on before both of you see the same one.',
  recovery_confirmed: 'The recovery code was confirmed and is not on this device any more.',
  recovery_code_invalid: 'The recovery code is mistyped. It has 14 groups of 4 letters.',
  recovery_code_wrong: 'This recovery code belongs to another account, or was renewed since.',
  address_outdated: 'The contact address does not fit the account key. Ask the person for the current address.',
  not_listed: 'This device does not stand in the list of its own account.',
  not_a_contact_address: 'The text is not a contact address. One begins with sotto:1/',
  link_text_given:
    'This is a link text, not a contact address. It belongs only into "link a device", and only if the device is yours.',
  contact_address_given: 'This is a contact address, not a link text. Copy the text that the new device shows.',
  not_a_link_text: 'The text is not a link text. One begins with sotto-link:1?',
  link_other_server: 'The new device talks to another server. Start it with the address of this one.',
  link_expired: 'The link text is older than two minutes. Show a new one.',
  link_ended: 'The other side, or the server, ended linking. Start again with a new link text.',
  link_taken:
    'Another device has answered this link text first. If that was not you, show a new one and keep it to yourself.',
  link_off: 'The rules of this server allow no further devices.',
  link_waiting:
    'An admin has not approved this device yet, or the other device has not finished. Nothing is lost; open it again later.',
  link_denied: 'An admin has denied this device. Nothing was kept.',
  link_unfinished: 'Linking this device never came to its end. Nothing was kept; begin again with a new link text.',
  link_not_authentic:
    'A message of the other device was altered, repeated, or made with another secret. Start again with a new link text.',
  link_refused: 'Linking was refused on one of the devices.',
  link_wrong_account: 'The account shown while linking does not prove itself. Nothing was stored.',
  not_allowed_to_link: 'This device may not add devices. Use the first device of the account.',
} as const;

export type SottoErrorCode = keyof typeof ADVICE | ProblemCode;

/** The one error the SDK throws on purpose: `code` for programs, `advice` (also in the message) for people. Anything else is a bug. */
export class SottoError extends Error {
  readonly code: SottoErrorCode;
  readonly advice: string;
  /** The server's refusal, where there was one. */
  readonly problem: Problem | undefined;

  constructor(
    code: SottoErrorCode,
    more: { readonly detail?: string; readonly problem?: Problem; readonly cause?: unknown } = {},
  ) {
    const advice = Object.hasOwn(ADVICE, code) ? ADVICE[code as keyof typeof ADVICE] : 'The server refused this.';
    super([`${code}: ${advice}`, more.detail ?? more.problem?.detail ?? ''].filter((part) => part !== '').join(' '), {
      cause: more.cause,
    });
    this.name = 'SottoError';
    this.code = code;
    this.advice = advice;
    this.problem = more.problem;
  }
}

export function refusedBy(problem: Problem): SottoError {
  return new SottoError(problem.code, { problem });
}

/** The error as a SottoError, or undefined when it is a bug. */
export function sottoError(error: unknown): SottoError | undefined {
  return error instanceof SottoError ? error : undefined;
}
