import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';

/** The operating system's user that the database's programs run as. */
export interface PostgresUser {
  name: string;
  uid: number;
  gid: number;
}

export const isRoot = (): boolean => process.geteuid?.() === 0;

/**
 * The user to run PostgreSQL as, which refuses to run as root: `postgres` if the machine has one, else `nobody`.
 * An ordinary user runs it as itself, said by null.
 *
 * @throws EmbeddedPostgresError when this is root and the machine has neither user
 */
export function unprivilegedUser(): PostgresUser | null {
  if (!isRoot()) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name: name ?? '', uid: Number(uid), gid: Number(gid) }));
  for (const wanted of ['postgres', 'nobody']) {
    const user = users.find(({ name, uid }) => name === wanted && uid > 0);
    if (user) return user;
  }
  throw new EmbeddedPostgresError(
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor a user "nobody".',
  );
}

/** What `spawn` needs to run a program as that user, in a folder that every user can enter. */
export function asUser(user: PostgresUser | null): { cwd: string; uid?: number; gid?: number } {
  const cwd = process.platform === 'win32' ? process.cwd() : '/';
  return user ? { cwd, uid: user.uid, gid: user.gid } : { cwd };
}

/**
 * Whether the user can enter and write the folder. Asked by trying it as that user, since the folders above it,
 * access lists and mounts all have a say.
 */
export function canUse(folder: string, user: PostgresUser | null): boolean {
  if (!user) return true;
  const tried = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], {
    ...asUser(user),
    stdio: 'ignore',
  });
  return tried.status === 0;
}
