import type pg from 'pg';
import { all, run } from '../wire/flight.js';
import { FEED_LOCK } from './load-statements.js';
import type { Row } from '../wire/flight.js';
import type { Statement } from '../rows/write-statement.js';

/** The commit's answer was lost or the transaction was rolled back: nothing is known to be written. */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted';
}

/**
 * Writes the batch and commits, in one round trip.
 *
 * A COMMIT of a failed transaction succeeds as `ROLLBACK`, and one behind a statement that was never sent commits
 * nothing: both are failures here.
 */
export async function writeAndCommit(client: pg.Client, statement: Statement, tellsEvents: boolean): Promise<void> {
  const [, , committed] = await all<[unknown, pg.QueryResult<Row>, pg.QueryResult]>([
    tellsEvents ? run(client, FEED_LOCK) : Promise.resolve(),
    client.query<Row>({ ...statement }),
    client.query('COMMIT'),
  ]);
  if (committed.command !== 'COMMIT') throw new NotCommitted('the transaction was rolled back');
}

/** Ends a transaction that has nothing to write. */
export async function rollback(client: pg.Client): Promise<void> {
  await client.query('ROLLBACK');
}
