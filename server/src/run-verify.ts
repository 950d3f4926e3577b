/** `npm run verify` proves the books of every account, or of those named by uuid; ends with status 1 when something is wrong. */
import pg from 'pg';
import { catalogEntities } from './catalog/catalog-entities.js';
import { loadCatalog } from './catalog/load-catalog.js';
import { createDataSource } from './db/data-source.js';
import { startEmbeddedPostgres } from './db/embedded-postgres.js';
import { ISO_IN_UTC, ledgerTypes } from './db/ledger-types.js';
import { readEnv } from './env.js';
import { verifyLedger } from './ledger/verify.js';
import { DATA_DIR } from './project-paths.js';

const say = (message: string): void => void process.stdout.write(`${message}\n`);

const { databaseUrl } = readEnv(process.env);
const embedded = databaseUrl === null ? await startEmbeddedPostgres({ dataDir: DATA_DIR, say }) : null;
const url = databaseUrl ?? embedded?.url ?? '';
const pool = new pg.Pool({ connectionString: url, types: ledgerTypes, options: ISO_IN_UTC, max: 1 });
try {
  const dataSource = await createDataSource({ url, entities: catalogEntities }).initialize();
  const catalog = await loadCatalog(dataSource);
  await dataSource.destroy();
  const named = process.argv.slice(2);
  const { accounts, entries, problems } = await verifyLedger({
    pool,
    catalog,
    ...(named.length > 0 ? { accountIds: named } : {}),
  });
  for (const problem of problems) say(problem);
  say(
    `${accounts} accounts, ${entries} entries: ${problems.length === 0 ? 'the books are right' : `${problems.length} problems`}`,
  );
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  await pool.end();
  await embedded?.stop();
}
