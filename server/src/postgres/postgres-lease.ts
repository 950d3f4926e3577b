import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { PostgresHome } from './postgres-home.js';
import { processIdentity } from './process-identity.js';

/**
 * One use of a checkout's embedded database.
 *
 * The rule: the first process that needs the database starts it, later ones of the same checkout use the running one,
 * and the last to leave stops it. A process that was killed has left. Each use is a file `<pid>-<n>.using` that holds
 * the process's identity; whoever may be about to stop the database shows a file `<pid>-<n>.stopping`.
 */
export interface Lease {
  folder: string;
  name: string;
}

let taken = 0;

/**
 * Says that this process uses the database, after waiting for those who may be stopping it.
 *
 * Entering writes `.using` and then looks for `.stopping`; leaving writes `.stopping` and then looks for `.using`:
 * in whatever order the two come, one of them sees the other, without a lock that a kill could leave behind.
 */
export async function takeLease(home: PostgresHome): Promise<Lease> {
  taken += 1;
  const lease = { folder: join(home.directory, 'leases'), name: `${process.pid}-${taken}` };
  show(lease, '.using');
  while (held(lease.folder, '.stopping').length > 0) await sleep(50);
  return lease;
}

/** Whether nobody but this lease's holder uses the database. */
export const isAlone = (lease: Lease): boolean =>
  held(lease.folder, '.using').every((file) => file === `${lease.name}.using`);

/** Gives the lease back and, if nobody else uses the database, runs `stop` while newcomers wait. */
export async function leave(lease: Lease, stop: () => Promise<void>): Promise<void> {
  show(lease, '.stopping');
  try {
    rmSync(join(lease.folder, `${lease.name}.using`), { force: true });
    if (held(lease.folder, '.using').length === 0) await stop();
  } finally {
    rmSync(join(lease.folder, `${lease.name}.stopping`), { force: true });
  }
}

/** Appears with its content or not at all, so that a half-written file is never judged. */
function show(lease: Lease, kind: '.using' | '.stopping'): void {
  const file = join(lease.folder, lease.name + kind);
  writeFileSync(`${file}.new`, processIdentity(process.pid) ?? '');
  renameSync(`${file}.new`, file);
}

/** The files of that kind whose processes live; those of dead processes are swept out. */
function held(folder: string, kind: '.using' | '.stopping'): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(kind))
    .filter((name) => {
      let identity: string;
      try {
        identity = readFileSync(join(folder, name), 'utf8');
      } catch {
        return false; // taken away since it was listed
      }
      const lives = processIdentity(Number.parseInt(identity, 10)) === identity;
      if (!lives) rmSync(join(folder, name), { force: true });
      return lives;
    });
}
