import { createServer } from 'node:net';

/** Below the range from which systems take the ports of outgoing connections: one of those would keep a process that was killed from coming back. */
const LOWEST = 20_000;
const COUNT = 12_000;

/** Given in this process so far. */
const given = new Set<number>();
let next = (process.pid * 97) % COUNT;

/** A port of 127.0.0.1 that nobody listens on, and that nobody else of this run is given. */
export async function quietPort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries += 1) {
    next = (next + 1) % COUNT;
    const port = LOWEST + next;
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error('there is no free port');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
