import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { canUse, isRoot, unprivilegedUser, type PostgresUser } from './postgres-user.js';

/** Where one checkout's database lives and who runs it. */
export interface PostgresHome {
  /** Holds `cluster/` (PostgreSQL's own folder), `password`, `postgres.log`, `leases/` and perhaps the binaries' copy. */
  directory: string;
  /** Null: as ourselves. */
  user: PostgresUser | null;
}

interface Pointer {
  directory: string;
  dataDir: string;
}

const POINTER = 'postgres-elsewhere.json';

/**
 * Settles where the database of this data folder lives, and creates that folder.
 *
 * Normally `<dataDir>/postgres`. Root, whose unprivileged user cannot get there, gets a folder of this checkout's own
 * under /var/lib (or the temporary folder), with a random name that is written into the data folder: it is never shared,
 * a moved checkout keeps it, and a copied checkout gets a new one.
 *
 * @param dataDir  the project's data folder, created if missing
 * @param say  told about everything that is not where one would look for it
 * @throws EmbeddedPostgresError when no folder serves
 */
export function settleHome(dataDir: string, say: (message: string) => void): PostgresHome {
  try {
    if (mkdirSync(dataDir, { recursive: true })) chmodSync(dataDir, 0o755);
    const home = homeOf(realpathSync(dataDir), say);
    mkdirSync(join(home.directory, 'leases'), { recursive: true });
    chmodSync(home.directory, 0o755);
    return home;
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `its folder in ${dataDir} cannot be used by ${userInfo().username} (${(error as Error).message}).`,
    );
  }
}

export const clusterOf = (home: PostgresHome): string => join(home.directory, 'cluster');

function homeOf(dataDir: string, say: (message: string) => void): PostgresHome {
  const user = unprivilegedUser();
  const beside = join(dataDir, 'postgres');
  const pointed = readPointer(dataDir, say);
  if (pointed) return { directory: pointed, user: ownerOf(join(pointed, 'cluster')) ?? user };

  if (existsSync(join(beside, 'cluster'))) {
    const owner = ownerOf(join(beside, 'cluster'));
    if (isRoot() && !canUse(join(beside, 'cluster'), owner ?? user)) {
      throw new EmbeddedPostgresError(
        `its data in ${beside} belong to the user ${owner?.name ?? 'root'}, who cannot reach that folder any more.`,
      );
    }
    return { directory: beside, user: owner ?? user };
  }
  if (!user || userReaches(dataDir, user)) return { directory: beside, user };

  const directory = newElsewhere(dataDir, user);
  say(
    `PostgreSQL cannot run as root, and the user "${user.name}" cannot reach ${dataDir}: ` +
      `the embedded database of this checkout lives in ${directory} (delete it together with ${dataDir})`,
  );
  return { directory, user };
}

/** The user that an existing cluster belongs to, as far as somebody else's matters: root runs it as its owner. */
function ownerOf(cluster: string): PostgresUser | null {
  if (!existsSync(cluster)) return null;
  const { uid, gid } = statSync(cluster);
  if (isRoot()) return uid === 0 ? null : { name: `#${uid}`, uid, gid };
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new EmbeddedPostgresError(
      `its data in ${cluster} belong to another user (#${uid}); run as that user or as root, or delete the folder's data.`,
    );
  }
  return null;
}

function userReaches(dataDir: string, user: PostgresUser): boolean {
  const probe = mkdtempSync(join(dataDir, 'probe-'));
  try {
    chownSync(probe, user.uid, user.gid);
    return canUse(probe, user);
  } finally {
    rmSync(probe, { recursive: true });
  }
}

function readPointer(dataDir: string, say: (message: string) => void): string | null {
  const file = join(dataDir, POINTER);
  if (!existsSync(file)) return null;
  const pointer = JSON.parse(readFileSync(file, 'utf8')) as Pointer;
  if (pointer.dataDir !== dataDir) {
    if (existsSync(join(pointer.dataDir, POINTER))) {
      say(`${dataDir} is a copy of ${pointer.dataDir}, whose database stays its own: this one starts empty`);
      rmSync(file);
      return null;
    }
    writeFileSync(file, JSON.stringify({ ...pointer, dataDir }));
  }
  if (!existsSync(pointer.directory)) {
    throw new EmbeddedPostgresError(
      `its data, kept in ${pointer.directory}, are gone; delete ${file} to start with an empty database.`,
    );
  }
  say(`The embedded database of this checkout lives in ${pointer.directory}`);
  return pointer.directory;
}

function newElsewhere(dataDir: string, user: PostgresUser): string {
  const name = `aibc-credits-${randomBytes(6).toString('hex')}`;
  for (const parent of ['/var/lib', realpathSync(tmpdir())]) {
    const directory = join(parent, name);
    try {
      mkdirSync(directory);
      chmodSync(directory, 0o755);
    } catch {
      continue;
    }
    if (userReaches(directory, user)) {
      const pointer: Pointer = { directory, dataDir };
      writeFileSync(join(dataDir, POINTER), JSON.stringify(pointer));
      return directory;
    }
    rmSync(directory, { recursive: true });
  }
  throw new EmbeddedPostgresError(
    `the user "${user.name}", which root must use for it, can reach neither ${dataDir} nor a folder in /var/lib or ${tmpdir()}.`,
  );
}
