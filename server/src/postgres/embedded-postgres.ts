import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import { guardPostmaster } from './guard-postmaster.js';
import { placeBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { clusterOf, settleHome, type PostgresHome } from './postgres-home.js';
import { isAlone, leave, takeLease, type Lease } from './postgres-lease.js';
import { asUser } from './postgres-user.js';
import {
  environment,
  findPostmaster,
  runsWith,
  startPostmaster,
  stopPostmaster,
  type Postmaster,
} from './postmaster.js';
import { processIdentity } from './process-identity.js';

const NAME = 'credits';

/** The same on every machine: passwords for every connection, UTF-8, an order of texts that no library update changes. */
const CLUSTER_OPTIONS = [
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

export interface EmbeddedPostgresOptions {
  /** The project's data folder (`.data`); created if missing. One database lives in it. */
  dataDir: string;
  /** PostgreSQL settings on top of, or instead of, the ones here. */
  settings?: Record<string, string>;
  /** Told what is worth knowing in one sentence each; standard error by default. */
  say?: (message: string) => void;
}

export interface EmbeddedPostgres {
  /** `postgres://credits:<password>@127.0.0.1:<port>/credits`. Holds the password: not for logs. */
  url: string;
  /** Whether this call started the server; false when it was already running for this folder. */
  started: boolean;
  /** Leaves the database; the last process of the checkout to leave stops it. Call after the application has drained. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL 18 of this folder's own, ready to be connected to.
 *
 * The first process that asks starts the server, later ones of the same folder use it, the last to call `stop` stops
 * it. A server orphaned by a kill is used again; remains of a killed server are cleared. It listens on 127.0.0.1 only,
 * with a generated password, kept beside the data (mode 600). Durable: what is committed survives a crash, and a server
 * that died is started again at the same address by whoever uses it.
 *
 * @throws EmbeddedPostgresError saying why it cannot run here, and naming DATABASE_URL as the way out
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const say = options.say ?? ((message) => void process.stderr.write(`${message}\n`));
  const settings = { ...serverSettings(), ...options.settings };

  const home = settleHome(options.dataDir, say);
  const binaries = placeBinaries(home, say);
  const lease = await takeLease(home);
  try {
    const password = readOrMakePassword(home);
    if (!existsSync(clusterOf(home))) initialise(home, binaries, password);
    const { postmaster, started } = await run(home, binaries, settings, lease);
    const url = `postgres://${NAME}:${password}@127.0.0.1:${postmaster.port}/${NAME}`;
    await ensureDatabase(url);

    const guard = guardPostmaster(postmaster, home, () => run(home, binaries, settings, lease), say);
    let leaving: Promise<void> | undefined;
    const stop = (): Promise<void> =>
      (leaving ??= guard.stop().then(() => leave(lease, () => Promise.resolve(stopPostmaster(home, binaries)))));
    return { url, started, stop };
  } catch (error) {
    await leave(lease, () => Promise.resolve());
    throw error;
  }
}

/**
 * For two cores that the application shares. Durability is PostgreSQL's full one; what is saved is what one machine
 * without replicas does not need (replication's log level, parallel plans, just-in-time compilation).
 */
function serverSettings(): Record<string, string> {
  const roomy = totalmem() >= 3 * 2 ** 30;
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'minimal',
    max_wal_senders: '0',
    shared_buffers: roomy ? '512MB' : '128MB',
    wal_buffers: '16MB',
    min_wal_size: '256MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    max_connections: '100',
    random_page_cost: '1.1',
    max_parallel_workers_per_gather: '0',
    jit: 'off',
    autovacuum_naptime: '15s',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
}

async function run(
  home: PostgresHome,
  binaries: PostgresBinaries,
  settings: Record<string, string>,
  lease: Lease,
): Promise<{ postmaster: Postmaster; started: boolean }> {
  const running = await findPostmaster(home);
  if (running && (runsWith(home, settings) || !isAlone(lease))) return { postmaster: running, started: false };
  // An orphan with settings of an older version of this file.
  if (running) stopPostmaster(home, binaries);
  return startPostmaster(home, binaries, settings);
}

/** Created whole or not at all; the first of two processes wins and the other reads what it wrote. */
function readOrMakePassword(home: PostgresHome): string {
  const file = join(home.directory, 'password');
  if (!existsSync(file)) {
    const own = `${file}.${process.pid}`;
    writeFileSync(own, randomBytes(24).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(own, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(own);
    }
  }
  return readFileSync(file, 'utf8');
}

/** Made beside and then renamed, so that an initialisation cut short is never taken for a cluster. */
function initialise(home: PostgresHome, binaries: PostgresBinaries, password: string): void {
  sweepUnfinished(home);
  const unfinished = join(home.directory, `cluster-unfinished-${process.pid}`);
  const passwordFile = `${unfinished}.password`;
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (home.user) {
    chownSync(unfinished, home.user.uid, home.user.gid);
    chownSync(passwordFile, home.user.uid, home.user.gid);
  }
  const made = spawnSync(
    binaries.initdb,
    ['-D', unfinished, '--username', NAME, '--pwfile', passwordFile, ...CLUSTER_OPTIONS],
    { ...asUser(home.user), encoding: 'utf8', env: environment(), windowsHide: true },
  );
  rmSync(passwordFile);
  if (made.status !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new EmbeddedPostgresError(`initdb failed: ${made.error?.message ?? made.stderr.trim()}`);
  }
  try {
    renameSync(unfinished, clusterOf(home));
    chmodSync(clusterOf(home), 0o700);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(clusterOf(home))) throw error; // Otherwise another process of this checkout has written it first.
  }
}

function sweepUnfinished(home: PostgresHome): void {
  for (const name of readdirSync(home.directory)) {
    const pid = /^cluster-unfinished-(\d+)/.exec(name)?.[1];
    if (pid && processIdentity(Number(pid)) === null)
      rmSync(join(home.directory, name), { recursive: true, force: true });
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url.replace(/[^/]*$/, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${NAME}`);
  } catch (error) {
    // 42P04, 23505: another process of this checkout created it meanwhile.
    if (!['42P04', '23505'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    await client.end();
  }
}
