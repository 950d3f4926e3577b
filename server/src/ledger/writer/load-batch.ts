import type pg from 'pg';
import type { AccountCache } from './account-cache.js';
import { compareAge } from '../core/advance.js';
import { changedAccount } from '../core/changed-state.js';
import { all, run } from '../wire/flight.js';
import { CLOCK, ENDING_HOLDS, ENDING_HOLDS_MAX, HEADS, KEPT, LOCK } from './load-statements.js';
import { Parameters } from '../wire/parameters.js';
import { ROW_KINDS } from '../core/state.js';
import { addHeads, readLocked } from '../rows/fill-accounts.js';
import { addRows, ownedKind } from '../rows/owned-rows.js';
import { readAnswer, type RowOf } from '../rows/answer.js';
import { keepsAnswer, KEPT_ANSWER } from '../rows/journal-rows.js';
import { RESERVATION, type ReservationRow, toReservation } from '../rows/reservation-rows.js';
import type { Row } from '../wire/flight.js';
import { KeptDecisions } from '../core/kept-decisions.js';
import { loadBudgets } from './load-budgets.js';
import { loadRows, NONE, ownedIds, type OwnedId, uuids } from './load-more.js';
import type { AccountState, LoadedAccount, ReservationState } from '../core/state.js';

/** What the clock's statement answers: the instant in epoch ms, the history and the newest price list, if there are any. */
const CLOCK_ANSWER = { now: 'bigint', historyId: 'uuid?', newestList: 'integer?' } as const;

/** An account is at an older version than this process has written or read: the database has gone back. Nothing was written. */
export class WentBack extends Error {
  override readonly name = 'WentBack';

  constructor(
    accountId: string,
    readonly historyId: string | null,
  ) {
    super(`account ${accountId} went back`);
  }
}

/** What a batch has to see before it can decide. */
export interface LoadRequest {
  /** In ascending order, each once. */
  readonly accountIds: readonly string[];
  readonly reservations: readonly OwnedId[];
  readonly keys: readonly { readonly accountId: string; readonly key: string; readonly scope: string }[];
  /** Accounts that a command moves to a later instant, epoch ms. */
  readonly until: ReadonlyMap<string, number>;
}

export interface LoadedBatch {
  readonly accounts: Map<string, LoadedAccount>;
  /** The database's clock under the lock, epoch ms. */
  readonly now: number;
  readonly kept: KeptDecisions;
  /** The history under the lock; null: the database has none. */
  readonly historyId: string | null;
  /** The highest version of a price list that the database has. */
  readonly newestList: number;
  /** Where more holds end than one batch closes: the last that is loaded of those that end. */
  readonly horizons: Map<string, ReservationState>;
}

function scopedKeys(keys: LoadRequest['keys']): Buffer[] {
  return new Parameters()
    .column('text', keys, ({ key }) => key)
    .column('uuid', keys, ({ accountId }) => accountId)
    .column('text', keys, ({ scope }) => scope)
    .values();
}

/** The kinds of rows that come with their accounts. */
const WITH_ACCOUNTS = ROW_KINDS.flatMap((kind) => {
  const query = ownedKind(kind).withAccount;
  return query === null ? [] : [{ kind, query }];
});
const NONE_WITH: Promise<Row[][]> = Promise.resolve([]);

function runWithAccounts(client: pg.Client, ids: Buffer[]): Promise<Row[][]> {
  return all(WITH_ACCOUNTS.map(({ query }) => run(client, query, ids)));
}

function addWithAccounts(accounts: Map<string, LoadedAccount>, answers: readonly Row[][]): void {
  answers.forEach((rows, index) =>
    addRows(accounts, (WITH_ACCOUNTS[index] as (typeof WITH_ACCOUNTS)[number]).kind, rows),
  );
}

/** An account's instant under the lock: its own clock, or the database's, which is never behind what the account has seen. */
export function instantOf(head: AccountState, now: number): number {
  return head.clockAt ?? Math.max(now, head.changedAt);
}

/**
 * Opens a transaction, locks the accounts and loads what the batch needs, in one round trip; a second one for accounts
 * that another writer changed since they were cached, and for holds that are due.
 */
export async function lockAndLoad(client: pg.Client, request: LoadRequest, cache: AccountCache): Promise<LoadedBatch> {
  const known = new Map<string, LoadedAccount>();
  const unknown: string[] = [];
  for (const id of request.accountIds) {
    const cached = cache.take(id);
    if (cached) known.set(id, cached);
    else unknown.push(id);
  }
  const uncached = request.reservations.filter(({ accountId, id }) => !known.get(accountId)?.reservations.has(id));
  // Whatever cannot be encoded raises here, before anything is under way.
  const wanted = {
    accounts: uuids(request.accountIds),
    unknown: unknown.length > 0 && uuids(unknown),
    reservations: uncached.length > 0 && ownedIds(uncached),
    keys: request.keys.length > 0 && scopedKeys(request.keys),
  };
  const [, locked, heads, owned, reservations, kept, clock] = await all<
    [unknown, Row[], Row[], Row[][], Row[], Row[], Row[]]
  >([
    client.query('BEGIN'),
    run(client, LOCK, wanted.accounts),
    wanted.unknown ? run(client, HEADS, wanted.unknown) : NONE,
    wanted.unknown ? runWithAccounts(client, wanted.unknown) : NONE_WITH,
    wanted.reservations ? run(client, ownedKind('reservations').byId, wanted.reservations) : NONE,
    wanted.keys ? run(client, KEPT, wanted.keys) : NONE,
    run(client, CLOCK),
  ]);
  addHeads(known, heads);
  addWithAccounts(known, owned);
  const [{ now, historyId, newestList }] = readAnswer(CLOCK.name, CLOCK_ANSWER, clock) as [RowOf<typeof CLOCK_ANSWER>];
  // Accounts remembered from another history are dropped: their versions cannot be compared with this one's.
  const isOther = cache.enter(historyId);

  const { accounts, stale } = sortLocked(known, locked, historyId, isOther);
  if (stale.length > 0) await loadAgain(client, accounts, stale);
  addRows(accounts, 'reservations', reservations);
  if (stale.length > 0) {
    const missing = request.reservations.filter(
      ({ accountId, id }) => accounts.get(accountId)?.reservations.has(id) === false,
    );
    await loadRows(client, accounts, 'reservations', missing);
  }

  const keptDecisions = new KeptDecisions();
  for (const row of KEPT_ANSWER.read(kept))
    if (keepsAnswer(row)) keptDecisions.add(row.accountId, row.scope, row.key, row);
  await loadBudgets(client, accounts);
  const horizons = await loadEnding(client, accounts, request.until, now);
  return {
    accounts,
    now,
    horizons,
    historyId,
    newestList: newestList ?? 0,
    kept: keptDecisions,
  };
}

/**
 * What is known of the locked accounts is true of those that have its version; the others are stale.
 *
 * @param isOther  what was known is of another history, where versions say nothing
 * @throws WentBack for an account that is at an older version than this process knows
 */
function sortLocked(
  known: ReadonlyMap<string, LoadedAccount>,
  locked: Row[],
  historyId: string | null,
  isOther: boolean,
): { readonly accounts: Map<string, LoadedAccount>; readonly stale: string[] } {
  const accounts = new Map<string, LoadedAccount>();
  const stale: string[] = [];
  // Another writer created this account between the two statements: it was read but is not locked, so this batch treats it as missing.
  for (const { id, version, dueAt, clockAt } of readLocked(locked)) {
    const account = known.get(id);
    if (!account) continue;
    if (isOther || account.head.version !== version) {
      if (!isOther && account.head.version > version) throw new WentBack(id, historyId);
      stale.push(id);
      continue;
    }
    // A test clock moves without a new version, so it is taken from the lock. `dueAt` moves so too, but the remembered one is still right for
    // this version.
    if (clockAt !== null && account.head.clockAt !== clockAt) account.head = changedAccount(account.head, { clockAt });
    account.before = account.head;
    account.writtenDueAt = dueAt;
    account.keptDigest = 0;
    account.closed = 'none';
    account.purchasesLoaded = null;
    account.commits = null;
    accounts.set(account.head.id, account);
  }
  return { accounts, stale };
}

/** Loads accounts anew that another writer changed since they were cached. */
async function loadAgain(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  stale: readonly string[],
): Promise<void> {
  const ids = uuids(stale);
  const [heads, owned] = await all<[Row[], Row[][]]>([run(client, HEADS, ids), runWithAccounts(client, ids)]);
  addHeads(accounts, heads);
  addWithAccounts(accounts, owned);
}

/** Loads the holds that end by each account's instant, or by the later one that a command moves it to. */
async function loadEnding(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  until: ReadonlyMap<string, number>,
  now: number,
): Promise<Map<string, ReservationState>> {
  const horizons = new Map<string, ReservationState>();
  const ending: { readonly id: string; readonly until: number }[] = [];
  for (const { head, allHolds } of accounts.values()) {
    const last = Math.max(instantOf(head, now), until.get(head.id) ?? 0);
    if (!allHolds && head.dueAt <= last) ending.push({ id: head.id, until: last });
  }
  if (ending.length === 0) return horizons;
  const ends = new Parameters()
    .column('uuid', ending, ({ id }) => id)
    .column('timestamptz', ending, (one) => one.until)
    .values();
  const answered = await run(client, ENDING_HOLDS, ends);
  addRows(accounts, 'reservations', answered);
  const rows = RESERVATION.read(answered);
  for (const one of ending) {
    const closing = rows.filter(({ accountId, expiresAt }) => accountId === one.id && expiresAt <= one.until);
    if (closing.length >= ENDING_HOLDS_MAX) horizons.set(one.id, lastToClose(closing));
  }
  return horizons;
}

function lastToClose(rows: readonly ReservationRow[]): ReservationState {
  const [first, ...others] = rows.map(toReservation) as [ReservationState, ...ReservationState[]];
  return others.reduce(
    (last, hold) => ((hold.expiresAt - last.expiresAt || compareAge(hold, last)) > 0 ? hold : last),
    first,
  );
}
