// `npm start`: everything on a fresh machine. Plain Node 20 without dependencies.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { handOver } from './lib/processes.mjs';
import { main, node24, ROOT, Trouble } from './lib/project.mjs';

console.log('Sotto starts');

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  const cli = join(ROOT, 'dist', 'apps', 'cli', 'src', 'main.js');
  if (!existsSync(cli)) throw new Trouble('apps/cli/src/main.ts is missing: there is nothing to start.');
  return await handOver(node24(), [cli, 'up', ...process.argv.slice(2)]);
});
