import { pino, stdTimeFunctions, type Logger as PinoLogger } from 'pino';

/** JSON lines on standard output. Never ciphertext, tokens, addresses, or who wrote to whom (D24). */
export type Logger = PinoLogger;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export function createLogger({ level, app }: { readonly level: LogLevel; readonly app: string }): Logger {
  return pino({
    level,
    base: { app },
    timestamp: stdTimeFunctions.isoTime,
    redact: { paths: ['req.headers.authorization', 'req.headers.cookie', 'headers.authorization', 'err.config', 'err.parameters', 'err.where'], remove: true },
  });
}
