import { pino, stdTimeFunctions, type DestinationStream, type Logger as PinoLogger } from 'pino';

/** JSON lines on standard output. Never ciphertext, tokens, addresses, or who wrote to whom (D24). */
export type Logger = PinoLogger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const CAUSES = 4;

export function createLogger(
  { level, app }: { readonly level: LogLevel; readonly app: string },
  destination?: DestinationStream,
): Logger {
  const options = {
    level,
    base: { app },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization'], remove: true },
    serializers: { err: (error: unknown) => told(error, CAUSES) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * What may be said of an error: named fields only. PostgreSQL's `detail` and `where` quote the row, which may be ciphertext or a pair of
 * accounts, and other libraries hang whole requests on theirs.
 */
function told(error: unknown, causes: number): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint } = error as { readonly code?: unknown; readonly constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    stack: error.stack,
    ...(error.cause === undefined || causes === 0 ? {} : { cause: told(error.cause, causes - 1) }),
  };
}
