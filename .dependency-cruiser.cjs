// The line: each lib may import only what stands to its left. This array is the law; every rule below is made from it.
const LINE = [
  'protocol',
  'platform',
  'signal',
  'audit',
  'tenancy',
  'directory',
  'auth',
  'mailbox',
  'keys',
  'push',
  'devices',
  'groups',
  'attachments',
  'realtime',
  'messaging',
  'webhooks',
  'serving',
];

const SPEC = '(\\.spec|\\.e2e-spec)\\.ts$';
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });
const package_ = (...names) => `(^|/)node_modules/(${names.join('|')})(/|$)`;
const any = (names) => `(${names.join('|')})`;

const line = LINE.slice(0, -1).map((lib, at) =>
  rule(
    `line-${lib}`,
    `libs/${lib} imports only what stands to its left in the line (DESIGN "The line").`,
    { path: `^libs/${lib}/` },
    { path: `^libs/${any(LINE.slice(at + 1))}/` },
  ),
);

const membership = [
  rule(
    'line-unknown-lib',
    'Every lib has a place in the line: add it to the array in .dependency-cruiser.cjs.',
    { path: '^libs/[^/]+/', pathNot: `^libs/${any([...LINE, 'sdk'])}/` },
    {},
  ),
  rule(
    'sdk-beside-the-line',
    'The client SDK must run without the server: of the libs it imports protocol only.',
    { path: '^libs/sdk/', pathNot: SPEC },
    { path: '^libs/', pathNot: '^libs/(sdk|protocol)/' },
  ),
  rule(
    'line-without-sdk',
    'The server must not depend on its client.',
    { path: `^libs/${any(LINE)}/`, pathNot: SPEC },
    { path: '^libs/sdk/' },
  ),
];

const porch = [
  rule(
    'apps-are-leaves',
    'Nothing imports an app: what two need belongs into a lib.',
    { pathNot: '^(apps|test)/' },
    { path: '^apps/' },
  ),
  rule(
    'apps-apart',
    'Apps import libs, never each other; only server composes api, gateway and worker.',
    { path: '^apps/([^/]+)/', pathNot: `^apps/server/|${SPEC}` },
    { path: '^apps/', pathNot: '^apps/$1/' },
  ),
  rule(
    'server-composes',
    'server composes api, gateway and worker; the CLI starts it as a process.',
    { path: '^apps/server/' },
    { path: '^apps/', pathNot: '^apps/(server|api|gateway|worker)/' },
  ),
  rule(
    'tests-are-leaves',
    'Nothing that ships imports test code.',
    { path: '^(apps|libs|prisma)/', pathNot: SPEC },
    { path: `^test/|${SPEC}` },
  ),
  rule(
    'store-privacy',
    "A lib's store speaks its SQL and is private: ask the owner's topic file.",
    { path: '^(apps|libs|test)/([^/]+)/' },
    { path: '\\.store\\.ts$', pathNot: '^libs/$2/' },
  ),
  rule(
    'no-cycles',
    'A cycle means that two files are one (types aside, which vanish).',
    { path: '^(apps|libs)/' },
    { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  ),
];

const doors = [
  rule(
    'protocol-is-pure',
    'protocol has no Node API, no clock, no I/O: server, SDK and browsers share it.',
    { path: '^libs/protocol/', pathNot: SPEC },
    { dependencyTypes: ['core'] },
  ),
  rule(
    'protocol-schema-runtime',
    'protocol imports nothing but its schema runtimes (zod, protobufjs).',
    { path: '^libs/protocol/', pathNot: SPEC },
    { path: '(^|/)node_modules/', pathNot: package_('zod', 'protobufjs') },
  ),
  rule(
    'door-nest',
    'Rules and SQL are plain classes: Nest stands only in apps, serving and *.module.ts.',
    { path: '^libs/', pathNot: `^libs/serving/|\\.module\\.ts$|${SPEC}` },
    { path: package_('@nestjs', 'nestjs-pino', 'reflect-metadata') },
  ),
  rule(
    'door-postgres',
    'SQL is spoken in *.store.ts and platform/postgres.ts only.',
    {
      path: '^(apps|libs)/',
      pathNot: `\\.store\\.ts$|^libs/platform/((postgres|pg-bytes|migrate)[^/]*\\.ts$|testing/)|${SPEC}`,
    },
    { path: `${package_('pg', '@prisma')}|/generated/prisma/` },
  ),
  rule(
    'door-redis',
    'Redis rings and counts; only platform and realtime know it.',
    { path: '^(apps|libs)/', pathNot: `^libs/(platform|realtime)/|${SPEC}` },
    { path: package_('ioredis') },
  ),
  rule(
    'door-bullmq',
    'Jobs stand in one visible table: platform/jobs.ts and apps/worker.',
    { path: '^(apps|libs)/', pathNot: `^libs/platform/jobs\\.ts$|^apps/worker/|${SPEC}` },
    { path: package_('bullmq') },
  ),
  rule(
    'door-libsignal',
    'libsignal is wrapped once for the server (libs/signal) and once for clients (libs/sdk).',
    { path: '^(apps|libs)/', pathNot: `^libs/(signal|sdk)/|${SPEC}` },
    { path: package_('@signalapp/libsignal-client') },
  ),
  rule(
    'door-sqlcipher',
    'Only the client SDK keeps a local store.',
    { path: '^(apps|libs)/', pathNot: `^libs/sdk/|${SPEC}` },
    { path: package_('@signalapp/sqlcipher') },
  ),
];

const sanity = [
  rule(
    'not-resolvable',
    'An import that cannot be resolved escapes every rule above.',
    {},
    { couldNotResolve: true, pathNot: '^node:sea$' },
  ),
  rule('not-through-dist', 'Sources import sources: dist is what is built from them.', {}, { path: '(^|/)dist/libs/' }),
  rule(
    'no-undeclared-package',
    'A package that package.json does not name comes and goes with others.',
    { path: '^(apps|libs|prisma)/' },
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  rule(
    'no-dev-package',
    'What ships imports no development dependency.',
    { path: '^(apps|libs)/', pathNot: SPEC },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  ),
];

module.exports = {
  forbidden: [...line, ...membership, ...porch, ...doors, ...sanity],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.cache)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
