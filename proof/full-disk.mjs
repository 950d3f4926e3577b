/**
 * The disk of the database runs full below a server under load, and has room again.
 *
 * A PostgreSQL of its own on a small file system in memory, which root can mount; where it cannot, nothing is proven and the proof says so.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { startEmbeddedPostgres } from '../server/dist/postgres/embedded-postgres.js';
import { freePort, startServerProcess } from '../server/dist/testing/test-server.js';
import { findMiscounted, verifyBooks } from './books.mjs';
import { Load, openAccount, post } from './load.mjs';
import { SECRET, signService } from './server.mjs';

const SIZE_MB = 400;
const CALLERS = 8;
/** Small and few WAL files, so that the disk has room for nothing else soon. */
const SETTINGS = { min_wal_size: '32MB', max_wal_size: '32MB', shared_buffers: '16MB', max_connections: '60' };
/** Each caller goes on repeating its own. */
const REFUSED_MIN = CALLERS;
const WELL_AGAIN_MS_MAX = 5_000;
const BALANCE = 'query B($id: ID!) { balance(accountId: $id) { available version } }';

export async function prove({ check, say }) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'aibc-credits-full-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', folder], { encoding: 'utf8' });
  if (mounted.status !== 0) {
    say(`not run: a small file system cannot be mounted here (${(mounted.error?.message ?? mounted.stderr).trim()})`);
    rmSync(folder, { recursive: true });
    return;
  }
  try {
    chmodSync(folder, 0o755);
    const database = await startEmbeddedPostgres({ dataDir: folder, settings: SETTINGS, say: () => {} });
    try {
      await proveOn({ folder, databaseUrl: database.url, check });
    } finally {
      await database.stop();
    }
  } finally {
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function proveOn({ folder, databaseUrl, check }) {
  const port = await freePort();
  const server = await startServerProcess({
    NODE_ENV: 'production',
    DRAIN_DELAY_MS: '0',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    AUTH_JWT_SECRET: SECRET,
    LOG_LEVEL: 'warn',
    LOG_FORMAT: 'words',
  });
  const token = await signService();
  const accounts = await Promise.all(Array.from({ length: 4 }, () => openAccount(port, token)));
  const load = new Load({ port, token, accounts, callers: CALLERS, operation: 'regeneration.basic' });
  const ballast = join(folder, 'ballast');
  try {
    await load.more(100);
    check(`on a disk with room: ${load.counts.answered} requests answered`, load.failures.slice(0, 3).join('; '));
    fill(folder, ballast);
    const { reads, reason } = await waitUntilRefused(load, port, token, accounts[0]);
    const failures = [...load.failures];
    check(
      `on a full disk ${failures.length} mutations are refused, every one UNAVAILABLE`,
      failures
        .filter((failure) => !failure.startsWith('503 UNAVAILABLE'))
        .slice(0, 3)
        .join('; '),
    );
    check(`reads go on: ${reads.answered} answered`, reads.problems.slice(0, 3).join('; '));
    check(
      `/readyz says why: ${reason}; and the log: ${/not ready: [a-z -]*/.exec(server.log())?.[0] ?? 'nothing'}, No space left on device`,
      reason === 'database full' && server.log().includes('No space left on device') ? '' : server.log().slice(-500),
    );
    rmSync(ballast);
    const startedAt = performance.now();
    const wellMs = await waitUntilWell(port, load, startedAt);
    check(
      `room again: ready and a mutation answered after ${wellMs} ms, without a restart`,
      wellMs < WELL_AGAIN_MS_MAX ? '' : 'that is too late',
    );
    await load.more(50);
    await load.end();
    check(
      'all of what was refused is answered when it is repeated under its key',
      load.counts.lost === 0 ? '' : `${load.counts.lost} were not`,
    );
    check('every answered request is in the books once, nothing else is', await findMiscounted(databaseUrl, load));
    check('`verify`: the books are right', verifyBooks(databaseUrl));
  } finally {
    rmSync(ballast, { force: true });
    await load.end();
    await server.end('SIGKILL');
  }
}

/** Takes all the room that there is, but for what others take at the same time. */
function fill(folder, ballast) {
  for (let size = room(folder); size >= 4096; size = room(folder)) {
    try {
      writeFileSync(ballast, Buffer.alloc(Math.min(size, 2 ** 20)), { flag: 'a' });
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    }
  }
}

function room(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Reads beside the load until enough of it was refused and `/readyz` says so. */
async function waitUntilRefused(load, port, token, accountId) {
  const reads = { answered: 0, problems: [] };
  let reason = null;
  const deadline = performance.now() + 60_000;
  while ((load.failures.length < REFUSED_MIN || reason === null) && performance.now() < deadline) {
    const { status, body } = await post(port, token, BALANCE, { id: accountId });
    if (status === 200 && body.data) reads.answered++;
    else reads.problems.push(`${status} ${JSON.stringify(body).slice(0, 200)}`);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    reason = (await ready.json()).reason ?? null;
    await sleep(50);
  }
  return { reads, reason };
}

async function waitUntilWell(port, load, startedAt) {
  const { size } = load.answers;
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    await ready?.arrayBuffer();
    const ms = Math.round(performance.now() - startedAt);
    if ((ready?.ok && load.answers.size > size) || ms > 10 * WELL_AGAIN_MS_MAX) return ms;
    await sleep(25);
  }
}
