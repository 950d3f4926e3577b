/** The benchmark's own PostgreSQL: durable (fsync on), alone in its folder, removed afterwards. */
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { cpuSecondsOfTree, parentOf } from './child.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// Autovacuum is off and checkpoints are rare: the benchmark does both between the measurements, so that no contender pays for another's rows.
const SETTINGS = { autovacuum: 'off', checkpoint_timeout: '1h', max_wal_size: '6GB', max_connections: '200' };

/** Starts the database, or uses the given one (a URL of a server on this machine, whose databases `bench_…` are replaced). */
export async function startDatabase(given) {
  const folder = given ? undefined : makeFolder();
  const { url, stop } = given ? { url: given, stop: async () => undefined } : await startOwn(folder);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const {
    rows: [facts],
  } = await admin.query(
    `SELECT pg_backend_pid() AS pid, current_setting('server_version') AS version, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS synchronous_commit, current_setting('shared_buffers') AS shared_buffers, current_setting('autovacuum') AS autovacuum`,
  );
  if (facts.fsync !== 'on' || facts.synchronous_commit !== 'on')
    throw new Error('The benchmark wants fsync and synchronous_commit on.');
  const server = parentOf(facts.pid);
  const made = [];
  const urlOf = (name) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return {
    facts,
    urlOf,
    cpuSeconds: () => cpuSecondsOfTree(server),
    async create(name, template) {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template} STRATEGY FILE_COPY` : ''}`);
      if (!made.includes(name)) made.push(name);
      return urlOf(name);
    },
    drop: (name) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    checkpoint: () => admin.query('CHECKPOINT'),
    async stop() {
      for (const name of made) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).catch(() => undefined);
      await admin.end();
      await stop();
      if (folder) removeFolder(folder);
    },
  };
}

/** Reachable for the database's own user, unlike what mkdtemp makes. */
function makeFolder() {
  const folder = join(root, '.data', `bench-${process.pid}-${Date.now()}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/** The database lives elsewhere when its user cannot reach the project; that place is ours too. */
function removeFolder(folder) {
  const pointer = join(folder, 'postgres-elsewhere.json');
  if (existsSync(pointer))
    rmSync(JSON.parse(readFileSync(pointer, 'utf8')).directory, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

async function startOwn(dataDir) {
  const { startEmbeddedPostgres } = await import('../server/dist/postgres/embedded-postgres.js');
  return startEmbeddedPostgres({ dataDir, settings: SETTINGS });
}

/** Median milliseconds of making one small write durable where the project lies. */
export function measureFsyncMs() {
  const folder = makeFolder();
  const file = openSync(join(folder, 'fsync'), 'w');
  const times = [];
  for (let turn = 0; turn < 200; turn += 1) {
    writeSync(file, Buffer.alloc(8192, turn), 0, 8192, turn * 8192);
    const startedAt = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - startedAt);
  }
  closeSync(file);
  removeFolder(folder);
  return times.sort((a, b) => a - b)[100];
}
