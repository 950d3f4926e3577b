/** A PostgreSQL of the proofs' own, with fsync on, thrown away after them; PROOF_DATABASE_URL names another server instead. */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '../server/dist/db/embedded-postgres.js';

export async function startDatabase() {
  const given = process.env.PROOF_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'aibc-credits-proof-'));
  chmodSync(dataDir, 0o755);
  const settings = { max_connections: '300' };
  const database = await startEmbeddedPostgres({ dataDir, settings, say: () => {} });
  return {
    url: database.url,
    async stop() {
      await database.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
