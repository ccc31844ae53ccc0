import type { Logger } from '../platform/log.js';

/** Longer than a rolling restart may take (D22): then the process ends with what is left undone. */
const PATIENCE_MS = 30_000;

/** Stops once, on the first SIGTERM or SIGINT; the process ends when nothing is left to do. A second signal ends it as it is. */
export function stopOnSignal(log: Logger, stop: () => Promise<void>): void {
  const begin = (signal: NodeJS.Signals): void => {
    // With no listener of ours left, the next signal does what it does by itself: the process is gone at once.
    process.off('SIGTERM', begin).off('SIGINT', begin);
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('not everything stopped in time');
      process.kill(process.pid, 'SIGKILL');
    }, PATIENCE_MS).unref();
    stop().then(
      () => log.info('stopped'),
      (error: unknown) => {
        process.exitCode = 1;
        log.error({ err: error }, 'stopping failed');
      },
    );
  };
  process.on('SIGTERM', begin).on('SIGINT', begin);
}
