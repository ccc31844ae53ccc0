// `npm test`: everything on a fresh machine. Installs, builds, then gives the run to Node 24.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { handOver } from './lib/processes.mjs';
import { main, node24, ROOT } from './lib/project.mjs';

console.log('Sotto tests');

await main(async () => {
  await ensureInstalled();
  await ensureBuilt();
  return await handOver(node24(), [join(ROOT, 'scripts', 'lib', 'test-run.mjs'), ...process.argv.slice(2)]);
});
