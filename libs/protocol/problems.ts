/**
 * The whole error surface of REST (RFC 9457 `application/problem+json`) and of `Problem` frames.
 * retry: `never` (a bug or a final state), `changed` (after mending the request), `later` (the same request, after Retry-After).
 */
export const PROBLEMS = {
  malformed: { status: 400, retry: 'changed', title: 'The request is not well-formed' },
  unauthenticated: { status: 401, retry: 'changed', title: 'No valid credential came with the request' },
  token_expired: { status: 401, retry: 'changed', title: 'The access token has expired' },
  assertion_invalid: { status: 401, retry: 'changed', title: 'The assertion is not valid' },
  assertion_replayed: { status: 401, retry: 'changed', title: 'The counter of the assertion was used before' },
  proof_invalid: {
    status: 401,
    retry: 'changed',
    title: 'The proof of possession is missing, not valid or not asked for',
  },
  clock_skew: { status: 401, retry: 'changed', title: 'The clock of the client is off' },
  scope_missing: { status: 403, retry: 'changed', title: 'The service token lacks the scope for this' },
  not_allowed: { status: 403, retry: 'never', title: 'This device may not do that' },
  linking_off: { status: 403, retry: 'never', title: 'The policy allows no further devices to be linked' },
  approval_denied: { status: 403, retry: 'never', title: 'An admin has denied the new device' },
  account_suspended: { status: 403, retry: 'later', title: 'The account is suspended' },
  not_found: { status: 404, retry: 'never', title: 'There is no such thing' },
  invitation_invalid: {
    status: 404,
    retry: 'changed',
    title: 'The invitation is unknown, expired, revoked or used up',
  },
  method_not_allowed: { status: 405, retry: 'never', title: 'The resource does not know this method' },
  device_list_mismatch: { status: 409, retry: 'changed', title: 'The devices written to are not the active devices' },
  list_conflict: { status: 409, retry: 'changed', title: 'Another device list was stored first' },
  stream_over: { status: 409, retry: 'changed', title: 'The stream has ended or was taken' },
  reset: { status: 409, retry: 'changed', title: 'The cursor belongs to an earlier life of the database' },
  key_reused: { status: 409, retry: 'never', title: 'The idempotency key was accepted with another body' },
  already_enrolled: { status: 409, retry: 'never', title: 'The account already has a device list' },
  identity_known: { status: 409, retry: 'never', title: 'The device id or identity key is already known' },
  registration_reused: { status: 409, retry: 'changed', title: 'The device has used this registration id before' },
  device_limit: { status: 409, retry: 'changed', title: 'The account has as many devices as the policy allows' },
  approval_pending: { status: 409, retry: 'later', title: 'An admin has to approve the new device first' },
  conflict: { status: 409, retry: 'changed', title: 'The request contradicts what is stored' },
  too_large: { status: 413, retry: 'changed', title: 'The request is too large' },
  unsupported_media: { status: 415, retry: 'changed', title: 'The content type is not supported here' },
  invalid_list: { status: 422, retry: 'never', title: 'The device list breaks a rule' },
  invalid_keys: { status: 422, retry: 'never', title: 'A key, signature, id or count is not valid' },
  invalid_import: { status: 422, retry: 'changed', title: 'The file of people has faults; nobody was imported' },
  time_out_of_range: {
    status: 422,
    retry: 'changed',
    title: 'A time in the request is too far from the time of the server',
  },
  limited: { status: 429, retry: 'later', title: 'Too many requests' },
  internal: { status: 500, retry: 'later', title: 'A fault of the server' },
  not_stored: { status: 503, retry: 'later', title: 'Nothing was stored; the database cannot take it now' },
  unavailable: { status: 503, retry: 'later', title: 'A part that is needed for this cannot be reached' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal as a value; `detail` is for people, `code` for programs. Never carries secrets, addresses or content. */
export interface Problem {
  readonly kind: 'problem';
  readonly code: ProblemCode;
  readonly detail: string;
  /** Milliseconds until the same request may succeed. */
  readonly retryAfterMs?: number;
  /** Milliseconds since the epoch, where the client's clock matters. */
  readonly serverTime?: number;
}

export function problem(
  code: ProblemCode,
  detail: string,
  more: Pick<Problem, 'retryAfterMs' | 'serverTime'> = {},
): Problem {
  return { kind: 'problem', code, detail, ...more };
}
