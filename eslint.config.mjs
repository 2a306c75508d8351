import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Fences by the kind of a file; test/tidy.test.ts reads the whole tree and is the law, this is the squiggle in the editor. */
const wall = (kind, rules) => ({ files: [`**/*.${kind}.ts`], ignores: ['**/*.test.ts'], rules });
const forbid = (...patterns) => ['error', { patterns }];
const SQL = { group: ['typeorm', 'pg'], message: 'SQL belongs in services, loaders and entities.' };
const GRAPHQL = {
  group: ['graphql', 'type-graphql', '@apollo/*'],
  message: 'GraphQL belongs in resolvers, types, inputs and entities.',
};
const SUBGRAPHS = {
  group: [
    '@practice-graph/revenue',
    '@practice-graph/adjustments',
    '@practice-graph/appliance-supply',
    '@practice-graph/spa-inventory',
  ],
  message: 'Subgraphs meet in the graph and in events, never in code.',
};

export default defineConfig(
  globalIgnores(['**/dist/', '**/node_modules/', '.data/', 'backups/', '**/.turbo/']),
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'require',
          'module',
          'exports',
          '__dirname',
          '__filename',
          'setInterval',
          'setTimeout',
          'clearTimeout',
          'URL',
          'fetch',
          'Buffer',
          'globalThis',
          'AbortSignal',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Resolvers, entities and migrations are classes because their libraries want classes.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A GraphQL object is a shape: services hand out literals of it.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'The environment is read in env.ts.' },
      ],
    },
  },
  { files: ['**/env.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['subgraphs/*/src/**'], rules: { 'no-restricted-imports': forbid(SUBGRAPHS) } },
  wall('resolver', {
    'no-restricted-imports': forbid(SUBGRAPHS, { ...SQL, message: 'A resolver asks a service or a loader.' }),
  }),
  wall('service', { 'no-restricted-imports': forbid(SUBGRAPHS, GRAPHQL) }),
  wall('loader', { 'no-restricted-imports': forbid(SUBGRAPHS, GRAPHQL) }),
  wall('rules', {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          { ...SQL, allowTypeImports: true },
          { ...GRAPHQL, allowTypeImports: true },
          { group: ['node:*'], message: 'Rules are pure.' },
          { regex: '\\.(service|loader|resolver|entity)$', allowTypeImports: true, message: 'Rules know rules only.' },
        ],
      },
    ],
    'no-restricted-syntax': [
      'error',
      {
        selector: "NewExpression[callee.name='Date'][arguments.length=0]",
        message: 'Rules have no clock: pass the instant.',
      },
      {
        selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
        message: 'Rules have no clock: pass the instant.',
      },
      {
        selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
        message: 'Rules have no randomness: pass the number.',
      },
    ],
  }),
  {
    files: ['**/*.test.ts', '**/test/**/*.ts', '**/testing/**/*.ts', 'subgraphs/*/src/testing/**'],
    rules: {
      // Answers of the graph are of many shapes; a test asserts their values.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-properties': 'off',
    },
  },
);
