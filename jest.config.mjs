import { swcOptions } from './scripts/swc.mjs';

/** What kills servers, cuts connections and waits for minutes: `npm run proof` runs it, and `npm test -- <name>`. */
const LONG = '\\.long\\.test\\.ts$';

const project = (displayName, folder) => ({
  displayName,
  rootDir: import.meta.dirname,
  testMatch: [`<rootDir>/${folder}/**/*.test.{ts,tsx}`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', LONG],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': ['@swc/jest', swcOptions] },
  moduleNameMapper: { '^@aibc/shared/(.*)$': '<rootDir>/shared/src/$1.ts' },
  resolver: '<rootDir>/scripts/jest-resolver.cjs',
});

export default {
  projects: [
    project('shared', 'shared/src'),
    project('server', 'server/src'),
    {
      ...project('long', 'server/src'),
      testMatch: ['<rootDir>/server/src/**/*.long.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '/dist/'],
    },
    {
      ...project('client', 'client/src'),
      transform: { '\\.tsx?$': ['<rootDir>/client/jest-words.mjs', swcOptions] },
      setupFiles: ['<rootDir>/client/src/words/test-words.ts'],
    },
    {
      ...project('browser', 'client/e2e'),
      globalSetup: '<rootDir>/scripts/jest-browser.mjs',
      globalTeardown: '<rootDir>/scripts/jest-browser-stop.mjs',
    },
  ],
  globalSetup: '<rootDir>/scripts/jest-database.mjs',
  globalTeardown: '<rootDir>/scripts/jest-database-stop.mjs',
  testSequencer: '<rootDir>/scripts/jest-sequencer.mjs',
  maxWorkers: 2,
  // A worker with all that was loaded takes a second to end; one that something keeps alive takes for ever.
  workerGracefulExitTimeout: 20_000,
  testTimeout: 120_000,
};
