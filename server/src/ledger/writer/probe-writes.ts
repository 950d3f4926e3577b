import type pg from 'pg';
import { ACCOUNT_CARD, DUE, NEW_ACCOUNT, WHOLE_ACCOUNT } from '../rows/account-tables.js';
import { NotCommitted } from './commit-batch.js';
import { all } from '../wire/flight.js';
import * as load from './load-statements.js';
import { NEW_AUDIT } from '../rows/audit-rows.js';
import { NEW_CLOSED_PERIOD } from '../rows/closed-period-rows.js';
import { NEW_EVENT } from '../rows/event-rows.js';
import { ROW_KINDS } from '../core/state.js';
import { ownedKind } from '../rows/owned-rows.js';
import { NEW_JOURNAL } from '../rows/journal-rows.js';
import { BOOKED_USAGE } from '../rows/usage-rows.js';
import { NEW_WAITING } from '../rows/waiting-rows.js';
import { emptyWrite } from '../rows/write-statement.js';

const KINDS = ROW_KINDS.map(ownedKind);

/** What a batch may read, each with lists of nothing. */
const READS = [
  ...KINDS.flatMap(({ byId, withAccount }) => [byId, ...(withAccount ? [withAccount] : [])]),
  load.LOCK,
  load.HEADS,
  load.CLOCK,
  load.VERSIONS,
  load.ENDING_HOLDS,
  load.CREDIT_HOLDS,
  load.PROJECTS,
  load.BUDGETS_IN_FORCE,
  load.TALLIES_OF,
  load.GRANTS_OF_PURCHASE,
  load.LATE_HOLDS,
  load.COMMITS,
  load.COMMITTED_RESERVATIONS,
  load.KEPT,
].map(({ text }) => ({ text, values: Array.from({ length: countParameters(text) }, () => '{}') }));

/** All that a batch may write, with no row of it. Two statements, since one changes a table in one way at a time. */
const WRITES = [
  emptyWrite([
    ACCOUNT_CARD,
    NEW_ACCOUNT,
    ...KINDS.map(({ created }) => created),
    NEW_JOURNAL,
    NEW_EVENT,
    NEW_AUDIT,
    BOOKED_USAGE,
    NEW_WAITING,
    NEW_CLOSED_PERIOD,
    DUE,
  ]),
  emptyWrite([WHOLE_ACCOUNT, ...KINDS.map(({ changed }) => changed)]),
];

/** A page that makes the file of its table grow, which a full disk refuses, and a row that reaches the log; nothing of them stays. */
const MARKS = [
  `/* readiness.grow */ INSERT INTO readiness_page (page) VALUES (repeat('x', 8000))`,
  `/* readiness.write */ INSERT INTO readiness (mark) VALUES (1)`,
  `/* readiness.clear */ DELETE FROM readiness_page`,
  `/* readiness.clear */ DELETE FROM readiness`,
];

/**
 * Does what a batch does, for no account: sends every statement of the ledger with nothing to find and nothing to write, lets a file
 * grow and commits a write of its own.
 *
 * A table or column that is not there, a right that is missing, a full disk, a commit that waits for a standby that is gone: all of
 * them show here as they would to a caller.
 *
 * @param client  in pipeline mode; of no more use when this throws
 * @throws what the database raises
 */
export async function probeWrites(client: pg.Client): Promise<void> {
  const statements = ['BEGIN', ...READS, ...WRITES, ...MARKS, 'COMMIT'];
  const results = await all(statements.map((statement) => client.query(statement as string | pg.QueryConfig)));
  if (results.at(-1)?.command !== 'COMMIT') throw new NotCommitted('the transaction was rolled back');
}

function countParameters(text: string): number {
  return new Set(text.match(/\$\d+/g)).size;
}
