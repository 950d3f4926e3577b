/** `npm run migrate` brings the schema up to date; `npm run migrate:revert` undoes the last migration. */
import { awaitDatabase } from './db/await-database.js';
import { startEmbeddedPostgres } from './db/embedded-postgres.js';
import { migrate, revertLastMigration } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { readEnv } from './env.js';
import { DATA_DIR } from './project-paths.js';

const say = (message: string): void => void process.stdout.write(`${message}\n`);

const { databaseUrl, databaseWaitSeconds } = readEnv(process.env);
const embedded = databaseUrl === null ? await startEmbeddedPostgres({ dataDir: DATA_DIR, say }) : null;
const url = databaseUrl ?? embedded?.url ?? '';
try {
  await awaitDatabase({ databaseUrl: url, waitMs: databaseWaitSeconds * 1000, say });
  if (process.argv[2] === 'revert') {
    await revertLastMigration(url, migrations, { say });
    say('The last migration is undone.');
  } else {
    const ran = await migrate(url, migrations, { say });
    say(ran.length > 0 ? `Migrated: ${ran.join(', ')}` : 'The schema is up to date.');
  }
} finally {
  await embedded?.stop();
}
