import { setTimeout as sleep } from 'node:timers/promises';

/** One HTTP request and the answer as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds; a long-poll takes its time. */
  readonly patience?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body as JSON; empty when it is none. */
  readonly json: Readonly<Record<string, unknown>>;
  /** `code` of the problem; the empty text when it is none. */
  readonly code: string;
}

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';
export const FORM = 'application/x-www-form-urlencoded';

const TRIES = 20;
const AGAIN_AFTER = 500;

/** As clients do: asks again while what may not go uncounted cannot be counted. Redis may have come back only now, or the machine be busy with other things. */
export async function patiently<Outcome extends { readonly code: string }>(
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await work();
    if (outcome.code !== 'unavailable' || tries === TRIES) return outcome;
    await sleep(AGAIN_AFTER);
  }
}

/** Rejects when there is no answer at all. */
export async function ask(
  api: string,
  { method, path, type, body, headers, patience = 20_000 }: Asked,
): Promise<Answer> {
  const answer = await fetch(api + path, {
    method,
    headers: { ...headers, ...(type === undefined ? {} : { 'content-type': type }) },
    signal: AbortSignal.timeout(patience),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body) }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const json = parsed(bytes);
  const code = typeof json['code'] === 'string' ? json['code'] : '';
  return { status: answer.status, headers: answer.headers, bytes, json, code };
}

function parsed(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
