import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** A port nobody listens on now. Whoever uses it must still be ready to find it taken. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  return address.port;
}

/** False for a zombie too: where nothing reaps orphans (a container without init) a killed process stays listed for ever. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return statOf(pid)?.[0] !== 'Z';
}

/**
 * Claims `path` (a folder or file) for this process with `<path>.owner`. Of two processes that try at once one gets it;
 * the claim of a dead process does not count.
 */
export function claim(path: string): { kind: 'claimed' } | { kind: 'taken'; pid: number } {
  const file = `${path}.owner`;
  const draft = `${file}.${String(process.pid)}`;
  writeFileSync(draft, `${String(process.pid)} ${birthOf(process.pid)}\n`, { mode: 0o600 });
  try {
    for (;;) {
      const pid = livingOwner(path);
      if (pid !== null) return { kind: 'taken', pid };
      rmSync(file, { force: true });
      try {
        // A link is made whole or not at all.
        linkSync(draft, file);
        return { kind: 'claimed' };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  } finally {
    unlinkSync(draft);
  }
}

export function release(path: string): void {
  rmSync(`${path}.owner`, { force: true });
}

export function livingOwner(path: string): number | null {
  try {
    const [pid, birth] = readFileSync(`${path}.owner`, 'utf8').trim().split(' ');
    return isAlive(Number(pid)) && birthOf(Number(pid)) === birth ? Number(pid) : null;
  } catch {
    return null;
  }
}

/** Tells a process from a later one with the same id, where the system says so (Linux). */
function birthOf(pid: number): string {
  return statOf(pid)?.[19] ?? 'unknown';
}

/** The fields of `/proc/<pid>/stat` from the state on. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
