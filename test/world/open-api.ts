import { ask } from './ask.js';

/** A route as the running server documents it. */
export interface Operation {
  readonly method: string;
  /** With `{names}` of its parameters. */
  readonly path: string;
  /** Content type of the body it takes. */
  readonly takes: string | undefined;
  readonly caller: 'device' | 'admin' | 'nobody';
}

interface Document {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
            readonly security?: readonly Readonly<Record<string, unknown>>[];
          }
        >
      >
    >
  >;
}

/** Every route under /v1. */
export async function operations(api: string): Promise<readonly Operation[]> {
  const { json } = await ask(api, { method: 'GET', path: '/openapi.json' });
  const { paths } = json as unknown as Document;
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { requestBody, security }]) => ({
        method: method.toUpperCase(),
        path,
        takes: Object.keys(requestBody?.content ?? {})[0],
        caller: (security ?? []).length === 0 ? 'nobody' : path.startsWith('/v1/admin') ? 'admin' : 'device',
      })),
    );
}

export function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

/** The path with its parameters filled in; `fill` may name only some. */
export function filled(path: string, fill: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
    const value = fill[name];
    if (value === undefined) throw new Error(`nobody has said what {${name}} of ${path} is`);
    return value;
  });
}
