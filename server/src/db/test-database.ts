import { createHash, randomBytes } from 'node:crypto';

import pg from 'pg';

import { JOBS_SCHEMA_VERSION, migrateJobs } from '../jobs/migrate-jobs.js';
import { migrate } from './migrate.js';
import { migrations } from './migrations.js';

export interface TestDatabase {
  /** Connection string of an empty, migrated database that nobody else uses. */
  url: string;
  /** Cuts whoever is still connected and removes the database. */
  drop(): Promise<void>;
}

/** Any number that nothing else on the test server locks; held while the template is made. */
const TEMPLATE_LOCK = 7_301_002;

/**
 * A database of a test's own, with the schema in place, copied in some 50 ms from a template that was migrated once.
 *
 * Needs the test run's server, which the set-up of the tests starts and names in TEST_DATABASE_URL.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(await ensureTemplate());
}

/** A database of a test's own with nothing in it. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0');
}

async function createDatabase(from: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // By copying files, which takes half of what copying through the write-ahead log takes.
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${from} STRATEGY FILE_COPY`));
  return {
    url: urlOf(name),
    drop: async () => {
      await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

let template: Promise<string> | undefined;

function ensureTemplate(): Promise<string> {
  return (template ??= onServer(async (client) => {
    // Named by what the migrations say, so that an edited migration is never tested on an older schema.
    const digest = createHash('sha256')
      .update([JOBS_SCHEMA_VERSION, ...migrations].map(String).join('\n'))
      .digest('hex')
      .slice(0, 12);
    const name = `template_${digest}`;
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) {
      const unfinished = `${name}_unfinished`;
      await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${unfinished}`);
      await migrate(urlOf(unfinished), migrations);
      await migrateJobs(urlOf(unfinished), null);
      await client.query(`ALTER DATABASE ${unfinished} WITH ALLOW_CONNECTIONS false`);
      await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
    }
    return name;
  }));
}

function urlOf(database: string): string {
  const url = serverUrl();
  url.pathname = `/${database}`;
  return url.href;
}

function serverUrl(): URL {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('TEST_DATABASE_URL is not set: run the tests through jest, whose set-up starts a server');
  return new URL(url);
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl().href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
