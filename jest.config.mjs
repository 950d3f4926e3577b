import { swcOptions } from './scripts/swc.mjs';

const project = (name) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  roots: [`<rootDir>/${name}`],
  testMatch: [`<rootDir>/${name}/**/*.test.{ts,tsx}`],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': ['@swc/jest', swcOptions] },
  moduleNameMapper: { '^@aibc/shared/(.*)$': '<rootDir>/shared/src/$1.ts' },
  resolver: '<rootDir>/scripts/jest-resolver.cjs',
});

export default {
  projects: ['shared', 'server', 'client'].map(project),
  globalSetup: '<rootDir>/scripts/jest-database.mjs',
  globalTeardown: '<rootDir>/scripts/jest-database-stop.mjs',
  maxWorkers: 2,
  testTimeout: 30_000,
};
