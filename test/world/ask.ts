/** One HTTP request by hand, and the answer as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Of an admin, or a device's without a proof. */
  readonly token?: string;
  readonly type?: string;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly bytes: Uint8Array;
  /** The header `Retry-After`, in seconds. */
  readonly retryAfter: number | undefined;
  /** The body as JSON; undefined when it is none. */
  readonly json: Record<string, unknown> | undefined;
}

export const PROTOBUF = 'application/x-protobuf';
export const JSON_TYPE = 'application/json';
export const CSV = 'text/csv';
export const FORM = 'application/x-www-form-urlencoded';

export async function ask(api: string, { method, path, token, type, body, headers }: Asked): Promise<Answer> {
  const answer = await fetch(api + path, {
    method,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body) }),
  });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const retryAfter = answer.headers.get('retry-after');
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    bytes,
    retryAfter: retryAfter === null ? undefined : Number(retryAfter),
    json: parsed(bytes),
  };
}

function parsed(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
