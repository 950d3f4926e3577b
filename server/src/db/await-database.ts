import { setTimeout as sleep } from 'node:timers/promises';
import { connectionConfig, openConnection, type OpenOptions } from './connect.js';
import { isDatabaseAway, textOf, UnsuitableDatabase } from './database-errors.js';
import { refuseSharedSessions } from './pooler.js';
import { READER_SETTINGS } from './session-settings.js';

const RETRY_MS = 500;
const SAY_EVERY_MS = 10_000;

export interface AwaitDatabaseOptions {
  readonly databaseUrl: string;
  /** How long the database may be away; 0: it has to be there. */
  readonly waitMs: number;
  /** Told in a sentence why the start waits, at once and then every 10 s. */
  readonly say?: ((message: string) => void) | undefined;
}

/**
 * Returns once the database answers, can be written to, and gives sessions of its own: a start before the database is up waits for it.
 *
 * What waiting does not mend (a wrong password, no such database, no UTF-8, a pooler in transaction mode) is thrown at once.
 *
 * @throws UnsuitableDatabase; Error in one sentence when the database is still away after `waitMs`
 */
export async function awaitDatabase({ databaseUrl, waitMs, say }: AwaitDatabaseOptions): Promise<void> {
  const startedAt = performance.now();
  let saidAt = -Infinity;
  for (;;) {
    const error = await tryDatabase(databaseUrl);
    if (error === null) return;
    const waitedMs = performance.now() - startedAt;
    const { host, port } = connectionConfig(databaseUrl, '');
    const where = `The database at ${host ?? 'localhost'}:${port ?? 5432}`;
    if (waitedMs + RETRY_MS > waitMs) {
      const waited = waitMs === 0 ? '' : ` after ${Math.round(waitMs / 1000)} seconds (DATABASE_WAIT_SECONDS)`;
      throw new Error(`${where} cannot be used${waited}: ${textOf(error)}`, { cause: error });
    }
    if (waitedMs - saidAt >= SAY_EVERY_MS) {
      saidAt = waitedMs;
      const left = Math.round((waitMs - waitedMs) / 1000);
      say?.(`${where} cannot be used yet (${textOf(error)}): waiting, ${left} seconds at most.`);
    }
    await sleep(RETRY_MS);
  }
}

/**
 * @returns why the database cannot be used yet; null: it can be
 * @throws what waiting does not mend
 */
async function tryDatabase(databaseUrl: string): Promise<unknown> {
  const options: OpenOptions = { databaseUrl, applicationName: 'credits start', settings: READER_SETTINGS };
  try {
    const first = await openConnection(options);
    try {
      await refuseSharedSessions(first, () => openConnection(options));
      return null;
    } finally {
      await first.client.end().catch(() => {});
    }
  } catch (error) {
    if (error instanceof UnsuitableDatabase || !isDatabaseAway(error)) throw error;
    return error;
  }
}
