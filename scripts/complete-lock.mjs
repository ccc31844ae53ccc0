// A registry mirror may lack the newest binaries of other platforms. `npm install` then drops them from the lock and `npm ci`
// refuses the lock as incomplete. This puts the absent ones back, named by version and platform; npm skips them elsewhere.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const OS = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openharmony: 'openharmony',
  sunos: 'sunos',
  aix: 'aix',
  netbsd: 'netbsd',
  openbsd: 'openbsd',
};
const CPU = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32', 'mips64el'];

/** @returns the text that the lock should have; the same text when it is complete */
export function completeLock(text) {
  const lock = JSON.parse(text);
  for (const [path, entry] of Object.entries(lock.packages)) {
    // Only public addresses may stand in a lock that others install from.
    if (entry.resolved && !entry.resolved.startsWith('https://registry.npmjs.org/')) delete entry.resolved;
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      if (!isLocked(lock.packages, path, name)) lock.packages[`node_modules/${name}`] = absent(name, range, entry);
    }
  }
  const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  return `${JSON.stringify(lock, null, 2)}\n`;
}

function isLocked(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at}${at && '/'}node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

function absent(name, range, parent) {
  const words = name.split('/').pop().split(/[-_]/);
  const cpu = words.map((word) => (/^arm(v\d|$)|^eabi/.test(word) ? 'arm' : word)).find((word) => CPU.includes(word));
  const os = words.map((word) => OS[word]).find(Boolean);
  return {
    version: range.replace(/^[\^~]/, ''),
    ...(parent.dev && { dev: true }),
    ...(cpu && { cpu: [cpu] }),
    ...(os && { os: [os] }),
    optional: true,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = join(import.meta.dirname, '..', 'package-lock.json');
  writeFileSync(file, completeLock(readFileSync(file, 'utf8')));
}
