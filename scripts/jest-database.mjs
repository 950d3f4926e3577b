/**
 * One PostgreSQL for the whole test run, thrown away after it; tests make databases of their own in it
 * (server/src/db/test-database.ts). With TEST_DATABASE_URL set, that server is used instead.
 */
import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import './typescript.mjs';

const PREFIX = 'aibc-credits-tests-';

export default async function setUp() {
  if (process.env.TEST_DATABASE_URL) return;
  const { startEmbeddedPostgres } = await import('../server/src/postgres/embedded-postgres.ts');
  const { processIdentity } = await import('../server/src/postgres/process-identity.ts');
  await sweepKilledRuns(startEmbeddedPostgres, processIdentity);

  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), `${PREFIX}${process.pid}-`));
  // For the unprivileged user that runs PostgreSQL when this is root.
  chmodSync(dataDir, 0o755);
  // Nothing here outlives the run, so nothing needs to survive a crash of the machine.
  const settings = {
    fsync: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    shared_buffers: '128MB',
    max_connections: '300',
  };
  const database = await startEmbeddedPostgres({ dataDir, settings });
  process.env.TEST_DATABASE_URL = database.url;
  globalThis.stopTestDatabase = async () => {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** A run that was killed left its server running: it is taken over, stopped and removed. */
async function sweepKilledRuns(startEmbeddedPostgres, processIdentity) {
  const folder = realpathSync(tmpdir());
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number.parseInt(name.slice(PREFIX.length), 10);
    if (processIdentity(pid) !== null) continue;
    const dataDir = join(folder, name);
    try {
      await (await startEmbeddedPostgres({ dataDir, say: () => {} })).stop();
      rmSync(dataDir, { recursive: true, force: true });
    } catch {
      // Another user's, or another run is sweeping it.
    }
  }
}
