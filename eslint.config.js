import tseslint from 'typescript-eslint';

const ambient = [
  {
    object: 'Date',
    property: 'now',
    message: 'Time is an argument (Clock): what reads the wall clock cannot be tested.',
  },
  {
    object: 'Math',
    property: 'random',
    message: 'Randomness is an argument (Ids): this one is guessable and not repeatable.',
  },
  {
    object: 'process',
    property: 'env',
    message: 'The environment is read once, by the config of an app through platform.',
  },
  { object: 'process', property: 'exit', message: 'An exit in the middle loses what is in flight: return an outcome.' },
];

const everywhere = [
  {
    selector: 'ExportAllDeclaration',
    message: '`export *` is a barrel in disguise: import the file that has the thing.',
  },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'A default export has a different name in every importer: name it.',
  },
  {
    selector: "CallExpression[callee.name='forwardRef']",
    message: 'forwardRef hides a cycle: move what both need to the left in the line.',
  },
  {
    selector: "MemberExpression[object.name='Scope'][property.name='REQUEST']",
    message: 'Request scope rebuilds half the app for each request: singletons, and a Caller value.',
  },
  { selector: "Identifier[name='ModuleRef']", message: 'ModuleRef finds by reflection: list it in `inject`.' },
  {
    selector: "Decorator > CallExpression[callee.name='Global']",
    message: '@Global hides who needs what: import the module.',
  },
  {
    selector: "MemberExpression[object.name=/^(describe|it|test)$/][property.name='only']",
    message: '`.only` silences every other test.',
  },
  {
    selector: 'ClassDeclaration[id.name=/(Manager|Helper|Util|Utils|Base|Impl)$/]',
    message: 'This name says nothing: name the class after what it holds (DESIGN "Names").',
  },
  {
    selector:
      ':matches(FunctionDeclaration, MethodDefinition > FunctionExpression) > Identifier.params[typeAnnotation.typeAnnotation.type="TSBooleanKeyword"]',
    message: 'A positional boolean reads as noise at the call: use an object or two functions.',
  },
  {
    selector:
      ':matches(FunctionDeclaration, MethodDefinition > FunctionExpression) > AssignmentPattern.params[right.type="Literal"][right.raw=/^(true|false)$/]',
    message: 'A positional boolean reads as noise at the call: use an object or two functions.',
  },
  {
    selector:
      ':matches(FunctionDeclaration, VariableDeclarator > ArrowFunctionExpression, MethodDefinition[kind!="constructor"] > FunctionExpression)[params.length>3]',
    message: 'More than three arguments become an object (constructors aside).',
  },
];

const noAmbient = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is an argument (Clock): a rule that reads the wall clock cannot be tested.',
  },
  {
    selector: "CallExpression[callee.name='randomUUID'], CallExpression[callee.property.name='randomUUID']",
    message: 'Ids are an argument (Ids): tests need them repeatable.',
  },
  {
    selector: "CallExpression[callee.name='fetch']",
    message: 'The network is an argument: bare fetch has no timeout, no test and no owner.',
  },
];

// libsignal does not ask for trust on these calls; sdk/trust.ts must have been asked before. By the name wherever it stands: an import is
// one way to them, a namespace, a destructuring, an `export from` and an `import()` are others.
const GATED =
  '/^(signalEncrypt|signalDecrypt|signalDecryptPreKey|processPreKeyBundle|sealedSender\\w+|groupEncrypt|groupDecrypt)$/';
const ratchet = [
  {
    selector: `Identifier[name=${GATED}], Literal[value=${GATED}]`,
    message:
      "libsignal's encrypt, decrypt and bundle calls stand only in libs/sdk/ratchet.ts, behind the gate (sdk/trust.ts).",
  },
];

// Where Nest is not free, a decorator is Nest coming in: rules and SQL are plain classes.
const noDecorators = [
  {
    selector: 'Decorator',
    message: 'Domain classes carry no decorators: list the class as a factory in the *.module.ts of its lib.',
  },
];

const syntax = (...rules) => ({ 'no-restricted-syntax': ['error', ...rules.flat()] });
const domain = [everywhere, noAmbient, ratchet, noDecorators];
const specs = ['**/*.spec.ts', '**/*.e2e-spec.ts', 'test/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.cache/', '.sotto/', '**/generated/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-restricted-properties': ['error', ...ambient],
      ...syntax(...domain),
      'no-warning-comments': ['error', { terms: ['fixme', 'xxx', 'hack'], location: 'start' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A branded result (`id<Id>(): Id`) uses its parameter once and needs it.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // The enums of the wire arrive as plain numbers; `frames.ts` is where their range is checked.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      'constructor-parameters/max': 'error',
    },
    plugins: { 'constructor-parameters': { rules: { max: constructorParameters() } } },
  },
  { files: ['apps/**/*.ts', 'libs/serving/**/*.ts', '**/*.module.ts'], rules: syntax(everywhere, noAmbient, ratchet) },
  {
    files: ['libs/platform/**/*.ts', 'libs/sdk/host.ts'],
    rules: { ...syntax(everywhere, ratchet, noDecorators), 'no-restricted-properties': 'off' },
  },
  { files: ['libs/sdk/ratchet.ts'], rules: syntax(everywhere, noAmbient, noDecorators) },
  {
    // Tests use the world as it is, and say a lot in one `describe`.
    files: specs,
    rules: {
      ...syntax(everywhere),
      'no-restricted-properties': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['*.config.ts'], rules: syntax(everywhere.filter(({ selector }) => !selector.includes('Default'))) },
);

/** STYLE rule 11: a class that needs more than seven things does more than one. ESLint's own `max-params` has no such rule. */
function constructorParameters() {
  return {
    create: (context) => ({
      'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>7]': (node) =>
        context.report({ node, message: 'More than 7 constructor parameters: the class does more than one thing.' }),
    }),
  };
}
