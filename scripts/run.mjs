// `npm run <task>`: makes sure that packages are there, then gives the task to Node 24.
import { join } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { handOver } from './lib/processes.mjs';
import { main, node24, ROOT, tool, Trouble } from './lib/project.mjs';

const script = (name) => [join(ROOT, 'scripts', name)];
const built = (...args) => ({ build: true, args: [join(ROOT, 'dist', ...args[0].split('/')), ...args.slice(1)] });

const TASKS = {
  build: { build: true },
  check: { args: script('check.mjs') },
  gen: { args: script('gen.mjs') },
  dev: { args: [tool('nest'), 'start', 'server', '--watch'] },
  demo: built('apps/cli/src/main.js', 'demo'),
  bench: built('test/load/bench.js'),
  conformance: built('test/conformance/main.js'),
  chaos: built('test/chaos/main.js'),
  // For the launcher `sotto`: nothing on stdout but the Node that runs it.
  ready: { build: true, print: true },
};

await main(async () => {
  const [name, ...rest] = process.argv.slice(2);
  const task = TASKS[name];
  if (!task) throw new Trouble(`There is no task "${name}". Tasks: ${Object.keys(TASKS).join(', ')}`);
  await ensureInstalled();
  if (task.build) await ensureBuilt();
  if (task.print) console.log(node24());
  return task.args ? await handOver(node24(), [...task.args, ...rest], { cwd: process.cwd() }) : 0;
});
