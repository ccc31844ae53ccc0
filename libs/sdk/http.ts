import { ProblemBody } from '../protocol/bodies.js';
import { fromBase64url } from '../protocol/bytes.js';
import { problem, PROBLEMS, type Problem, type ProblemCode } from '../protocol/problems.js';
import { plain } from './crypto.js';
import { SottoError } from './errors.js';
import type { Host, HttpAnswer, HttpRequest } from './host.js';

/** Where requests go: `server` is the URL of the API. */
export interface RestAddress {
  readonly host: Host;
  readonly server: string;
}

export interface Call {
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly body?: Uint8Array | string;
  readonly contentType?: string;
  /** The access token with its proof. */
  readonly credentials?: Readonly<Record<string, string>>;
}

export type CallAnswer =
  | { readonly kind: 'ok'; readonly body: Uint8Array<ArrayBuffer>; json(): unknown }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly winner: Uint8Array | undefined };

/** One request. Throws `unreachable` without an answer and `answer_unreadable` for one that is not Sotto's. */
export async function call(
  { host, server }: RestAddress,
  { method, path, body, contentType, credentials }: Call,
): Promise<CallAnswer> {
  const headers = {
    accept: 'application/json, application/x-protobuf, application/problem+json',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...credentials,
  };
  let answer: HttpAnswer;
  try {
    answer = await host.fetch(joined(server, path), {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : plain(body) }),
    });
  } catch (cause) {
    throw new SottoError('unreachable', { detail: server, cause });
  }
  if (answer.status >= 200 && answer.status < 300)
    return { kind: 'ok', body: answer.body, json: () => parseJson(answer.body) };
  return refusal(answer);
}

function joined(server: string, path: string): string {
  return server.replace(/\/+$/, '') + path;
}

function refusal(answer: HttpAnswer): CallAnswer {
  const parsed = ProblemBody.safeParse(parseJson(answer.body));
  if (!parsed.success) throw new SottoError('answer_unreadable', { detail: `status ${String(answer.status)}` });
  const { code, detail, retryAfterMs, serverTime, winner } = parsed.data;
  return {
    kind: 'refused',
    winner: winner === undefined ? undefined : fromBase64url(winner),
    problem: problem(Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : 'internal', detail, {
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(serverTime === undefined ? {} : { serverTime }),
    }),
  };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
