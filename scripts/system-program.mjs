/** Programs of the system that only some tests and proofs need: found, or installed where that is possible without asking anybody. */
import { existsSync } from 'node:fs';

import { run } from './project.mjs';

/**
 * Finds a program; as root on a Debian or Ubuntu it is installed when it is missing.
 *
 * @param name  as people call it
 * @param places  paths where it may be, the first that exists is taken; an empty one is skipped
 * @param packages  what apt-get installs
 * @param purpose  what it is for, after "for"
 * @param variable  environment variable that names its path
 * @returns the program's path, or null after saying how to get one
 */
export async function ensureProgram({ name, places, packages, purpose, variable }) {
  const find = () => [process.env[variable], ...places].find((place) => place && existsSync(place)) ?? null;
  const found = find();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing ${name} for ${purpose} (apt-get) …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
    await run('apt-get', ['update', '-qq'], quiet);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], quiet);
    const installed = find();
    if (installed) return installed;
  }
  console.error(
    `No ${name} found: install it (for example \`apt-get install ${packages[0]}\`) or set ${variable} to one.`,
  );
  return null;
}
