import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { capture } from './processes.mjs';
import { filesUnder, node24, readIfThere, ROOT, seconds, stampOf, tool, Trouble } from './project.mjs';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.sotto-built');
const FOLDERS = ['apps', 'libs', 'prisma', 'test/chaos', 'test/conformance', 'test/load', 'test/world'];
const isTest = (path) => /(\.spec|\.e2e-spec)\.ts$/.test(path);

/** Builds `dist` when a source is newer than it. */
export async function ensureBuilt() {
  const sources = FOLDERS.flatMap((folder) => [...filesUnder(join(ROOT, folder), isTest)]);
  const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((name) => join(ROOT, name));
  const wanted = stampOf([...sources, ...settings]);
  if (readIfThere(STAMP) === wanted) return;
  const start = performance.now();
  process.stderr.write('Building … ');
  rmSync(STAMP, { force: true });
  const { code, output } = await capture(node24(), [tool('tsc'), '-p', 'tsconfig.build.json'], { cwd: ROOT });
  if (code !== 0) throw new Trouble(`the build failed:\n${output.trim()}`);
  copyAssets(sources);
  removeOrphans(sources);
  writeFileSync(STAMP, wanted);
  process.stderr.write(`${seconds(start)}\n`);
}

/** What tsc leaves out: generated `.js`, pages, SQL. */
function copyAssets(sources) {
  for (const path of sources) {
    if (/\.(ts|md|proto|prisma)$/.test(path)) continue;
    const target = join(DIST, relative(ROOT, path));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
}

/** A file that is no source any more must not be found by an import. */
function removeOrphans(sources) {
  const made = new Set(sources.map((path) => relative(ROOT, path).replace(/\.ts$/, '.js')));
  for (const folder of FOLDERS) {
    for (const path of filesUnder(join(DIST, folder))) {
      if (!made.has(relative(DIST, path)) && existsSync(path)) rmSync(path);
    }
  }
}
