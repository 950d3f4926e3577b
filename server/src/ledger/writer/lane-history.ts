import type pg from 'pg';
import type { AccountCache } from './account-cache.js';
import { run } from '../wire/flight.js';
import { ACCOUNT_VERSION } from '../rows/account-rows.js';
import { VERSIONS } from './load-statements.js';
import { Parameters } from '../wire/parameters.js';

/** Which history of the database the ledger writes in, and who is told that the database went back. */
export interface LedgerHistory {
  /** Looks over a connection that was just made, which may lead to another database than the one before it. */
  look(on: Pick<pg.Client, 'query'>): Promise<void>;
  /** A version of this history is not there any more. */
  wentBack(historyId: string, because: string): Promise<void>;
}

/** Of the accounts that a lane wrote last, so many are looked at over a new connection. */
const WITNESSES_MAX = 1_000;

/**
 * Compares what a lane wrote over its last connection with what its new one shows: it may lead to a standby that lacks the last
 * commits, or to a copy.
 */
export async function compareWithBefore(client: pg.Client, history: LedgerHistory, cache: AccountCache): Promise<void> {
  await history.look(client);
  const { historyId, versions } = cache.newest(WITNESSES_MAX);
  if (historyId === null || versions.size === 0) return;
  const ids = new Parameters().column('uuid', [...versions.keys()], (id) => id).values();
  const rows = ACCOUNT_VERSION.read(await run(client, VERSIONS, ids));
  const now = new Map(rows.map(({ id, version }) => [id, version]));
  for (const [accountId, version] of versions)
    if ((now.get(accountId) ?? 0) < version) return history.wentBack(historyId, `account ${accountId} went back`);
}
