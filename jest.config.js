const project = (name) => ({
  displayName: name,
  testEnvironment: 'node',
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.js' },
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/\\.sandbox/', '<rootDir>/dist/'],
});

// unit: pure or in one process; simulation: whole rollouts on a virtual clock; sandbox: the local AWS over the wire; e2e: dist/ with a Docker engine and a registry.
export default {
  projects: ['unit', 'simulation', 'sandbox', 'e2e'].map(project),
  // What hangs is found; what is only slow on a busy machine passes.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/support/skipped-tests.js'],
  testSequencer: '<rootDir>/test/support/longest-first.js',
};
