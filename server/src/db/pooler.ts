import type pg from 'pg';
import type { OpenedConnection } from './connect.js';
import { POOLER_ADVICE } from './connect.js';
import { isDatabaseAway, UnsuitableDatabase } from './database-errors.js';

/** A pooler that hands servers out in turn comes by the same one again after a few statements. */
const ROUNDS = 5;

/**
 * Makes sure that a session of ours is one session of PostgreSQL, also through a pooler.
 *
 * In transaction or statement mode two connections are seen on one server process, or one connection on two: settings, prepared
 * statements, locks and LISTEN would be lost between statements. Without a pooler nothing is asked.
 *
 * @param open  opens a second connection in the same way as `first` was
 * @throws UnsuitableDatabase in one sentence
 */
export async function refuseSharedSessions(
  first: OpenedConnection,
  open: () => Promise<OpenedConnection>,
): Promise<void> {
  if (!first.facts.isPooled) return;
  const { backendPid } = first.facts;
  const second = await open().catch((error: unknown) => {
    if (!isDatabaseAway(error) || error instanceof UnsuitableDatabase) throw error;
    throw new UnsuitableDatabase(
      'The pooler in front of PostgreSQL gives no second connection: raise its pool size (docs/operations.md, Connections).',
      { cause: error },
    );
  });
  try {
    let isShared = second.facts.backendPid === backendPid;
    for (let round = 0; round < ROUNDS && !isShared; round++) {
      await second.client.query('BEGIN');
      isShared = (await pidOf(second.client)) === backendPid || (await pidOf(first.client)) !== backendPid;
      await second.client.query('COMMIT');
      isShared ||= (await pidOf(first.client)) !== backendPid;
    }
    if (isShared) {
      throw new UnsuitableDatabase(
        `The pooler in front of PostgreSQL shares one session among several connections: ${POOLER_ADVICE}`,
      );
    }
  } finally {
    await second.client.end().catch(() => {});
  }
}

async function pidOf(client: pg.Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid;
}
