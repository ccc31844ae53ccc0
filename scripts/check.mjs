// `npm run check`: everything that can be said about the sources without a database, in under a minute on two cores.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GENERATORS, staleFiles } from './gen.mjs';
import { capture } from './lib/processes.mjs';
import { filesUnder, main, node24, ROOT, seconds, tool, Trouble } from './lib/project.mjs';

const present = (root, ...folders) => folders.filter((folder) => existsSync(join(root, folder)));

/** Longest first: the short ones fill the gaps. Each returns what is wrong, or '' when nothing is. */
const STEPS = [
  { name: 'lint', run: async () => await toolOutput('eslint', ['.', '--max-warnings=0']) },
  { name: 'rules tests', run: rulesTests },
  {
    name: 'types',
    run: async () =>
      await toolOutput('tsc', ['--noEmit', '--incremental', '--tsBuildInfoFile', '.cache/check.tsbuildinfo']),
  },
  { name: 'the tools notice planted violations', run: proof },
  { name: 'format', run: async () => await toolOutput('prettier', ['--check', '--log-level=warn', '.']) },
  { name: 'generated files', run: async () => complainAboutStale(await staleFiles(ROOT)) },
  { name: 'dead code', run: async () => await toolOutput('knip', ['--no-progress']) },
  { name: 'the line', run: async () => await theLine(ROOT) },
];

/** Ways to libsignal's encryption that do not pass the gate. The namespace itself is no fault; each line after it is. */
const AROUND_THE_GATE = [
  "import * as signal from '@signalapp/libsignal-client';",
  "import { signalEncrypt } from '@signalapp/libsignal-client';",
  "import { signalDecrypt as renamed } from '@signalapp/libsignal-client';",
  "export { processPreKeyBundle } from '@signalapp/libsignal-client';",
  'export const held = signal.signalDecryptPreKey;',
  'export const { groupEncrypt: taken } = signal;',
  "export const named = signal['sealedSenderEncrypt'];",
  "export const later = async () => (await import('@signalapp/libsignal-client')).groupDecrypt;",
  'export const kept = [signalEncrypt, renamed];',
];

await main(async () => {
  const start = performance.now();
  const waiting = [...STEPS];
  let failed = 0;
  const work = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const began = performance.now();
      const wrong = await step.run().catch((error) => (error instanceof Trouble ? error.message : error.stack));
      console.log(`${wrong ? '✗' : '✓'} ${step.name}  ${seconds(began)}`);
      if (wrong) console.log(`${wrong.trim().replace(/^/gm, '    ')}\n`);
      if (wrong) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, work));
  console.log(
    failed
      ? `\ncheck: ${failed} of ${STEPS.length} failed (${seconds(start)})`
      : `\ncheck: all well (${seconds(start)})`,
  );
  return failed ? 1 : 0;
});

async function toolOutput(name, args, options = {}) {
  const { code, output } = await capture(node24(), [tool(name), ...args], { cwd: ROOT, ...options });
  return code === 0 ? '' : output || `${name} ended with ${code}`;
}

async function rulesTests() {
  const env = {
    ...process.env,
    SOTTO_TEST_PROJECT: 'rules',
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
  };
  return await toolOutput('jest', ['--reporters=default'], { env });
}

async function theLine(root) {
  const folders = present(root, 'libs', 'apps', 'test', 'prisma');
  return await toolOutput('depcruise', ['--config', '.dependency-cruiser.cjs', ...folders], { cwd: root });
}

function complainAboutStale(files) {
  return files.length ? `stale: ${files.join(', ')}\nRun: npm run gen` : '';
}

/**
 * A rule that cannot fail protects nothing, and some fail silently (a path that points to `dist` after a build). So each is
 * shown a violation, in a copy of the sources, without a build and beside one.
 */
async function proof() {
  const copy = mkdtempSync(join(tmpdir(), 'sotto-proof-'));
  try {
    for (const name of [
      'libs',
      'apps',
      'prisma',
      'package.json',
      'package-lock.json',
      'tsconfig.json',
      '.dependency-cruiser.cjs',
      'eslint.config.js',
    ]) {
      if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    plant(copy);
    const checks = [await lineProof(copy, 'before a build'), await decoratorProof(copy), await gateProof(copy)];
    checks.push(await staleProof(copy));
    buildStandIn(copy);
    checks.push(await lineProof(copy, 'after a build'));
    return checks.flat().join('\n');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function plant(copy) {
  const target = [...filesUnder(join(copy, 'libs/messaging'))].find((file) => /(?<!\.spec)\.ts$/.test(file));
  if (!target) throw new Trouble('libs/messaging has no source to plant an import of');
  const path = target.slice(join(copy, 'libs').length).replace(/\.ts$/, '.js');
  writeFileSync(
    join(copy, 'libs/keys/planted-import.ts'),
    `import * as planted from '..${path}';\n\nexport const kept = planted;\n`,
  );
  const decorated =
    "import { Injectable } from '@nestjs/common';\n\n@Injectable()\nexport class Planted {\n  readonly kept = 1;\n}\n";
  writeFileSync(join(copy, 'libs/keys/planted-decorator.ts'), decorated);
  writeFileSync(join(copy, 'libs/sdk/planted-encryption.ts'), `${AROUND_THE_GATE.join('\n')}\n`);
}

async function lineProof(copy, when) {
  const output = await theLine(copy);
  const expected = [
    ['line-keys', 'planted-import', 'an import of libs/messaging in libs/keys'],
    ['door-nest', 'planted-decorator', 'Nest in a domain class'],
  ];
  return expected
    .filter(([rule, file]) => !output.split('\n').some((line) => line.includes(rule) && line.includes(file)))
    .map(([rule, , what]) => `${when}: dependency-cruiser did not notice ${what} (rule ${rule})`);
}

async function decoratorProof(copy) {
  const output = await toolOutput('eslint', ['libs/keys/planted-decorator.ts'], { cwd: copy });
  return output.includes('Domain classes carry no decorators')
    ? []
    : [`ESLint did not notice a decorator on a domain class\n${output}`];
}

async function gateProof(copy) {
  const output = await toolOutput('eslint', ['libs/sdk/planted-encryption.ts'], { cwd: copy });
  const noticed = [...output.matchAll(/^\s+(\d+):\d+\s+error\s+libsignal's encrypt/gm)].map(([, line]) => Number(line));
  return AROUND_THE_GATE.slice(1)
    .filter((_, index) => !noticed.includes(index + 2))
    .map((line) => `ESLint did not notice libsignal's encryption outside the gate: ${line}\n${output}`);
}

async function staleProof(copy) {
  const proto = join(copy, 'libs/protocol/sotto.proto');
  writeFileSync(proto, `${readFileSync(proto, 'utf8')}\nmessage Planted {}\n`);
  const stale = await staleFiles(
    copy,
    GENERATORS.filter(({ name }) => name === 'protocol'),
  );
  return stale.includes('libs/protocol/generated/sotto.js')
    ? []
    : ['a stale libs/protocol/generated/sotto.js was not noticed'];
}

/** What a build leaves beside the sources, as far as module resolution can see it. */
function buildStandIn(copy) {
  for (const folder of present(copy, 'libs', 'apps')) {
    for (const file of filesUnder(join(copy, folder))) {
      const built = file.replace(copy, join(copy, 'dist')).replace(/(?<!\.d)\.ts$/, '.js');
      mkdirSync(dirname(built), { recursive: true });
      writeFileSync(built, 'export {};\n');
    }
  }
}
