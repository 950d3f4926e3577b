import type pg from 'pg';
import { addRows, ownedKind } from '../rows/owned-rows.js';
import { all, run } from '../wire/flight.js';
import type { Needs } from '../core/decision.js';
import { loadTallies } from './load-budgets.js';
import { loadCommits } from './load-commits.js';
import { CREDIT_HOLDS, GRANTS_OF_PURCHASE, LATE_HOLDS, PROJECTS } from './load-statements.js';
import { BOOKED_PROJECT } from '../rows/usage-rows.js';
import { Parameters } from '../wire/parameters.js';
import type { Row } from '../wire/flight.js';
import { type RowKind, ROW_KINDS } from '../core/state.js';
import type { LoadedAccount } from '../core/state.js';

export interface OwnedId {
  readonly accountId: string;
  readonly id: string;
}

export const NONE: Promise<Row[]> = Promise.resolve([]);

export function uuids(ids: readonly string[]): Buffer[] {
  return new Parameters().column('uuid', ids, (id) => id).values();
}

export function ownedIds(owned: readonly OwnedId[]): Buffer[] {
  return new Parameters()
    .column('uuid', owned, ({ accountId }) => accountId)
    .column('uuid', owned, ({ id }) => id)
    .values();
}

/** Loads rows of a kind into accounts that are locked already; what is there stays. */
export async function loadRows(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  kind: RowKind,
  wanted: readonly OwnedId[],
): Promise<void> {
  if (wanted.length === 0) return;
  addRows(accounts, kind, await run(client, ownedKind(kind).byId, ownedIds(wanted)));
}

/**
 * Loads what a decision needs into its account, which is locked already; what is there stays.
 *
 * @param booked  the projects of the day it needs that only this batch has booked
 */
export async function loadMore(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  { accountId, needs, booked }: Wanted,
): Promise<void> {
  const account = accounts.get(accountId);
  if (!account) return;
  const loading: Promise<void>[] = ROW_KINDS.map((kind) => {
    const missing = (needs.rows?.[kind] ?? []).filter((id) => !account[kind].has(id));
    return loadRows(
      client,
      accounts,
      kind,
      missing.map((id) => ({ accountId, id })),
    );
  });
  if (needs.creditHolds) loading.push(loadCreditHolds(client, accounts, account));
  if (needs.projectsOf !== undefined) loading.push(loadProjects(client, account, needs.projectsOf, booked));
  if (needs.tallies !== undefined) loading.push(loadTallies(client, accounts, accountId, needs.tallies));
  if (needs.commitsSince !== undefined) loading.push(loadCommits(client, account, needs.commitsSince));
  if (needs.purchase !== undefined) loading.push(loadPurchase(client, accounts, account, needs.purchase));
  await all(loading);
}

/** What a decision of one account needs. */
interface Wanted {
  readonly accountId: string;
  readonly needs: Needs;
  readonly booked: ReadonlySet<string>;
}

async function loadCreditHolds(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  account: LoadedAccount,
): Promise<void> {
  addRows(accounts, 'reservations', await run(client, CREDIT_HOLDS, uuids([account.head.id])));
  account.creditHolds = true;
}

async function loadPurchase(
  client: pg.Client,
  accounts: Map<string, LoadedAccount>,
  account: LoadedAccount,
  { id, holdsSince }: NonNullable<Needs['purchase']>,
): Promise<void> {
  const since = new Parameters()
    .column('uuid', [account], ({ head }) => head.id)
    .column('timestamptz', [holdsSince], (at) => at)
    .values();
  const [grants, holds] = await all<[Row[], Row[]]>([
    run(client, GRANTS_OF_PURCHASE, ownedIds([{ accountId: account.head.id, id }])),
    run(client, LATE_HOLDS, since),
  ]);
  addRows(accounts, 'grants', grants);
  addRows(accounts, 'reservations', holds);
  (account.purchasesLoaded ??= new Set()).add(id);
}

async function loadProjects(
  client: pg.Client,
  account: LoadedAccount,
  day: string,
  booked: ReadonlySet<string>,
): Promise<void> {
  const days = new Parameters()
    .column('uuid', [account], ({ head }) => head.id)
    .column('date', [day], (one) => one)
    .values();
  const names = new Set(booked);
  for (const { project } of BOOKED_PROJECT.read(await run(client, PROJECTS, days))) names.add(project);
  account.projects = { day, names };
}
