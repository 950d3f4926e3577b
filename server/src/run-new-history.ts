/** `npm run new-history` says that the database was restored: numbers and cursors of before are not gone on with. */
import { randomBytes } from 'node:crypto';
import { openPool } from './db/connect.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { History } from './db/history.js';
import { migrate } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { BASE_SETTINGS } from './db/session-settings.js';
import { readDatabaseEnv } from './env.js';
import { nextUuid } from './kit/next-uuid.js';
import { tellHistory } from './live/tell-history.js';
import { DATA_DIR } from './project-paths.js';

const say = (message: string): void => void process.stdout.write(`${message}\n`);

const { databaseUrl } = readDatabaseEnv(process.env);
const embedded = databaseUrl === null ? await startEmbeddedPostgres({ dataDir: DATA_DIR, say }) : null;
const url = databaseUrl ?? embedded?.url ?? '';
const pool = openPool({ databaseUrl: url, applicationName: 'credits new history', settings: BASE_SETTINGS, max: 1 });
try {
  await migrate(url, migrations);
  const history = await History.open({ pool, nextId: nextUuid, clock: Date.now });
  const { id, publicId } = await history.renew('npm run new-history');
  // Running servers notice it within seconds by themselves; this tells them at once.
  await tellHistory(pool, randomBytes(12).toString('base64url'), id);
  say(`A new history began: ${publicId}. Servers that run go over to it by themselves.`);
} finally {
  await pool.end();
  await embedded?.stop();
}
