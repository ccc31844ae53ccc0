import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { projectFolder } from './home.js';
import { instrument, PROBE, ROOMS, type ProbeMessage, type Visit } from './trace-rooms.js';

/**
 * Loaded before the server that `sotto trace` starts (`--import`), and nowhere else: it puts a stopwatch around the functions of ROOMS as
 * their modules are loaded. The message path itself carries no probe.
 */
let visits: Visit[] | undefined;

const MODULES = new Map<string, number[]>();
for (const [at, { file }] of ROOMS.entries()) {
  const url = pathToFileURL(join(projectFolder(), 'dist', file.replace(/\.ts$/, '.js'))).href;
  MODULES.set(url, [...(MODULES.get(url) ?? []), at]);
}

function measured(at: number, call: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return function stopwatch(this: unknown, ...args: unknown[]): unknown {
    if (visits === undefined) return call.apply(this, args);
    const list = visits;
    const entered = now();
    const result = call.apply(this, args);
    const leave = (): void => void list.push({ at, entered, left: now() });
    if (result instanceof Promise) result.then(leave, leave);
    else leave();
    return result;
  };
}

function now(): number {
  return Number(process.hrtime.bigint());
}

Object.defineProperty(globalThis, Symbol.for(PROBE), { value: measured });

registerHooks({
  load: (url, context, next) => {
    const rooms = MODULES.get(url);
    if (rooms === undefined) return next(url, context);
    let source = readFileSync(fileURLToPath(url), 'utf8');
    for (const at of rooms) {
      const room = ROOMS[at];
      const changed = room === undefined ? undefined : instrument(source, room, at);
      if (changed === undefined)
        throw new Error(`sotto trace does not find ${JSON.stringify(room?.of)} in ${String(room?.file)}`);
      source = changed;
    }
    return { format: 'module', source, shortCircuit: true };
  },
});

process.on('message', (message: ProbeMessage) => {
  if (message === 'begin') {
    visits = [];
    process.send?.('begun');
    return;
  }
  process.send?.({ visits: visits ?? [] });
  visits = undefined;
});
process.channel?.unref();
