/** `npm run verify` proves the books of every account, or of those named by uuid; ends with status 1 when something is wrong. */
import { catalogEntities } from './catalog/catalog-entities.js';
import { loadCatalog } from './catalog/load-catalog.js';
import { openPool } from './db/connect.js';
import { createDataSource } from './db/data-source.js';
import { startEmbeddedPostgres } from './db/embedded-postgres.js';
import { ledgerTypes } from './db/ledger-types.js';
import { BASE_SETTINGS } from './db/session-settings.js';
import { readEnv } from './env.js';
import { verifyLedger } from './ledger/verify.js';
import { DATA_DIR } from './project-paths.js';

const say = (message: string): void => void process.stdout.write(`${message}\n`);

const { databaseUrl } = readEnv(process.env);
const embedded = databaseUrl === null ? await startEmbeddedPostgres({ dataDir: DATA_DIR, say }) : null;
const url = databaseUrl ?? embedded?.url ?? '';
// A standby will do: nothing is written.
const pool = openPool({
  databaseUrl: url,
  applicationName: 'credits verify',
  settings: { ...BASE_SETTINGS, statement_timeout: '0' },
  types: ledgerTypes,
  max: 1,
  mayBeReadOnly: true,
});
try {
  const dataSource = await createDataSource({ url, entities: catalogEntities, mayBeReadOnly: true }).initialize();
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
