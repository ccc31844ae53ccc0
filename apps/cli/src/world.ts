import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { environment } from '../../../libs/platform/config.js';
import { nodeHost, type Host } from '../../../libs/sdk/host.js';
import { homeAt, projectFolder, readRunningServer, type Home } from './home.js';
import { Output } from './output.js';
import { Trouble } from './trouble.js';

/** What a command may touch. */
export interface World {
  readonly out: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: Home;
  readonly host: Host;
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly interrupted: AbortSignal;
}

export function processWorld(): World {
  const env = environment();
  const { stdin: input, stdout, stderr } = process;
  const colours = stdout.isTTY && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb';
  const out = new Output({ stdout, stderr, colours });
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupt.abort();
    });
  }
  // A reader that has enough (`sotto devices | head -1`) is no fault.
  stdout.on('error', () => {
    interrupt.abort();
  });
  const home = homeAt(resolve(env['SOTTO_HOME'] ?? join(projectFolder(), '.sotto')));
  const host = { ...nodeHost, warn: warnOnce(out) };
  return { out, env, home, host, input, interrupted: interrupt.signal };
}

/** The SDK warns for each store; one line says it for all of them. */
function warnOnce(out: Output): (line: string) => void {
  let warned = false;
  return (line) => {
    if (warned) return;
    warned = true;
    const what = line.includes('demo custody')
      ? 'The keys of the demo people lie beside their messages: for trying out only.'
      : line;
    out.error(out.paint('yellow', what));
  };
}

const DEFAULT_SERVER = 'http://127.0.0.1:8080';

/** Which server a command means: the one that is named, else the one that was started here, else the usual address. */
export function serverOf(world: World, named: string | undefined, otherwise = DEFAULT_SERVER): string {
  const url = named ?? world.env['SOTTO_SERVER'] ?? readRunningServer(world.home)?.url ?? otherwise;
  return url.replace(/\/+$/, '');
}

/** `work`, or a Trouble as soon as somebody interrupts. What `work` has opened is for the caller to close. */
export async function orInterrupted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const interrupted = Promise.withResolvers<never>();
  const stop = (): void => {
    interrupted.reject(new Trouble('Interrupted.', 'What was begun is begun anew at the next start.'));
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, interrupted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
    interrupted.promise.catch(() => undefined);
  }
}
