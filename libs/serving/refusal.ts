import { toBase64url } from '../protocol/bytes.js';
import { PROBLEMS, type Problem, type ProblemCode } from '../protocol/problems.js';

/** A problem with what the client needs to go on: bytes of a `sotto.v1.Mismatch` or of the `sotto.v1.DeviceChain` that won. */
export type Refusal = Problem & { readonly mismatch?: Uint8Array; readonly winner?: Uint8Array };

/** Carries a refusal out of guards, pipes and interceptors, where Nest leaves no other way than to throw. */
export class RefusedRequest extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'problem';
}

export interface RenderedProblem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** RFC 9457. `instance` names a fault that is in the log. */
export function renderProblem(refusal: Refusal, instance?: string): RenderedProblem {
  const { status, title } = PROBLEMS[refusal.code];
  const headers: Record<string, string> = { 'content-type': 'application/problem+json; charset=utf-8' };
  if (refusal.retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000)));
  if (status === 401) headers['www-authenticate'] = refusal.code === 'proof_invalid' ? 'DPoP algs="EdDSA"' : 'Bearer';
  return {
    status,
    headers,
    body: {
      type: typeOf(refusal.code),
      title,
      status,
      code: refusal.code,
      detail: refusal.detail,
      ...(instance === undefined ? {} : { instance: `urn:uuid:${instance}` }),
      ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(refusal.retryAfterMs) }),
      ...(refusal.serverTime === undefined ? {} : { serverTime: refusal.serverTime }),
      ...(refusal.mismatch === undefined ? {} : { mismatch: toBase64url(refusal.mismatch) }),
      ...(refusal.winner === undefined ? {} : { winner: toBase64url(refusal.winner) }),
    },
  };
}

function typeOf(code: ProblemCode): string {
  return `urn:sotto:problem:${code}`;
}
