// `npm run gen`: everything that is derived, from one table. `npm run check` makes all of it again elsewhere and compares.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { completeLock } from './complete-lock.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { capture } from './lib/processes.mjs';
import { filesUnder, main, node24, readIfThere, ROOT, tool, Trouble } from './lib/project.mjs';

/**
 * One row a generator: `outputs` are files or folders that it writes whole; `make({ root, into })` reads the sources under
 * `root` and writes the outputs under `into`, at their paths in the project.
 */
export const GENERATORS = [
  {
    name: 'protocol',
    outputs: ['libs/protocol/generated'],
    make: async ({ root, into }) => {
      const folder = join(into, 'libs/protocol/generated');
      mkdirSync(folder);
      const js = join(folder, 'sotto.js');
      const types = js.replace(/js$/, 'd.ts');
      const wanted = ['create', 'verify', 'convert', 'delimited', 'service', 'typeurl'].map((part) => `--no-${part}`);
      const proto = join(root, 'libs/protocol/sotto.proto');
      await run(tool('pbjs'), ['-t', 'static-module', '-w', 'es6', ...wanted, '--force-number', '-o', js, proto]);
      await run(tool('pbts'), ['-o', types, js]);
      // The runtime with 64-bit fields as numbers, and types that compile without `long`.
      rewrite(js, [
        [/^import .* from "protobufjs\/minimal\.js";$/m, 'import { protobuf as $protobuf } from "../wire-runtime.js";'],
      ]);
      rewrite(types, [
        [/^import Long = require\("long"\);\n/m, ''],
        [/from "protobufjs";/, 'from "protobufjs/minimal.js";'],
      ]);
    },
  },
  {
    name: 'configuration',
    outputs: ['docs/configuration.md', '.env.example'],
    make: async ({ into }) => {
      await ensureBuilt();
      const built = async (path) => await import(pathToFileURL(join(ROOT, 'dist', path)).href);
      const tables = {};
      for (const app of ['server', 'api', 'gateway', 'worker']) {
        tables[app] = (await built(`apps/${app}/src/config.js`))[`${app.toUpperCase()}_SETTINGS`];
      }
      const { envExample, markdown } = (await built('libs/platform/config.js')).describeConfig(tables);
      const intro =
        'Every process reads its settings from the environment, and names all that is wrong with them at once.';
      const origin = 'This page is made by `npm run gen` from `apps/*/src/config.ts`.';
      mkdirSync(join(into, 'docs'), { recursive: true });
      writeFileSync(join(into, 'docs/configuration.md'), `# Configuration\n\n${intro}\n${origin}\n\n${markdown}\n`);
      writeFileSync(join(into, '.env.example'), envExample);
    },
  },
  {
    name: 'lockfile',
    outputs: ['package-lock.json'],
    make: async ({ root, into }) => {
      writeFileSync(
        join(into, 'package-lock.json'),
        completeLock(readFileSync(join(root, 'package-lock.json'), 'utf8')),
      );
    },
  },
];

/** Makes everything again from the sources under `root` and names the files there that differ. */
export async function staleFiles(root, generators = GENERATORS) {
  const lists = await Promise.all(
    generators.map((generator) => made(generator, root, async (into, files) => differences({ root, into, files }))),
  );
  return lists.flat();
}

/** Runs one generator in a folder of its own, so that a failure leaves the tree as it was. */
async function made(generator, root, use) {
  const into = mkdtempSync(join(tmpdir(), 'sotto-gen-'));
  try {
    for (const output of generator.outputs) mkdirSync(join(into, dirname(output)), { recursive: true });
    await generator.make({ root, into });
    const files = new Set();
    for (const output of generator.outputs) {
      for (const base of [root, into]) {
        for (const path of filesOf(join(base, output))) files.add(relative(base, path));
      }
    }
    return await use(into, [...files].sort());
  } catch (error) {
    throw new Trouble(`generator ${generator.name}: ${error.message}`);
  } finally {
    rmSync(into, { recursive: true, force: true });
  }
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  return statSync(path).isDirectory() ? [...filesUnder(path)] : [path];
}

function differences({ root, into, files }) {
  return files.filter((file) => readIfThere(join(root, file)) !== readIfThere(join(into, file)));
}

async function write(generator) {
  const written = await made(generator, ROOT, async (into, files) => {
    const changed = differences({ root: ROOT, into, files });
    for (const file of changed) {
      if (!existsSync(join(into, file))) rmSync(join(ROOT, file));
      else {
        mkdirSync(dirname(join(ROOT, file)), { recursive: true });
        copyFileSync(join(into, file), join(ROOT, file));
      }
    }
    return changed;
  });
  console.log(`${generator.name}: ${written.length ? written.join(', ') : 'fresh'}`);
}

async function run(program, args, options = {}) {
  const { code, output } = await capture(node24(), [program, ...args], { cwd: ROOT, ...options });
  if (code !== 0) throw new Error(output.trim());
}

function rewrite(file, changes) {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) text = text.replace(from, to);
  writeFileSync(file, text);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    const [only] = process.argv.slice(2);
    for (const generator of GENERATORS) if (!only || only === generator.name) await write(generator);
  });
}
