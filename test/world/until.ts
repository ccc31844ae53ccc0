import { setTimeout as sleep } from 'node:timers/promises';

const EVERY = 50;
/** Long for any machine, also for one that does other things. */
const LONG = 25_000;

/** Resolves when it is so; throws, with its name, when it does not become so. `within`: milliseconds. */
export async function until(name: string, isSo: () => boolean | Promise<boolean>, within = LONG): Promise<void> {
  const end = performance.now() + within;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${name}: not within ${String(within / 1000)} s`);
    await sleep(EVERY);
  }
}
