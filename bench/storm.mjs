/**
 * `npm run bench -- storm`: very many accounts reach their reset within the same second, while callers reserve and windows watch.
 *
 *   --accounts N   accounts that are due (100,000)
 *   --rate N       reserves a second on other accounts, quiet and during the storm (100)
 *   --watched N    of those that are due, watched by a socket (100)
 *   --quiet N      seconds of the quiet part (15)
 *
 * Every account must be reset once, near the order of the due instants; every watcher must see it; the books must be right. The ratio of
 * the p99 of a reserve during the storm to the quiet one is the result.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { parseArgs } from 'node:util';
import { formatId } from '@aibc/shared/ids';
import { SignJWT } from 'jose';
import pg from 'pg';
import WebSocket from 'ws';
import { openSocket, receiptOf, COMMIT, RESERVE } from './api-client.mjs';
import { cpuSecondsOf } from './child.mjs';
import { findEngineFaults } from './engine/faults.mjs';
import { createAccounts, openEngine, seedAccounts } from './engine/ledger.mjs';
import { startServer } from './engine/server.mjs';
import { sleep } from './load.mjs';
import { startDatabase } from './postgres.mjs';

const BUSY_ACCOUNTS = 1_000;
const SECOND = 1_000;
const MONTH_DAYS_MAX = 31;
/** What making the accounts and starting the server take at most, ms, beside what is measured of it. */
const SPARE_MS = 60 * SECOND;
const SOCKETS = 4;
/** A machine that needs longer than this for the resets is not measured. */
const STORM_MS_MAX = 600 * SECOND;

const { values: flags } = parseArgs({
  args: process.argv.slice(3),
  options: {
    accounts: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '100' },
    watched: { type: 'string', default: '100' },
    quiet: { type: 'string', default: '15' },
  },
});
const accounts = Number(flags.accounts);
const rate = Number(flags.rate);
const watched = Number(flags.watched);
const quietMs = Number(flags.quiet) * SECOND;
const say = (text) => process.stdout.write(`${text}\n`);

/** An anchor that is no later than now and whose later boundary in UTC is this instant. */
function anchorBefore(due) {
  for (let months = 1; ; months += 1) {
    const anchor = new Date(due);
    anchor.setUTCMonth(anchor.getUTCMonth() - months);
    // A month without that day rolls over into the next.
    if (anchor.getUTCDate() === new Date(due).getUTCDate() && due - anchor > (MONTH_DAYS_MAX - 4) * 86_400_000)
      return anchor.getTime();
  }
}

async function seed(connectionString) {
  const engine = await openEngine({ connectionString, prepare: true });
  const startedAt = performance.now();
  const busy = await seedAccounts(engine.ledger, BUSY_ACCOUNTS);
  // Three commands each, of which the slowest is as slow as creating one.
  const msEach = (performance.now() - startedAt) / BUSY_ACCOUNTS;
  const due = Math.ceil((Date.now() + accounts * msEach + SPARE_MS + quietMs) / SECOND) * SECOND;
  const anchor = anchorBefore(due);
  say(`${accounts} accounts are due within the second from ${new Date(due).toISOString()}: making them …`);
  const ids = await createAccounts(engine.ledger, accounts, (at) => ({
    plan: 'PRO',
    billingAnchor: anchor + (at % SECOND),
  }));
  await engine.close();
  return { busy, ids, due };
}

/** Reserves at a fixed rate and commits what was held; returns the milliseconds that each reserve of a span took. */
function startLoad(sockets, busy) {
  const taken = [];
  let turn = 0;
  const unsettled = new Set();
  let failure;
  const one = async () => {
    const accountId = busy[turn % busy.length];
    const socket = sockets[turn++ % sockets.length];
    const startedAt = performance.now();
    const input = { accountId, idempotencyKey: randomUUID(), operations: [{ operation: 'image.short' }] };
    const { reservation } = receiptOf(await socket.execute(RESERVE, { input }), 'reserveCredits');
    taken.push({ startedAt, ms: performance.now() - startedAt });
    const commit = { reservationId: reservation.id, idempotencyKey: randomUUID() };
    receiptOf(await socket.execute(COMMIT, { input: commit }), 'commitReservation');
  };
  const begin = performance.now();
  let begun = 0;
  const timer = setInterval(() => {
    // What the clock asks for by now, so that a late timer sends no less.
    for (const wanted = ((performance.now() - begin) / SECOND) * rate; begun < wanted; begun += 1) {
      const call = one().catch((error) => (failure ??= error));
      unsettled.add(call);
      void call.finally(() => unsettled.delete(call));
    }
  }, 5);
  return {
    spanOf: (from, to) => taken.filter(({ startedAt }) => startedAt >= from && startedAt < to).map(({ ms }) => ms),
    async stop() {
      clearInterval(timer);
      await Promise.all(unsettled);
      if (failure) throw failure;
    },
  };
}

/** Watches accounts on one socket; `resets` counts those of which a balance of the new period has come, `twice` any version that came again. */
async function watch({ url, token, ids, due }) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  const seen = new Map();
  let twice = 0;
  const lateness = [];
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    let open = 0;
    socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      if (message.type === 'ping') return socket.send('{"type":"pong"}');
      if (message.type === 'error') return reject(new Error(JSON.stringify(message.payload)));
      if (message.type === 'connection_ack')
        for (const id of ids)
          socket.send(
            JSON.stringify({
              id,
              type: 'subscribe',
              payload: {
                query: `subscription ($id: ID!) { balanceChanged(accountId: $id) { version nextResetAt available } }`,
                variables: { id },
              },
            }),
          );
      if (message.type !== 'next') return;
      const { version, nextResetAt } = message.payload.data.balanceChanged;
      const before = seen.get(message.id);
      if (before === undefined && ++open === ids.length) resolve();
      if (before?.version === version) twice += 1;
      const isReset = Date.parse(nextResetAt) > due + SECOND;
      if (isReset && !before?.isReset) lateness.push(Date.now() - due);
      seen.set(message.id, { version, isReset });
    });
  });
  return {
    missing: () => [...seen.values()].filter(({ isReset }) => !isReset).length,
    twice: () => twice,
    lateness,
    close: () => socket.terminate(),
  };
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** How many of the resets there are, of how many accounts, and how far one was told behind another that was due later. */
async function readResets(admin) {
  const { rows } = await admin.query(`
    SELECT count(*)::int AS resets, count(DISTINCT account_id)::int AS accounts,
           coalesce(max(extract(epoch FROM newest - at) * 1000), 0)::float8 AS "behindMs"
      FROM (SELECT account_id, at, max(at) OVER (ORDER BY feed_seq) AS newest FROM event WHERE type = 'PERIOD_RESET') AS told`);
  return rows[0];
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function measure(database) {
  const connectionString = await database.create('bench_storm');
  const { busy, ids, due } = await seed(connectionString);
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query('VACUUM (ANALYZE)');
  const secret = randomBytes(32).toString('hex');
  const token = await new SignJWT({ kind: 'service', scope: 'credits:read events:read credits:reserve', name: 'bench' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('bench')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
  const server = await startServer({ connectionString, port: await freePort(), secret });
  const { url } = server;
  // Some of every part of the second: what is due last is told last.
  const watching = Array.from({ length: watched }, (_, at) =>
    formatId('acct', ids[Math.floor(((at + Math.random()) * accounts) / watched)]),
  );
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => openSocket({ url, token })));
  const watcher = await watch({ url, token, ids: watching, due });
  const left = due - Date.now();
  if (left < quietMs)
    throw new Error(`it took too long to make them: ${left} ms are left; try again with fewer accounts`);
  await sleep(left - quietMs - SECOND);
  const load = startLoad(
    sockets,
    busy.map((id) => formatId('acct', id)),
  );
  await sleep(SECOND);
  const cpu = () => cpuSecondsOf(server.pid) + database.cpuSeconds();
  const quietFrom = performance.now();
  const cpuQuiet = cpu();
  await sleep(due - Date.now());
  const stormFrom = performance.now();
  const cpuStorm = cpu();
  for (;;) {
    await sleep(50);
    const { rows } = await admin.query(`SELECT 1 FROM account_due WHERE due_at < $1 LIMIT 1`, [new Date(due + SECOND)]);
    if (rows.length === 0) break;
    if (performance.now() - stormFrom > STORM_MS_MAX) throw new Error('the resets take longer than ten minutes');
  }
  const stormTo = performance.now();
  const cpuEnd = cpu();
  await sleep(2 * SECOND);
  await load.stop();
  const quiet = load.spanOf(quietFrom, stormFrom);
  const storm = load.spanOf(stormFrom, stormTo);
  const { resets, accounts: reset, behindMs } = await readResets(admin);
  const seconds = (stormTo - stormFrom) / SECOND;
  const quietCores = (cpuStorm - cpuQuiet) / ((stormFrom - quietFrom) / SECOND);
  const stormCores = (cpuEnd - cpuStorm) / seconds;
  const [p99Quiet, p99Storm] = [percentile(quiet, 0.99), percentile(storm, 0.99)];
  say(`${resets} resets of ${reset} accounts in ${seconds.toFixed(1)} s, ${Math.round(resets / seconds)} a second`);
  say(
    `  Node and PostgreSQL: ${quietCores.toFixed(2)} cores quiet, ${stormCores.toFixed(2)} in the storm; a reset ${((1000 * (stormCores - quietCores) * seconds) / resets).toFixed(3)} CPU ms`,
  );
  say(`  told at most ${behindMs.toFixed(0)} ms of due instants out of order`);
  say(
    `  watchers: ${watcher.missing()} of ${watching.length} not told, ${watcher.twice()} told twice; the last ${(Math.max(...watcher.lateness) / 1000).toFixed(1)} s after the second began`,
  );
  for (const [name, values] of [
    ['quiet', quiet],
    ['storm', storm],
  ])
    say(
      `  reserve, ${name}: ${values.length} calls, p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms`,
    );
  say(`  reserve p99, storm / quiet: ${(p99Storm / p99Quiet).toFixed(2)}   goal at most 1.5`);
  watcher.close();
  for (const socket of sockets) socket.close();
  await server.stop();
  const faults = await findEngineFaults(admin);
  await admin.end();
  say(faults.length === 0 ? '  the books are right' : `  ${faults.join('\n  ')}`);
  if (resets !== accounts || reset !== accounts || watcher.missing() > 0 || faults.length > 0) process.exitCode = 1;
}

const database = await startDatabase();
try {
  await measure(database);
} finally {
  await database.stop();
}
