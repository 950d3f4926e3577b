import type pg from 'pg';
import { addGrants, addReservations } from '../rows/fill-accounts.js';
import { all, run } from '../wire/flight.js';
import { CREDIT_HOLDS, GRANTS_BY_ID, PROJECTS, RESERVATIONS } from './load-statements.js';
import { Parameters } from '../wire/parameters.js';
import type { Row } from '../wire/flight.js';
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

/** What may be missing of accounts that are locked. */
export interface More {
  readonly reservations?: readonly OwnedId[];
  readonly grants?: readonly OwnedId[];
  /** Accounts of which every hold with credits on it is needed. */
  readonly creditHoldsOf?: readonly string[];
  readonly projectsOf?: readonly ProjectsWanted[];
}

/** The projects of an account-day, those included that only this batch has booked. */
export interface ProjectsWanted {
  readonly accountId: string;
  readonly day: string;
  readonly booked: ReadonlySet<string>;
}

/** Loads more into accounts that are locked already; what is there stays. */
export async function loadMore(client: pg.Client, accounts: Map<string, LoadedAccount>, wanted: More): Promise<void> {
  const reservationsWanted = wanted.reservations ?? [];
  const grantsWanted = wanted.grants ?? [];
  const holdsWanted = wanted.creditHoldsOf ?? [];
  const projectsWanted = wanted.projectsOf ?? [];
  const sent = {
    reservations: reservationsWanted.length > 0 && ownedIds(reservationsWanted),
    grants: grantsWanted.length > 0 && ownedIds(grantsWanted),
    holds: holdsWanted.length > 0 && uuids(holdsWanted),
    projects: projectsWanted.length > 0 && accountDays(projectsWanted),
  };
  const [reservations, grants, holds, projects] = await all<[Row[], Row[], Row[], Row[]]>([
    sent.reservations ? run(client, RESERVATIONS, sent.reservations) : NONE,
    sent.grants ? run(client, GRANTS_BY_ID, sent.grants) : NONE,
    sent.holds ? run(client, CREDIT_HOLDS, sent.holds) : NONE,
    sent.projects ? run(client, PROJECTS, sent.projects) : NONE,
  ]);
  addReservations(accounts, reservations);
  addGrants(accounts, grants);
  addReservations(accounts, holds);
  for (const id of holdsWanted) {
    const account = accounts.get(id);
    if (account) account.creditHolds = true;
  }
  for (const { accountId, day, booked } of projectsWanted) {
    const account = accounts.get(accountId);
    if (account) account.projects = { day, names: new Set(booked) };
  }
  for (const row of projects) accounts.get(row['account_id'] as never)?.projects?.names.add(row['project'] as never);
}

function accountDays(wanted: readonly ProjectsWanted[]): Buffer[] {
  return new Parameters()
    .column('uuid', wanted, ({ accountId }) => accountId)
    .column('date', wanted, ({ day }) => day)
    .values();
}
