// Plain Node 20 without dependencies: this runs before anything is installed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Something a person can mend; printed without a stack. */
export class Trouble extends Error {}

/** The Node that runs Sotto: the one among our packages, or the host's where there is none (macOS). */
export function node24() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const packaged = join(ROOT, 'node_modules', `node-${os}-${process.arch}`, 'bin', os === 'win' ? 'node.exe' : 'node');
  if (existsSync(packaged)) return packaged;
  if (major > 24 || (major === 24 && minor >= 9)) return process.execPath;
  const here = `This is Node ${process.versions.node} on ${process.platform} ${process.arch}`;
  if (process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)) {
    throw new Trouble(
      `${here}, and the Node 24 that belongs to the packages is missing. Run: npm ci --include=optional`,
    );
  }
  throw new Trouble(`${here}; Sotto needs Node >= 24.9 there. Get it from https://nodejs.org or: brew install node@24`);
}

/** The tools of the project, by the file that Node runs. */
export const TOOL = {
  tsc: 'typescript/bin/tsc',
  eslint: 'eslint/bin/eslint.js',
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  knip: 'knip/bin/knip.js',
  prettier: 'prettier/bin/prettier.cjs',
  jest: 'jest/bin/jest.js',
  pbjs: 'protobufjs-cli/bin/pbjs',
  pbts: 'protobufjs-cli/bin/pbts',
  prisma: 'prisma/build/index.js',
  nest: '@nestjs/cli/bin/nest.js',
};

export function tool(name) {
  return join(ROOT, 'node_modules', TOOL[name]);
}

export function* filesUnder(folder, skip = () => false) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules' || skip(path)) continue;
    if (entry.isDirectory()) yield* filesUnder(path, skip);
    else yield path;
  }
}

/** Changes when a file comes, goes or is written; reads no contents. */
export function stampOf(paths) {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}

export function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

export function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

export function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** Ends a script the way a person wants to read it. */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    console.error(error instanceof Trouble ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
