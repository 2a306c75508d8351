/** One configuration for the whole repository: source is compiled by swc, packages resolve to their sources. */
const swc = require('./swc.json');

module.exports = {
  testEnvironment: 'node',
  roots: [
    '<rootDir>/subgraphs',
    '<rootDir>/gateway',
    '<rootDir>/schema',
    '<rootDir>/app',
    '<rootDir>/bench/src',
    '<rootDir>/test',
  ],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '\\.browser\\.test\\.ts$'],
  modulePathIgnorePatterns: ['/dist/'],
  // jose exists as an ES module only. Node loads it with require; jest needs it compiled.
  transform: {
    '^.+\\.ts$': ['@swc/jest', { swcrc: false, ...swc }],
    '/node_modules/jose/.+\\.js$': ['@swc/jest', { swcrc: false, ...swc }],
  },
  transformIgnorePatterns: ['/node_modules/(?!\\.pnpm/jose@|jose/)'],
  setupFiles: ['reflect-metadata'],
  globalSetup: '<rootDir>/test/postgres-setup.js',
  globalTeardown: '<rootDir>/test/postgres-teardown.js',
  moduleNameMapper: {
    '^@practice-graph/kit/(testing)$': '<rootDir>/subgraphs/_kit/src/$1/index.ts',
    '^@practice-graph/kit/(identity|postgres)$': '<rootDir>/subgraphs/_kit/src/$1.ts',
    '^@practice-graph/practice/testing$': '<rootDir>/subgraphs/_practice/src/testing/index.ts',
    '^@practice-graph/kit$': '<rootDir>/subgraphs/_kit/src/index.ts',
    '^@practice-graph/practice$': '<rootDir>/subgraphs/_practice/src/index.ts',
    '^@practice-graph/(revenue|adjustments|appliance-supply|spa-inventory)$': '<rootDir>/subgraphs/$1/src/index.ts',
    '^@practice-graph/(gateway|app|schema)$': '<rootDir>/$1/src/index.ts',
  },
  testTimeout: 120_000,
};
