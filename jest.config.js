// The four kinds of test. `scripts/test.mjs` starts what each needs and runs them one after another; `npm run check` runs `rules` alone.
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Sources import `./x.js` and mean `./x.ts`; only generated code and packages are real `.js`.
  moduleNameMapper: { '^(\\.{1,2}/(?!.*generated/).*)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/.cache/'],
};

const stories = {
  ...shared,
  testMatch: ['<rootDir>/test/e2e/**/*.e2e-spec.ts'],
  globalSetup: '<rootDir>/test/world/global-setup.mjs',
  globalTeardown: '<rootDir>/test/world/global-teardown.mjs',
};

const projects = {
  rules: {
    ...shared,
    testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
    testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '\\.store\\.spec\\.ts$'],
  },
  stores: { ...shared, testMatch: ['<rootDir>/{apps,libs,test}/**/*.store.spec.ts'] },
  // What is told of separate processes has no meaning in one.
  'stories-embedded': {
    ...stories,
    testPathIgnorePatterns: [...shared.testPathIgnorePatterns, 'separate-processes\\.e2e-spec'],
  },
  'stories-split': stories,
};

// Jest resolves the global setup of every project it is shown, so it is shown those that were asked for.
const asked = process.env.SOTTO_TEST_PROJECT?.split(',') ?? ['rules', 'stores'];

export default {
  projects: asked.map((name) => ({ ...projects[name], displayName: name })),
  maxWorkers: 2,
  testTimeout: 30_000,
};
