import { readFileSync } from 'node:fs';
import semver from 'semver';

interface Locked {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  engines?: { node?: string };
}

const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Where a package that stands at `path` finds another: in its own node_modules, or in one further out. */
function find(path: string, name: string): Locked | undefined {
  for (let at = path; ; at = at.includes('/node_modules/') ? at.slice(0, at.lastIndexOf('/node_modules/')) : '') {
    const found = lock.packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`];
    if (found || at === '') return found;
  }
}

test('the lockfile names the packages of every platform, so that it installs everywhere', () => {
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !find(path, name)),
  );
  expect(missing).toEqual([]);
});

test('no package wants a newer Node than the project does', () => {
  const least = semver.minVersion(lock.packages['']?.engines?.node ?? '');
  if (least === null) throw new Error('the project does not say which Node it wants');
  const newer = Object.entries(lock.packages).filter(
    ([, { engines }]) => !semver.satisfies(least, engines?.node ?? '*'),
  );
  expect(newer.map(([path]) => path)).toEqual([]);
});

/** Versions that mend a published weakness: where no audit is to be had, this is the floor. */
test.each([
  ['ws', '8.21.1'],
  ['path-to-regexp', '8.4.0'],
  ['typeorm', '1.1.0'],
  ['vite', '8.0.5'],
  ['@apollo/server', '5.5.0'],
])('no %s older than %s is installed', (name, least) => {
  const installed = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`));
  const old = installed.filter(([, { version }]) => semver.lt(version ?? '0.0.0', least));
  expect(old).toEqual([]);
});

/** Beneath their public interface, or by the bytes of their protocol, these are relied on: a new version comes with a look at its adapter. */
test.each(['pg', 'ws', 'graphql-ws', 'graphql'])('%s is asked for in one exact version', (name) => {
  const asked = ['server', 'client'].flatMap((workspace) => lock.packages[workspace]?.dependencies?.[name] ?? []);
  expect(asked.length).toBeGreaterThan(0);
  expect(new Set(asked)).toEqual(new Set([lock.packages[`node_modules/${name}`]?.version]));
});
