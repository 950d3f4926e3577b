import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { EmbeddedPostgresError } from './embedded-postgres-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { clusterOf, type PostgresHome } from './postgres-home.js';
import { asUser } from './postgres-user.js';
import { processIdentity } from './process-identity.js';

/** A running database server of one cluster. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** Recovery after a crash replays at most `max_wal_size`, which takes seconds; a minute and more is a slow disk. */
const START_SECONDS_MAX = 180;
const STOP_SECONDS_MAX = 60;
/** A longer log is started anew with the server. */
const LOG_BYTES_MAX = 10 * 2 ** 20;

/**
 * The server that runs on this cluster, once it answers; null if there is none.
 *
 * A `postmaster.pid` left by a killed server is removed, also when its process id meanwhile belongs to something else.
 * A server that lives is left alone: if nobody started by this project uses it, it is an orphan, and using it is safe.
 */
export async function findPostmaster(home: PostgresHome): Promise<Postmaster | null> {
  const pidFile = join(clusterOf(home), 'postmaster.pid');
  const deadline = Date.now() + START_SECONDS_MAX * 1000;
  while (Date.now() < deadline) {
    // Lines: pid, data folder, start time, port, socket folder, address, shared memory, status.
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : [];
    const pid = Number(lines[0]);
    if (!(pid > 0)) return null;
    if (!servesCluster(pid, clusterOf(home))) {
      rmSync(pidFile, { force: true });
      return null;
    }
    if (lines[7]?.trim() === 'ready') return { pid, port: Number(lines[3]) };
    await sleep(50);
  }
  throw new EmbeddedPostgresError(
    `the server on ${clusterOf(home)} has been starting for ${START_SECONDS_MAX} seconds.`,
  );
}

/**
 * Starts a server on the cluster, on 127.0.0.1 and the port it had before, or a free one, in a session of its own, so
 * that Ctrl-C in a terminal reaches only the application, which then stops the database after it has drained.
 *
 * @param settings  PostgreSQL's configuration, name to value
 * @returns the running server, and whether it is this call's or that of another process that was quicker
 * @throws EmbeddedPostgresError with the end of the server's log when it does not start
 */
export async function startPostmaster(
  home: PostgresHome,
  binaries: PostgresBinaries,
  settings: Record<string, string>,
): Promise<{ postmaster: Postmaster; started: boolean }> {
  const logFile = join(home.directory, 'postgres.log');
  const deadline = Date.now() + START_SECONDS_MAX * 1000;
  let port = await freePort(lastPort(home));
  for (;;) {
    let logStart = existsSync(logFile) ? statSync(logFile).size : 0;
    if (logStart > LOG_BYTES_MAX) {
      rmSync(logFile);
      logStart = 0;
    }
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(binaries.postgres, ['-D', clusterOf(home), '-p', String(port), ...settingArguments(settings)], {
      ...asUser(home.user),
      detached: true,
      windowsHide: true,
      env: environment(),
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    let ended: string | null = null;
    child.once('error', (error) => (ended = error.message));
    child.once('exit', (code, signal) => (ended = `it ended with ${signal ?? code}`));
    child.unref();

    while (ended === null && Date.now() < deadline) {
      const running = await readyPostmaster(home, child.pid);
      if (running) return { postmaster: running, started: true };
      await sleep(20);
    }
    // Another process of this checkout has started it first.
    const other = await findPostmaster(home);
    if (other) return { postmaster: other, started: false };

    const said = readFileSync(logFile, 'utf8').slice(logStart).trim();
    // The last processes of a killed server need a moment to notice; a port can be taken between choosing and using it.
    const passing = /shared memory block|lock file .* already exists|could not bind|could not create any TCP/.test(
      said,
    );
    if (!passing || Date.now() >= deadline) {
      throw new EmbeddedPostgresError(
        `its server did not start (${ended ?? 'too slow'}). ${logFile} ends with:\n${said.slice(-2000)}`,
      );
    }
    await sleep(200);
    port = await freePort(port);
  }
}

/** Stops the cluster's server and returns when it is down: connections are cut, what was committed is on disk. */
export function stopPostmaster(home: PostgresHome, binaries: PostgresBinaries): void {
  const stopped = spawnSync(
    binaries.pgCtl,
    ['stop', '-D', clusterOf(home), '-m', 'fast', '-w', '-t', String(STOP_SECONDS_MAX)],
    { ...asUser(home.user), encoding: 'utf8', env: environment(), windowsHide: true },
  );
  if (stopped.status !== 0 && existsSync(join(clusterOf(home), 'postmaster.pid'))) {
    throw new EmbeddedPostgresError(`its server did not stop: ${stopped.stderr.trim()}`);
  }
}

/** Whether the running server was started with exactly these settings. */
export function runsWith(home: PostgresHome, settings: Record<string, string>): boolean {
  const options = readFileSync(join(clusterOf(home), 'postmaster.opts'), 'utf8');
  const quoted = settingArguments(settings).map((argument) => `"${argument}"`);
  return options.trimEnd().endsWith(quoted.join(' '));
}

const settingArguments = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Nothing of the application's environment reaches the database: no PG… variable, no secret. */
export const environment = (): NodeJS.ProcessEnv => ({
  ...(process.platform === 'win32' ? process.env : { PATH: process.env['PATH'] }),
  LC_ALL: 'C',
  TZ: 'UTC',
});

async function readyPostmaster(home: PostgresHome, pid: number | undefined): Promise<Postmaster | null> {
  const pidFile = join(clusterOf(home), 'postmaster.pid');
  if (!existsSync(pidFile) || Number(readFileSync(pidFile, 'utf8').split('\n')[0]) !== pid) return null;
  return findPostmaster(home);
}

/** Whether the process is a server on this very folder, by its working directory: a path may have been moved or copied. */
function servesCluster(pid: number, cluster: string): boolean {
  if (processIdentity(pid) === null) return false;
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    try {
      if (!readlinkSync(`/proc/${pid}/cwd`)) return false;
      const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(cluster)];
      return there.dev === here.dev && there.ino === here.ino;
    } catch {
      // Another user's process: as root and as the same user this is readable, so it is none of ours.
      return false;
    }
  }
  const command = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return command.includes(cluster);
}

/** Whether the server that was found or started still runs. */
export const isAlive = ({ pid }: Postmaster, home: PostgresHome): boolean => servesCluster(pid, clusterOf(home));

/** The port of the cluster's last server: whoever knows its address finds the next one there. */
function lastPort(home: PostgresHome): number {
  const file = join(clusterOf(home), 'postmaster.opts');
  const options = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return Number(/"-p" "(\d+)"/.exec(options)?.[1] ?? 0);
}

/** @param wanted  the port that is asked for; 0 lets the system choose a free one */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
