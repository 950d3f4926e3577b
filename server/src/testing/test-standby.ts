import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../postgres/embedded-postgres.js';

/** A primary and a standby that follows it, each a PostgreSQL of its own. For tests. */
export interface TestPair {
  readonly primaryUrl: string;
  readonly standbyUrl: string;
  /** Stops the primary after the standby has all of it, and cuts whoever is connected. */
  stopPrimary(): Promise<void>;
  /** Makes a primary of the standby. */
  promote(): Promise<void>;
  /** Runs one statement on a server. */
  run(url: string, sql: string): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

const SETTINGS = {
  wal_level: 'replica',
  max_wal_senders: '5',
  wal_keep_size: '64MB',
  hot_standby: 'on',
  fsync: 'off',
  shared_buffers: '64MB',
};

async function run(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Starts the pair: the standby is a copy of the stopped primary that then follows it. */
export async function startTestPair(): Promise<TestPair> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'aibc-credits-pair-'));
  chmodSync(folder, 0o755);
  const start = (name: string): Promise<EmbeddedPostgres> => {
    const dataDir = join(folder, name);
    mkdirSync(dataDir, { recursive: true });
    return startEmbeddedPostgres({ dataDir, settings: SETTINGS, say: () => {} });
  };
  const first = await start('primary');
  const [row] = (await run(first.url, 'SHOW data_directory')).rows as { data_directory: string }[];
  const cluster = row?.data_directory ?? '';
  await first.stop();
  const copied = spawnSync('cp', ['-a', join(folder, 'primary'), join(folder, 'standby')], { encoding: 'utf8' });
  if (copied.status !== 0) throw new Error(`no copy of the primary: ${copied.stderr}`);
  const primary = await start('primary');

  const { port, username, password } = new URL(primary.url);
  const copy = cluster.replace(join(folder, 'primary'), join(folder, 'standby'));
  const settingsFile = join(copy, 'postgresql.auto.conf');
  const follow = `primary_conninfo = 'host=127.0.0.1 port=${port} user=${username} password=${password}'\n`;
  writeFileSync(settingsFile, readFileSync(settingsFile, 'utf8') + follow);
  // A copy of a file keeps its owner, who runs the server; the signal is empty, so that its owner does not matter.
  writeFileSync(join(copy, 'standby.signal'), '', { mode: 0o644 });
  const standby = await start('standby');
  let isPrimaryUp = true;
  const pair: TestPair = {
    primaryUrl: primary.url,
    standbyUrl: standby.url,
    async stopPrimary() {
      isPrimaryUp = false;
      await primary.stop();
    },
    async promote() {
      await run(standby.url, 'SELECT pg_promote(true, 60)');
    },
    run,
    async close() {
      if (isPrimaryUp) await primary.stop();
      await standby.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return pair;
}
