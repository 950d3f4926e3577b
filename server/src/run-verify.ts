/**
 * `npm run verify` proves the books of every account, or of those named by their ids; ends with status 1 when something is wrong, gone,
 * or not there to be proven.
 */
import { parseId } from '@aibc/shared/ids';
import { catalogEntities } from './catalog/catalog-entities.js';
import { loadCatalog } from './catalog/load-catalog.js';
import { openPool } from './db/connect.js';
import { createDataSource } from './db/data-source.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { ledgerTypes } from './db/ledger-types.js';
import { BASE_SETTINGS } from './db/session-settings.js';
import { readDatabaseEnv } from './env.js';
import { describeReport, isProven } from './ledger/books/describe-report.js';
import { verifyLedger } from './ledger/books/verify.js';
import { DATA_DIR } from './project-paths.js';

/** `acct_…` or a uuid. */
function readAccount(text: string): string {
  const id = parseId('acct', text) ?? (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? text : null);
  if (id === null) throw new Error(`${text} is not the id of an account: acct_ and 26 characters, or a uuid.`);
  return id;
}

const say = (message: string): void => void process.stdout.write(`${message}\n`);

const { databaseUrl } = readDatabaseEnv(process.env);
const embedded = databaseUrl === null ? await startEmbeddedPostgres({ dataDir: DATA_DIR, say }) : null;
const url = databaseUrl ?? embedded?.url ?? '';
// Nothing is written, so a standby is accepted too.
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
  const named = process.argv.slice(2).map(readAccount);
  const report = await verifyLedger({ pool, catalog, ...(named.length > 0 ? { accountIds: named } : {}) });
  for (const line of describeReport(report)) say(line);
  process.exitCode = isProven(report) ? 0 : 1;
} finally {
  await pool.end();
  await embedded?.stop();
}
