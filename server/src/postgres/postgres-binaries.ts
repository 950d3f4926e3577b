import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { PostgresHome } from './postgres-home.js';
import { asUser, type PostgresUser } from './postgres-user.js';

/** Full paths of the database's programs. */
export interface PostgresBinaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

export interface InstalledPackage {
  /** The folder that holds `bin`, `lib` and `share`. */
  native: string;
  version: string;
}

/**
 * The programs of the installed platform package, in a place where the home's user can run them.
 *
 * The package's own folder if they run from there; else a copy in the home, with the library links that the package
 * makes only in its install script. Whether they run is found by running them.
 *
 * @throws EmbeddedPostgresError when there is no package for this platform or its programs do not run
 */
export function placeBinaries(
  home: PostgresHome,
  say: (message: string) => void,
  { native, version }: InstalledPackage = findPackage(),
): PostgresBinaries {
  const installed = binariesIn(native);
  const refusal = whyNotRunnable(installed, home.user);
  if (!refusal) return installed;

  const copy = join(home.directory, `binaries-${version}`);
  if (!existsSync(copy)) {
    say(`PostgreSQL's programs cannot run from ${native} (${refusal}): copying them to ${copy}`);
    copyNative(native, copy);
  }
  const copied = binariesIn(copy);
  const copyRefusal = whyNotRunnable(copied, home.user);
  if (copyRefusal) throw new EmbeddedPostgresError(`its programs in ${copy} do not run (${copyRefusal}).`);
  return copied;
}

/**
 * The package with this system's programs.
 *
 * @throws EmbeddedPostgresError when there is none for the system, or it was left out of the install
 */
export function findPackage(system: string = process.platform, arch: string = process.arch): InstalledPackage {
  const name = `@embedded-postgres/${system === 'win32' ? 'windows' : system}-${arch}`;
  try {
    // The platform packages are the optional dependencies of `embedded-postgres`, so they are looked for from there.
    const packageOf = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(packageOf.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch {
    throw new EmbeddedPostgresError(
      `the package ${name} with PostgreSQL's programs is not installed. ` +
        'Either there is none for this system, or the install left optional packages out (run `npm ci` without --omit=optional).',
    );
  }
}

function binariesIn(native: string): PostgresBinaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(native, 'bin', name + suffix);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
}

function whyNotRunnable(binaries: PostgresBinaries, user: PostgresUser | null): string | null {
  for (const program of Object.values(binaries) as string[]) {
    const run = spawnSync(program, ['--version'], { ...asUser(user), encoding: 'utf8' });
    if (run.error) return `${basename(program)}: ${run.error.message}`;
    if (run.status !== 0)
      return `${basename(program)}: ${run.stderr.trim() || `ended with ${run.status ?? run.signal}`}`;
  }
  return null;
}

/** Copies under a name of its own first, so that a copy cut short is never taken for a whole one. */
function copyNative(native: string, copy: string): void {
  const unfinished = `${copy}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  chmodSync(unfinished, 0o755);
  for (const program of readdirSync(join(unfinished, 'bin'))) chmodSync(join(unfinished, 'bin', program), 0o755);

  const list = join(unfinished, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const link = join(unfinished, target.replace(/^native\//, ''));
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another process of this checkout has copied them first; the copy is the same.
    if (!existsSync(copy)) throw error;
  }
}
