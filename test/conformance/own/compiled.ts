import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

let ready: Promise<string> | undefined;

/**
 * Where Node keeps compiled code (`NODE_COMPILE_CACHE`): a run starts processes fifty times, and each would compile the same for a third of its
 * start. One folder a build, filled by a process that ends at once for want of settings; those of former builds go.
 */
export async function compiledCode(root: string): Promise<string> {
  return (ready ??= prepare(root));
}

async function prepare(root: string): Promise<string> {
  const home = join(root, '.cache/compiled');
  const stamp = join(root, 'dist/.sotto-built');
  const build = existsSync(stamp) ? createHash('sha256').update(readFileSync(stamp)).digest('hex').slice(0, 16) : 'any';
  const folder = join(home, build);
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(home)) if (name !== build) rmSync(join(home, name), { recursive: true, force: true });
  const env = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: folder };
  await new Promise<void>((resolve) => {
    execFile(process.execPath, [join(root, 'dist/apps/server/src/main.js')], { env, timeout: 60_000 }, () => resolve());
  });
  return folder;
}
