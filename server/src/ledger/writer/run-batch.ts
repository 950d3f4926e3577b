import type pg from 'pg';
import { newestVersion } from '../../catalog/catalog.js';
import type { AccountCache } from './account-cache.js';
import { type Again, type BatchItem, BatchRun, Missing } from './decide-batch.js';
import { changesOf } from './changes.js';
import { clockTo, type Command, keyedOf, namedReservation } from '../core/commands.js';
import type { AccountChange } from '../core/ledger.js';
import type { Outcome } from '../core/outcome.js';
import type { DecisionRules } from '../core/rules.js';
import type { LedgerEvent } from '../core/events.js';
import { NotCommitted, rollback, writeAndCommit } from './commit-batch.js';
import { type LoadRequest, lockAndLoad } from './load-batch.js';
import { loadMembers } from './load-budgets.js';
import { loadMore } from './load-more.js';
import { writeBatch } from './write-batch.js';

export interface BatchResult {
  readonly outcomes: readonly (Outcome | Again)[];
  readonly changes: readonly AccountChange[];
}

/**
 * Decides and writes a batch of commands in one transaction: lock and load, decide, write and commit.
 *
 * @param sending  told just before the write goes out whose answers it keeps: without an answer, they may be there
 * @returns an outcome for each command, in order, and what changed, after the commit
 * @throws whatever the database or an invariant raised; nothing is written then, unless the answer to COMMIT was lost
 */
export async function runBatch(
  client: pg.Client,
  items: readonly BatchItem[],
  rules: DecisionRules,
  cache: AccountCache,
  sending: (keeping: ReadonlySet<Command>) => void,
): Promise<BatchResult> {
  const accountIds = new Set<string>();
  const shared = new Set<string>();
  const reservations: { accountId: string; id: string }[] = [];
  const keys: { accountId: string; key: string; scope: string }[] = [];
  const clocks = new Map<string, number>();
  /** Accounts of unanswered tries, which may have been written and never told. */
  const untold = new Set<string>();
  for (const { command, mayBeWritten } of items) {
    const { accountId } = command;
    if (accountIds.has(accountId)) shared.add(accountId);
    else accountIds.add(accountId);
    if (mayBeWritten) untold.add(accountId);
    const keyed = keyedOf(command);
    if (keyed) keys.push({ accountId, key: keyed.key, scope: keyed.scope });
    const id = namedReservation(command);
    if (id !== null) reservations.push({ accountId, id });
    const to = clockTo(command);
    if (to !== null) clocks.set(accountId, Math.max(to, clocks.get(accountId) ?? 0));
  }
  const request: LoadRequest = { accountIds: [...accountIds].sort(), reservations, keys, until: clocks };
  const batch = await lockAndLoad(client, request, cache);
  await loadMembers(client, batch.accounts, items);
  await reachPrices(rules, batch.newestList);
  const run = new BatchRun(batch, rules, clocks.keys(), shared);
  const outcomes: (Outcome | Again)[] = [];
  for (const item of items) {
    let answer = run.run(item);
    for (let loads = 0; answer instanceof Missing; loads++) {
      // Once for whose holds ended, once for the rows that it names, twice for what its decision needs: counters, then what a refusal shows; and for
      // what is booked of it three times: projects, the hours before, and who spent most.
      if (loads > 6) throw new Error(`${item.command.type} asks again for what was loaded`);
      await loadMore(client, batch.accounts, answer);
      answer = run.run(item);
    }
    outcomes.push(answer);
  }

  const statement = writeBatch(run.decisions, batch.accounts);
  if (!statement) {
    await rollback(client);
    for (const account of batch.accounts.values()) cache.put(account);
    return { outcomes, changes: changesOf(batch.accounts.values(), untold, [], [], batch.historyId) };
  }
  const told: LedgerEvent[] = [];
  for (const { group } of run.decisions) if (group) told.push(...group.events);
  sending(run.keeping);
  await writeAndCommit(client, statement, told.length > 0);
  for (const account of batch.accounts.values()) cache.put(account);
  return { outcomes, changes: changesOf(batch.accounts.values(), untold, run.decisions, told, batch.historyId) };
}

/** Every batch is priced by the newest lists that the database has, so that two processes never price one instant differently. */
async function reachPrices(rules: DecisionRules, newestList: number): Promise<void> {
  if (newestList <= newestVersion(rules.catalog())) return;
  try {
    await rules.reach(newestList);
  } catch (error) {
    throw new NotCommitted('the newest price lists could not be read', { cause: error });
  }
}
