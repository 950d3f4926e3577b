/** A PostgreSQL of the proofs' own, with fsync on, thrown away after them; PROOF_DATABASE_URL names another server instead. */
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { startEmbeddedPostgres } from '../server/dist/postgres/embedded-postgres.js';

const SETTINGS = { max_connections: '300' };

export async function startDatabase() {
  const given = process.env.PROOF_DATABASE_URL;
  if (given) return { url: given, crash: null, stop: async () => {} };
  const dataDir = mkdtempSync(join(realpathSync(tmpdir()), 'aibc-credits-proof-'));
  chmodSync(dataDir, 0o755);
  const start = () => startEmbeddedPostgres({ dataDir, settings: SETTINGS, say: () => {} });
  const started = [await start()];
  return {
    get url() {
      return started.at(-1).url;
    },
    /** As a power cut would: `kill -9` of the whole server, then it starts again on the same data, perhaps at another port. */
    async crash() {
      const client = new pg.Client({ connectionString: started.at(-1).url });
      client.on('error', () => {});
      await client.connect();
      const { rows } = await client.query('SHOW data_directory');
      const [pid] = readFileSync(join(rows[0].data_directory, 'postmaster.pid'), 'utf8').split('\n');
      const gone = new Promise((resolve) => client.once('end', resolve));
      process.kill(Number(pid), 'SIGKILL');
      await gone;
      started.push(await start());
    },
    async stop() {
      for (const one of started.reverse()) await one.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
