/**
 * A real PgBouncer between the built server and PostgreSQL.
 *
 * In session mode everything works, on connections that somebody else has used before too, and when PgBouncer or the server is killed under
 * load nothing is lost: what was torn is answered once when it is repeated under its key. In transaction and statement mode the start is
 * refused in one sentence.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { createClient } from 'graphql-ws';
import pg from 'pg';
import { WebSocket } from 'ws';

import { openConnection } from '../server/dist/db/connect.js';
import { asUser, unprivilegedUser } from '../server/dist/postgres/postgres-user.js';
import { READER_SETTINGS } from '../server/dist/db/session-settings.js';
import { createTestDatabase } from '../server/dist/db/test-database.js';
import { WRITER_SETTINGS } from '../server/dist/ledger/writer/lane-connection.js';
import { freePort, launchServerProcess, startServerProcess } from '../server/dist/testing/test-server.js';
import { ensurePgBouncer } from '../scripts/pgbouncer.mjs';
import { findMiscounted, verifyBooks } from './books.mjs';
import { Load, openAccount } from './load.mjs';
import { SECRET, signService } from './server.mjs';

const CALLERS = 16;
/** Requests between one harm and the next. */
const MORE = 200;
/** Longer than a command waits for a database that is away, so that some are told UNAVAILABLE. */
const OUTAGE_MS = 7_000;
const WELL_AGAIN_MS_MAX = 5_000;

export async function prove({ bounded, check, say }) {
  const path = await ensurePgBouncer();
  if (path === null) return check('PgBouncer is there', 'it is not');
  const database = await createTestDatabase();
  try {
    await spoilDefaults(database.url);
    for (const reset of ['DISCARD ALL', '']) await proveUsedConnections({ path, database, reset, check });
    for (const mode of ['transaction', 'statement']) await proveRefused({ path, database, mode, check });
    await proveOptions({ path, database, check });
    await proveSession({ path, database, rounds: bounded ? 1 : 5, check, say });
  } finally {
    await database.drop();
  }
}

/** The database has defaults that the server's statements cannot work with: a session that lost the server's own settings is noticed. */
async function spoilDefaults(url) {
  const name = new URL(url).pathname.slice(1);
  await onDatabase(
    url,
    `ALTER DATABASE ${name} SET DateStyle = 'SQL, DMY'; ALTER DATABASE ${name} SET TimeZone = 'Asia/Tokyo';
     ALTER DATABASE ${name} SET statement_timeout = '1h'; ALTER DATABASE ${name} SET default_transaction_isolation = 'serializable'`,
  );
}

/** Another client changes the settings of a session, which PgBouncer then gives to the server. */
async function proveUsedConnections({ path, database, reset, check }) {
  const pooler = await PgBouncer.start(path, database.url, { server_reset_query: reset });
  const problems = [];
  try {
    for (const settings of [WRITER_SETTINGS, READER_SETTINGS]) {
      const usedPid = await onDatabase(
        pooler.url,
        `SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; SET statement_timeout = 0; SET enable_seqscan = on; SET jit = on;
         SET plan_cache_mode = 'force_custom_plan'; PREPARE ledger_lock AS SELECT 1; LISTEN credits; SELECT pg_backend_pid() AS pid`,
      );
      const { client, facts } = await openConnection({ databaseUrl: pooler.url, applicationName: 'proof', settings });
      try {
        if (facts.backendPid !== usedPid) problems.push('the pooler made a new connection');
        const { rows } = await client.query('SELECT name, setting FROM pg_settings WHERE name = ANY ($1)', [
          Object.keys(settings),
        ]);
        for (const { name, setting } of rows)
          if (setting !== settings[name]) problems.push(`${name} is ${setting}, not ${settings[name]}`);
        const { rows: left } = await client.query(
          'SELECT name FROM pg_prepared_statements UNION ALL SELECT pg_listening_channels()',
        );
        if (left.length > 0) problems.push(`${left.map(({ name }) => name).join(', ')} is left of the stranger`);
        if (rows.length !== Object.keys(settings).length) problems.push(`${rows.length} settings found`);
      } finally {
        await client.end();
      }
    }
  } finally {
    await pooler.stop();
  }
  check(
    `session mode, server_reset_query = '${reset}': a connection that a stranger has used is cleared and runs with the server's settings, writers' and readers'`,
    problems.join(', '),
  );
}

async function proveRefused({ path, database, mode, check }) {
  const pooler = await PgBouncer.start(path, database.url, { pool_mode: mode });
  try {
    const server = await launchServerProcess(environment(pooler.url));
    const code = await server.exited;
    // The last line: on a slow machine the one before it says that the start takes long.
    const said = server.log().trim().split('\n').at(-1);
    check(
      `${mode} mode: the start is refused: ${said}`,
      code === 1 && said.includes('session mode (PgBouncer: pool_mode = session)')
        ? ''
        : `it ended with ${code} and said: ${server.log()}`,
    );
  } finally {
    await pooler.stop();
  }
}

/** Where PgBouncer drops the start parameter `options`, the settings in the connection string and our own still hold. */
async function proveOptions({ path, database, check }) {
  const pooler = await PgBouncer.start(path, database.url, { ignore_startup_parameters: 'options' });
  const databaseUrl = `${pooler.url}?options=${encodeURIComponent('-c work_mem=9MB -c statement_timeout=1')}`;
  try {
    const { client } = await openConnection({ databaseUrl, applicationName: 'proof', settings: READER_SETTINGS });
    const { rows } = await client.query(
      `SELECT current_setting('work_mem') AS theirs, current_setting('statement_timeout') AS ours`,
    );
    await client.end();
    const [{ theirs, ours }] = rows;
    check(
      'a pooler that drops `options`: what they ask for is sent as statements, and ours win',
      theirs === '9MB' && ours === '5s' ? '' : `work_mem ${theirs}, statement_timeout ${ours}`,
    );
  } finally {
    await pooler.stop();
  }
}

async function proveSession({ path, database, rounds, check, say }) {
  const pooler = await PgBouncer.start(path, database.url);
  const port = await freePort();
  const env = { ...environment(pooler.url), PORT: String(port) };
  const token = await signService();
  let server = await startServerProcess(env);
  const accounts = await Promise.all(Array.from({ length: 8 }, () => openAccount(port, token)));
  const follower = new Follower(port, token, accounts[0]);
  const load = new Load({ port, token, accounts, callers: CALLERS, operation: 'regeneration.basic' });
  const facts = () => `${load.counts.answered} requests answered, ${load.counts.failed} torn`;
  try {
    await load.more(MORE);
    check(`session mode: the server starts, ${facts()}`, load.failures.slice(0, 3).join('; '));
    for (let round = 0; round < rounds; round++) {
      await server.end('SIGKILL');
      server = await startServerProcess(env);
      await load.more(MORE);
    }
    const failed = load.counts.failed;
    check(
      `kill -9 of the server ${rounds} times, which takes over connections that its predecessor has used: ${facts()}`,
      lostOf(load),
    );
    for (let round = 0; round < rounds; round++) {
      await pooler.crash();
      await pooler.again();
      await load.more(MORE);
    }
    check(
      `kill -9 of PgBouncer ${rounds} times, at once there again: ${load.counts.failed - failed} torn`,
      lostOf(load),
    );
    await proveOutage({ pooler, port, load, check });
    await load.end();
    check(
      'every request that was answered is in the books once, under its key',
      await findMiscounted(database.url, load),
    );
    check('the subscriber is told of the last of them', await follower.lags(port, token, accounts[0]));
    check('`verify` through the pooler: the books are right', verifyBooks(pooler.url));
    say(`        slowest answer ${load.slowestMs} ms`);
  } finally {
    await load.end();
    await follower.dispose();
    await server.end('SIGKILL');
    await pooler.stop();
  }
}

const lostOf = ({ counts, failures }) =>
  counts.lost === 0 ? '' : `${counts.lost} were not answered when repeated: ${failures.slice(-3).join('; ')}`;

async function proveOutage({ pooler, port, load, check }) {
  const { failed } = load.counts;
  await pooler.crash();
  await sleep(OUTAGE_MS);
  const [away, reason] = await readiness(port);
  await pooler.again();
  const startedAt = performance.now();
  while ((await readiness(port))[0] !== 200 && performance.now() - startedAt < WELL_AGAIN_MS_MAX) await sleep(50);
  const wellMs = Math.round(performance.now() - startedAt);
  await load.more(MORE);
  const problems = [
    away !== 503 && `/readyz said ${away} without a pooler`,
    wellMs >= WELL_AGAIN_MS_MAX && 'it was not ready 5 s later',
    load.counts.failed === failed && 'no request was refused meanwhile',
    lostOf(load),
  ].filter(Boolean);
  check(
    `PgBouncer away for ${OUTAGE_MS / 1000} s: /readyz says ${reason}, ready again after ${wellMs} ms; ${load.counts.failed - failed} requests refused, all of which were answered when repeated under their key`,
    problems.join(', '),
  );
}

async function readiness(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return [answer.status, (await answer.text()).trim()];
}

const environment = (databaseUrl) => ({
  NODE_ENV: 'production',
  DRAIN_DELAY_MS: '0',
  DATABASE_URL: databaseUrl,
  AUTH_JWT_SECRET: SECRET,
  LOG_LEVEL: 'fatal',
  LOG_FORMAT: 'words',
});

/** @returns the first value of the last statement's first row */
async function onDatabase(url, sql) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results = [await client.query(sql)].flat();
    return Object.values(results.at(-1).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

/** A client of graphql-ws that is told an account's balance and never gives up. */
class Follower {
  version = 0;

  constructor(port, token, accountId) {
    this.client = createClient({
      url: `ws://127.0.0.1:${port}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: () => sleep(200),
    });
    this.client.subscribe(
      {
        query: 'subscription B($id: ID!) { balanceChanged(accountId: $id) { version } }',
        variables: { id: accountId },
      },
      {
        next: ({ data }) => (this.version = Math.max(this.version, data?.balanceChanged?.version ?? 0)),
        error: () => {},
        complete: () => {},
      },
    );
  }

  /** @returns what it has not been told within 10 s; '': nothing */
  async lags(port, token, accountId) {
    const query = 'query B($id: ID!) { account(id: $id) { balance { version } } }';
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { id: accountId } }),
    });
    const { version } = (await answer.json()).data.account.balance;
    for (let tries = 0; tries < 200 && this.version < version; tries++) await sleep(50);
    return this.version === version ? '' : `it knows version ${this.version} of ${version}`;
  }

  async dispose() {
    await this.client.dispose();
  }
}

/** PgBouncer before one PostgreSQL, at a port of its own for all its lives, with a configuration in a folder of its own. */
class PgBouncer {
  static async start(path, databaseUrl, settings = {}) {
    const pooler = new PgBouncer();
    const { hostname, port, username, password, pathname } = new URL(databaseUrl);
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'aibc-credits-pooler-'));
    Object.assign(pooler, { path, folder, port: await freePort(), user: unprivilegedUser() });
    pooler.url = `postgres://anybody@127.0.0.1:${pooler.port}${pathname}`;
    const lines = Object.entries({
      listen_addr: '127.0.0.1',
      listen_port: pooler.port,
      unix_socket_dir: '',
      auth_type: 'any',
      pool_mode: 'session',
      default_pool_size: 40,
      max_client_conn: 200,
      ...settings,
    }).map(([name, value]) => `${name} = ${value}`);
    const secret = password ? ` password=${decodeURIComponent(password)}` : '';
    writeFileSync(
      join(folder, 'pgbouncer.ini'),
      `[databases]\n* = host=${hostname} port=${port} user=${username}${secret}\n[pgbouncer]\n${lines.join('\n')}\n`,
    );
    chmodSync(folder, 0o755);
    await pooler.again();
    return pooler;
  }

  async again() {
    this.child = spawn(this.path, [join(this.folder, 'pgbouncer.ini')], {
      ...asUser(this.user),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    this.child.stderr.on('data', (chunk) => (said += chunk));
    this.closed = once(this.child, 'close');
    while (!(await isOpen(this.port))) {
      if (this.child.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`);
      await sleep(20);
    }
  }

  async crash() {
    this.child.kill('SIGKILL');
    await this.closed;
  }

  async stop() {
    await this.crash();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
