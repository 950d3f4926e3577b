/**
 * `npm run migrate` brings the schema up to date; `npm run migrate:revert` undoes the last migration and says which, with `--force`
 * also when rows are lost. Ends with status 1 when it did not do it.
 */
import { awaitDatabase } from './db/await-database.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { migrate } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { revertLastMigration } from './db/revert-migration.js';
import { readDatabaseEnv } from './env.js';
import { migrateJobs } from './jobs/migrate-jobs.js';
import { DATA_DIR } from './project-paths.js';

const say = (message: string): void => void process.stdout.write(`${message}\n`);

const { databaseUrl, databaseWaitSeconds } = readDatabaseEnv(process.env);
const embedded = databaseUrl === null ? await startEmbeddedPostgres({ dataDir: DATA_DIR, say }) : null;
const url = databaseUrl ?? embedded?.url ?? '';
try {
  await awaitDatabase({ databaseUrl: url, waitMs: databaseWaitSeconds * 1000, say });
  if (process.argv[2] === 'revert') {
    const name = await revertLastMigration(url, migrations, { say, force: process.argv.includes('--force') });
    say(name === null ? 'There is no migration to undo.' : `Undone: ${name}`);
    if (name === null) process.exitCode = 1;
  } else {
    const ran = await migrate(url, migrations, { say });
    if (await migrateJobs(url, null, { say })) ran.push('jobs');
    say(ran.length > 0 ? `Migrated: ${ran.join(', ')}` : 'The schema is up to date.');
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await embedded?.stop();
}
